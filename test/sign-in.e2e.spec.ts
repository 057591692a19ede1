import { randomBytes } from 'node:crypto';
import { fastify } from 'fastify';
import { startTestIssuer, type TestIssuer } from '#libs/testing';
import { openSessions } from '../apps/platform/src/auth/open-sign-in.js';
import { readPlatformConfig } from '../apps/platform/src/config.js';
import { basis, operator, startTestPlatform, withRegions, type TestPlatform } from './test-platform.js';
import { until } from './until.js';

/** What a browser does that matters here: it keeps cookies, and follows where it is sent only when told to. */
class Browser {
  readonly cookies = new Map<string, string>();
  readonly attributes = new Map<string, string>();

  /** `publicUrl` is where the platform is seen, `url` where it listens. */
  constructor(
    readonly url: string,
    readonly publicUrl = url,
  ) {}

  async send(path: string, method = 'GET', headers: Record<string, string> = {}, body?: string | URLSearchParams) {
    const url = new URL(path, this.publicUrl);
    const own = url.origin === this.publicUrl;
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const sent = { ...(own && cookie ? { cookie } : {}), ...headers };
    const address = own ? this.url + url.pathname + url.search : url.href;
    const response = await fetch(address, { method, redirect: 'manual', headers: sent, body });
    for (const line of own ? response.headers.getSetCookie() : []) {
      const [pair, ...attributes] = line.split('; ');
      const [name, value] = [pair!.slice(0, pair!.indexOf('=')), pair!.slice(pair!.indexOf('=') + 1)];
      this.attributes.set(name, attributes.join('; '));
      if (value === '' || attributes.includes('Max-Age=0')) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    const text = await response.text();
    const json = response.headers.get('content-type')?.includes('json');
    // What a test asserts on: the shape is what the test is about.
    // oxlint-disable-next-line typescript/no-explicit-any
    const answer: any = json ? JSON.parse(text) : text;
    const location = response.headers.get('location') ?? '';
    return { status: response.status, headers: response.headers, body: answer, location };
  }

  session = async () => (await this.send('/auth/session')).body;
  post = (path: string, body: object, headers: Record<string, string> = { 'x-requested-with': 'liandong' }) =>
    this.send(path, 'POST', { 'content-type': 'application/json', ...headers }, JSON.stringify(body));
}

const WITH_HEADER = { 'x-requested-with': 'liandong' };
const REGISTER = '/api/v1/carriers/register-carrier';
const carrier = (id: string, region = 'xianyang') => ({
  on: '2023-06-01',
  carrier: id,
  name: '咸阳加速器',
  kind: '加速器',
  region,
  basis,
});

describe('at the local issuer', () => {
  let platform: TestPlatform;
  beforeAll(async () => {
    platform = await startTestPlatform();
  });
  afterAll(() => platform.close());

  /** To the page on which one chooses. */
  async function atTheIssuer(returnTo = '/', browser = new Browser(platform.url)) {
    const { status, location } = await browser.send(`/auth/login?returnTo=${encodeURIComponent(returnTo)}`);
    expect([status, new URL(location).pathname]).toEqual([302, '/auth/local/authorize']);
    return { browser, authorize: location };
  }

  /** To the way back, with a code. */
  async function chosen(role: string, region = '', returnTo = '/') {
    const { browser, authorize } = await atTheIssuer(returnTo);
    const { status, location } = await browser.send(authorize, 'POST', {}, new URLSearchParams({ role, region }));
    expect([status, new URL(location).pathname]).toEqual([303, '/auth/callback']);
    return { browser, callback: location };
  }

  async function signedIn(role: string, region = '', returnTo = '/') {
    const { browser, callback } = await chosen(role, region, returnTo);
    const answer = await browser.send(callback);
    expect([answer.status, answer.location]).toEqual([302, returnTo]);
    return browser;
  }

  it('a region is typed where there is none yet, and chosen from then on', async () => {
    const { browser, authorize } = await atTheIssuer();
    const empty = await browser.send(authorize);
    expect(empty.body).toMatch(/<input\s+type="text"\s+id="region"/);
    expect(await (await signedIn('operator', 'hanzhong')).session()).toMatchObject({ region: 'hanzhong' });
    await withRegions(platform);
    const page = await until('the page has the regions', async () => {
      const { body } = await browser.send(authorize);
      return body.includes('<option value="xianyang">xianyang xianyang</option>') && (body as string);
    });
    expect(page).toContain('<select id="region" name="region">');
  });

  it('its page says what it is, can be framed by nobody, and runs no script', async () => {
    const { browser, authorize } = await atTheIssuer();
    const { status, headers, body } = await browser.send(authorize);
    expect([status, headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(body).toContain('本机演示，不用于生产');
    expect(body).toContain('<html lang="zh-CN">');
    expect(body).not.toContain('<script');
    const [, nonce] = /<style nonce="([^"]+)">/.exec(body)!;
    expect(headers.get('content-security-policy')).toBe(
      `default-src 'none'; style-src 'nonce-${nonce}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'`,
    );
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('cache-control')).toBe('no-store');
    // Every control has its label.
    expect(body.match(/<label\s*><input type="radio"/g)).toHaveLength(3);
    expect(body).toContain('<label for="region">');
  });

  it.each([
    ['operator', ''],
    ['operator', 'Xian Yang'],
    ['operator', '../x'],
    ['sub-platform', 'xianyang'],
    ['emperor', ''],
    ['', ''],
  ])('role %j of region %j is asked for again', async (role, region) => {
    const { browser, authorize } = await atTheIssuer();
    const { status, body } = await browser.send(authorize, 'POST', {}, new URLSearchParams({ role, region }));
    expect([status, body]).toEqual([422, expect.stringContaining('role="alert"')]);
  });

  it.each(['', '?client_id=liandong-platform&response_type=code', '?redirect_uri=https://evil.example/'])(
    'a request that the platform did not make is sent nowhere: %j',
    async (query) => {
      const { status, body, location } = await new Browser(platform.url).send(`/auth/local/authorize${query}`);
      expect([status, body.code, location]).toEqual([400, 'auth.request', '']);
    },
  );

  it('opens the stream of news with the session that the browser sends along', async () => {
    const { cookies } = await signedIn('operator', 'xianyang');
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const closed = new AbortController();
    const answer = await fetch(`${platform.url}/api/v1/news`, { headers: { cookie }, signal: closed.signal });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/event-stream; charset=utf-8']);
    closed.abort();
  });

  it('someone signs in, is known, reads and writes, and leaves', async () => {
    const browser = await signedIn('operator', 'xianyang', '/carriers?kind=a#row');
    const answer = await browser.send('/auth/session');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.body).toEqual({
      signedIn: true,
      actor: 'operator@xianyang',
      role: 'operator',
      region: 'xianyang',
      expiresAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    });
    const read = await browser.send('/api/v1/carriers');
    expect([read.status, read.headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect((await browser.post(REGISTER, carrier('by-cookie'))).status).toBe(200);
    const history = await browser.send('/api/v1/streams/carrier-by-cookie');
    expect(history.body.events[0].metadata.actor).toEqual({
      id: 'operator@xianyang',
      role: 'operator',
      region: 'xianyang',
    });
    // Whoever is signed in is still only who they are.
    expect((await browser.post(REGISTER, carrier('other', 'baoji'))).body.code).toBe('region.not-yours');
    expect((await browser.send('/api/v1/operations/projections')).status).toBe(403);

    const left = await browser.send('/auth/logout', 'POST', WITH_HEADER);
    expect([left.status, left.body]).toEqual([200, { redirect: '/' }]);
    expect(browser.cookies.size).toBe(0);
    expect(await browser.session()).toEqual({ signedIn: false });
    expect((await browser.send('/api/v1/carriers')).body.code).toBe('auth.missing');
  });

  it('the cookie is for this host and no script, and shows nothing', async () => {
    const browser = await signedIn('auditor');
    expect([...browser.cookies.keys()]).toEqual(['liandong-session']);
    const attributes = browser.attributes.get('liandong-session')!.split('; ');
    expect(attributes).toEqual(expect.arrayContaining(['Path=/', 'HttpOnly', 'SameSite=Lax']));
    expect(attributes.some((one) => /^(Domain|Secure)/.test(one))).toBe(false);
    expect(Buffer.from(browser.cookies.get('liandong-session')!, 'base64').toString()).not.toContain('auditor');
  });

  it.each<[string, Record<string, string>]>([
    ['no header', {}],
    ['another header', { 'x-requested-with': 'XMLHttpRequest' }],
    ['the page of another origin', { ...WITH_HEADER, origin: 'https://evil.example' }],
    ['a page of no origin', { ...WITH_HEADER, origin: 'null' }],
    ['the page of another port', { ...WITH_HEADER, origin: 'http://127.0.0.1:1' }],
    ['another site', { ...WITH_HEADER, 'sec-fetch-site': 'cross-site' }],
    ['another host of the site', { ...WITH_HEADER, origin: 'https://evil.example', 'sec-fetch-site': 'same-site' }],
  ])('with a session, a change from %s is refused, and so is leaving', async (_, headers) => {
    const browser = await signedIn('operator', 'xianyang');
    for (const path of [REGISTER, '/auth/logout']) {
      const { status, body, headers: answered } = await browser.post(path, carrier('forged'), headers);
      expect([path, status, body.code]).toEqual([path, 403, 'auth.csrf']);
      expect(answered.get('content-type')).toBe('application/problem+json; charset=utf-8');
      expect(body.detail).toMatch(/^凭登录会话/);
    }
    expect(await browser.session()).toMatchObject({ signedIn: true });
  });

  it('a change from a page of the platform itself is carried out', async () => {
    const browser = await signedIn('operator', 'xianyang');
    const from = (origin: string, site: string) => ({ ...WITH_HEADER, origin, 'sec-fetch-site': site });
    expect((await browser.post(REGISTER, carrier('own'), from(platform.url, 'same-origin'))).status).toBe(200);
    // What is in front of the platform may have told it another host.
    const seen = from('https://liandong.example', 'same-origin');
    expect((await browser.post(REGISTER, carrier('own-too'), seen)).status).toBe(200);
  });

  it('a token counts as before, whatever session comes along', async () => {
    const browser = await signedIn('auditor');
    const authorization = `Bearer ${await platform.token(operator('xianyang'))}`;
    expect((await browser.post(REGISTER, carrier('by-token'), { authorization })).status).toBe(200);
    const wrong = await browser.send('/api/v1/carriers', 'GET', { authorization: 'Bearer x' });
    expect([wrong.status, wrong.body.code]).toEqual([401, 'auth.invalid']);
    expect((await browser.send('/api/v1/carriers', 'GET', { authorization: 'Basic x' })).body.code).toBe(
      'auth.missing',
    );
  });

  it('a way back that was gone once is closed', async () => {
    const { browser, callback } = await chosen('auditor');
    const kept = new Map(browser.cookies);
    expect((await browser.send(callback)).status).toBe(302);
    expect((await browser.send(callback)).body.code).toBe('auth.mismatch');
    // With the cookie of before it is the code that was used.
    for (const [name, value] of kept) browser.cookies.set(name, value);
    const again = await browser.send(callback);
    expect([again.status, again.body.code]).toEqual([400, 'auth.refused']);
  });

  it('what comes back to another browser, or with another state, signs nobody in', async () => {
    const { browser, callback } = await chosen('province');
    const stranger = new Browser(platform.url);
    expect((await stranger.send(callback)).body.code).toBe('auth.mismatch');
    // Begun by the stranger, ended with the code of the other: whoever signs in is who began.
    await atTheIssuer('/', stranger);
    const forced = await stranger.send(callback);
    expect([forced.status, forced.body.code, stranger.cookies.size]).toEqual([400, 'auth.mismatch', 0]);
    const other = new URL(callback);
    other.searchParams.set('state', 'x'.repeat(43));
    expect((await browser.send(other.href)).body.code).toBe('auth.mismatch');
    expect(await browser.session()).toEqual({ signedIn: false });
  });

  it.each(['', '?code=x', '?state=x', '?error=access_denied', '?code=a&code=b&state=', '?iss=x&response=y'])(
    'a way back of %j is answered with what to do',
    async (query) => {
      const { browser } = await atTheIssuer();
      const { status, headers, body } = await browser.send(`/auth/callback${query}`, 'GET', {
        accept: 'text/html,*/*',
      });
      expect([status, headers.get('content-type')]).toEqual([400, 'text/html; charset=utf-8']);
      expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
      expect(body).toContain('<a href="/auth/login">重新登录');
      expect((await browser.send(`/auth/callback${query}`)).headers.get('content-type')).toMatch(/problem\+json/);
    },
  );

  it.each(['https://evil.example', '//evil.example', '/\\evil.example', '/\t/evil.example', 'evil', '/a\\..\\b'])(
    'nobody is sent on to %j',
    async (wanted) => {
      const browser = new Browser(platform.url);
      const login = await browser.send(`/auth/login?returnTo=${encodeURIComponent(wanted)}`);
      // A tab is in no address that the platform takes.
      if (wanted.includes('\t')) return expect(login.status).toBe(400);
      const form = new URLSearchParams({ role: 'auditor' });
      const { location } = await browser.send(login.location, 'POST', {}, form);
      return expect((await browser.send(location)).location).toBe('/');
    },
  );

  it('a cookie that was changed, or is none, is an ended session', async () => {
    const browser = await signedIn('auditor');
    const sealed = browser.cookies.get('liandong-session')!;
    for (const wrong of [`${sealed.slice(0, -8)}AAAAAAAA`, 'x', sealed.split('.').slice(0, 4).join('.')]) {
      browser.cookies.set('liandong-session', wrong);
      const { status, body } = await browser.send('/api/v1/carriers');
      expect([status, body.code, browser.cookies.size]).toEqual([401, 'auth.expired', 0]);
      browser.cookies.set('liandong-session', wrong);
      expect(await browser.session()).toEqual({ signedIn: false });
    }
  });

  it('under the name of another host nobody signs in here', async () => {
    // fetch sets no Host of its own.
    const { request } = await import('node:http');
    const status = await new Promise((done, failed) =>
      request(`${platform.url}/auth/login`, { headers: { host: 'evil.example:3000' } }, (answer) =>
        done(answer.resume().statusCode),
      )
        .on('error', failed)
        .end(),
    );
    expect(status).toBe(400);
  });

  it('no form is taken but by the local issuer, and none of this is a command', async () => {
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    expect((await platform.send(operator('xianyang'), 'POST', REGISTER, 'a=b', form)).status).toBe(415);
    const { body } = await platform.send(null, 'GET', '/openapi.json');
    expect(Object.keys(body.paths).filter((path) => path.startsWith('/auth'))).toEqual([]);
  });
});

describe('at an OIDC issuer', () => {
  const PUBLIC_URL = 'https://liandong.example.gov.cn';
  const COOKIE = '__Host-liandong-session';
  let issuer: TestIssuer;
  let settings: Record<string, string>;
  let platform: TestPlatform;

  beforeAll(async () => {
    issuer = await startTestIssuer();
    const SESSION_KEY = randomBytes(32).toString('base64url');
    settings = { OIDC_ISSUER: issuer.url, OIDC_CLIENT_ID: 'liandong-web', PUBLIC_URL, SESSION_KEY };
    platform = await startTestPlatform(settings);
  });
  beforeEach(() => {
    const claims = { liandong_role: 'auditor' };
    Object.assign(issuer.behaviour, { claims, expiresIn: 3600, audience: 'liandong', refreshToken: undefined });
    Object.assign(issuer.asked, { authorization_code: 0, refresh_token: 0 });
  });
  afterAll(async () => {
    await platform.close();
    issuer.close();
  });

  async function back(browser: Browser) {
    const { location } = await browser.send('/auth/login?returnTo=/figures');
    expect(new URL(location).origin).toBe(issuer.url);
    return browser.send((await browser.send(location)).location, 'GET', { accept: 'text/html' });
  }

  async function signedIn() {
    const browser = new Browser(platform.url, PUBLIC_URL);
    const answer = await back(browser);
    expect([answer.status, answer.location]).toEqual([302, '/figures']);
    return browser;
  }

  it('someone signs in, behind https, and leaves there too', async () => {
    const browser = await signedIn();
    expect([...browser.cookies.keys()]).toEqual([COOKIE]);
    const attributes = browser.attributes.get(COOKIE)!.split('; ');
    expect(attributes).toEqual(expect.arrayContaining(['Path=/', 'HttpOnly', 'Secure', 'SameSite=Lax']));
    expect(await browser.session()).toMatchObject({ signedIn: true, actor: 'li', role: 'auditor' });
    expect((await browser.send('/api/v1/carriers')).status).toBe(200);
    expect(issuer.asked.refresh_token).toBe(0);
    const { body } = await browser.send('/auth/logout', 'POST', { ...WITH_HEADER, origin: PUBLIC_URL });
    const end = new URL(body.redirect);
    expect([end.origin, end.pathname]).toEqual([issuer.url, '/end']);
    expect(end.searchParams.get('post_logout_redirect_uri')).toBe(`${PUBLIC_URL}/`);
    expect(issuer.asked.revoked).toHaveLength(1);
    expect(await browser.session()).toEqual({ signedIn: false });
  });

  it('the local issuer is not there', async () => {
    for (const path of ['authorize', 'token', 'jwks', '.well-known/openid-configuration']) {
      expect((await platform.send(null, 'GET', `/auth/local/${path}`)).status).toBe(404);
    }
  });

  it('another process knows the session, and one with another key does not', async () => {
    const browser = await signedIn();
    const other = await startTestPlatform(settings);
    const stranger = await startTestPlatform({ ...settings, SESSION_KEY: randomBytes(32).toString('base64url') });
    const at = ({ url }: TestPlatform) => Object.assign(new Browser(url, PUBLIC_URL), { cookies: browser.cookies });
    expect(await at(other).session()).toMatchObject({ signedIn: true, actor: 'li' });
    expect(await at(stranger).session()).toEqual({ signedIn: false });
    await Promise.all([other.close(), stranger.close()]);
  });

  it('an access token about to end is refreshed, once for all requests that come with it', async () => {
    issuer.behaviour.expiresIn = 20;
    const browser = await signedIn();
    const before = browser.cookies.get(COOKIE);
    issuer.behaviour.expiresIn = 3600;
    issuer.behaviour.claims = { liandong_role: 'operator', liandong_region: 'xianyang' };
    const paths = Array.from({ length: 8 }, () => browser.send('/api/v1/carriers'));
    expect((await Promise.all(paths)).map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 200));
    expect(issuer.asked.refresh_token).toBe(1);
    expect(browser.cookies.get(COOKIE)).not.toBe(before);
    // What the issuer says now counts from now on.
    expect(await browser.session()).toMatchObject({ role: 'operator', region: 'xianyang' });
    expect(issuer.asked.refresh_token).toBe(1);
  });

  it('one that is not refreshed ends the session', async () => {
    issuer.behaviour.expiresIn = 20;
    const browser = await signedIn();
    issuer.behaviour.claims = {};
    const { status, body } = await browser.send('/api/v1/carriers');
    expect([status, body.code, browser.cookies.size]).toEqual([401, 'auth.expired', 0]);
    expect(await browser.session()).toEqual({ signedIn: false });
  });

  it('a refresh token that is too big is left out, and the session ends with its access token', async () => {
    issuer.behaviour.refreshToken = () => 'x'.repeat(5000);
    const browser = await signedIn();
    expect(browser.cookies.get(COOKIE)!.length).toBeLessThan(1000);
    const { signedIn: is, expiresAt } = await browser.session();
    expect([is, Date.parse(expiresAt) <= Date.now() + 3600_000]).toEqual([true, true]);
  });

  it('an account without a role is told whom to ask', async () => {
    issuer.behaviour.claims = { liandong_role: 'emperor' };
    const browser = new Browser(platform.url, PUBLIC_URL);
    const { status, body } = await back(browser);
    expect([status, body]).toEqual([403, expect.stringContaining('liandong_role')]);
    expect(browser.cookies.size).toBe(0);
  });

  it('a token of the issuer counts as before', async () => {
    const authorization = `Bearer ${await issuer.token()}`;
    const browser = new Browser(platform.url, PUBLIC_URL);
    expect((await browser.send('/api/v1/carriers', 'GET', { authorization })).status).toBe(200);
  });

  it('without a client nobody signs in with a browser, and a start without its settings says which', async () => {
    const bare = await startTestPlatform({ OIDC_ISSUER: issuer.url });
    const login = await bare.send(null, 'GET', '/auth/login');
    expect([login.status, login.body.code]).toEqual([404, 'auth.sign-in-off']);
    expect((await bare.send(null, 'GET', '/auth/session')).body).toEqual({ signedIn: false });
    expect((await bare.send(null, 'GET', '/auth/local/authorize')).status).toBe(404);
    await bare.close();
    const half = { DATABASE_URL: platform.databaseUrl, OIDC_ISSUER: issuer.url, OIDC_CLIENT_ID: 'c', PUBLIC_URL };
    const never = { verify: () => Promise.reject(new Error('asked')) };
    const opened = openSessions(readPlatformConfig(half), undefined, never, fastify());
    await expect(opened).rejects.toThrow(/SESSION_KEY/);
  });
});
