import fc from 'fast-check';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { START, type NewEvent } from '#libs/eventing';
import { PostgresStore, projected, workOf, type Projected } from '#libs/eventing-postgres';
import { entities, projections } from '../../apps/platform/src/reads.js';
import { startTestPlatform, type TestPlatform } from '../test-platform.js';
import { expectAgreement } from './agreement.js';
import { until } from '../until.js';
import { randomHistory, type RandomEvent } from './random-history.js';

let platform: TestPlatform;
let store: PostgresStore;
let database: DataSource;
let client: pg.Client;
let figures: Projected[];

beforeAll(async () => {
  // Only the door: the test folds the events itself, in batches of its own choosing.
  platform = await startTestPlatform({ ROLES: 'api' });
  store = await PostgresStore.open({ url: platform.databaseUrl });
  database = await new DataSource({ type: 'postgres', url: platform.databaseUrl, entities }).initialize();
  client = new pg.Client({ connectionString: platform.databaseUrl });
  await client.connect();
  await client.query('alter table eventing.events disable trigger append_only');
  figures = projections.map((p) => projected(p, database));
});

afterAll(async () => {
  await client.end();
  await database.destroy();
  await store.close();
  await platform.close();
});

const ENTRIES = ['capacity_entries', 'sharing_entries', 'flow_entries', 'carriers'];
async function entriesNow(): Promise<unknown[]> {
  const tables = [];
  for (const table of ENTRIES) {
    const { rows } = await client.query(`select to_jsonb(e) as e from ${table} e order by e::text`);
    tables.push(rows);
  }
  return tables;
}

async function empty(...tables: string[]): Promise<void> {
  await client.query(tables.map((table) => `delete from ${table}`).join(';'));
}

let recorded = 0;

async function record(history: readonly RandomEvent[]): Promise<void> {
  recorded = history.length;
  await empty('eventing.events', 'eventing.streams', ...ENTRIES);
  const streams = new Map<string, NewEvent[]>();
  for (const { stream, ...event } of history) streams.set(stream, [...(streams.get(stream) ?? []), event]);
  await Promise.all([...streams].map(([stream, events]) => store.append(stream, 'no-stream', events)));
}

async function fold(size: number, times = 1): Promise<void> {
  // Suites beside this one hold transactions on the same server: until they end, what was just stored may be held back.
  const events = await until('every recorded event is visible', async () => {
    const page = await store.readAll({ after: START, limit: 10_000 });
    return page.events.length === recorded && page.events;
  });
  for (let at = 0; at < events.length; at += size) {
    const batch = events.slice(at, at + size);
    for (let n = 0; n < times; n++) {
      await database.transaction(async (tx) => {
        for (const figure of figures) await figure.apply(tx, workOf(figure, batch), 'live');
      });
    }
  }
}

it('on 1 000 random histories, every figure equals its independent recomputation from the raw events', async () => {
  let compared = 0;
  let reversals = 0;
  await fc.assert(
    fc.asyncProperty(randomHistory, fc.integer({ min: 4, max: 60 }), async (history, size) => {
      await record(history);
      await fold(size);
      compared += await expectAgreement(platform, client, '2023-01-01', '2024-01-01');
      reversals += history.filter((e) => e.type.includes('.reversed.')).length;
    }),
    { numRuns: 1000, seed: 20230209, endOnFailure: true },
  );
  // The histories are not empty talk: they fill the figures and take facts back.
  expect(compared).toBeGreaterThan(5000);
  expect(reversals).toBeGreaterThan(200);
}, 600_000);

it('a batch that is folded twice makes the same rows', async () => {
  await fc.assert(
    fc.asyncProperty(randomHistory, fc.integer({ min: 4, max: 60 }), async (history, size) => {
      await record(history);
      await fold(size);
      const once = await entriesNow();
      await empty(...ENTRIES);
      await fold(size, 2);
      expect(await entriesNow()).toEqual(once);
    }),
    { numRuns: 30, seed: 7 },
  );
}, 120_000);

it('a figure that counts a reversed contract, or misses one, is found', async () => {
  const [history] = fc.sample(
    randomHistory.filter((h) => h.some((e) => e.type === 'contract.reversed.v1')),
    { numRuns: 1, seed: 3 },
  );
  await record(history!);
  await fold(1000);
  await expectAgreement(platform, client, '2022-01-01', '2025-01-01');
  await client.query('update flow_entries set reversed = not reversed');
  await expect(expectAgreement(platform, client, '2022-01-01', '2025-01-01')).rejects.toThrow();
}, 60_000);
