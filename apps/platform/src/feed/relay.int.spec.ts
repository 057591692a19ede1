import { setTimeout as delay } from 'node:timers/promises';
import { DataSource } from 'typeorm';
import { EMPTY_FEED, nextDigest, type FeedRecord, type FeedSink } from '#libs/messages';
import { createTestDatabase, type TestDatabase } from '#libs/testing';
import { Feeds1764000000042 } from './feed.migrations.js';
import { Relay } from './relay.js';

/** A sink whose answers fail when they are told to, before or after it has stored the records. */
class Sink implements FeedSink {
  readonly stored: FeedRecord[] = [];
  fail: ('before' | 'after' | undefined)[] = [];
  failed = 0;
  closed = false;

  async publish(records: readonly FeedRecord[]): Promise<void> {
    const how = this.fail.shift();
    if (how) this.failed++;
    if (how === 'before') throw new Error('planted: not stored');
    this.stored.push(...records);
    if (how === 'after') throw new Error('planted: stored, but not answered');
  }

  async close(): Promise<void> {
    this.closed = true;
  }
}

let database: TestDatabase;
let source: DataSource;
let relays: Relay[];

beforeEach(async () => {
  database = await createTestDatabase();
  source = await new DataSource({
    type: 'postgres',
    url: database.url,
    migrations: [Feeds1764000000042],
  }).initialize();
  await source.runMigrations();
  relays = [];
});

afterEach(async () => {
  await Promise.all(relays.map((r) => r.stop()));
  await source.destroy();
  await database.drop();
});

const heads = new Map<string, { sequence: number; digest: string }>();
beforeEach(() => heads.clear());

async function grow(feed: string, count: number): Promise<void> {
  for (let n = 0; n < count; n++) {
    const { sequence, digest } = heads.get(feed) ?? { sequence: 0, digest: EMPTY_FEED };
    const content = {
      specversion: '1.0' as const,
      id: `${feed}-${sequence + 1}`,
      source: '/liandong/province' as const,
      type: 'cn.liandong.hub.changed.v2',
      subject: 's',
      time: '2022-12-31T16:00:00.000Z',
      datacontenttype: 'application/json' as const,
      data: {},
      feed,
      feedsequence: sequence + 1,
      replaces: sequence,
      occurredon: '2023-01-01',
      recordedat: '2023-01-01T00:00:00.000Z',
      actor: 'province',
      cause: 'hub.designated.v1',
      stream: 'province-topology',
    };
    const record = { ...content, digest: nextDigest(digest, content) };
    heads.set(feed, { sequence: record.feedsequence, digest: record.digest });
    await source.query(`insert into feeds values ($1, $2, 's', true, $3)`, [
      feed,
      sequence + 1,
      JSON.stringify(record),
    ]);
    await source.query(
      `insert into feed_heads values ($1, $2, $3)
        on conflict (feed) do update set sequence = excluded.sequence, digest = excluded.digest`,
      [feed, record.feedsequence, record.digest],
    );
  }
}

const start = (sink: FeedSink): Relay => {
  const relay = new Relay(source, sink, () => undefined);
  relays.push(relay);
  relay.start();
  return relay;
};

async function carried(): Promise<void> {
  for (let n = 0; n < 1000; n++, await delay(10)) {
    const rows = await source.query<{ feed: string }[]>(
      `select feed from feed_heads h left join feed_relay r using (feed)
        where coalesce(r.relayed, 0) < h.sequence`,
    );
    if (rows.length === 0) return;
  }
  throw new Error('the relay did not carry everything');
}

/** What a reader makes of it: the first of each sequence, which must come without a hole. */
function readBy(feed: string, stored: readonly FeedRecord[]): number[] {
  const taken: number[] = [];
  for (const { feed: of, feedsequence } of stored) {
    if (of !== feed || feedsequence <= taken.length) continue;
    expect(feedsequence).toBe(taken.length + 1);
    taken.push(feedsequence);
  }
  return taken;
}

it('carries every feed\u2019s records in order', async () => {
  const sink = new Sink();
  await grow('a', 30);
  await grow('b', 1200);
  start(sink);
  await carried();
  await grow('a', 5);
  await carried();
  expect(readBy('a', sink.stored)).toHaveLength(35);
  expect(readBy('b', sink.stored)).toHaveLength(1200);
  expect(sink.stored).toHaveLength(1235);
}, 30_000);

it('leaves nothing out when a publish fails, whether it was stored or not', async () => {
  const sink = new Sink();
  sink.fail = ['before', 'after', undefined, 'after', 'before'];
  const relay = start(sink);
  for (let n = 0; n < 6; n++) {
    await grow('a', 20);
    await grow('b', 3);
    await carried();
  }
  expect(sink.failed).toBe(4);
  expect(readBy('a', sink.stored)).toHaveLength(120);
  expect(readBy('b', sink.stored)).toHaveLength(18);
  // It was stored and not answered: so it was published again, and the reader dropped it.
  expect(sink.stored.length).toBeGreaterThan(138);
  expect(relay.failure).toBeUndefined();
}, 30_000);

it('of two relays one works, and the other takes over when it ends', async () => {
  const [first, second] = [new Sink(), new Sink()];
  const relay = start(first);
  await grow('a', 5);
  await carried();
  start(second);
  await grow('a', 5);
  await carried();
  expect([first.stored.length, second.stored.length]).toEqual([10, 0]);
  await relay.stop();
  expect(first.closed).toBe(true);
  await grow('a', 5);
  await carried();
  expect([first.stored.length, second.stored.length]).toEqual([10, 5]);
}, 30_000);

it('holds no transaction open while it publishes', async () => {
  let release: () => void = () => undefined;
  const publishing = new Promise<void>((entered) => {
    const slow: FeedSink = {
      publish: () => {
        entered();
        return new Promise((done) => (release = done));
      },
      close: async () => undefined,
    };
    start(slow);
  });
  await grow('a', 1);
  await publishing;
  const open = await source.query<object[]>(
    'select 1 from pg_stat_activity where backend_xid is not null and datname = current_database()',
  );
  expect(open).toEqual([]);
  release();
  await carried();
}, 30_000);
