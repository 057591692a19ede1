import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTestIssuer, type TestIssuer } from '#libs/testing';
import {
  LOCAL_CLIENT,
  localKey,
  LocalProvider,
  localVerifier,
  nowInSeconds,
  oidcVerifier,
  SignIn,
  type Session,
} from './index.js';

const CALLBACK = 'https://liandong.example/auth/callback';
const operator = { id: 'li', role: 'operator', region: 'xianyang' };

describe('at an OIDC issuer', () => {
  let issuer: TestIssuer;
  let signIn: SignIn;

  beforeAll(async () => {
    issuer = await startTestIssuer();
    const client = { issuer: issuer.url, id: 'liandong-web', secret: 'shh', scope: 'openid' };
    signIn = await SignIn.at(client, await oidcVerifier(issuer.url, 'liandong'));
  });
  beforeEach(() => {
    const claims = { liandong_role: 'operator', liandong_region: 'xianyang' };
    Object.assign(issuer.behaviour, { claims, expiresIn: 3600, audience: 'liandong', nonce: undefined });
    Object.assign(issuer.asked, { authorization_code: 0, refresh_token: 0 });
  });
  afterAll(() => issuer.close());

  /** As a browser goes there and back. */
  const there = async () => {
    const { url, pending } = await signIn.begin(CALLBACK, '/');
    const { headers } = await fetch(url, { redirect: 'manual' });
    return { url, pending, answer: new URL(headers.get('location')!) };
  };

  it('asks with state, nonce and a challenge, each new every time', async () => {
    const [one, other] = [await there(), await there()];
    const asked = Object.fromEntries(one.url.searchParams);
    expect(asked).toMatchObject({ response_type: 'code', code_challenge_method: 'S256', client_id: 'liandong-web' });
    for (const name of ['state', 'nonce', 'code_challenge']) {
      expect(asked[name]).toMatch(/^[\w-]{43}$/);
      expect(other.url.searchParams.get(name)).not.toBe(asked[name]);
    }
    expect(one.url.href).not.toContain(one.pending.verifier);
  });

  it('comes back with who acts', async () => {
    const { answer, pending } = await there();
    const session = await signIn.finish(answer, pending);
    expect(session).toEqual({
      actor: operator,
      expires: expect.any(Number),
      since: expect.any(Number),
      refreshToken: expect.any(String),
    });
    expect(signIn.isEnding(session)).toBe(false);
  });

  it.each<[string, string, (way: Awaited<ReturnType<typeof there>>) => unknown]>([
    ['another state', 'mismatch', ({ answer }) => answer.searchParams.set('state', 'x')],
    ['no state', 'mismatch', ({ answer }) => answer.searchParams.delete('state')],
    ['no code', 'mismatch', ({ answer }) => answer.searchParams.delete('code')],
    ['two codes', 'mismatch', ({ answer }) => answer.searchParams.append('code', 'x')],
    ['another issuer', 'mismatch', ({ answer }) => answer.searchParams.set('iss', 'https://evil.example')],
    ['another nonce', 'mismatch', () => (issuer.behaviour.nonce = 'x'.repeat(43))],
    ['another code', 'refused', ({ answer }) => answer.searchParams.set('code', 'x')],
    ['another verifier', 'refused', ({ pending }) => Object.assign(pending, { verifier: 'x'.repeat(43) })],
    ['another way back', 'refused', ({ answer }) => (answer.pathname = '/elsewhere')],
    ['a refusal', 'refused', ({ answer }) => answer.searchParams.set('error', 'access_denied')],
    ['no role', 'no-actor', () => (issuer.behaviour.claims = {})],
    ['a token for another service', 'no-actor', () => (issuer.behaviour.audience = 'another')],
  ])('%s signs nobody in', async (_, failure, spoil) => {
    const way = await there();
    await spoil(way);
    await expect(signIn.finish(way.answer, way.pending)).rejects.toMatchObject({ failure });
  });

  it('a code is taken once', async () => {
    const { answer, pending } = await there();
    await signIn.finish(answer, pending);
    await expect(signIn.finish(answer, pending)).rejects.toMatchObject({ failure: 'refused' });
  });

  it('refreshes once for all who ask with the same session, and keeps when it began', async () => {
    const { answer, pending } = await there();
    const session = { ...(await signIn.finish(answer, pending)), since: 1 };
    const all = await Promise.all(Array.from({ length: 10 }, () => signIn.refresh(session)));
    expect(issuer.asked.refresh_token).toBe(1);
    expect(new Set(all).size).toBe(1);
    expect(all[0]).toMatchObject({ actor: operator, since: 1 });
    // One that was on its way with the old cookie all the while.
    expect(await signIn.refresh(session)).toBe(all[0]);
    expect((await signIn.refresh(all[0]!)).refreshToken).not.toBe(all[0]!.refreshToken);
    expect(issuer.asked.refresh_token).toBe(2);
  });

  it('says when a session cannot be refreshed, and asks again the next time', async () => {
    const session: Session = { actor: { id: 'li', role: 'auditor' }, expires: nowInSeconds() + 29, since: 1 };
    expect(signIn.isEnding(session)).toBe(true);
    await expect(signIn.refresh(session)).rejects.toMatchObject({ failure: 'refused' });
    for (const times of [1, 2]) {
      await expect(signIn.refresh({ ...session, refreshToken: 'x' })).rejects.toMatchObject({ failure: 'refused' });
      expect(issuer.asked.refresh_token).toBe(times);
    }
  });

  it('ends with the refresh token given back, and says where the issuer ends its own session', async () => {
    const { answer, pending } = await there();
    const session = await signIn.finish(answer, pending);
    const end = new URL((await signIn.end(session, 'https://liandong.example/'))!);
    expect(issuer.asked.revoked.at(-1)).toBe(session.refreshToken);
    expect(end.origin + end.pathname).toBe(`${issuer.url}/end`);
    expect(end.searchParams.get('post_logout_redirect_uri')).toBe('https://liandong.example/');
  });

  it('one that cannot be reached signs nobody in, and is told apart from a refusal', async () => {
    const other = await startTestIssuer();
    const verifier = await oidcVerifier(other.url, 'liandong');
    const at = await SignIn.at({ issuer: other.url, id: 'c', scope: 'openid' }, verifier);
    const { url, pending } = await at.begin(CALLBACK, '/');
    const { headers } = await fetch(url, { redirect: 'manual' });
    other.close();
    const finished = at.finish(new URL(headers.get('location')!), pending);
    await expect(finished).rejects.toMatchObject({ failure: 'unreachable' });
  });
});

describe('the local issuer', () => {
  const dir = mkdtempSync(join(tmpdir(), 'liandong-local-'));
  afterAll(() => rmSync(dir, { recursive: true }));

  const ISSUER = 'http://127.0.0.1:3000/auth/local';
  const asked = {
    client_id: LOCAL_CLIENT,
    redirect_uri: CALLBACK,
    response_type: 'code',
    code_challenge_method: 'S256',
    // RFC 7636, appendix B.
    code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    state: 's'.repeat(43),
    nonce: 'n'.repeat(43),
  };
  const verifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
  const form = (code: string, more: object = {}) =>
    new URLSearchParams({
      client_id: LOCAL_CLIENT,
      grant_type: 'authorization_code',
      redirect_uri: CALLBACK,
      code_verifier: verifier,
      code,
      ...more,
    });
  const codeOf = async (provider: LocalProvider) => {
    const request = provider.requestOf(asked, CALLBACK)!;
    const back = new URL(await provider.redirect(request, { id: 'li', role: 'operator', region: 'xianyang' }));
    expect(back.searchParams.get('state')).toBe(asked.state);
    return back.searchParams.get('code')!;
  };

  it('takes no request but the platform\u2019s own', async () => {
    const provider = new LocalProvider(await localKey(join(dir, 'a.jwk')));
    expect(provider.requestOf(asked, CALLBACK)).toBeDefined();
    for (const name of Object.keys(asked)) {
      for (const value of [undefined, 'x', [asked.state, 'x']]) {
        expect([name, provider.requestOf({ ...asked, [name]: value }, CALLBACK)]).toEqual([name, undefined]);
      }
    }
  });

  it('gives tokens for a code once, to who has its verifier, at the place it was sent to', async () => {
    const key = await localKey(join(dir, 'a.jwk'));
    const provider = new LocalProvider(key);
    const code = await codeOf(provider);
    for (const wrong of [{ code_verifier: 'x' }, { redirect_uri: 'https://evil.example' }, { client_id: 'other' }]) {
      expect((await provider.token(ISSUER, form(code, wrong))).status).toBe(400);
    }
    const { status, body } = await provider.token(ISSUER, form(code));
    const { access_token, refresh_token } = body as { access_token: string; refresh_token: string };
    expect(status).toBe(200);
    expect(await localVerifier(key).verify(access_token)).toEqual(operator);
    expect((await provider.token(ISSUER, form(code))).body).toEqual({ error: 'invalid_grant' });
    const again = new URLSearchParams({ client_id: LOCAL_CLIENT, grant_type: 'refresh_token', refresh_token });
    expect((await provider.token(ISSUER, again)).status).toBe(200);
  });

  it('takes one kind of token for no other', async () => {
    const key = await localKey(join(dir, 'a.jwk'));
    const provider = new LocalProvider(key);
    const code = await codeOf(provider);
    const { body } = await provider.token(ISSUER, form(await codeOf(provider)));
    const { access_token, refresh_token, id_token } = body as Record<string, string>;
    for (const token of [code, refresh_token, id_token]) {
      await expect(localVerifier(key).verify(token!)).rejects.toThrow();
    }
    for (const token of [access_token, refresh_token, id_token]) {
      expect((await provider.token(ISSUER, form(token!))).status).toBe(400);
    }
    const other = new LocalProvider(await localKey(join(dir, 'b.jwk')));
    expect((await other.token(ISSUER, form(code))).status).toBe(400);
    for (const grant_type of ['password', 'refresh_token']) {
      const sent = new URLSearchParams({ client_id: LOCAL_CLIENT, grant_type, refresh_token: code });
      expect((await provider.token(ISSUER, sent)).status).toBe(400);
    }
  });
});
