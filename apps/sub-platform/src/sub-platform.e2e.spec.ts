import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Logger } from '@nestjs/common';
import pg from 'pg';
import type { FeedRecord } from '#libs/contracts';
import { explainStart } from '#libs/local';
import { createTestDatabase, type TestDatabase } from '#libs/testing';
import { readCityConfig } from './config.js';
import { content, feedOf, headOf, pageOf, REGION } from './feed/feed.fixture.js';
import type { FeedStatus } from './feed/reader.js';
import { startSubPlatform, type SubPlatform } from './sub-platform.js';

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
    if (request.headers.authorization !== `Bearer ${TOKEN}` || pathname !== `/api/v1/regions/${REGION}/feed`) {
      response.writeHead(401).end();
      return;
    }
    const send = () => {
      clearTimeout(patience);
      this.waiting.delete(send);
      const page = pageOf(this.feed, Number(searchParams.get('after')), Number(searchParams.get('limit')));
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(page));
    };
    const patience = setTimeout(send, Number(searchParams.get('wait')) * 1000);
    response.on('close', () => {
      clearTimeout(patience);
      this.waiting.delete(send);
    });
    if (Number(searchParams.get('after')) < this.feed.length) send();
    else this.waiting.add(send);
  }
}

const contents = [
  content.region(REGION, '咸阳市'),
  content.carrier('enclave-1', 'open', '咸阳<b>飞地</b>'),
  content.carrier('enclave-2', 'negotiating'),
  content.carrier('enclave-3', 'proposed'),
  content.contract('contract-1', 'recognised', 1_234_567_891),
  content.contract('contract-2', 'filed'),
  content.unknown(),
];
const feed = feedOf(contents);
const longer = feedOf([...contents, content.carrier('enclave-3', 'open'), content.hub('xixian'), content.hub(null)]);
const next = longer.slice(0, 8);

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

  const feedStatus = async () => (await get('/api/v1/feed')).body as FeedStatus;

  const until = async (condition: (status: FeedStatus) => boolean) => {
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

  it('says where it is in its feed', async () => {
    expect(await feedStatus()).toEqual({
      region: REGION,
      transport: 'http',
      ...headOf(feed),
      province: headOf(feed),
      inSync: true,
      trouble: null,
    });
  });

  it('lists its carriers and contracts page by page', async () => {
    const first = (await get('/api/v1/carriers?limit=2')).body;
    expect(first).toMatchObject({ items: [{ carrier: 'enclave-1' }, { carrier: 'enclave-2' }], next: 'enclave-2' });
    expect(first.items[1]).toEqual({
      carrier: 'enclave-2',
      name: '咸阳飞地孵化器',
      kind: '飞地孵化器',
      home: REGION,
      host: 'xixian',
      status: 'negotiating',
      feedsequence: 3,
      time: '2026-01-03',
    });
    const second = (await get('/api/v1/carriers?limit=2&after=enclave-2')).body;
    expect(second).toMatchObject({ items: [{ carrier: 'enclave-3' }], next: null });
    expect((await get('/api/v1/contracts')).body).toMatchObject({
      items: [{ contract: 'contract-1', amountFen: 1_234_567_891, feedsequence: 5 }, { contract: 'contract-2' }],
      next: null,
    });
  });

  it('has a page for people, in Chinese first, that trusts no name', async () => {
    const page = await get('/');
    expect(page.type).toBe('text/html; charset=utf-8');
    expect(page.text).toContain('<title>咸阳市 · 联动分平台</title>');
    expect(page.text).toContain('与省平台一致');
    expect(page.text).toContain('咸阳&lt;b&gt;飞地&lt;/b&gt;');
    expect(page.text).not.toContain('<b>');
    expect(page.text).toContain('1,234.567891');
    expect(page.text).toContain(headOf(feed).digest);
    expect(page.text).toContain('cn.liandong.target.set.v1');
    expect(page.text).not.toMatch(/<script|src=|href=/);
  });

  it('refuses in problem+json', async () => {
    for (const limit of ['0', '501', 'all', '1.5']) {
      const refused = await get(`/api/v1/carriers?limit=${limit}`);
      expect(refused).toMatchObject({ status: 422, type: 'application/problem+json; charset=utf-8' });
      expect(refused.body).toMatchObject({ code: 'request.invalid', errors: [{ field: 'limit' }] });
    }
    expect((await get("/api/v1/contracts?after=a'b")).status).toBe(422);
    expect((await get('/api/v1/contracts?order=x')).body).toMatchObject({
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
    expect(text).toContain('\nliandong_feed_last_sequence 7\n');
    expect(text).toContain('\nliandong_feed_records_applied_total 7\n');
  });

  it('hears of news while it waits', async () => {
    province.publish(next);
    await until(({ sequence }) => sequence === 8);
    const { body } = await get('/api/v1/carriers?after=enclave-2');
    expect(body.items).toMatchObject([{ carrier: 'enclave-3', status: 'open', feedsequence: 8 }]);
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
    await until(({ sequence }) => sequence === 8);
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
    expect((await get('/')).text).toContain('数据流异常');

    province = new Province();
    await province.listen(port);
    province.publish(next);
    expect(await until(({ inSync }) => inSync)).toMatchObject({ ...headOf(next), trouble: null });
  });

  it('is not ready while the feed does not follow from what it has, and says why', async () => {
    province.publish(next);
    await until(({ sequence }) => sequence === 8);
    province.publish(longer.with(8, { ...longer[8]!, data: { hub: 'weinan' } }));
    await until(({ trouble }) => trouble !== null);
    expect(await feedStatus()).toMatchObject({ ...headOf(next), inSync: false });
    const unready = await get('/health/ready');
    expect(unready).toMatchObject({ status: 503, type: 'application/problem+json; charset=utf-8' });
    expect(unready.body).toMatchObject({
      code: 'feed.diverged',
      detail: expect.stringContaining('第 9 条记录的摘要不符'),
    });
    expect((await get('/')).text).toContain('第 9 条记录的摘要不符');

    province.publish(longer.slice(0, 9));
    await until(({ inSync }) => inSync);
    expect((await get('/health/ready')).status).toBe(200);
  });

  it('says that its database is away, and goes on when it is back', async () => {
    // What it logs of this is right, and would read like a failure of the tests.
    Logger.overrideLogger(false);
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
      Logger.overrideLogger(['error', 'warn']);
    }
    expect((await get('/health/ready')).status).toBe(200);
    province.publish(longer);
    await until(({ sequence, inSync }) => sequence === 10 && inSync);
  });
});

async function serverOf({ url }: TestDatabase) {
  const maintenance = new URL(url);
  maintenance.pathname = '/postgres';
  const client = new pg.Client({ connectionString: maintenance.href });
  await client.connect();
  return client;
}
