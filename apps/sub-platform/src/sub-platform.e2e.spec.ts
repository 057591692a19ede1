import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import type { CityStatus } from '#libs/city';
import { explainStart } from '#libs/config';
import { lists, type FeedRecord } from '#libs/messages';
import { createTestDatabase, type TestDatabase } from '#libs/testing';
import { committedHistory, headOf, latestOf, linked, pageOf, TestProvince } from '../../../test/province.js';
import { readCityConfig } from './config.js';
import { startSubPlatform, type SubPlatform } from './sub-platform.js';

const REGION = 'xianyang';
const FEED = 'region.xianyang';
const TOKEN = 'token-of-xianyang';

/** The province's feed door: long polling, for the one who has the token. */
class Province {
  private feed: readonly FeedRecord[] = [];
  private readonly waiting = new Set<() => void>();
  private readonly server: Server = createServer((request, response) => this.answer(request, response));

  async listen(port = 0): Promise<void> {
    await once(this.server.listen(port, '127.0.0.1'), 'listening');
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  publish(feed: readonly FeedRecord[]): void {
    this.feed = feed;
    for (const answer of this.waiting) answer();
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const { pathname, searchParams } = new URL(request.url!, 'http://province');
    const name = pathname.slice('/api/v1/feeds/'.length);
    if (request.headers.authorization !== `Bearer ${TOKEN}` || ![FEED, 'reference'].includes(name)) {
      response.writeHead(401).end();
      return;
    }
    const [after, limit] = [Number(searchParams.get('after')), Number(searchParams.get('limit'))];
    const whole = () => (name === FEED ? this.feed : reference);
    const send = () => {
      clearTimeout(patience);
      this.waiting.delete(send);
      const of = searchParams.get('records') === 'latest' ? latestOf : pageOf;
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(of(name, whole(), after, limit)));
    };
    const patience = setTimeout(send, Number(searchParams.get('wait')) * 1000);
    response.on('close', () => {
      clearTimeout(patience);
      this.waiting.delete(send);
    });
    if (after < whole().length) send();
    else this.waiting.add(send);
  }
}

/** What the province makes of a release's events, with a name that is no HTML and an amount to the 分. */
async function feedsOf(): Promise<Record<'reference' | 'own', FeedRecord[]>> {
  const province = await TestProvince.open();
  const changed = committedHistory('release-4').map(({ data, ...event }) => ({
    ...event,
    data: {
      ...data,
      ...('carrier' in data && data.carrier === 'enclave' ? { name: '咸阳<b>飞地</b>' } : {}),
      ...('region' in data && data.region === REGION && event.type === 'region.registered.v1'
        ? { name: '咸阳市' }
        : {}),
      ...('amountFen' in data ? { amountFen: 1_234_567_891 } : {}),
    },
  }));
  await province.record(changed);
  const feeds = { reference: await province.feed('reference'), own: await province.feed(FEED) };
  await province.close();
  return feeds;
}

let reference: FeedRecord[];
/** What the province tells at first; one record more; and all of it. */
let feed: FeedRecord[];
let next: FeedRecord[];
let longer: FeedRecord[];

beforeAll(async () => {
  const { reference: everyones, own } = await feedsOf();
  reference = everyones;
  const unknown = { ...own[0]!, type: 'cn.liandong.target.changed.v1', subject: 'targets/one' };
  longer = linked([...own.slice(0, -3), unknown, ...own.slice(-3)]);
  feed = longer.slice(0, -3);
  next = longer.slice(0, -2);
});

jest.setTimeout(30_000);

describe('a city’s sub-platform', () => {
  const log: string[] = [];
  let test: TestDatabase;
  let province: Province;
  let city: SubPlatform;

  const config = (more: Record<string, string> = {}) =>
    readCityConfig({
      REGION,
      DATABASE_URL: test.url,
      PROVINCE_URL: `http://127.0.0.1:${province.port}`,
      PROVINCE_TOKEN: TOKEN,
      PORT: '0',
      ...more,
    });

  const get = async (path: string) => {
    const response = await fetch(`${city.url}${path}`);
    const text = await response.text();
    const type = response.headers.get('content-type') ?? '';
    return { status: response.status, type, text, body: type.includes('json') ? JSON.parse(text) : undefined };
  };

  const feedStatus = async () => (await get('/api/v1/feed')).body as CityStatus;

  const until = async (condition: (status: CityStatus) => boolean) => {
    const deadline = Date.now() + 10_000;
    for (;;) {
      const status = await feedStatus();
      if (condition(status)) return status;
      if (Date.now() > deadline) throw new Error(`not reached: ${JSON.stringify(status)} ${log.join('\n')}`);
      await new Promise((done) => setTimeout(done, 10));
    }
  };

  beforeAll(async () => {
    test = await createTestDatabase();
    province = new Province();
    await province.listen();
    province.publish(feed);
    city = await startSubPlatform(config(), (line) => log.push(line));
    await until(({ inSync }) => inSync);
  });

  afterAll(async () => {
    await city?.stop();
    await province.close();
    await test.drop();
  });

  it('says where it is in its feeds', async () => {
    expect(await feedStatus()).toEqual({
      region: REGION,
      transport: 'http',
      ...headOf(feed),
      province: headOf(feed),
      inSync: true,
      trouble: null,
      reference: { ...headOf(reference), inSync: true },
    });
  });

  it('has a route for every list, page by page', async () => {
    for (const list of lists) {
      const { status, body } = await get(`/api/v1/${list.name}`);
      expect([list.name, status, body.items.length > 0]).toEqual([list.name, 200, true]);
    }
    const first = (await get('/api/v1/contracts?limit=2')).body;
    expect(first.items.map((row: { contract: string }) => row.contract)).toEqual(['tc-1', 'tc-2']);
    const recognised = feed.find(({ cause }) => cause === 'contract.recognised.v1')!;
    expect(first.items[0]).toEqual({
      ...recognised.data,
      trace: {
        day: recognised.occurredon,
        feedsequence: recognised.feedsequence,
        event: recognised.id,
        cause: 'contract.recognised.v1',
        stream: 'contract-tc-1',
      },
    });
    const second = (await get(`/api/v1/contracts?limit=2&after=${first.next}`)).body;
    expect(second).toMatchObject({ items: [{ contract: 'tc-3' }, { contract: 'tc-4' }], next: null });
    expect((await get('/api/v1/contracts?status=reversed&sort=-title')).body.items).toMatchObject([
      { contract: 'tc-2' },
    ]);
  });

  it('has a route for every figure', async () => {
    const period = 'from=2023-01-01&to=2024-01-01';
    const { body: flows } = await get(`/api/v1/figures/flows?${period}`);
    expect(flows.cells).toEqual([
      expect.objectContaining({ output: 'xixian', absorbing: REGION, count: 1, amountFen: 1_234_567_891 }),
    ]);
    const { body: named } = await get('/api/v1/figures/flows?period=2023-Q3');
    expect(named).toMatchObject({
      from: '2023-07-01',
      to: '2023-10-01',
      firstDay: '2023-07-01',
      lastDay: '2023-09-30',
    });
    expect((await get('/api/v1/figures/flows?period=2023&output=%00')).status).toBe(400);
    const { body: capacity } = await get(
      `/api/v1/figures/capacity?${period}&by=home,carrier&per=quarter&home=${REGION}`,
    );
    expect(capacity.cells[0]).toMatchObject({
      home: REGION,
      period: '2023Q1',
      lettableSquareMetresDays: expect.any(Number),
    });
    expect((await get(`/api/v1/figures/sharing?${period}&asOf=2023-02-01`)).body.cells).toEqual([]);
    const refusals = [
      ['from=2023-01-01', { field: 'to', code: 'required' }],
      [`${period}&by=weather`, { field: 'by', code: 'pattern' }],
      ['from=2024-01-01&to=2023-01-01', { field: 'to', zh: expect.stringContaining('须晚于 from') }],
      [`${period}&period=2023`, { field: 'period' }],
      ['period=2023-13', { field: 'period', code: 'pattern' }],
      ['from=0000-01-01&to=2023-01-01', { field: 'from' }],
    ] as const;
    for (const [query, error] of refusals)
      expect(await get(`/api/v1/figures/flows?${query}`)).toMatchObject({ status: 422, body: { errors: [error] } });
  });

  it('describes its lists and figures, and nothing that it does not have', async () => {
    const { status, body } = await get('/api/v1/catalogue');
    expect([status, Object.keys(body), body.contexts]).toEqual([200, ['contexts', 'lists', 'figures'], []]);
    const carriers = body.lists.find(({ name }: { name: string }) => name === 'carriers');
    expect(carriers).toMatchObject({ context: null, zh: '载体', en: 'Carriers', key: ['carrier'] });
    const column = carriers.columns.find(({ name }: { name: string }) => name === 'status');
    expect(column.values.open).toEqual({ zh: '已开园', en: 'Open' });
    const url = `${city.url}/api/v1/catalogue`;
    const tag = (await fetch(url)).headers.get('etag')!;
    expect((await fetch(url, { headers: { 'if-none-match': tag } })).status).toBe(304);
  });

  it('says whose it is, when it was told last, and what it does not know', async () => {
    expect((await get('/api/v1/city')).body).toEqual({
      region: REGION,
      name: '咸阳市',
      updatedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      skipped: [{ type: 'cn.liandong.target.changed.v1', count: 1 }],
    });
  });

  it('has the console, with the view of a city and its policy, for every address that is a page’s', async () => {
    const page = await fetch(`${city.url}/lists/carriers`);
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    const text = await page.text();
    expect(text).toContain('name="liandong-view" content="city"');
    const [, script] = /<script type="module"[^>]* src="([^"]+)"/.exec(text)!;
    expect((await fetch(city.url + script)).headers.get('cache-control')).toContain('immutable');
    expect((await fetch(`${city.url}/api/v1/nothing`)).status).toBe(404);
  });

  it('refuses in problem+json', async () => {
    for (const limit of ['0', '501', 'all', '1.5']) {
      const refused = await get(`/api/v1/carriers?limit=${limit}`);
      expect(refused).toMatchObject({ status: 422, type: 'application/problem+json; charset=utf-8' });
      expect(refused.body).toMatchObject({ code: 'request.invalid', errors: [{ field: 'limit' }] });
    }
    expect(await get("/api/v1/contracts?after=a'b")).toMatchObject({
      status: 422,
      body: { errors: [{ field: 'after' }] },
    });
    expect((await get('/api/v1/contracts?order=x')).body).toMatchObject({
      detail: '以下内容有误：order',
      errors: [{ field: 'order', code: 'unknown' }],
    });
    expect(await get('/api/v1/nothing')).toMatchObject({
      status: 404,
      type: 'application/problem+json; charset=utf-8',
    });
  });

  it('is live and ready, and measured', async () => {
    expect(await get('/health/live')).toMatchObject({ status: 200, body: { status: 'live' } });
    expect(await get('/health/ready')).toMatchObject({ status: 200, body: { status: 'ready' } });
    const { text, type } = await get('/metrics');
    expect(type).toContain('text/plain');
    expect(text).toContain(`\nliandong_feed_last_sequence{feed="${FEED}"} ${feed.length}\n`);
    expect(text).toContain(`\nliandong_feed_last_sequence{feed="reference"} ${reference.length}\n`);
    expect(text).toContain(`\nliandong_feed_records_skipped_total{feed="${FEED}"} 1\n`);
  });

  it('hears of news while it waits', async () => {
    const news = next.at(-1)!;
    province.publish(next);
    await until(({ sequence }) => sequence === next.length);
    const { name } = lists.find(({ type }) => type === news.type)!;
    const { body } = await get(`/api/v1/${name}?limit=500`);
    const row = body.items.find(({ trace }: { trace: { feedsequence: number } }) => trace.feedsequence === next.length);
    expect(row).toMatchObject(news.data);
  });

  it('refuses a second one on the same port, and says what to do', async () => {
    const { port } = new URL(city.url);
    const start = startSubPlatform(config({ PORT: port }), () => undefined);
    expect(explainStart(await start.catch((reason: unknown) => reason))).toContain(`端口 ${port} 已被占用`);
    expect((await get('/health/ready')).status).toBe(200);
  });

  it('refuses a database that is not there, and does not tell its password', async () => {
    const url = new URL(test.url);
    url.pathname = '/nowhere';
    const start = startSubPlatform(config({ DATABASE_URL: url.href }), () => undefined);
    const error: unknown = await start.catch((reason: unknown) => reason);
    expect(error).toMatchObject({ message: expect.stringContaining('无法使用 DATABASE_URL 的数据库') });
    expect(String(error)).not.toContain(url.password);
  });

  it('says so while the province is away, stays ready, and goes on after a restart of its own', async () => {
    province.publish(next);
    await until(({ sequence }) => sequence === next.length);
    await city.stop();
    const { port } = province;
    const url = `http://127.0.0.1:${port}`;
    const configured = config();
    await province.close();
    city = await startSubPlatform(configured, (line) => log.push(line));
    const away = await until(({ trouble }) => trouble !== null);
    expect(away).toMatchObject({ ...headOf(next), province: null, inSync: false });
    expect(away.trouble).toContain(`省平台 ${url} 不可达：ECONNREFUSED`);
    expect((await get('/health/ready')).status).toBe(200);

    province = new Province();
    await province.listen(port);
    province.publish(next);
    expect(await until(({ inSync, trouble }) => inSync && trouble === null)).toMatchObject(headOf(next));
  });

  it('is not ready while the feed does not follow from what it has, and says why', async () => {
    province.publish(next);
    await until(({ sequence }) => sequence === next.length);
    const spoilt = longer.at(-2)!;
    province.publish(longer.with(-2, { ...spoilt, data: { ...spoilt.data, desks: 1 } }));
    await until(({ trouble }) => trouble !== null);
    expect(await feedStatus()).toMatchObject({ ...headOf(next), inSync: false });
    const unready = await get('/health/ready');
    expect(unready).toMatchObject({ status: 503, type: 'application/problem+json; charset=utf-8' });
    expect(unready.body).toMatchObject({
      code: 'feed.diverged',
      detail: expect.stringContaining(`第 ${next.length + 1} 条记录的摘要不符`),
    });

    province.publish(longer.slice(0, -1));
    await until(({ inSync }) => inSync);
    expect((await get('/health/ready')).status).toBe(200);
  });

  it('says that its database is away, and goes on when it is back', async () => {
    const name = new URL(test.url).pathname.slice(1);
    const server = await serverOf(test);
    await server.query(`alter database ${name} with allow_connections false`);
    await server.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [name]);
    try {
      expect(await get('/health/ready')).toMatchObject({ status: 503, body: { code: 'database.unavailable' } });
      expect(await get('/api/v1/carriers')).toMatchObject({ status: 503, body: { code: 'database.unavailable' } });
      expect((await get('/health/live')).status).toBe(200);
    } finally {
      await server.query(`alter database ${name} with allow_connections true`);
      await server.end();
    }
    expect((await get('/health/ready')).status).toBe(200);
    province.publish(longer);
    await until(({ sequence, inSync }) => sequence === longer.length && inSync);
  });
});

async function serverOf({ url }: TestDatabase) {
  const maintenance = new URL(url);
  maintenance.pathname = '/postgres';
  const client = new pg.Client({ connectionString: maintenance.href });
  await client.connect();
  return client;
}
