import type { Entry, Figure } from '#libs/messages';
import { dayNumber } from './figure-days.js';
import { DAY, sumsAreKept, sumsOfLines } from './figure-sums.js';
import {
  dimensionsOf,
  journalColumns,
  journalOf,
  keptOf,
  lockFigure,
  sumColumns,
  sumKey,
  sumsOf,
  type Kept,
} from './figure-tables.js';
import type { Source } from './list-fold.js';
import type { Build } from './list-table.js';
import type { Sql } from './sql.js';

/** What an event has made of one thing's entries, all of it. */
export interface FigureChange {
  readonly list: string;
  /** The thing, within its list. */
  readonly key: string;
  readonly before: readonly Entry[];
  readonly after: readonly Entry[];
  /** Of the event, in the order of all; compares as a string. */
  readonly position: string;
  readonly event: Source;
}

/** In units of 10^-decimals; a bigint where a double would not be exact. */
type Units = number | bigint;

/** What a change adds to one cell on one day. */
interface Delta {
  readonly cell: readonly string[];
  readonly day: string;
  readonly values: Units[];
}

/**
 * Writes what changes have added to and taken from a figure into its journal and, where they are kept yet, its sums. Exactly once
 * is the caller's business: in the transaction that also moves its checkpoint.
 *
 * @throws RangeError when a value does not fit its measure, or a day is none
 */
export async function applyDeltas(
  sql: Sql,
  figure: Figure,
  build: Build,
  changes: readonly FigureChange[],
): Promise<void> {
  const lines = changes.flatMap((change) => linesOf(figure, change));
  if (lines.length === 0) return;
  await lockFigure(sql, figure, build, 'row exclusive');
  const kept = (await sumsAreKept(sql, figure, build)) ? keptOf(figure) : [];
  const columns = journalColumns(figure);
  const names = columns.map(([name]) => name).join(', ');
  await sql.query(
    `with lines as (
        insert into ${journalOf(figure, build)} (${names})
        select * from unnest(${columns.map(([, type], i) => `$${i + 1}::${type}[]`).join(', ')})
        returning *, ${DAY}
      ) ${kept.map((one, i) => `, kept_${i} as (${addToSums(figure, one, build)})`).join('')}
      select from lines limit 0`,
    columns.map((_, i) => lines.map((line) => line[i])),
  );
}

/** Sets are written in their order and rows in that of their key, so that two writers cannot wait for each other. */
function addToSums(figure: Figure, kept: Kept, build: Build): string {
  const updates = sumColumns(figure).map((c) => `${c} = t.${c} + excluded.${c}`);
  return `insert into ${sumsOf(figure, kept, build)} as t
    ${sumsOfLines(figure, kept, kept.units, 'lines', build)} order by ${sumKey(kept)}
    on conflict (${sumKey(kept)}) do update set ${updates.join(', ')}`;
}

/** The lines of a change in the order of the journal's columns. */
function linesOf(figure: Figure, change: FigureChange): unknown[][] {
  const { list, key, position, event } = change;
  return deltasOf(figure, change).map(({ cell, day, values }, n) => {
    return [day, position, n, list, key, event.id, event.stream, event.revision, event.type, ...cell, ...values];
  });
}

/** Minus what the thing was, plus what it is: what does not come to nothing. */
function deltasOf(figure: Figure, { before, after }: FigureChange): Delta[] {
  const deltas = new Map<string, Delta>();
  for (const entry of before) add(figure, deltas, entry, -1);
  for (const entry of after) add(figure, deltas, entry, 1);
  return [...deltas.values()].filter(({ values }) => values.some((value) => value != 0));
}

/** A flow counts on its day; a level is added on its first day and taken away on the first day that it is there no more. */
function add(figure: Figure, deltas: Map<string, Delta>, entry: Entry, sign: 1 | -1): void {
  const { from, until = null } = entry;
  const cell = dimensionsOf(figure).map((name) => entry.cell[name]!);
  const never = until !== null && until <= from;
  Object.entries(figure.measures).forEach(([name, { kind, decimals }], i, { length }) => {
    const units = sign * unitsOf(figure, name, entry.values[name] ?? 0, decimals);
    if (units === 0 || (kind === 'level' && never)) return;
    const adds = (day: string, more: number) => {
      const { values } = deltaAt(deltas, cell, day, length);
      values[i] = plus(values[i]!, more);
    };
    adds(from, units);
    if (kind === 'level' && until !== null) adds(until, -units);
  });
}

function deltaAt(deltas: Map<string, Delta>, cell: readonly string[], day: string, measures: number): Delta {
  const id = `${day}\0${cell.join('\0')}`;
  const known = deltas.get(id);
  if (known) return known;
  // PostgreSQL would take `tomorrow` for a day.
  dayNumber(day);
  const delta = { cell, day, values: Array.from<Units>({ length: measures }).fill(0) };
  deltas.set(id, delta);
  return delta;
}

/** The exact sum. */
function plus(a: Units, b: Units): Units {
  const sum = Number(a) + Number(b);
  return typeof a === 'number' && typeof b === 'number' && Number.isSafeInteger(sum) ? sum : BigInt(a) + BigInt(b);
}

/** @throws RangeError when the value has more decimals than the measure, or is too large to be exact */
function unitsOf(figure: Figure, measure: string, value: number, decimals: number): number {
  const scaled = value * 10 ** decimals;
  const units = Math.round(scaled);
  // A hundredth has no exact double; at a billion square metres its neighbours are a hundred-thousandth of one away.
  if (Number.isSafeInteger(units) && Math.abs(scaled - units) < 1e-3) return units;
  throw new RangeError(`${figure.name}: ${measure} 不能为 (cannot be) ${value}`);
}
