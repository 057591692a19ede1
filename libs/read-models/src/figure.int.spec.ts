import fc from 'fast-check';
import pg from 'pg';
import { figure, type Entry, type Figure } from '#libs/messages';
import { createTestDatabase, type TestDatabase } from '#libs/testing';
import { askFigure } from './figure-ask.js';
import { applyDeltas, type FigureChange } from './figure-deltas.js';
import { differences } from './figure-differences.js';
import { explainFigure, type FigureLine } from './figure-explain.js';
import { FigureQuestionError, type FigureAnswer, type FigureQuestion, type FigureRow } from './figure-question.js';
import { buildSums, rollFigure } from './figure-sums.js';
import { figureTables, replaceFigure } from './figure-tables.js';
import type { Sql } from './sql.js';

const none: Figure['entries'] = [];
const flow = (decimals: 0 | 2 = 0) => ({ zh: '', en: '', kind: 'flow', decimals, unit: '个' }) as const;
const level = (decimals: 0 | 2 = 0) => ({ zh: '', en: '', kind: 'level', decimals, unit: '个' }) as const;
const region = { zh: '', en: '', region: true } as const;
const plain = { zh: '', en: '' };

/** `by: ['output', 'type']` is in none of the sets: the journal answers it. */
const flows = figure({
  name: 'flows',
  zh: '流向',
  en: 'flows',
  source: '',
  dimensions: { output: region, absorbing: region, type: plain },
  measures: { count: flow(), fen: flow() },
  rates: { mean: { zh: '', en: '', of: ['fen', 'count'] } },
  entries: none,
  by: ['output'],
  sums: [['output'], ['absorbing', 'type'], ['output', 'absorbing']],
  rolled: [
    ['output', 'absorbing'],
    ['type', 'output'],
  ],
});

const space = figure({
  name: 'in-space',
  zh: '空间',
  en: 'space',
  source: '',
  dimensions: { carrier: plain, home: region, host: region },
  measures: { lettable: level(2), let: level(2), desks: level(), moves: flow(), fen: { ...level(), unit: '分' } },
  rates: {
    occupancy: { zh: '', en: '', of: ['let', 'lettable'] },
    each: { zh: '', en: '', of: ['let', 'desks'], each: 'carrier' },
  },
  entries: none,
  by: ['carrier'],
  sums: [['host'], ['carrier', 'home', 'host']],
  rolled: [['home']],
});

const sharing = figure({
  name: 'sharing',
  zh: '共享',
  en: 'sharing',
  source: '',
  dimensions: { owner: region, using: region, instrument: plain },
  measures: { uses: flow(), external: flow(2), hours: flow(2) },
  rates: {
    ratioOfMeans: { zh: '', en: '', of: ['external', 'hours'] },
    meanOfRatios: { zh: '', en: '', of: ['external', 'hours'], each: 'instrument' },
    meanOfOwners: { zh: '', en: '', of: ['external', 'hours'], each: 'owner' },
  },
  entries: none,
  by: ['owner'],
  sums: [['owner', 'using'], ['instrument', 'owner'], ['using']],
});

/** Of each figure; a thousand together. */
const RUNS = 336;
const figures: readonly Figure[] = [flows, space, sharing];

// The oracle: what each thing's last known entries come to, by overlaps of days. It knows of no deltas, sums or segments.

const at = (day: string) => Date.parse(day) / 86_400_000;
const day = (number: number) => new Date(number * 86_400_000).toISOString().slice(0, 10);
const quarter = (of: string) => `${of.slice(0, 4)}Q${Math.floor((Number(of.slice(5, 7)) + 2) / 3)}`;
const partOf = (of: string, per: 'year' | 'quarter' | 'month') =>
  per === 'quarter' ? quarter(of) : of.slice(0, per === 'year' ? 4 : 7);

function grouped<T>(all: readonly T[], by: (one: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const one of all) groups.set(by(one), [...(groups.get(by(one)) ?? []), one]);
  return groups;
}

interface Stretch {
  readonly from: number;
  readonly to: number;
  /** The day that levels are told of. */
  readonly on: number;
  readonly period?: string;
}

type Answer = Record<'cells' | 'margins', FigureRow[]> & { readonly total: FigureRow | null };

function naive(of: Figure, changes: readonly FigureChange[], question: FigureQuestion): Answer {
  const { by, per, filter = {}, rollUp, scope } = question;
  const stretches = stretchesOf(question);
  const rolled = (name: string, value: string) =>
    of.dimensions[name]!.region && rollUp ? (rollUp.get(value) ?? '') : value;
  const entries = entriesKnown(changes, question.asAt?.position)
    .map((entry) => ({
      ...entry,
      cell: Object.fromEntries(Object.entries(entry.cell).map(([n, v]) => [n, rolled(n, v)])),
    }))
    .filter(({ cell }) => Object.entries(filter).every(([name, value]) => cell[name] === value));
  const isRegion = (name: string) => of.dimensions[name]!.region;
  const fixed = Object.entries(filter).some(([name, value]) => isRegion(name) && scope?.has(value!));
  const seen = ({ cell }: FigureRow) =>
    !scope || fixed || Object.entries(cell).some(([name, value]) => isRegion(name) && scope.has(value!));
  const rows = (apart: readonly string[], stretch: Stretch | undefined) => {
    const cells = grouped(entries, ({ cell }) => JSON.stringify(apart.map((name) => [name, cell[name]])));
    return [...cells].map(([cell, some]) => rowOf(of, Object.fromEntries(JSON.parse(cell) as []), some, stretch));
  };
  const shown = (all: FigureRow[]) =>
    all.filter((row) => seen(row) && [...Object.values(row.values), ...Object.values(row.days)].some((n) => n !== 0n));
  const cells = (per ? stretches.parts : [stretches.whole]).flatMap((stretch) => rows(by, stretch));
  const alone = by.length > 1 || (per && by.length > 0) ? by.flatMap((name) => rows([name], stretches.whole)) : [];
  const parts = per && by.length > 0 ? stretches.parts.flatMap((part) => rows([], part)) : [];
  return {
    cells: shown(cells).sort(inOrder(by)),
    margins: shown([...alone, ...parts]),
    total: !scope || fixed ? rowOf(of, {}, entries, stretches.whole) : null,
  };
}

const inOrder = (by: readonly string[]) => (a: FigureRow, b: FigureRow) => {
  const key = (row: FigureRow) => [...by.map((name) => row.cell[name]!), row.period ?? ''];
  const [one, other] = [key(a), key(b)];
  const i = one.findIndex((value, k) => value !== other[k]);
  return i < 0 ? 0 : one[i]! < other[i]! ? -1 : 1;
};

function entriesKnown(changes: readonly FigureChange[], position = '~'): Entry[] {
  const things = new Map<string, readonly Entry[]>();
  for (const change of changes) {
    if (change.position <= position) things.set(`${change.list}/${change.key}`, change.after);
  }
  return [...things.values()].flat();
}

/** Undefined where nothing of the period has happened yet. */
function stretchesOf({ from, to, per, asOf = '9999-01-01', on }: FigureQuestion) {
  const end = Math.min(at(to), at(asOf) + 1);
  if (end <= at(from)) return { whole: undefined, parts: [] };
  const whole: Stretch = { from: at(from), to: end, on: on === undefined ? end - 1 : Math.min(at(on), at(asOf)) };
  const days = per ? Array.from({ length: end - at(from) }, (_, i) => at(from) + i) : [];
  const parts = [...grouped(days, (n) => partOf(day(n), per!))].map(([period, some]): Stretch => {
    return { from: some[0]!, to: some.at(-1)! + 1, on: some.at(-1)!, period };
  });
  return { whole, parts };
}

function rowOf(
  of: Figure,
  cell: FigureRow['cell'],
  entries: readonly Entry[],
  stretch: Stretch | undefined,
): FigureRow {
  const measures = Object.keys(of.measures);
  const sum = (some: readonly Entry[], name: string, what: 'value' | 'days') =>
    stretch ? some.reduce((total, entry) => total + counted(of, entry, name, what, stretch), 0n) : 0n;
  const share = (some: readonly Entry[], names: readonly [string, string]) => {
    const [above, below] = names.map((name) => sum(some, name, of.measures[name]!.kind === 'level' ? 'days' : 'value'));
    const [first, second] = names.map((name) => BigInt(10 ** of.measures[name]!.decimals));
    return below === 0n ? null : ([above! * second!, below! * first!] as const);
  };
  const rates = Object.entries(of.rates).map(([name, rate]) => {
    if (rate.each === undefined) return [name, quotient(share(entries, rate.of))];
    const each = [...grouped(entries, (entry) => entry.cell[rate.each!]!).values()];
    const shares = each.map((some) => share(some, rate.of)).filter((one) => one !== null);
    const mean = rounded(
      shares.map(([n, d]) => rounded(n * 10n ** 12n, d)).reduce((a, b) => a + b, 0n),
      BigInt(shares.length),
    );
    return [name, shares.length === 0 ? null : Number(`${mean}e-12`)];
  });
  return {
    cell,
    ...(stretch?.period === undefined ? {} : { period: stretch.period }),
    values: Object.fromEntries(measures.map((name) => [name, sum(entries, name, 'value')])),
    days: Object.fromEntries(
      measures.filter((name) => of.measures[name]!.kind === 'level').map((name) => [name, sum(entries, name, 'days')]),
    ),
    rates: Object.fromEntries(rates) as FigureRow['rates'],
  };
}

const quotient = (share: readonly [bigint, bigint] | null) => share && Number(share[0]) / Number(share[1]);
const rounded = (n: bigint, d: bigint) => (d === 0n ? 0n : (2n * n + d) / (2n * d));

function counted(of: Figure, entry: Entry, name: string, what: 'value' | 'days', { from, to, on }: Stretch): bigint {
  const { kind, decimals } = of.measures[name]!;
  const units = BigInt(Math.round((entry.values[name] ?? 0) * 10 ** decimals));
  const [first, end] = [at(entry.from), entry.until == null ? Infinity : at(entry.until)];
  if (kind === 'flow') return first >= from && first < to ? units : 0n;
  if (what === 'value') return first <= on && on < end ? units : 0n;
  return units * BigInt(Math.max(0, Math.min(end, to) - Math.max(first, from)));
}

// Random histories: things come, are corrected in any way, go and come back; most facts are late, some are of the future.

const days = fc.integer({ min: at('2022-10-20'), max: at('2025-02-10') }).map(day);
const oneOf = (...values: string[]) => fc.constantFrom(...values);
const hundredths = fc.integer({ min: 1, max: 999_999 }).map((n) => n / 100);
const whole = fc.oneof(fc.nat(9), fc.nat(Number.MAX_SAFE_INTEGER));
const small = fc.nat(9);

const entryOf: ReadonlyMap<Figure, fc.Arbitrary<Entry>> = new Map([
  [
    flows,
    fc.record({
      cell: fc.record({ output: oneOf('r1', 'r2', 'r3'), absorbing: oneOf('r1', 'r2', 'r4'), type: oneOf('a', 'b') }),
      from: days,
      values: fc.record({ count: fc.constant(1), fen: whole }),
    }),
  ],
  [
    space,
    fc.record({
      cell: fc.record({ carrier: oneOf('c1', 'c2', 'c3'), home: oneOf('r1', 'r2', 'r3'), host: oneOf('r1', 'r4') }),
      from: days,
      until: fc.option(days),
      values: fc.oneof(
        fc.record({ lettable: hundredths, desks: small }),
        fc.record({ let: hundredths, moves: fc.constant(1) }),
        fc.record({ fen: whole }),
      ),
    }),
  ],
  [
    sharing,
    fc.record({
      cell: fc.record({
        owner: oneOf('r1', 'r2'),
        using: oneOf('r1', 'r3', 'r4'),
        instrument: oneOf('i1', 'i2', 'i3'),
      }),
      from: days,
      values: fc.record({ uses: fc.constant(1), external: hundredths, hours: hundredths }),
    }),
  ],
] as [Figure, fc.Arbitrary<Entry>][]);

const position = (n: number) => `0001-${n.toString(16).padStart(8, '0')}`;

const history = (of: Figure): fc.Arbitrary<FigureChange[]> => {
  const entry = entryOf.get(of)!;
  const step = fc.record({
    thing: fc.nat(5),
    // Mostly one entry; an event may touch a second thing.
    after: fc.oneof({ weight: 4, arbitrary: fc.tuple(entry) }, fc.array(entry, { maxLength: 3 })),
    same: fc.boolean(),
    keep: fc.nat(3),
  });
  return fc.array(step, { minLength: 1, maxLength: 25 }).map((steps) => {
    const things = new Map<number, readonly Entry[]>();
    let touched = new Set<number>();
    let r = 0;
    return steps.map(({ thing, after, same, keep }) => {
      const before = things.get(thing) ?? [];
      // Prolonged, shortened and re-dated: all but the dates stays as it was.
      const dated = after.map((e, i) =>
        keep > 0 && before[i]
          ? {
              ...before[i],
              from: keep > 1 ? before[i].from : e.from,
              ...(e.until === undefined ? {} : { until: e.until }),
            }
          : e,
      );
      things.set(thing, dated);
      if (!same || touched.has(thing)) {
        touched = new Set();
        r++;
      }
      touched.add(thing);
      const event = { id: `e${r}`, stream: `s-${thing}`, revision: r, type: 't.v1' };
      return { list: 'things', key: `t${thing}`, before, after: dated, position: position(r), event };
    });
  });
};

/** r4 lies in none of them. Sums are kept for the first. */
const trees = [new Map(Object.entries({ r1: 'east', r2: 'east', r3: 'r3' })), new Map([['r3', 'r1']])];

const questionOf = (of: Figure, positions: number): fc.Arbitrary<FigureQuestion> => {
  const names = Object.keys(of.dimensions);
  const value = oneOf('r1', 'r2', 'r3', 'r4', 'east', '', 'a', 'c1', 'i2');
  const length = fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 900 }));
  const sometimes = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 2 });
  return fc.record({ from: days, length }).chain(({ from, length: n }) =>
    fc.record({
      from: fc.constant(from),
      to: fc.constant(day(at(from) + n)),
      by: fc.shuffledSubarray(names),
      filter: sometimes(fc.dictionary(fc.constantFrom(...names), value, { maxKeys: 1 })),
      per: sometimes(fc.constantFrom('year', 'quarter', 'month')),
      rollUp: sometimes(fc.constantFrom(...trees)),
      asOf: sometimes(fc.integer({ min: -1, max: n + 9 }).map((late) => day(at(from) + late))),
      // Which day it is said to have been recorded on must not matter.
      asAt: sometimes(fc.record({ position: fc.nat(positions).map(position), day: days })),
      on: sometimes(days),
      scope: sometimes(
        fc.uniqueArray(oneOf('r1', 'r2', 'r3', 'r4', 'east'), { maxLength: 2 }).map((some) => new Set(some)),
      ),
    }),
  );
};

const asFarAsTold = (row: FigureRow, answered: FigureRow) => ({
  ...row,
  rates: Object.fromEntries(Object.entries(row.rates).filter(([name]) => name in answered.rates)),
});
const byText = (rows: readonly unknown[]) =>
  rows.map((row) => JSON.stringify(row, (_, v: unknown) => (typeof v === 'bigint' ? `${v}` : v))).sort();

let database: TestDatabase;
let client: pg.Client;
let sql: Sql;

beforeAll(async () => {
  database = await createTestDatabase();
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
  sql = {
    query: async <Row extends object>(text: string, parameters: readonly unknown[] = []) =>
      (await client.query<Row>(text, [...parameters])).rows,
  };
  await client.query('begin');
  for (const one of figures) {
    await client.query(figureTables(one, 'live'));
    await rollFigure(sql, one, 'live', trees[0]!);
  }
  await client.query('commit');
});
afterAll(async () => {
  await client.end();
  await database.drop();
});
beforeEach(() => client.query('begin'));
afterEach(() => client.query('rollback'));

/** A mean that no set of sums can give is not in the answer. */
function sameAs(answer: FigureAnswer, expected: Answer) {
  const some = answer.total ?? answer.cells[0] ?? answer.margins[0];
  const fit = (row: FigureRow) => (some ? asFarAsTold(row, some) : row);
  expect(answer.cells).toEqual(expected.cells.map(fit));
  expect(byText(answer.margins)).toEqual(byText(expected.margins.map(fit)));
  expect(answer.total).toEqual(expected.total && fit(expected.total));
}

async function inPages(of: Figure, question: FigureQuestion): Promise<FigureAnswer> {
  const page = await askFigure(sql, of, { ...question, limit: 2 });
  const cells = [...page.cells];
  for (let { next } = page; next !== null;) {
    const more = await askFigure(sql, of, { ...question, limit: 2, after: next });
    expect(more.cells.length).toBeGreaterThan(0);
    cells.push(...more.cells);
    next = more.next;
  }
  return { ...page, cells };
}

async function explained(of: Figure, question: FigureQuestion, cell: FigureRow['cell']): Promise<FigureLine[]> {
  const lines: FigureLine[] = [];
  for (let page; page === undefined || page.length === 2; lines.push(...page)) {
    page = await explainFigure(sql, of, question, cell, { limit: 2, after: lines.at(-1) });
  }
  return lines;
}

const total = (lines: readonly Record<string, bigint | undefined>[], name: string) =>
  lines.reduce((sum, line) => sum + (line[name] ?? 0n), 0n);

async function explains(of: Figure, question: FigureQuestion, { cell, values, days: valueDays }: FigureRow) {
  const lines = await explained(of, question, cell);
  for (const name of Object.keys(of.measures)) {
    expect(
      total(
        lines.map((line) => line.values),
        name,
      ),
    ).toBe(values[name]);
    expect(
      total(
        lines.map((line) => line.days),
        name,
      ),
    ).toBe(valueDays[name] ?? 0n);
  }
}

describe.each(figures)('$name', (of) => {
  const histories = history(of).chain((changes) =>
    fc.record({
      changes: fc.constant(changes),
      questions: fc.array(questionOf(of, changes.length), { minLength: 4, maxLength: 4 }),
    }),
  );
  const withEach = (runs: number, ask: (changes: FigureChange[], questions: FigureQuestion[]) => Promise<void>) =>
    fc.assert(
      fc.asyncProperty(histories, async ({ changes, questions }) => {
        await client.query('savepoint empty');
        await applyDeltas(sql, of, 'live', changes);
        await ask(changes, questions);
        await client.query('rollback to savepoint empty');
      }),
      { numRuns: runs, seed: 20_240_229, endOnFailure: true },
    );

  it('answers any question about any history as a fold over its entries does', async () => {
    const asked = new Map<string, number>();
    await withEach(RUNS, async (changes, questions) => {
      for (const question of questions) {
        sameAs(await askFigure(sql, of, question), naive(of, changes, question));
        const given = Object.entries(question).filter(([, value]) => value !== undefined);
        for (const [name] of given) asked.set(name, (asked.get(name) ?? 0) + 1);
      }
    });
    for (const name of ['by', 'filter', 'per', 'rollUp', 'asOf', 'asAt', 'on', 'scope']) {
      expect(asked.get(name)).toBeGreaterThan(RUNS);
    }
  }, 600_000);

  it('answers in pages, explains what it answers, and has no sum that differs from its lines', async () => {
    await withEach(RUNS / 8, async (changes, [question]) => {
      sameAs(await inPages(of, question!), naive(of, changes, question!));
      const all = naive(of, changes, { ...question!, per: undefined, scope: undefined });
      for (const row of [all.total!, ...all.cells.slice(0, 1)]) await explains(of, question!, row);
      expect(await differences(sql, of, 10)).toEqual([]);
    });
  }, 600_000);

  it('comes to the same tables however its changes are cut into batches, and however late its sums are built', async () => {
    const cuts = fc.record({
      changes: history(of),
      sizes: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 30 }),
    });
    await fc.assert(
      fc.asyncProperty(cuts, fc.nat(9), async ({ changes, sizes }, before) => {
        await client.query('savepoint empty');
        await client.query(figureTables(of, 'next'));
        await applyDeltas(sql, of, 'live', changes);
        await rollFigure(sql, of, 'next', trees[0]!);
        for (const [n, batch] of cut(changes, sizes).entries()) {
          if (n === before) await buildSums(sql, of, 'next');
          await applyDeltas(sql, of, 'next', batch);
        }
        if (cut(changes, sizes).length <= before) await buildSums(sql, of, 'next');
        const live = await contents(of, '');
        expect(await contents(of, '__next')).toEqual(live);
        await client.query(replaceFigure(of));
        expect(await contents(of, '')).toEqual(live);
        // No name of the first build is in the way of the second.
        await client.query(figureTables(of, 'next'));
        await client.query('rollback to savepoint empty');
      }),
      { numRuns: 40, seed: 20_240_301, endOnFailure: true },
    );
  }, 120_000);
});

function cut<T>(all: readonly T[], sizes: readonly number[]): T[][] {
  const batches: T[][] = [];
  for (let from = 0, n = 0; from < all.length; from += sizes[n++]!) batches.push(all.slice(from, from + sizes[n]!));
  return batches;
}

/** Every row of every table of a build. */
async function contents(of: Figure, suffix: string) {
  const tables = await sql.query<{ name: string }>(
    `select relname as name from pg_class where relkind = 'r' and relname ~ $1 order by 1`,
    [`^figure_${of.name.replaceAll('-', '_')}_.*(?<!__next)$`.replace('(?<!__next)', suffix === '' ? '' : suffix)],
  );
  const mine = tables.map((t) => t.name).filter((name) => name.endsWith('__next') === (suffix !== ''));
  expect(mine.length).toBe(2 + of.sums.length + (of.rolled ?? []).length);
  const rows = (name: string) => sql.query<{ row: string }>(`select t::text as row from "${name}" t order by 1`);
  const read: [string, string[]][] = [];
  for (const name of mine) read.push([name.replace(/__next$/, ''), (await rows(name)).map(({ row }) => row)]);
  return read;
}

const aChange = (n: number, before: Entry[], after: Entry[]): FigureChange => {
  const event = { id: `e${n}`, stream: 's', revision: n, type: 't.v1' };
  return { list: 'things', key: 't', before, after, position: position(n), event };
};
const aFlow = (from: string, fen: number, output = 'r1'): Entry => ({
  cell: { output, absorbing: 'r2', type: 'a' },
  from,
  values: { count: 1, fen },
});

describe('differences', () => {
  beforeEach(() => applyDeltas(sql, flows, 'live', [aChange(1, [], [aFlow('2023-05-09', 700)])]));

  it('names the sum that was edited', async () => {
    await client.query('update "figure_flows_by_output" set "v_fen" = 701 where bucket = 202305');
    expect(await differences(sql, flows, 10)).toEqual([
      {
        figure: 'flows',
        set: ['output'],
        rolled: false,
        cell: { output: 'r1' },
        bucket: 202305,
        kept: { count: 1n, fen: 701n },
        journal: { count: 1n, fen: 700n },
      },
    ]);
  });

  it('names the sum that was removed, and the one that nothing stands behind, of levels and what is rolled up too', async () => {
    const values = { let: 2.5 };
    const cell = { carrier: 'c1', home: 'r2', host: 'r4' };
    await applyDeltas(sql, space, 'live', [aChange(1, [], [{ cell, from: '2000-01-03', until: null, values }])]);
    await client.query('delete from "figure_in_space_rolled_home" where bucket = 2000');
    await client.query(`update "figure_in_space_by_host" set bucket = 1999 where bucket = 2000`);
    const found = await differences(sql, space, 10);
    const zeros = { lettable: 0n, 'lettable·day': 0n, desks: 0n, 'desks·day': 0n, moves: 0n, fen: 0n, 'fen·day': 0n };
    const none = { ...zeros, let: 0n, 'let·day': 0n };
    const some = { ...zeros, let: 250n, 'let·day': 500n };
    expect(found).toEqual([
      {
        figure: 'in-space',
        set: ['host'],
        rolled: false,
        cell: { host: 'r4' },
        bucket: 1999,
        kept: some,
        journal: none,
      },
      {
        figure: 'in-space',
        set: ['host'],
        rolled: false,
        cell: { host: 'r4' },
        bucket: 2000,
        kept: none,
        journal: some,
      },
      {
        figure: 'in-space',
        set: ['home'],
        rolled: true,
        cell: { home: 'east' },
        bucket: 2000,
        kept: none,
        journal: some,
      },
    ]);
    expect(await differences(sql, space, 1)).toHaveLength(1);
  });
});

it('rolls up anew when the tree has changed', async () => {
  await applyDeltas(sql, flows, 'live', [aChange(1, [], [aFlow('2023-05-09', 700)])]);
  const moved = new Map([['r1', 'west']]);
  await rollFigure(sql, flows, 'live', moved);
  await applyDeltas(sql, flows, 'live', [aChange(2, [], [aFlow('2023-05-10', 50)])]);
  const question = { from: '2023-01-01', to: '2024-01-01', by: ['output', 'type'] as const, rollUp: moved };
  const { cells } = await askFigure(sql, flows, question);
  expect(cells.map(({ cell, values }) => [cell, values.fen])).toEqual([[{ output: 'west', type: 'a' }, 750n]]);
  expect(await differences(sql, flows, 10)).toEqual([]);
});

it('writes one line for what a correction comes to, and none for what it leaves as it was', async () => {
  const [first, more, gone] = [aFlow('2023-05-09', 700), aFlow('2023-05-09', 900), aFlow('2023-06-01', 1, 'r3')];
  await applyDeltas(sql, flows, 'live', [
    aChange(1, [], [first, gone]),
    aChange(2, [first, gone], [gone, first]),
    aChange(3, [first, gone], [more]),
  ]);
  const question = { from: '2023-01-01', to: '2024-01-01', by: [] };
  const lines = await explainFigure(sql, flows, question, {}, { limit: 10 });
  expect(lines.map((line) => [line.day, line.event.id, line.values.count, line.values.fen])).toEqual([
    ['2023-05-09', 'e1', 1n, 700n],
    ['2023-05-09', 'e3', 0n, 200n],
    ['2023-06-01', 'e1', 1n, 1n],
    ['2023-06-01', 'e3', -1n, -1n],
  ]);
});

it('keeps any text as it is', async () => {
  const odd = ['{a,"b"}', 'tab\tand\nline', 'back\\slash', 'NULL', '\\N', '咸阳', ''];
  const changes = odd.map((output, n) => aChange(n, [], [aFlow('2023-05-09', 1, output)]));
  await applyDeltas(sql, flows, 'live', changes);
  const { cells } = await askFigure(sql, flows, { from: '2023-01-01', to: '2024-01-01', by: ['output'] });
  expect(cells.map(({ cell }) => cell.output).sort()).toEqual(odd.sort());
});

it('tells sums beyond a double exactly, and refuses those beyond a bigint', async () => {
  const most = Number.MAX_SAFE_INTEGER;
  const question = { from: '2023-01-01', to: '2024-01-01', by: [] };
  await applyDeltas(sql, flows, 'live', [aChange(1, [], [aFlow('2023-05-09', most), aFlow('2023-05-09', most)])]);
  expect((await askFigure(sql, flows, question)).total!.values.fen).toBe(2n * BigInt(most));
  const many = Array.from({ length: 1_100 }, () => aFlow('2023-05-09', most));
  await expect(applyDeltas(sql, flows, 'live', [aChange(2, [], many)])).rejects.toThrow(/out of range/);
});

it('tells money that is there over centuries, whose days are beyond a bigint', async () => {
  const cell = { carrier: 'c1', home: 'r1', host: 'r4' };
  const entry = { cell, from: '1949-10-01', until: null, values: { fen: Number.MAX_SAFE_INTEGER } };
  await applyDeltas(sql, space, 'live', [aChange(1, [], Array<Entry>(1_000).fill(entry))]);
  const question = { from: '1949-10-01', to: '2149-12-31', by: [], on: '2023-01-01' };
  const { values, days } = (await askFigure(sql, space, question)).total!;
  const fen = 1_000n * BigInt(Number.MAX_SAFE_INTEGER);
  expect([values.fen, days.fen]).toEqual([fen, fen * BigInt(at(question.to) - at(question.from))]);
  const lines = await explainFigure(sql, space, question, {}, { limit: 10 });
  expect(lines.map((line) => line.days.fen)).toEqual([days.fen]);
  expect(await differences(sql, space, 10)).toEqual([]);
});

describe('refuses', () => {
  it.each([
    ['more decimals than the measure has', { ...aFlow('2023-05-09', 0.5) }],
    ['what a double cannot hold', aFlow('2023-05-09', 2 ** 53)],
    ['what is no number', aFlow('2023-05-09', NaN)],
    ['a day that does not exist', aFlow('2023-02-30', 1)],
    ['a word for a day', aFlow('tomorrow', 1)],
  ])('%s', async (_, entry) => {
    await expect(applyDeltas(sql, flows, 'live', [aChange(1, [], [entry])])).rejects.toThrow(RangeError);
  });

  const year = { from: '2023-01-01', to: '2024-01-01' };
  it.each<[string, object]>([
    ['a dimension that the figure does not have', { ...year, by: ['colour'] }],
    ['a filter by one', { ...year, by: [], filter: { colour: 'red' } }],
    ['a dimension twice', { ...year, by: ['type', 'type'] }],
    ['a period that ends before it begins', { from: '2023-01-01', to: '2023-01-01', by: [] }],
    ['a day that does not exist', { from: '2023-02-29', to: '2024-01-01', by: [] }],
  ])('%s', async (_, question) => {
    await expect(askFigure(sql, flows as Figure, question as FigureQuestion)).rejects.toThrow(FigureQuestionError);
  });
});

it('gives the means that its sums are kept for, and leaves out the others', async () => {
  const values = { uses: 1, external: 1, hours: 2 };
  const cell = { owner: 'r1', using: 'r3', instrument: 'i1' };
  await applyDeltas(sql, sharing, 'live', [aChange(1, [], [{ cell, from: '2023-05-09', values }])]);
  const rates = async (by: ('owner' | 'using')[]) => {
    const { total: all } = await askFigure(sql, sharing, { from: '2023-01-01', to: '2024-01-01', by });
    return all!.rates;
  };
  expect(await rates(['owner'])).toEqual({ ratioOfMeans: 0.5, meanOfRatios: 0.5, meanOfOwners: 0.5 });
  expect(await rates(['owner', 'using'])).toEqual({ ratioOfMeans: 0.5, meanOfOwners: 0.5 });
});
