import fc from 'fast-check';
import pg from 'pg';
import { createTestDatabase, type TestDatabase } from '#libs/testing';
import { list } from '#libs/messages';
import { day, flag, hundredths, nullable, region, slug, text, whole } from '../../messages/src/field.js';
import { CursorError } from './list-cursor.js';
import { askList, type ListQuestion } from './list-query.js';
import { createList, tableOf } from './list-table.js';
import { foldList, type Touch } from './list-write.js';
import { completeTables, createTables, replaceTables } from './read-model.js';
import type { Sql } from './sql.js';

const doors = list({
  name: 'doors',
  zh: '门',
  en: 'A door',
  heading: ['门', 'Doors'],
  type: 'cn.liandong.door.changed.v1',
  key: ['house', 'door'],
  visibleTo: ['owner', 'guest'],
  filter: ['open', 'owner'],
  sort: ['name', 'size', 'seen'],
  search: ['name'],
  row: {
    house: slug('房', 'House'),
    door: whole('门', 'Door'),
    name: text(60, '名称', 'Name'),
    owner: region('所属', 'Owner'),
    guest: nullable(region('客', 'Guest')),
    size: hundredths('面积', 'Area'),
    seen: nullable(day('见于', 'Seen')),
    open: flag('开', 'Open'),
  },
  example: { house: 'h', door: 1, name: '门', owner: 'a', guest: null, size: 1, seen: null, open: true },
});

let database: TestDatabase;
let client: pg.Client;
let sql: Sql;

beforeAll(async () => {
  database = await createTestDatabase();
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
  sql = { query: async (statement, parameters) => (await client.query(statement, parameters as unknown[])).rows };
  await sql.query(createList(doors, 'live'));
});

afterAll(async () => {
  await client.end();
  await database.drop();
});

type Row = Record<string, unknown>;
interface Told {
  readonly house: string;
  readonly door: number;
  readonly day: string;
  /** Undefined: it only changes what is there. */
  readonly made: Row | undefined;
  readonly change: Row;
}

const days = ['2023-01-01', '2023-01-15', '2023-02-01', '2023-03-01', '2023-03-02'];
const position = (n: number) => String(n).padStart(6, '0');
const name = fc.constantFrom('秦创原', '秦 创', 'Alpha', 'alpha 2', '100%', 'a_b');
const made = fc.record({
  name,
  owner: fc.constantFrom('x', 'y', 'z'),
  guest: fc.constantFrom(null, 'x', 'y'),
  size: fc.nat(300).map((n) => n / 100),
  seen: fc.constantFrom(null, ...days),
  open: fc.boolean(),
});
const told: fc.Arbitrary<Told> = fc.record({
  house: fc.constantFrom('h', 'i'),
  door: fc.nat(2),
  day: fc.constantFrom(...days),
  made: fc.option(made, { nil: undefined, freq: 2 }),
  change: fc.oneof(fc.record({ open: fc.boolean() }), fc.record({ name }), fc.constant({})),
});
const history = fc.array(told, { minLength: 1, maxLength: 25 });

const applied = ({ house, door, made: whole_, change }: Told, before: object | undefined): object | undefined =>
  whole_ ? { house, door, ...whole_ } : before && { ...before, ...change };

const touch = (one: Told, n: number): Touch => ({
  list: doors,
  key: [one.house, one.door],
  apply: (before) => applied(one, before),
  day: one.day,
  position: position(n),
  event: { id: `e${n}`, type: 'door.told.v1', stream: 's', revision: n },
});

/** What was true by a day as it was known at a position, by folding what was told, and nothing else. */
function naive(all: readonly Told[], asOf = '~', asAt = '~'): Row[] {
  const rows = new Map<string, object>();
  all.forEach((one, n) => {
    if (one.day > asOf || position(n) > asAt) return;
    const key = `${one.house} ${one.door}`;
    const row = applied(one, rows.get(key));
    if (row) rows.set(key, row);
  });
  return [...rows.values()] as Row[];
}

async function recorded(all: readonly Told[], size: number): Promise<void> {
  await sql.query(`delete from ${tableOf(doors)}`);
  for (let at = 0; at < all.length; at += size)
    await foldList(
      sql,
      doors,
      'live',
      all.slice(at, at + size).map((one, n) => touch(one, at + n)),
    );
}

/** All pages of a question. */
async function asked(question: Partial<ListQuestion>, limit = 2): Promise<Row[]> {
  const rows: Row[] = [];
  for (let after: string | undefined; ;) {
    const page = await askList(sql, doors, { scope: 'all', filter: {}, limit, after, ...question });
    rows.push(...page.items.map(({ row }) => row as Row));
    if (page.next === null) return rows;
    after = page.next;
  }
}

const compare = (a: unknown, b: unknown) => (a === b ? 0 : (a as string) < (b as string) ? -1 : 1);
const sorted = (rows: readonly Row[], field?: string, down = false) =>
  rows.toSorted((a, b) => {
    const of = (row: Row) => [...(field ? [row[field] ?? ''] : []), row['house'], row['door']];
    const order = of(a).reduce<number>((found, value, i) => found || compare(value, of(b)[i]), 0);
    return down ? -order : order;
  });

it('answers as of every day and as at every position what folding the facts gives, whatever the batches', async () => {
  await fc.assert(
    fc.asyncProperty(history, fc.integer({ min: 1, max: 30 }), async (all, size) => {
      await recorded(all, size);
      expect(await asked({})).toEqual(sorted(naive(all)));
      const at = all.map((_, n) => position(n)).filter((_, n) => n % 3 === 0);
      for (const asOf of [undefined, ...days]) {
        for (const asAt of [undefined, ...at])
          expect(await asked({ asOf, asAt }, 100)).toEqual(sorted(naive(all, asOf, asAt)));
      }
    }),
    { numRuns: 150, seed: 20230209 },
  );
}, 120_000);

it('pages in every order, downwards too, and narrows, searches and hides without changing a row', async () => {
  await fc.assert(
    fc.asyncProperty(history, async (all) => {
      await recorded(all, 1000);
      const rows = naive(all);
      for (const sort of ['name', 'size', 'seen']) {
        expect(await asked({ sort })).toEqual(sorted(rows, sort));
        expect(await asked({ sort: `-${sort}` })).toEqual(sorted(rows, sort, true));
      }
      const where = (holds: (row: Row) => boolean) => sorted(rows.filter(holds));
      expect(await asked({ filter: { open: true, owner: 'x' } })).toEqual(
        where((r) => r['open'] === true && r['owner'] === 'x'),
      );
      expect(await asked({ scope: ['y'] })).toEqual(where((r) => r['owner'] === 'y' || r['guest'] === 'y'));
      for (const search of ['秦', '秦创', 'ALPHA', '0%', '_', '秦 创']) {
        const there = (r: Row) => (r['name'] as string).toLowerCase().includes(search.toLowerCase());
        expect(await asked({ search })).toEqual(where(there));
      }
    }),
    { numRuns: 60, seed: 7 },
  );
}, 120_000);

it('tells which fact a row stands on', async () => {
  const one: Told = {
    house: 'h',
    door: 1,
    day: '2023-02-01',
    made: { name: 'n', owner: 'x', guest: null, size: 1, seen: null, open: true },
    change: {},
  };
  await recorded([one, { ...one, day: '2023-01-01', made: undefined, change: { open: false } }], 1);
  const { items } = await askList(sql, doors, { scope: 'all', filter: {}, limit: 1 });
  // A fact about a day before the door was there changes what holds since, and only that.
  expect(items).toMatchObject([
    { trace: { day: '2023-02-01', position: position(1), cause: 'door.told.v1', revision: 1 } },
  ]);
});

it('refuses a cursor that is not of this list in this order', async () => {
  const cursor = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  for (const after of ['x', cursor(null), cursor({}), cursor(['a']), cursor([1, 'h', 1]), cursor(['\0', 'h', 1])])
    await expect(askList(sql, doors, { scope: 'all', filter: {}, limit: 1, sort: 'name', after })).rejects.toThrow(
      CursorError,
    );
});

it('is read by the same indexes when it was built anew, whoever completed it', async () => {
  const model = { lists: [doors], figures: [] };
  const indexes = async () => {
    const definitions = await sql.query<{ of: string }>(
      `select split_part(indexdef, ' USING ', 2) as of from pg_indexes where tablename = 'list_doors' order by 1`,
    );
    return definitions.map(({ of }) => of);
  };
  const before = await indexes();
  await createTables(sql, model, 'next');
  await completeTables(sql, model, 'next');
  await completeTables(sql, model, 'next');
  await replaceTables(sql, model);
  expect(before.length).toBeGreaterThan(6);
  expect(await indexes()).toEqual(before);
});
