import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { START, type NewEvent, type RecordedEvent } from '#libs/eventing';
import { PostgresStore, sqlOf, workOf, type Projected } from '#libs/eventing-postgres';
import { contexts } from '../../apps/platform/src/contexts.js';
import { readModelOf, rollUpFigures } from '../../apps/platform/src/read-models.js';
import { askMatrix } from '../../libs/contexts/achievements/src/flows.questions.js';
import { auditor, startTestPlatform, type TestPlatform } from '../test-platform.js';
import { until } from '../until.js';
import { expectAgreement } from './agreement.js';
import { randomHistory, type RandomEvent } from './random-history.js';

let platform: TestPlatform;
let store: PostgresStore;
let database: DataSource;
let client: pg.Client;
let models: Projected[];
let tables: string[];

beforeAll(async () => {
  // Only the door: the test folds the events itself, in batches of its own choosing.
  platform = await startTestPlatform({ ROLES: 'api' });
  store = await PostgresStore.open({ url: platform.databaseUrl });
  database = await new DataSource({ type: 'postgres', url: platform.databaseUrl }).initialize();
  client = new pg.Client({ connectionString: platform.databaseUrl });
  await client.connect();
  await client.query('alter table eventing.events disable trigger append_only');
  models = contexts.map(readModelOf);
  const { rows } = await client.query<{ name: string }>(
    `select tablename as name from pg_tables where schemaname = 'public' and (tablename like 'list\\_%' or tablename like 'figure\\_%')`,
  );
  tables = rows.map(({ name }) => name).filter((name) => !name.endsWith('_tree'));
});

afterAll(async () => {
  await client.end();
  await database.destroy();
  await store.close();
  await platform.close();
});

/** Every row of every list and figure; a journal's lines without the order in which a batch wrote them. */
async function rowsNow(): Promise<unknown[]> {
  const all = [];
  for (const table of tables) {
    const { rows } = await client.query(
      `select to_jsonb(e) - 'n' as e from "${table}" e order by (to_jsonb(e) - 'n')::text`,
    );
    all.push([table, rows]);
  }
  return all;
}

const empty = (...names: string[]) => client.query(names.map((table) => `delete from ${table}`).join(';'));

async function record(history: readonly RandomEvent[]): Promise<RecordedEvent[]> {
  await empty('eventing.events', 'eventing.streams', ...tables.map((table) => `"${table}"`));
  const streams = new Map<string, NewEvent[]>();
  for (const { stream, ...event } of history) streams.set(stream, [...(streams.get(stream) ?? []), event]);
  await Promise.all([...streams].map(([stream, events]) => store.append(stream, 'no-stream', events)));
  // Suites beside this one hold transactions on the same server: until they end, what was just stored may be held back.
  const page = await until('every recorded event is visible', async () => {
    const read = await store.readAll({ after: START, limit: 10_000 });
    return read.events.length === history.length && read;
  });
  return [...page.events];
}

async function fold(events: readonly RecordedEvent[], size: number): Promise<void> {
  for (let at = 0; at < events.length; at += size) {
    const batch = events.slice(at, at + size);
    await database.transaction(async (tx) => {
      for (const model of models) await model.apply(tx, workOf(model, batch), 'live');
    });
  }
}

const day = fc.integer({ min: 0, max: 729 }).map((n) => new Date(Date.UTC(2022, 6, 1 + n)).toISOString().slice(0, 10));

it('on 1 000 random histories every figure, as of any day and as at any position, equals independent SQL', async () => {
  let compared = 0;
  let reversals = 0;
  let late = 0;
  const times = fc.record({ asOf: fc.option(day, { nil: undefined }), at: fc.double({ min: 0, max: 1, noNaN: true }) });
  await fc.assert(
    fc.asyncProperty(randomHistory, fc.integer({ min: 4, max: 60 }), times, async (history, size, { asOf, at }) => {
      const events = await record(history);
      await fold(events, size);
      const asAt = events[Math.floor(at * (events.length - 1))]!.position;
      compared += await expectAgreement(platform, client, '2023-01-01', '2024-01-01');
      compared += await expectAgreement(platform, client, '2023-01-17', '2024-03-05', { asOf, asAt });
      reversals += history.filter((e) => e.type.includes('.reversed.')).length;
      late += events.filter((e, i) => i > 0 && e.metadata.occurredAt < events[i - 1]!.metadata.occurredAt).length;
    }),
    { numRuns: 1000, seed: 20230209, endOnFailure: true },
  );
  // The histories are not empty talk: they fill the figures, come late and take facts back.
  expect(compared).toBeGreaterThan(4500);
  expect(reversals).toBeGreaterThan(200);
  expect(late).toBeGreaterThan(5000);
}, 1_800_000);

it('makes the same rows and sums, whatever the batches', async () => {
  await fc.assert(
    fc.asyncProperty(randomHistory, fc.integer({ min: 1, max: 60 }), async (history, size) => {
      const events = await record(history);
      await fold(events, 1000);
      const once = await rowsNow();
      await empty(...tables.map((table) => `"${table}"`));
      await fold(events, size);
      expect(await rowsNow()).toEqual(once);
    }),
    { numRuns: 30, seed: 7 },
  );
}, 600_000);

/** Two cities, what lies in one of them, and its move to the other. */
function treeFor([first]: readonly RandomEvent[]): RandomEvent[] {
  const told = (type: string, data: object): RandomEvent => {
    const basis = { document: '示例', clause: '一' };
    return { ...first!, id: randomUUID(), stream: 'province-shaanxi', type, data: { ...data, basis } };
  };
  const registered = (region: string, level: string, parent: string | null) =>
    told('region.registered.v1', { region, name: region, level, parent });
  return [
    ...['xianyang', 'baoji'].map((city) => registered(city, 'city', null)),
    ...['ankang', 'xixian'].map((park) => registered(park, 'park', 'xianyang')),
    told('region.moved.v1', { region: 'xixian', parent: 'baoji' }),
  ];
}

it('tells cities the same before and after their sums are kept, and as the tree changes', async () => {
  const figures = contexts.flatMap((context) => context.figures);
  const ask = async (figure: string) => {
    const path = `/api/v1/figures/${figure}&level=city&from=2022-07-01&to=2024-06-01`;
    return (await platform.send(auditor, 'GET', path)).body as { cells: object[] };
  };
  const asked = () => Promise.all(['flows?by=output,absorbing', 'sharing?by=owner,using'].map(ask));
  let kept = 0;
  const some = randomHistory.filter((history) => history.length > 5);
  await fc.assert(
    fc.asyncProperty(some, async (history) => {
      const events = await record([...treeFor(history), ...history]);
      const isTree = ({ type }: RecordedEvent) => type.startsWith('region.');
      const [tree, facts] = [events.filter(isTree), events.filter((event) => !isTree(event))];
      for (const part of [tree.slice(0, -1), facts.slice(0, -3), tree.slice(-1), facts.slice(-3)]) {
        await fold(part, 1000);
        const before = await asked();
        await rollUpFigures(database, figures);
        expect(await asked()).toEqual(before);
      }
      const { rows } = await client.query(`select from figure_flows_rolled_output_absorbing where c_output = 'baoji'`);
      kept += rows.length;
    }),
    { numRuns: 80, seed: 11 },
  );
  expect(kept).toBeGreaterThan(30);
}, 600_000);

it('tells the flow matrix page by page as it does at once', async () => {
  let pages = 0;
  const asked = fc.record({ per: fc.constantFrom(undefined, 'month' as const), limit: fc.integer({ min: 1, max: 3 }) });
  await fc.assert(
    fc.asyncProperty(randomHistory, asked, async (history, { per, limit }) => {
      await fold(await record(history), 1000);
      const ask = (most: number, after?: Parameters<typeof askMatrix>[3]) => {
        const question = { from: '2022-07-01', to: '2024-06-01', per, limit: most };
        return database.transaction((tx) => askMatrix(sqlOf(tx), question, {}, after));
      };
      const { cells, ...whole } = await ask(10_000);
      const told: (typeof cells)[number][] = [];
      for (let next: Parameters<typeof askMatrix>[3]; ; pages++) {
        const page = await ask(limit, next);
        told.push(...page.cells);
        expect([page.margins, page.total, page.cells.length <= limit]).toEqual([whole.margins, whole.total, true]);
        if (page.next === null) break;
        next = page.next;
      }
      expect(told).toEqual(cells);
    }),
    { numRuns: 60, seed: 5 },
  );
  expect(pages).toBeGreaterThan(30);
}, 600_000);

it('a figure that counts a reversed contract, or misses one, is found', async () => {
  const [history] = fc.sample(
    randomHistory.filter((h) => h.some((e) => e.type === 'contract.recognised.v1')),
    { numRuns: 1, seed: 3 },
  );
  await fold(await record(history!), 1000);
  await expectAgreement(platform, client, '2022-01-01', '2025-01-01');
  const sums = tables.filter((table) => table.startsWith('figure_flows_by'));
  for (const table of sums) await client.query(`update "${table}" set v_count = v_count + 1`);
  await expect(expectAgreement(platform, client, '2022-01-01', '2025-01-01')).rejects.toThrow();
}, 300_000);
