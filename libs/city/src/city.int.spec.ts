import pg from 'pg';
import { EMPTY_FEED, nextDigest, type FeedRecord } from '#libs/messages';
import { CursorError, FigureQuestionError } from '#libs/read-models';
import { createTestDatabase, type TestDatabase } from '#libs/testing';
import { committedHistory, headOf, latestOf, pageOf, TestProvince } from '../../../test/province.js';
import { until } from '../../../test/until.js';
import { openCity, OtherCityError, type City, type CityOptions } from './index.js';

const REGION = 'xianyang';
const FEED = 'region.xianyang';

/** The province's feeds of every event that a release has stored. */
const feeds = new Map<string, readonly FeedRecord[]>();

const connect: CityOptions['connect'] = (feed, onHead) => {
  const answer = async (of: typeof pageOf, after: number, limit: number) => {
    const page = of(feed, feeds.get(feed) ?? [], after, limit);
    onHead(page.last, after);
    return page;
  };
  return {
    province: {
      fetchRange: (after, limit) => answer(pageOf, after, limit),
      fetchLatest: (after, limit) => answer(latestOf, after, limit),
    },
    source: {
      async run(after, take, { signal }) {
        await take((await answer(pageOf, after, 1000)).records);
        if (!signal.aborted) await new Promise((done) => signal.addEventListener('abort', done));
      },
    },
  };
};

jest.setTimeout(30_000);

beforeAll(async () => {
  const province = await TestProvince.open();
  await province.record(committedHistory('release-4'));
  for (const feed of ['reference', FEED, 'region.baoji']) feeds.set(feed, await province.feed(feed));
  await province.close();
});

let test: TestDatabase;
let client: pg.Client;
let log: string[];

beforeEach(async () => {
  test = await createTestDatabase();
  client = new pg.Client({ connectionString: test.url });
  await client.connect();
  log = [];
});

afterEach(async () => {
  await client.end();
  await test.drop();
});

const open = (options: Partial<CityOptions> = {}) =>
  openCity({
    region: REGION,
    databaseUrl: test.url,
    transport: 'http',
    connect,
    log: (line) => log.push(line),
    ...options,
  });

/** A city that has everything, for as long as the work takes. */
async function withCity<T>(work: (city: City) => Promise<T>): Promise<T> {
  const city = await open();
  city.start();
  try {
    await until('all of it', async () => city.status.inSync && city.status.reference.inSync);
    return await work(city);
  } finally {
    await city.stop();
  }
}

const tablesIn = async (schema: string) => {
  const { rows } = await client.query<{ name: string }>(
    'select tablename as name from pg_tables where schemaname = $1 order by 1',
    [schema],
  );
  return rows.map(({ name }) => name);
};

const carriersOf = async (city: City) => (await city.list('carriers')).items.map(({ row }) => row.carrier);

it('says where it is in both of its feeds', () =>
  withCity(async (city) => {
    expect(city.status).toEqual({
      region: REGION,
      transport: 'http',
      ...headOf(feeds.get(FEED)!),
      province: headOf(feeds.get(FEED)!),
      inSync: true,
      trouble: null,
      reference: { ...headOf(feeds.get('reference')!), inSync: true },
    });
    expect(city.divergence).toBeNull();
    expect(city.feeds.map(({ feed, status }) => [feed, status.sequence])).toEqual([
      ['reference', feeds.get('reference')!.length],
      [FEED, feeds.get(FEED)!.length],
    ]);
    expect(await city.updatedAt()).toBeInstanceOf(Date);
  }));

it('keeps everything in a schema of its own', async () => {
  await withCity(async (city) => {
    expect(await carriersOf(city)).toEqual(['enclave', 'xianyang-incubator']);
    expect(await tablesIn('public')).toEqual([]);
    expect(await tablesIn('liandong')).toContain('list_carriers');
  });
});

it('lists with the record that each row was last changed by, narrowed, sorted, searched, page by page', () =>
  withCity(async (city) => {
    const { items, next } = await city.list('contracts', { sort: '-title', limit: 2 });
    expect(items.map(({ row }) => row.contract)).toHaveLength(2);
    const rest = await city.list('contracts', { sort: '-title', limit: 2, after: next! });
    expect([...items, ...rest.items].map(({ row }) => row.contract).sort()).toEqual(['tc-1', 'tc-2', 'tc-3', 'tc-4']);
    expect(rest.next).toBeNull();

    const [reversed] = (await city.list('contracts', { filter: { status: 'reversed' } })).items;
    const record = feeds.get(FEED)!.find(({ cause }) => cause === 'contract.reversed.v1')!;
    expect(reversed).toEqual({
      row: record.data,
      trace: {
        day: record.occurredon,
        feedsequence: record.feedsequence,
        event: record.id,
        cause: 'contract.reversed.v1',
        stream: 'contract-tc-2',
      },
      admitted: [],
    });
    const found = await city.list('regions', { search: 'xian' });
    expect(found.items.map(({ row }) => row.region).sort()).toEqual(
      ['xianyang', 'xixian'].filter((r) => r.includes('xian')),
    );
    await expect(city.list('contracts', { after: 'x' })).rejects.toThrow(CursorError);
  }));

it('answers figures, and says what it cannot', () =>
  withCity(async (city) => {
    const flows = await city.figure('flows', { from: '2023-01-01', to: '2024-01-01', by: ['output', 'absorbing'] });
    expect(flows.cells.map(({ cell, values }) => [cell, values['count']])).toEqual([
      [{ output: 'xixian', absorbing: 'xianyang' }, 1n],
    ]);
    await expect(city.figure('flows', { from: '2023-01-01', to: '2024-01-01', by: ['weather'] })).rejects.toThrow(
      FigureQuestionError,
    );
    await expect(city.figure('weather', { from: '2023-01-01', to: '2024-01-01', by: [] })).rejects.toThrow(RangeError);
  }));

it('shows nothing that does not concern it any more', async () => {
  const feed = feeds.get(FEED)!;
  const [last] = feed.slice(-1) as [FeedRecord];
  const moved = { ...last, feedsequence: last.feedsequence + 1, data: { ...last.data, home: 'baoji', host: 'baoji' } };
  feeds.set(FEED, [...feed, { ...moved, digest: nextDigest(last.digest, moved) }]);
  try {
    await withCity(async (city) => expect(await carriersOf(city)).toEqual(['enclave']));
  } finally {
    feeds.set(FEED, feed);
  }
});

it('goes on where it was after a restart', async () => {
  await withCity(async () => undefined);
  const city = await open();
  expect(city.status).toMatchObject({ ...headOf(feeds.get(FEED)!), province: null, inSync: false });
  expect(await carriersOf(city)).toEqual(['enclave', 'xianyang-incubator']);
  await city.stop();
});

it('refuses the database of another city, and leaves it as it is', async () => {
  await withCity(async () => undefined);
  await expect(open({ region: 'baoji' })).rejects.toThrow(new OtherCityError(REGION, 'baoji'));
  await withCity(async (city) => expect(city.feeds[1]!.counts.applied).toBe(0));
});

it('builds everything anew when its tables are of another shape', async () => {
  await withCity(async () => undefined);
  await client.query(`
    update liandong.city set shape = 'of another release';
    alter table liandong.list_carriers drop column status;
    create table liandong.list_of_an_earlier_release ()`);
  await withCity(async (city) => {
    expect(await carriersOf(city)).toEqual(['enclave', 'xianyang-incubator']);
    expect(await tablesIn('liandong')).not.toContain('list_of_an_earlier_release');
  });
});

describe('on a database of the release before', () => {
  const earlier = (region: string) =>
    client.query(`
      create table feed_cursor (region text primary key, sequence bigint, digest text, "updatedAt" timestamptz);
      insert into feed_cursor values ('${region}', 7, '${EMPTY_FEED}', now());
      create table carriers (carrier text primary key);
      create table skipped_types (type text primary key);
      create table of_the_city_itself ()`);

  it('drops what that has left, and builds everything anew', async () => {
    await earlier(REGION);
    await withCity(async (city) => {
      expect(await carriersOf(city)).toEqual(['enclave', 'xianyang-incubator']);
      expect(await tablesIn('public')).toEqual(['of_the_city_itself']);
    });
  });

  it('leaves that of another city as it is', async () => {
    await earlier('baoji');
    const before = await tablesIn('public');
    await expect(open()).rejects.toThrow(OtherCityError);
    expect(await tablesIn('public')).toEqual(before);
    expect(await tablesIn('liandong')).toEqual([]);
  });
});

it('starts several times at once', async () => {
  const cities = await Promise.all([open(), open(), open()]);
  for (const city of cities) city.start();
  await until('all of it', async () => cities.every(({ status }) => status.inSync && status.reference.inSync));
  await Promise.all(cities.map((city) => city.stop()));
  expect((await client.query('select * from liandong.feeds')).rowCount).toBe(2);
});

it('survives the loss of its connections, and tells', async () => {
  await withCity(async (city) => {
    await carriersOf(city);
    await client.query(
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
    );
    await until('told', async () => log.length > 0);
    expect(log[0]).toContain('数据库连接中断');
    expect(await until('back', () => carriersOf(city).catch(() => undefined))).toHaveLength(2);
  });
});
