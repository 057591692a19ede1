import fc from 'fast-check';
import type pg from 'pg';
import { REFERENCE_FEED, type FeedPage, type FeedRecord, type FeedSource } from '#libs/messages';
import { createTestDatabase, type TestDatabase } from '#libs/testing';
import { randomHistory } from '../../../test/figures/random-history.js';
import {
  committedHistory,
  headOf,
  latestOf,
  linked,
  pageOf,
  TestProvince,
  wellFormed,
} from '../../../test/province.js';
import { until } from '../../../test/until.js';
import { openPool } from './database.js';
import { FeedReader, type FeedReaderOptions } from './reader.js';
import { feedsOf, openTables } from './tables.js';

const REGION = 'xianyang';
const FEED = 'region.xianyang';

/** The province's feeds of every event that a release has stored. */
const feeds = new Map<string, readonly FeedRecord[]>();
let feed: readonly FeedRecord[];

/** The province over HTTP, which can be down. */
class Province {
  constructor(
    public feed: readonly FeedRecord[],
    readonly name = FEED,
  ) {}
  down = false;
  readonly asked: [after: number, limit: number][] = [];
  /** Called with every question, before it is answered. */
  onAsked: () => void = () => undefined;

  async fetchRange(after: number, limit: number): Promise<FeedPage> {
    return this.answer(pageOf, after, limit);
  }

  async fetchLatest(after: number, limit: number): Promise<FeedPage> {
    return this.answer(latestOf, after, limit);
  }

  private answer(of: typeof pageOf, after: number, limit: number): FeedPage {
    this.asked.push([after, limit]);
    this.onAsked();
    if (this.down) throw new Error('the province is down');
    return of(this.name, this.feed, after, limit);
  }
}

const silent: FeedSource = {
  run: (_after, _take, { signal }) => new Promise((done) => signal.addEventListener('abort', () => done())),
};

/** Records of the feed by sequence. */
const part = (from: number, to = feed.length) => feed.slice(from - 1, to);
const spoilt = (record: FeedRecord): FeedRecord => ({ ...record, data: { ...record.data, name: '被改动' } });

jest.setTimeout(60_000);

describe('the feed reader on PostgreSQL', () => {
  let test: TestDatabase;
  let pool: pg.Pool;
  let maker: TestProvince;
  let province: Province;
  let log: string[];
  let reader: FeedReader;

  beforeAll(async () => {
    maker = await TestProvince.open();
    await maker.record(committedHistory('release-4'));
    for (const name of feedsOf(REGION)) feeds.set(name, await maker.feed(name));
    feed = feeds.get(FEED)!;
    test = await createTestDatabase();
    pool = openPool(test.url, () => undefined);
  });

  afterAll(async () => {
    await pool.end();
    await test.drop();
    await maker.close();
  });

  beforeEach(async () => {
    await clear();
    province = new Province(feed);
    log = [];
    reader = await open();
  });

  const query = async <Row extends object>(text: string) => (await pool.query<Row>(text)).rows;

  const tables = async () => {
    const found = await query<{ name: string }>(
      `select tablename as name from pg_tables where schemaname = 'liandong' and tablename <> 'city' order by 1`,
    );
    return found.map(({ name }) => `"${name}"`);
  };

  const clear = async () => {
    await query('drop schema if exists liandong cascade');
    await openTables(pool, REGION);
  };

  const open = async (options: Partial<FeedReaderOptions> = {}) => {
    const opened = new FeedReader(pool, {
      feed: FEED,
      transport: 'kafka',
      source: silent,
      province,
      log: (text) => log.push(text),
      ...options,
    });
    await opened.open();
    return opened;
  };

  /** Everything the city has, but for when it got it. */
  const contents = async () => {
    const found: Record<string, unknown[]> = {};
    for (const table of await tables()) {
      const rows = await query<{ row: object }>(`select row_to_json(t) as row from ${table} t order by t::text`);
      found[table] = rows.map(({ row }) => ({ ...row, updated_at: undefined }));
    }
    return found;
  };

  /** What the city should have of a feed: record after record, from nothing. */
  const plainly = async (records: readonly FeedRecord[]) => {
    await clear();
    const plain = await open();
    for (const record of records) await plain.take([record]);
    return contents();
  };

  const expectWhole = async () => {
    const got = await contents();
    expect(got).toEqual(await plainly(feed));
  };

  const troubles = (kind: string) => reader.counts.troubles.get(kind) ?? 0;

  const carrierStatus = async () =>
    (await query<{ status: string }>(`select status from list_carriers where _current and carrier = 'enclave'`))[0]
      ?.status;

  it('applies every kind of record, each by the feed that it comes by', async () => {
    await reader.take(feed);
    const other = await open({
      feed: REFERENCE_FEED,
      province: new Province(feeds.get(REFERENCE_FEED)!, REFERENCE_FEED),
    });
    await other.take(feeds.get(REFERENCE_FEED)!);
    expect(await query('select * from skipped')).toEqual([]);
    for (const [table, rows] of Object.entries(await contents())) {
      if (table.startsWith('"list_')) expect([table, rows.length > 0]).toEqual([table, true]);
      if (table.startsWith('"figure_')) expect([table, rows.length > 0]).toEqual([table, true]);
    }
    expect(reader.status).toMatchObject({ ...headOf(feed), trouble: null });
    expect(other.status).toMatchObject(headOf(feeds.get(REFERENCE_FEED)!));
    expect(await carrierStatus()).toBe('open');
    // Positions compare as the numbers do.
    const numbers = await query<{ n: string }>('select _revision as n from list_carriers order by _known_from');
    expect(numbers).toEqual(numbers.toSorted((a, b) => Number(a.n) - Number(b.n)));
    expect(numbers.length).toBeGreaterThan(5);
  });

  it('drops what it has', async () => {
    await reader.take(part(1, 9));
    await reader.take(part(5, 17));
    await reader.take(feed);
    expect(reader.counts).toMatchObject({ applied: feed.length, duplicates: 5 + 17 });
    await expectWhole();
  });

  it('writes nothing into the tables of another release', async () => {
    await reader.take(part(1, 2));
    await query(`update city set shape = shape || ' of another release'`);
    try {
      await expect(reader.take(part(3))).rejects.toThrow('另一版本');
    } finally {
      await query(`update city set shape = replace(shape, ' of another release', '')`);
    }
    await reader.take(part(3));
    await expectWhole();
  });

  it('puts a delivery in order without asking the province', async () => {
    await reader.take([...feed].reverse());
    expect(reader.status).toMatchObject(headOf(feed));
    expect(province.asked).toEqual([]);
  });

  it('fills a hole over HTTP before it goes on', async () => {
    await reader.take(part(1, 3));
    await reader.take([...part(6, 8), ...part(12)]);
    expect(province.asked).toEqual([
      [3, 2],
      [8, 3],
    ]);
    expect(reader.counts.gaps).toBe(2);
    expect(reader.status).toMatchObject({ ...headOf(feed), trouble: null });
    await expectWhole();
  });

  it('fills a hole of several pages', async () => {
    const long = linked(Array.from({ length: 1203 }, (_, i) => feed[i % feed.length]!));
    province.feed = long;
    await reader.take(long.slice(-1));
    expect(province.asked).toEqual([
      [0, 500],
      [500, 500],
      [1000, 202],
    ]);
    expect(reader.counts.gaps).toBe(1);
    expect(reader.status).toMatchObject(headOf(long));
  });

  it('neither skips a hole nor loses the delivery while the province is down', async () => {
    await reader.take(part(1, 3));
    province.down = true;
    await expect(reader.take([...part(4, 5), ...part(8)])).rejects.toThrow('the province is down');
    expect(reader.status.sequence).toBe(5);
    province.down = false;
    await reader.take([...part(4, 5), ...part(8)]);
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
    await reader.take([...part(1, 5), spoilt(feed[5]!), ...part(7)]);
    expect(divergence).toContain('第 6 条记录的摘要不符');
    expect(reader.divergence).toBeNull();
    expect(reader.status).toMatchObject({ ...headOf(feed), trouble: null });
    expect(troubles('digest')).toBe(1);
    expect(log).toEqual([
      expect.stringContaining('第 6 条记录的摘要不符'),
      '数据流与省平台恢复一致 (the feed follows again)',
    ]);
    await expectWhole();
  });

  it('stops before a record that does not follow, says so, and goes on when it does', async () => {
    province.feed = [...part(1, 4), spoilt(feed[4]!), ...part(6)];
    for (let attempt = 0; attempt < 3; attempt++) {
      await expect(reader.take(province.feed)).rejects.toThrow('第 5 条记录的摘要不符');
    }
    expect(reader.status).toMatchObject({ ...headOf(part(1, 4)), inSync: false });
    expect(reader.status.trouble).toContain('已停在第 4 条');
    expect(await carrierStatus()).toBe('filed');
    reader.tell(headOf(feed), 4);
    expect(reader.divergence).toContain('第 5 条记录的摘要不符');
    expect(log).toHaveLength(1);

    province.feed = feed;
    await reader.take(feed);
    expect(reader.status).toMatchObject({ ...headOf(feed), inSync: true, trouble: null });
  });

  it('does not believe a feed that was rewritten behind it', async () => {
    await reader.take(part(1, 4));
    const rewritten = linked([...part(10, 13), ...part(5, 7)]);
    province.feed = rewritten;
    await expect(reader.take(rewritten)).rejects.toThrow('第 5 条记录的摘要不符');
    expect(reader.status).toMatchObject(headOf(part(1, 4)));
  });

  describe('puts aside, counts, and goes on after a record', () => {
    const goesOnAfter = async (broken: FeedRecord, reason: string) => {
      const whole = linked([...part(1, 5), broken, ...part(6)]);
      province.feed = whole;
      await reader.take(whole);
      expect(reader.status).toMatchObject({ ...headOf(whole), trouble: null });
      const { record, ...aside } = (await query<{ record: FeedRecord }>('select * from skipped'))[0]!;
      expect(aside).toMatchObject({
        feed: FEED,
        sequence: '6',
        type: broken.type,
        reason: expect.stringContaining(reason),
      });
      expect(record).toEqual(whole[5]);
      const got = await contents();
      const positions = (text: string) => text.replaceAll(/"(_known_from|_known_to|r)":"\d+"|"_?revision":\d+/g, '');
      expect(positions(JSON.stringify({ ...got, '"skipped"': [], '"feeds"': [] }))).toBe(
        positions(JSON.stringify({ ...(await plainly(feed)), '"feeds"': [] })),
      );
    };
    const carrier = () => feed[4]!;
    const use = () => feed.find(({ type }) => type.startsWith('cn.liandong.use.'))!;

    it('of a type that this release does not know', () =>
      goesOnAfter({ ...carrier(), type: 'cn.liandong.target.changed.v1' }, 'does not know'));
    it('of a list that comes by another feed', () =>
      goesOnAfter(
        { ...carrier(), type: 'cn.liandong.hub.changed.v2', data: feeds.get(REFERENCE_FEED)![4]!.data },
        'not know',
      ));
    it('whose data is not of its form', () =>
      goesOnAfter({ ...carrier(), data: { ...carrier().data, status: 'afloat' } }, 'carrier.changed.v3.status'));
    it('whose text PostgreSQL cannot hold', () =>
      goesOnAfter({ ...carrier(), data: { ...carrier().data, name: 'nul\0nul' } }, 'Unicode'));
    it('whose day no figure can hold', () =>
      goesOnAfter({ ...use(), data: { ...use().data, usedOn: '0300-01-01' } }, '不是日期'));
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
      await next.take(part(4));
      await expectWhole();
    });

    it('has nothing of a batch whose end it did not reach', async () => {
      await reader.take(part(1, 4));
      const before = await contents();
      // The rows are written before the cursor: here the connection is cut between the two.
      await query(`
        create function cut() returns trigger language plpgsql as
          $$ begin perform pg_terminate_backend(pg_backend_pid()); return new; end $$;
        create trigger cut before update on feeds for each row execute function cut()`);
      try {
        await expect(reader.take(part(5))).rejects.toThrow(/terminat/i);
      } finally {
        await query('drop function cut cascade');
      }
      expect(await contents()).toEqual(before);
      const next = await open();
      await next.take(part(5));
      await expectWhole();
    });

    it('has each record once when several of it run on one database', async () => {
      const readers = await Promise.all([open(), open(), open()]);
      await Promise.all(
        readers.map(async (one, index) => {
          for (let from = 1; from <= feed.length; from += 2 + index) await one.take(part(from, from + 3));
        }),
      );
      expect(readers.reduce((sum, one) => sum + one.counts.applied, 0)).toBe(feed.length);
      await expectWhole();
    });
  });

  describe('joining', () => {
    /** What it has of each thing now, and of each figure: how it came about is not among what a city that joins is told. */
    const state = async () => {
      const found: Record<string, unknown[]> = {};
      for (const table of (await tables()).filter((name) => name.startsWith('"list_'))) {
        const rows = await query<{ row: object }>(`select to_jsonb(t) as row from ${table} t where _current`);
        found[table] = rows.map(({ row }) => withoutOwn(row)).sort();
      }
      for (const table of (await tables()).filter((name) => name.includes('_by_'))) {
        const rows = await query<{ row: Record<string, unknown> }>(`select to_jsonb(t) as row from ${table} t`);
        found[table] = rows.flatMap(({ row }) => (isNothing(row) ? [] : [JSON.stringify(row)])).sort();
      }
      return found;
    };
    const withoutOwn = (row: object) =>
      JSON.stringify(Object.fromEntries(Object.entries(row).filter(([name]) => !name.startsWith('_'))));
    const isNothing = (row: Record<string, unknown>) =>
      Object.entries(row).every(([name, value]) => !name.startsWith('v') || value === 0);

    const joined = async (options: Partial<FeedReaderOptions> = {}) => {
      const joining = await open({ transport: 'http', ...options });
      joining.start();
      await until('joined', async () => joining.status.sequence > 0);
      await joining.stop();
      return joining;
    };

    it('builds everything from the last record of each thing', async () => {
      const city = await joined();
      expect(city.status).toMatchObject(headOf(feed));
      expect(city.counts.applied).toBe(latestOf(FEED, feed, 0, 1000).records.length);
      expect(city.counts.applied).toBeLessThan(feed.length);
      const got = await state();
      await plainly(feed);
      expect(got).toEqual(await state());
    });

    it('has what was replaced while it read the snapshot, and follows from there', async () => {
      // At the first question the feed ends in the middle; at the second it goes on.
      province.feed = part(1, 21);
      province.onAsked = () => province.asked.length > 1 && (province.feed = feed);
      const many = jest.spyOn(province, 'fetchLatest').mockImplementation(async (after) => {
        return province['answer'](latestOf, after, 3);
      });
      const city = await joined();
      expect(many.mock.calls.length).toBeGreaterThan(1);
      expect(city.status).toMatchObject({ ...headOf(feed), trouble: null });
      const got = await state();
      await plainly(feed);
      expect(got).toEqual(await state());
    });

    it('changes nothing while it cannot, says so, and joins when it can', async () => {
      const before = await contents();
      province.down = true;
      const joining = await open({ transport: 'http' });
      joining.start();
      try {
        await until('told', async () => joining.status.trouble !== null);
        expect(joining.status).toMatchObject({ sequence: 0, inSync: false });
        expect(await contents()).toEqual(before);
        province.down = false;
        await until('joined', async () => joining.status.sequence === feed.length);
        expect(joining.status.trouble).toBeNull();
      } finally {
        await joining.stop();
      }
    });

    it('does not believe what does not follow from where it began', async () => {
      province.feed = part(1, 21);
      province.onAsked = () => {
        province.feed = province.asked.length > 1 ? [...part(1, 22), spoilt(feed[22]!), ...part(24)] : part(1, 21);
      };
      const latest = jest.spyOn(province, 'fetchLatest');
      latest.mockImplementation(async (after) => province['answer'](latestOf, after, 3));
      const joining = await open({ transport: 'http' });
      joining.start();
      await until('told', async () => joining.divergence !== null);
      await joining.stop();
      expect(joining.divergence).toContain('第 23 条记录的摘要不符');
      expect(joining.status.sequence).toBe(0);
    });

    it('is done once when several of it start on one database', async () => {
      const cities = await Promise.all([joined(), joined(), joined()]);
      for (const city of cities) expect(city.status).toMatchObject(headOf(feed));
      const got = await state();
      await plainly(feed);
      expect(got).toEqual(await state());
      expect(await query(`select tablename from pg_tables where tablename like '%\\_\\_next'`)).toEqual([]);
    });

    it('starts over after it was killed in the middle', async () => {
      const latest = jest.spyOn(province, 'fetchLatest');
      latest.mockImplementation(async (after) => {
        if (after > 0) await query(`select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory'`);
        return province['answer'](latestOf, after, 3);
      });
      const joining = await open({ transport: 'http' });
      joining.start();
      await until('cut', async () => joining.status.trouble !== null);
      expect(joining.status.sequence).toBe(0);
      latest.mockRestore();
      await until('joined', async () => joining.status.sequence === feed.length);
      await joining.stop();
      const got = await state();
      await plainly(feed);
      expect(got).toEqual(await state());
    });
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
        await until('started', async () => runs.length === 1);
        for (const reason of ['refused', 'no leader', 'refused', 'no leader']) trouble(new Error(reason));
        expect(running.status.trouble).toContain('no leader');
        expect(running.counts.troubles.get('other')).toBe(4);
        await hand(part(3, 4));
        expect(running.status.trouble).toBeNull();
        expect(log).toEqual(['refused', 'no leader', '恢复正常'].map((text) => expect.stringContaining(text)));
        end();
        await until('started again', async () => runs.length === 2);
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
      await until('all of it', async () => running.status.sequence === feed.length);
      await running.stop();
      expect(province.asked).toEqual([[8, 500]]);
      expect(running.status).toMatchObject({ inSync: true, trouble: null });
    });

    it('finishes the batch in hand before it stops', async () => {
      await reader.take(part(1, 1));
      let inHand = () => {};
      const begun = new Promise<void>((done) => (inHand = done));
      const source: FeedSource = {
        run: (_after, take) => {
          inHand();
          return take(feed);
        },
      };
      const running = await open({ source, transport: 'http' });
      running.start();
      await begun;
      await running.stop();
      expect(running.status.sequence).toBe(feed.length);
    });
  });

  /** One delivery: some records of the feed, in any order and any number, spoilt or not, over a working HTTP or not. */
  const delivery = fc.record({
    picks: fc.array(fc.nat(), { maxLength: 12 }),
    spoilt: fc.option(fc.nat(), { freq: 4 }),
    down: fc.boolean(),
    restart: fc.boolean(),
  });

  it('ends with the same tables and digest after any schedule of deliveries', async () => {
    await fc.assert(
      fc.asyncProperty(randomHistory, fc.array(delivery, { maxLength: 10 }), async (history, schedule) => {
        await maker.clear();
        await maker.record(history.map(wellFormed));
        const whole = await maker.feed(FEED);
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
      }),
      { numRuns: 30 },
    );
  }, 300_000);
});
