import fc from 'fast-check';
import type { DataSource } from 'typeorm';
import type { FeedPage, FeedRecord, FeedSource } from '#libs/contracts';
import { createTestDatabase, type TestDatabase } from '#libs/testing';
import { openDatabase } from '../database.js';
import { FeedMetrics } from '../metrics.js';
import { content, feedOf, headOf, pageOf, REGION, type Content } from './feed.fixture.js';
import { FeedReader, type FeedReaderOptions } from './reader.js';
import { tables } from './tables.js';

/** The province over HTTP, which can be down. */
class Province {
  feed: readonly FeedRecord[] = feed;
  down = false;
  readonly asked: [after: number, limit: number][] = [];
  onAsked: () => void = () => undefined;

  async fetchRange(after: number, limit: number): Promise<FeedPage> {
    this.asked.push([after, limit]);
    this.onAsked();
    if (this.down) throw new Error('the province is down');
    return pageOf(this.feed, after, limit);
  }
}

const silent: FeedSource = {
  run: (_after, _take, { signal }) => new Promise((done) => signal.addEventListener('abort', () => done())),
};

const feed = feedOf([
  content.region(REGION, '咸阳市'),
  content.hub('xixian'),
  content.zone('pioneer', 'designated', { kind: '先行区', name: '科技成果转化先行区', theme: null }),
  content.link('incubator-1', 'open'),
  content.carrier('enclave-1', 'proposed'),
  content.carrier('enclave-1', 'open'),
  content.space('enclave-1', 'a-101', null),
  content.allocation('enclave-1', 'let-1', null),
  content.unknown(),
  content.contract('contract-1', 'filed'),
  content.instrument('microscope'),
  content.use('microscope', 'use-1', 'recorded'),
  content.zone('pioneer', 'theme-changed', { theme: '成果转化' }),
  content.allocation('enclave-1', 'let-1', '2026-06-01'),
  content.contract('contract-1', 'recognised'),
  content.link('incubator-1', 'closed'),
  content.unknown(),
]);

/** Records of the feed by sequence. */
const part = (from: number, to: number) => feed.slice(from - 1, to);
const spoilt = (record: FeedRecord): FeedRecord => ({ ...record, data: { ...record.data, name: '被改动' } });

jest.setTimeout(30_000);

describe('the feed reader on PostgreSQL', () => {
  let test: TestDatabase;
  let database: DataSource;
  let province: Province;
  let metrics: FeedMetrics;
  let log: string[];
  let reader: FeedReader;

  beforeAll(async () => {
    test = await createTestDatabase();
    database = await openDatabase(test.url, () => undefined);
  });

  afterAll(async () => {
    await database.destroy();
    await test.drop();
  });

  beforeEach(async () => {
    await clear();
    province = new Province();
    metrics = new FeedMetrics();
    log = [];
    reader = await open();
  });

  const clear = () => database.query(`truncate ${tableNames().join(', ')}`);
  const tableNames = () => tables.map((table) => database.getMetadata(table).tableName);

  const open = async (options: Partial<FeedReaderOptions> = {}) => {
    const line = (text: string) => log.push(text);
    const { region = REGION } = options;
    const opened = new FeedReader(database, {
      transport: 'kafka',
      source: silent,
      province,
      metrics,
      log: line,
      ...options,
      region,
    });
    await opened.open();
    return opened;
  };

  /** Everything the city has, but for when it got it. */
  const contents = async () => {
    const found: Record<string, unknown[]> = {};
    for (const table of tableNames()) {
      const rows = await database.query<{ row: object }[]>(
        `select to_jsonb(t) - 'updatedAt' as row from ${table} t order by t`,
      );
      found[table] = rows.map(({ row }) => row);
    }
    return found;
  };

  /** What the city should have of a feed: record after record, from nothing. */
  const plainly = async (records: readonly FeedRecord[]) => {
    await clear();
    const plain = await open({ metrics: new FeedMetrics() });
    for (const record of records) await plain.take([record]);
    return contents();
  };

  const expectWhole = async () => {
    const got = await contents();
    expect(got).toEqual(await plainly(feed));
  };

  const value = async (name: string, kind?: string) => {
    const { values } = await metrics.registry.getSingleMetric(name)!.get();
    return values.find(({ labels }) => kind === undefined || labels['kind'] === kind)?.value ?? 0;
  };

  const until = async (condition: () => boolean) => {
    const deadline = Date.now() + 5000;
    while (!condition()) {
      if (Date.now() > deadline) throw new Error(`not reached: ${JSON.stringify(reader.status)}, ${log.join('\n')}`);
      await new Promise((done) => setTimeout(done, 5));
    }
  };

  it('applies each type of record to its table', async () => {
    await reader.take(feed);
    expect(await contents()).toEqual({
      feed_cursor: [{ region: REGION, ...headOf(feed) }],
      carriers: [
        {
          carrier: 'enclave-1',
          name: '咸阳飞地孵化器',
          kind: '飞地孵化器',
          home: REGION,
          host: 'xixian',
          status: 'open',
          feedsequence: 6,
          time: '2026-01-06',
        },
      ],
      space: [
        {
          carrier: 'enclave-1',
          unit: 'a-101',
          from: '2026-01-01',
          until: null,
          areaSquareMetres: 120.5,
          desks: 12,
          feedsequence: 7,
          time: '2026-01-07',
        },
      ],
      allocations: [expect.objectContaining({ allocation: 'let-1', until: '2026-06-01', feedsequence: 14 })],
      contracts: [
        expect.objectContaining({
          contract: 'contract-1',
          status: 'recognised',
          amountFen: 1_234_567_890,
          feedsequence: 15,
        }),
      ],
      instrument_uses: [
        expect.objectContaining({ instrument: 'microscope', use: 'use-1', hours: 3.5, feedsequence: 12 }),
      ],
      structure: [
        { kind: 'hub', id: 'hub', data: { hub: 'xixian' }, feedsequence: 2, time: '2026-01-02' },
        expect.objectContaining({ kind: 'instrument', id: 'microscope' }),
        expect.objectContaining({ kind: 'region', id: REGION, data: expect.objectContaining({ name: '咸阳市' }) }),
        {
          kind: 'zone',
          id: 'pioneer',
          data: { zone: 'pioneer', region: REGION, kind: '先行区', name: '科技成果转化先行区', theme: '成果转化' },
          feedsequence: 13,
          time: '2026-01-13',
        },
      ],
      skipped_types: [{ type: 'cn.liandong.target.set.v1', count: 2, feedsequence: 17, time: '2026-01-17' }],
    });
    expect(reader.status).toMatchObject({ ...headOf(feed), trouble: null });
  });

  it('drops what it has', async () => {
    await reader.take(part(1, 9));
    await reader.take(part(5, 17));
    await reader.take(feed);
    expect(await value('liandong_feed_records_applied_total')).toBe(17);
    expect(await value('liandong_feed_duplicates_dropped_total')).toBe(5 + 17);
    await expectWhole();
  });

  it('puts a delivery in order without asking the province', async () => {
    await reader.take([...feed].reverse());
    expect(reader.status).toMatchObject(headOf(feed));
    expect(province.asked).toEqual([]);
  });

  it('fills a hole over HTTP before it goes on', async () => {
    await reader.take(part(1, 3));
    await reader.take([...part(6, 8), ...part(12, 17)]);
    expect(province.asked).toEqual([
      [3, 2],
      [8, 3],
    ]);
    expect(await value('liandong_feed_gaps_refilled_total')).toBe(2);
    expect(reader.status).toMatchObject({ ...headOf(feed), trouble: null });
    await expectWhole();
  });

  it('fills a hole of several pages', async () => {
    const long = feedOf(Array.from({ length: 1203 }, (_, i) => content.carrier(`carrier-${i % 7}`, 'open')));
    province.feed = long;
    await reader.take(long.slice(-1));
    expect(province.asked).toEqual([
      [0, 500],
      [500, 500],
      [1000, 202],
    ]);
    expect(await value('liandong_feed_gaps_refilled_total')).toBe(1);
    expect(reader.status).toMatchObject(headOf(long));
  });

  it('neither skips a hole nor loses the delivery while the province is down', async () => {
    await reader.take(part(1, 3));
    province.down = true;
    await expect(reader.take([...part(4, 5), ...part(8, 17)])).rejects.toThrow('the province is down');
    expect(reader.status.sequence).toBe(5);
    province.down = false;
    await reader.take([...part(4, 5), ...part(8, 17)]);
    expect(reader.status).toMatchObject(headOf(feed));
  });

  it('does not skip a hole that the province cannot fill', async () => {
    province.feed = part(1, 3);
    await expect(reader.take([...part(1, 3), ...part(6, 8)])).rejects.toThrow('缺第 4—5 条');
    expect(reader.status.sequence).toBe(3);
    province.feed = part(1, 4);
    await expect(reader.take(part(6, 8))).rejects.toThrow('缺第 5—5 条');
    expect(reader.status.sequence).toBe(4);
  });

  it('fetches a record again that was spoilt on its way', async () => {
    let divergence: string | null = null;
    province.onAsked = () => (divergence = reader.divergence);
    await reader.take([...part(1, 5), spoilt(feed[5]!), ...part(7, 17)]);
    expect(divergence).toContain('第 6 条记录的摘要不符');
    expect(reader.divergence).toBeNull();
    expect(reader.status).toMatchObject({ ...headOf(feed), trouble: null });
    expect(await value('liandong_feed_troubles_total', 'digest')).toBe(1);
    expect(log).toEqual([
      expect.stringContaining('第 6 条记录的摘要不符'),
      '数据流与省平台恢复一致 (the feed follows again)',
    ]);
    await expectWhole();
  });

  it('stops before a record that does not follow, says so, and goes on when it does', async () => {
    province.feed = [...part(1, 5), spoilt(feed[5]!), ...part(7, 17)];
    for (let attempt = 0; attempt < 3; attempt++) {
      await expect(reader.take(province.feed)).rejects.toThrow('第 6 条记录的摘要不符');
    }
    expect(reader.status).toMatchObject({ ...headOf(part(1, 5)), inSync: false });
    expect(reader.status.trouble).toContain('已停在第 5 条');
    expect(await database.query('select status from carriers')).toEqual([{ status: 'proposed' }]);
    reader.tell(headOf(feed), 5);
    expect(reader.divergence).toContain('第 6 条记录的摘要不符');
    expect(log).toHaveLength(1);
    expect(await value('liandong_feed_diverged')).toBe(1);

    province.feed = feed;
    await reader.take(feed);
    expect(reader.status).toMatchObject({ ...headOf(feed), inSync: true, trouble: null });
    expect(await value('liandong_feed_diverged')).toBe(0);
  });

  it('does not believe a feed that was rewritten behind it', async () => {
    await reader.take(part(1, 4));
    const rewritten = feedOf([content.hub(null), ...Array<Content>(6).fill(content.hub('xixian'))]);
    province.feed = rewritten;
    await expect(reader.take(rewritten)).rejects.toThrow('第 5 条记录的摘要不符');
    expect(reader.status).toMatchObject(headOf(part(1, 4)));
  });

  it('stops before data that is not of its form', async () => {
    const bad = feedOf([content.hub('xixian'), content.carrier('enclave-1', 'afloat'), content.hub(null)]);
    province.feed = bad;
    await expect(reader.take(bad)).rejects.toThrow('cn.liandong.carrier.changed.v1.status');
    expect(reader.status).toMatchObject(headOf(bad.slice(0, 1)));
    expect(reader.divergence).toBeNull();
    expect(province.asked).toEqual([]);
  });

  describe('compared with what the province tells of the feed’s end', () => {
    beforeEach(() => reader.take(part(1, 4)));

    it('is in sync or behind', () => {
      expect(reader.status).toMatchObject({ province: null, inSync: false });
      reader.tell(headOf(part(1, 4)), 0);
      expect(reader.status).toMatchObject({ province: headOf(part(1, 4)), inSync: true });
      reader.tell(headOf(part(1, 6)), 4);
      expect(reader.status).toMatchObject({ province: headOf(part(1, 6)), inSync: false, trouble: null });
    });

    it('does not take an answer that was under way for a loss', async () => {
      reader.tell(headOf(part(1, 4)), 4);
      await reader.take(part(5, 6));
      reader.tell(headOf(part(1, 5)), 4);
      expect(reader.status).toMatchObject({ province: headOf(part(1, 6)), inSync: true, trouble: null });
    });

    it('sees that the province has lost records', async () => {
      reader.tell(headOf(part(1, 3)), 4);
      expect(reader.divergence).toContain('省平台的数据流止于第 3 条，而本市已有第 4 条');
      expect(reader.status.inSync).toBe(false);
      reader.tell(headOf(part(1, 4)), 4);
      expect(reader.status).toMatchObject({ inSync: true, trouble: null });
    });

    it('sees another digest at the same record', async () => {
      reader.tell({ sequence: 4, digest: 'ab'.repeat(32) }, 4);
      expect(reader.divergence).toContain('第 4 条处的摘要与省平台不同');
      expect(reader.status.inSync).toBe(false);
      expect(log).toEqual([reader.divergence]);
    });
  });

  describe('when it is killed', () => {
    it('goes on after the last batch that was committed, whatever comes again', async () => {
      await reader.take(part(1, 10));
      const next = await open();
      expect(next.status).toMatchObject(headOf(part(1, 10)));
      await next.take(part(4, 17));
      await expectWhole();
    });

    it('has nothing of a batch whose end it did not reach', async () => {
      await reader.take(part(1, 4));
      const before = await contents();
      // The rows are written before the cursor: here the connection is cut between the two.
      await database.query(`
        create function cut() returns trigger language plpgsql as
          $$ begin perform pg_terminate_backend(pg_backend_pid()); return new; end $$;
        create trigger cut before update on feed_cursor for each row execute function cut()`);
      try {
        await expect(reader.take(part(5, 17))).rejects.toThrow(/terminat/i);
      } finally {
        await database.query('drop function cut cascade');
      }
      expect(await contents()).toEqual(before);
      const next = await open();
      await next.take(part(5, 17));
      await expectWhole();
    });

    it('has each record once when two of it run on one database', async () => {
      const readers = await Promise.all([open(), open(), open()]);
      await Promise.all(
        readers.map(async (one, index) => {
          for (let from = 1; from <= 17; from += 2 + index) await one.take(part(from, from + 3));
        }),
      );
      expect(await value('liandong_feed_records_applied_total')).toBe(17);
      await expectWhole();
    });
  });

  it('refuses the database of another city', async () => {
    await reader.take(part(1, 2));
    const before = await contents();
    await expect(open({ region: 'weinan' })).rejects.toThrow('属于 xianyang 的分平台，不是 weinan 的');
    expect(await contents()).toEqual(before);
  });

  describe('with a source', () => {
    it('starts it from its place, tells its troubles while they last, and starts it again when it ends', async () => {
      const runs: number[] = [];
      let trouble: (error: unknown) => void = () => undefined;
      let hand: (records: readonly FeedRecord[]) => Promise<void> = async () => undefined;
      let end = () => {};
      const source: FeedSource = {
        run: (after, take, { signal, onTrouble = () => undefined }) => {
          runs.push(after);
          hand = take;
          trouble = onTrouble;
          return new Promise((done) => {
            end = done;
            signal.addEventListener('abort', () => done());
          });
        },
      };
      await reader.take(part(1, 2));
      const running = await open({ source, transport: 'http' });
      running.start();
      try {
        for (const reason of ['refused', 'no leader', 'refused', 'no leader']) trouble(new Error(reason));
        expect(running.status.trouble).toContain('no leader');
        expect(await value('liandong_feed_troubles_total', 'other')).toBe(4);
        await hand(part(3, 4));
        expect(running.status.trouble).toBeNull();
        expect(log).toEqual(['refused', 'no leader', '恢复正常'].map((text) => expect.stringContaining(text)));
        end();
        await until(() => runs.length === 2);
        expect(runs).toEqual([2, 4]);
      } finally {
        await running.stop();
      }
    });

    it('asks the province over HTTP for what Kafka did not bring', async () => {
      await reader.take(part(1, 8));
      province.onAsked = () => running.tell(headOf(feed), province.asked.at(-1)![0]);
      const running = await open();
      running.start();
      await until(() => running.status.sequence === 17);
      await running.stop();
      expect(province.asked).toEqual([[8, 500]]);
      expect(running.status).toMatchObject({ inSync: true, trouble: null });
    });

    it('finishes the batch in hand before it stops', async () => {
      const source: FeedSource = { run: (_after, take) => take(feed) };
      const running = await open({ source, transport: 'http' });
      running.start();
      await running.stop();
      expect(running.status.sequence).toBe(17);
    });
  });

  /** Names are few, so that records meet: what is changed, closed and opened again is the point. */
  const few = fc.constantFrom('a', 'b', 'c');
  const flag = fc.boolean();
  const contentArbitrary: fc.Arbitrary<Content> = fc.oneof(
    fc.tuple(few, fc.constantFrom('proposed', 'open', 'suspended'), few).map((args) => content.carrier(...args)),
    fc.tuple(few, few, flag).map(([c, u, ends]) => content.space(c, u, ends ? '2026-09-01' : null, ends ? 10 : 20)),
    fc.tuple(few, few, flag).map(([c, a, ends]) => content.allocation(c, a, ends ? '2026-09-01' : null)),
    fc
      .tuple(few, fc.constantFrom('filed', 'recognised', 'reversed'), fc.nat())
      .map((args) => content.contract(...args)),
    fc.tuple(few, few, fc.constantFrom('recorded', 'reversed')).map((args) => content.use(...args)),
    fc
      .tuple(few, fc.constantFrom('designated', 'theme-changed', 'revoked'), few)
      .map(([zone, change, theme]) => content.zone(zone, change, { theme })),
    fc.tuple(few, fc.constantFrom('open', 'closed')).map((args) => content.link(...args)),
    fc.option(few).map((hub) => content.hub(hub)),
    few.map((name) => content.unknown(`cn.liandong.${name}.happened.v9`)),
  );

  /** One delivery: some records of the feed, in any order and any number, spoilt or not, over a working HTTP or not. */
  const delivery = fc.record({
    picks: fc.array(fc.nat(), { maxLength: 12 }),
    spoilt: fc.option(fc.nat(), { freq: 4 }),
    down: fc.boolean(),
    restart: fc.boolean(),
  });

  it('ends with the same tables and digest after any schedule of deliveries', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(contentArbitrary, { minLength: 1, maxLength: 30 }),
        fc.array(delivery, { maxLength: 10 }),
        async (said, schedule) => {
          const whole = feedOf(said);
          const expected = await plainly(whole);
          await clear();
          province.feed = whole;
          let current = await open();
          for (const { picks, spoilt: bad, down, restart } of schedule) {
            province.down = down;
            const records = picks.map((pick, i) => {
              const record = whole[pick % whole.length]!;
              return bad !== null && bad % picks.length === i ? spoilt(record) : record;
            });
            // A rejected delivery comes again, but here perhaps late: anything may come before it.
            await current.take(records).catch(() => undefined);
            const { sequence, digest } = current.status;
            expect(digest).toBe(headOf(whole.slice(0, sequence)).digest);
            if (restart) current = await open();
          }
          province.down = false;
          await current.take(whole.slice(-1));
          expect(await contents()).toEqual(expected);
          expect(current.divergence).toBeNull();
        },
      ),
      { numRuns: 60 },
    );
  }, 120_000);
});
