import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { EMPTY_FEED, MessageError, type FeedHead, type FeedPage, type FeedRecord } from '#libs/messages';
import { HttpFeedSource, ProvinceError, type HttpSourceOptions } from './http-source.js';

const record = (feedsequence: number): FeedRecord => ({
  specversion: '1.0',
  id: `event-${feedsequence}`,
  source: '/liandong/province',
  type: 'cn.liandong.use.changed.v2',
  subject: `uses/microscope/${feedsequence % 3}`,
  time: '2026-10-31T16:00:00.000Z',
  datacontenttype: 'application/json',
  data: { use: 'xixian' },
  feed: 'region.xianyang',
  feedsequence,
  replaces: Math.max(0, feedsequence - 3),
  occurredon: '2026-11-01',
  recordedat: '2026-11-02T03:04:05.678Z',
  actor: 'operator@xianyang',
  cause: 'use.recorded.v1',
  stream: 'instrument-microscope',
  digest: feedsequence.toString(16).padStart(64, '0'),
});

const feed = (count: number) => Array.from({ length: count }, (_, i) => record(i + 1));

const page = (records: readonly FeedRecord[], end = records.at(-1)?.feedsequence ?? 0): FeedPage => ({
  feed: 'region.xianyang',
  records,
  last: { sequence: end, digest: end === 0 ? EMPTY_FEED : record(end).digest },
});

type Answer = (request: IncomingMessage, response: ServerResponse, query: URLSearchParams) => void;

const json = (response: ServerResponse, body: unknown, status = 200) => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
};

/** A province that has these records and says so at once. */
const having =
  (records: readonly FeedRecord[]): Answer =>
  (_, response, query) => {
    const after = Number(query.get('after'));
    const found = records.slice(after, after + Number(query.get('limit')));
    json(response, page(found, records.length));
  };

class Province {
  readonly asked: IncomingMessage[] = [];
  answer: Answer = having([]);
  private readonly server: Server = createServer((request, response) => {
    this.asked.push(request);
    this.answer(request, response, new URL(request.url!, 'http://province').searchParams);
  });

  async listen(port = 0): Promise<void> {
    await once(this.server.listen(port, '127.0.0.1'), 'listening');
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async close(): Promise<void> {
    if (!this.server.listening) return;
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }
}

jest.setTimeout(30_000);

describe('the feed over HTTP', () => {
  let province: Province;
  let stop: AbortController;
  let running: Promise<void> | undefined;
  const taken: number[][] = [];
  const troubles: unknown[] = [];
  const heads: [FeedHead, number][] = [];

  beforeEach(async () => {
    province = new Province();
    await province.listen();
    stop = new AbortController();
    running = undefined;
    taken.length = troubles.length = heads.length = 0;
  });

  afterEach(async () => {
    stop.abort();
    await running;
    await province.close();
  });

  const source = (options: Partial<HttpSourceOptions> = {}) =>
    new HttpFeedSource({
      provinceUrl: options.provinceUrl ?? province.url,
      feed: 'region.xianyang',
      token: async () => 'secret',
      onHead: (head, after) => heads.push([head, after]),
      ...options,
    });

  /** Runs the source until the signal, and gives a wait for what it did. */
  const run = (from: HttpFeedSource, after = 0, take?: (records: readonly FeedRecord[]) => Promise<void>) => {
    running = from.run(
      after,
      async (records) => {
        await take?.(records);
        taken.push(records.map((r) => r.feedsequence));
      },
      { signal: stop.signal, onTrouble: (error) => troubles.push(error) },
    );
  };

  const until = async (condition: () => boolean) => {
    const deadline = Date.now() + 5000;
    while (!condition()) {
      if (Date.now() > deadline) throw new Error(`not reached; troubles: ${troubles.map(String).join(', ')}`);
      await new Promise((done) => setTimeout(done, 5));
    }
  };

  it('asks for what comes after, and goes on from what was taken', async () => {
    province.answer = having(feed(7));
    run(source({ limit: 3, waitSeconds: 2 }), 1);
    await until(() => taken.length === 2 && province.asked.length === 3);
    expect(taken).toEqual([
      [2, 3, 4],
      [5, 6, 7],
    ]);
    expect(province.asked.map((r) => r.url)).toEqual([
      '/api/v1/feeds/region.xianyang?after=1&limit=3&wait=0',
      '/api/v1/feeds/region.xianyang?after=4&limit=3&wait=2',
      '/api/v1/feeds/region.xianyang?after=7&limit=3&wait=2',
    ]);
    expect(province.asked[0]!.headers.authorization).toBe('Bearer secret');
    expect(heads[0]).toEqual([{ sequence: 7, digest: record(7).digest }, 1]);
    expect(troubles).toEqual([]);
  });

  it('keeps the path that the province lies under', async () => {
    await source({ provinceUrl: `${province.url}/liandong/` }).fetchRange(3, 10);
    expect(province.asked[0]!.url).toBe('/liandong/api/v1/feeds/region.xianyang?after=3&limit=10&wait=0');
  });

  it('asks for an answer at once after trouble too, to hear where the feed ends', async () => {
    const answers: Answer[] = [having([]), (_, response) => void response.writeHead(500).end(), having([])];
    province.answer = (...asked) => answers.shift()?.(...asked);
    run(source());
    await until(() => province.asked.length === 4);
    expect(province.asked.map((r) => /wait=(\d+)/.exec(r.url!)![1])).toEqual(['0', '20', '0', '20']);
    expect(heads).toHaveLength(2);
  });

  it('hears of a record while it waits', async () => {
    let tell = () => {};
    province.answer = (_, response) => (tell = () => json(response, page([record(1)])));
    run(source());
    await until(() => province.asked.length === 1);
    expect(taken).toEqual([]);
    tell();
    await until(() => taken.length === 1);
    expect(taken).toEqual([[1]]);
  });

  it('does not ask in a tight loop where answers are not held back', async () => {
    run(source());
    await until(() => heads.length === 2);
    // Between one request and the next a tight loop would fit hundreds of these.
    for (let i = 0; i < 20; i++) await (await fetch(`${province.url}/?after=0`)).text();
    expect(province.asked.filter((r) => r.url!.startsWith('/api'))).toHaveLength(2);
  });

  it('brings the same records again when they were not taken', async () => {
    province.answer = having(feed(2));
    let refusals = 2;
    run(source(), 0, async () => {
      if (refusals-- > 0) throw new Error('the database is away');
    });
    await until(() => taken.length === 1);
    expect(taken).toEqual([[1, 2]]);
    expect(troubles.map(String)).toEqual(['Error: the database is away', 'Error: the database is away']);
  });

  it('asks for another token when one is refused, and once only per request', async () => {
    const tokens = ['old', 'new', 'newer'];
    province.answer = (request, response, query) =>
      request.headers.authorization === 'Bearer new'
        ? having(feed(1))(request, response, query)
        : json(response, { detail: '令牌已过期' }, 401);
    const pull = source({ token: async () => tokens.shift() ?? 'last' });
    expect((await pull.fetchRange(0, 1)).records).toHaveLength(1);
    expect((await pull.fetchRange(0, 1)).records).toHaveLength(1);
    expect(province.asked.map((r) => r.headers.authorization)).toEqual(['Bearer old', 'Bearer new', 'Bearer new']);

    province.answer = (_, response) => json(response, { detail: '令牌已过期' }, 401);
    await expect(pull.fetchRange(0, 1)).rejects.toThrow(
      '省平台不接受访问令牌：令牌已过期 (the province refuses the token)',
    );
    expect(province.asked).toHaveLength(5);
  });

  it('asks for a token again after the supplier has failed', async () => {
    province.answer = having(feed(1));
    let failures = 1;
    const token = async () => {
      if (failures-- > 0) throw new Error('no token yet');
      return 'secret';
    };
    run(source({ token }));
    await until(() => taken.length === 1);
    expect(troubles.map(String)).toEqual(['Error: no token yet']);
  });

  const broken = (change: object) => page([{ ...record(1), ...change }]);
  it.each<[string, unknown, string]>([
    ['no JSON', undefined, 'page: is not JSON in UTF-8'],
    ['no object', [], 'page: is not an object'],
    ['another feed', { ...page([]), feed: 'reference' }, 'page.feed: is "reference", expected region.xianyang'],
    ['no records', { ...page([]), records: {} }, 'page.records: is not an array'],
    ['no head', { ...page([]), last: null }, 'last: is not an object'],
    ['a head of no number', { ...page([]), last: { sequence: -1 } }, 'last.sequence: is not a non-negative integer'],
    ['a head of no digest', { ...page([]), last: { sequence: 0, digest: 'A' } }, 'last.digest: is not a SHA-256'],
    ['a head before its records', page([record(1)], 0), 'last.sequence: is 0, before its record 1'],
    ['a null record', { ...page([]), records: [null] }, 'records[0]: is not an object'],
    ['a hole', page([record(1), record(3)]), 'records[1].feedsequence: is 3, expected 2'],
    ['a repetition', page([record(1), record(1)]), 'records[1].feedsequence: is 1, expected 2'],
    ['another specversion', broken({ specversion: '0.3' }), 'records[0].specversion: is "0.3", expected 1.0'],
    ['another content type', broken({ datacontenttype: 'text/xml' }), 'records[0].datacontenttype: is "text/xml"'],
    ['a record of another feed', broken({ feed: 'region.weinan' }), 'records[0].feed: is "region.weinan"'],
    ['a record of another source', broken({ source: '/elsewhere' }), 'records[0].source: is "/elsewhere"'],
    ['a sequence that is a text', broken({ feedsequence: '1' }), 'records[0].feedsequence: is not a non-negative'],
    ['no word of what it replaces', broken({ replaces: null }), 'records[0].replaces: is not a non-negative integer'],
    ['no id', broken({ id: undefined }), 'records[0].id: is not a text'],
    ['an empty subject', broken({ subject: '' }), 'records[0].subject: is not a text'],
    ['a time that is a number', broken({ time: 3 }), 'records[0].time: is not a text'],
    ['no data', broken({ data: 'x' }), 'records[0].data: is not an object'],
    ['data that is a list', broken({ data: [] }), 'records[0].data: is not an object'],
    ['a digest too short', broken({ digest: 'ab' }), 'records[0].digest: is not a SHA-256'],
  ])('tells of a page with %s, and asks again', async (_, body, problem) => {
    const answers: Answer[] = [(_, response) => json(response, body)];
    if (body === undefined) answers[0] = (_, response) => void response.end(Buffer.from([0x22, 0xff, 0x22]));
    province.answer = (...asked) => (answers.shift() ?? having(feed(1)))(...asked);
    run(source());
    await until(() => taken.length === 1);
    expect(taken).toEqual([[1]]);
    expect(troubles).toHaveLength(1);
    expect(troubles[0]).toBeInstanceOf(MessageError);
    expect(String(troubles[0])).toContain(problem);
  });

  it('leaves out attributes that no record has', async () => {
    province.answer = (_, response) => json(response, page([{ ...record(1), traceparent: 'x' } as FeedRecord]));
    expect((await source().fetchRange(0, 1)).records).toEqual([record(1)]);
  });

  it('asks for the last record of each thing, which need not follow each other', async () => {
    const latest = [record(2), record(5), record(9)];
    province.answer = (_, response) => json(response, page(latest, 11));
    expect(await source().fetchLatest(1, 10)).toEqual(page(latest, 11));
    expect(province.asked[0]!.url).toBe('/api/v1/feeds/region.xianyang?after=1&limit=10&wait=0&records=latest');
    province.answer = (_, response) => json(response, page([record(5), record(2)], 11));
    await expect(source().fetchLatest(1, 10)).rejects.toThrow('records[1].feedsequence: is 2, expected more than 5');
  });

  it('hears where a feed ends that ends before what it has', async () => {
    province.answer = (request, response, query) =>
      Number(query.get('after')) > 2
        ? json(response, { code: 'feed.beyond', detail: '止于第 2 条' }, 422)
        : having(feed(2))(request, response, query);
    run(source(), 5);
    await until(() => heads.length > 0);
    expect(heads[0]).toEqual([{ sequence: 2, digest: record(2).digest }, 5]);
    expect([taken, troubles]).toEqual([[], []]);
    expect((await source().fetchRange(5, 10)).last.sequence).toBe(2);
  });

  it('says what the province answered instead', async () => {
    province.answer = (_, response) => json(response, { detail: '只能读取本区域' }, 403);
    const refused = await source()
      .fetchRange(0, 1)
      .catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(ProvinceError);
    expect(refused).toMatchObject({ status: 403, message: expect.stringContaining('只能读取本区域') });
    province.answer = (_, response) => void response.writeHead(502).end('<html>bad gateway');
    await expect(source().fetchRange(0, 1)).rejects.toThrow('省平台答复 HTTP 502 (the province answers HTTP 502)');
  });

  it('does not follow a redirect with its token', async () => {
    province.answer = (request, response, query) =>
      request.url!.startsWith('/elsewhere')
        ? having(feed(1))(request, response, query)
        : void response.writeHead(307, { location: '/elsewhere' }).end();
    await expect(source().fetchRange(0, 1)).rejects.toThrow(ProvinceError);
    expect(province.asked).toHaveLength(1);
  });

  it('tries again until the province is there', async () => {
    const { port } = province;
    await province.close();
    run(source({ provinceUrl: `http://127.0.0.1:${port}` }));
    await until(() => troubles.length >= 2);
    expect(String(troubles[0])).toBe(
      `ProvinceError: 省平台 http://127.0.0.1:${port} 不可达：ECONNREFUSED (the province cannot be reached)`,
    );
    province = new Province();
    province.answer = having(feed(1));
    await province.listen(port);
    await until(() => taken.length === 1);
  });

  it('gives up on an answer that does not come, or does not end', async () => {
    province.answer = () => undefined;
    const impatient = source({ patienceMs: 50 });
    await expect(impatient.fetchRange(0, 1)).rejects.toThrow('没有按时答复');
    province.answer = (_, response) => void response.write('{"feed":');
    await expect(impatient.fetchRange(0, 1)).rejects.toThrow('没有按时答复');
  });

  it('tells of an answer that is cut off', async () => {
    province.answer = (_, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('{', () => response.destroy());
    };
    await expect(source().fetchRange(0, 1)).rejects.toThrow('不可达');
  });

  it.each<[string, Answer, number]>([
    ['while it waits for news', () => undefined, 0],
    ['while it pauses after trouble', (_, response) => void response.writeHead(500).end(), 4],
    ['while it pauses with nothing to do', having([]), 0],
  ])('ends promptly %s, and that is no trouble', async (_, answer, expected) => {
    province.answer = answer;
    run(source());
    await until(() => province.asked.length > 0 && troubles.length === expected);
    const aborted = performance.now();
    stop.abort();
    await running;
    // The fourth pause lasts 400 ms at least.
    expect(performance.now() - aborted).toBeLessThan(350);
    expect(troubles).toHaveLength(expected);
  });

  it('waits for the batch in hand before it ends', async () => {
    province.answer = having(feed(1));
    let finish = () => {};
    let ended = false;
    run(source(), 0, () => new Promise((done) => (finish = done)));
    void running!.then(() => (ended = true));
    await until(() => heads.length === 1);
    stop.abort();
    await new Promise((done) => setImmediate(done));
    expect(ended).toBe(false);
    finish();
    await running;
    expect(taken).toEqual([[1]]);
  });
});
