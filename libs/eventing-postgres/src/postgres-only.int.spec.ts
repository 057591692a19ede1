import pg from 'pg';
import { START, type NewEvent } from '#libs/eventing';
import { anEvent, createTestDatabase, startTestServer, type TestDatabase } from '#libs/testing';
import { PostgresStore } from './postgres-store.js';

/** What only PostgreSQL can get wrong: visibility in the order of commits, and a history that somebody edits. */
let server: Awaited<ReturnType<typeof startTestServer>>;
let database: TestDatabase;
let store: PostgresStore;
let other: pg.Client;

beforeAll(async () => {
  server = await startTestServer();
}, 30_000);
afterAll(() => server.stop());

beforeEach(async () => {
  database = await createTestDatabase(server.url);
  store = await PostgresStore.open({ url: database.url });
  other = new pg.Client({ connectionString: database.url });
  await other.connect();
});

afterEach(async () => {
  await other.end();
  await store.close();
  await database.drop();
});

const event = () => anEvent('test.happened.v1');

/** An append whose transaction stays open: its position is taken, its events are not visible yet. */
const slowly = (stream: string, { id, type, data, metadata }: NewEvent) =>
  other.query('select * from eventing.append(1, $1, -1, $2, $3, $4, $5)', [
    stream,
    [id],
    [type],
    [JSON.stringify(data)],
    [JSON.stringify(metadata)],
  ]);

it('a transaction that is slow to commit is not skipped by a reader', async () => {
  const slow = event();
  const fast = event();
  await other.query('begin');
  await slowly('slow', slow);
  const { position } = await store.append('fast', 'no-stream', [fast]);

  // The fault fired: the later event is stored, the earlier is not, and a cursor by position alone would pass it.
  const naive = await store['pool'].query('select id from eventing.events order by gp');
  expect(naive.rows).toEqual([{ id: fast.id }]);
  const meanwhile = await store.readAll({ after: START, limit: 10 });
  expect(meanwhile.events).toEqual([]);
  expect(meanwhile.position < position).toBe(true);

  await other.query('commit');
  const { events } = await store.readAll({ after: meanwhile.position, limit: 10 });
  expect(events.map((e) => e.id)).toEqual([slow.id, fast.id]);
});

it('the age of what holds readers back is told', async () => {
  expect(await store.watermarkAgeMs()).toBe(0);
  await other.query('begin');
  await slowly('slow', event());
  await other.query('select pg_sleep(0.05)');
  expect(await store.watermarkAgeMs()).toBeGreaterThanOrEqual(50);
  await other.query('rollback');
  expect(await store.watermarkAgeMs()).toBe(0);
});

it('64 writers with transactions of different lengths: a live reader misses none and sees none twice', async () => {
  const seen: string[] = [];
  const stopping = new AbortController();
  const reading = (async () => {
    for await (const { events } of store.subscribe({ after: START, limit: 7, signal: stopping.signal })) {
      seen.push(...events.map((e) => e.id));
      if (seen.length >= 64 * 5) return;
    }
  })();
  const appended: string[] = [];
  const pool = new pg.Pool({ connectionString: database.url, max: 32 });
  await Promise.all(
    Array.from({ length: 64 }, async (_, writer) => {
      for (let n = 0; n < 5; n++) {
        const { id, type, data, metadata } = event();
        const client = await pool.connect();
        await client.query('begin');
        await client.query('select * from eventing.append(1, $1, $2, $3, $4, $5, $6)', [
          `writer-${writer}`,
          n - 1,
          [id],
          [type],
          [JSON.stringify(data)],
          [JSON.stringify(metadata)],
        ]);
        await client.query('select pg_sleep($1)', [((writer * 7 + n * 3) % 10) / 500]);
        await client.query('commit');
        client.release();
        appended.push(id);
      }
    }),
  );
  await reading;
  stopping.abort();
  await pool.end();
  expect(seen).toHaveLength(new Set(seen).size);
  expect([...seen].sort()).toEqual([...appended].sort());
}, 60_000);

it('concurrent appends share transactions, and each is answered for itself', async () => {
  const known = event();
  await store.append('taken', 'no-stream', [known]);
  await store.append('open', 'no-stream', [event(), event()]);
  const streams = Array.from({ length: 60 }, (_, n) => `company-${n}`);
  const good = streams.map((stream, n) => store.append(stream, n % 2 ? 'any' : 'no-stream', [event(), event()]));
  const further = store.append('open', 1, [event()]);
  const late = store.append('open', 0, [event()]);
  const stranger = store.append('nobody', 5, [event()]);
  const reused = store.append('elsewhere', 'no-stream', [known]);
  await expect(late).rejects.toMatchObject({ name: 'ConflictError', stream: 'open', expected: 0 });
  await expect(stranger).rejects.toMatchObject({ name: 'ConflictError', stream: 'nobody', actual: null });
  await expect(reused).rejects.toMatchObject({ name: 'IdReusedError', id: known.id });
  expect((await further).revision).toBe(2);
  for (const [n, answer] of (await Promise.all(good)).entries()) {
    const stored = await store.readStream(streams[n]!);
    expect(answer).toMatchObject({ revision: 1, position: stored[1]!.position });
  }
  expect(await store.readStream('elsewhere')).toEqual([]);
  expect(await store.readStream('nobody')).toEqual([]);
});

it('of those that come while others are under way, all leave together', async () => {
  await Promise.all(Array.from({ length: 100 }, (_, n) => store.append(`together-${n}`, 'no-stream', [event()])));
  const { rows } = await other.query('select count(distinct xid)::int as transactions from eventing.events');
  // Two leave at once, alone; the other 98 fill the next two.
  expect(rows[0].transactions).toBeLessThanOrEqual(4);
});

it.each(['update eventing.events set data = $$x$$', 'delete from eventing.events', 'truncate eventing.events'])(
  'history is not edited: %s',
  async (statement) => {
    await store.append('s', 'no-stream', [event()]);
    await expect(other.query(statement)).rejects.toThrow('append-only');
    expect(await store.readStream('s')).toHaveLength(1);
  },
);

it('a log that was restored into a new cluster goes on behind what it had', async () => {
  const before = await store.append('s', 'no-stream', [event()]);
  await store.close();
  // What a restore leaves: the events of another cluster, and transaction ids that begin anew.
  await other.query('update eventing.cluster set system_identifier = 1');
  store = await PostgresStore.open({ url: database.url });
  const after = await store.append('s', 0, [event()]);
  expect(after.position > before.position).toBe(true);
  expect(after.position.slice(0, 4) > before.position.slice(0, 4)).toBe(true);
  const { events } = await store.readAll({ after: START, limit: 10 });
  expect(events.map((e) => e.position)).toEqual([before.position, after.position]);
});
