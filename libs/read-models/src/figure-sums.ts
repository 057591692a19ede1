import type { Figure } from '#libs/messages';
import type { Unit } from './figure-days.js';
import {
  column,
  createSums,
  journalOf,
  keptOf,
  lineSums,
  lockFigure,
  sumColumns,
  sumKey,
  summedUp,
  sumsOf,
  treeOf,
  type Kept,
} from './figure-tables.js';
import type { Build } from './list-table.js';
import type { Sql } from './sql.js';

/** The day of a line as sums are keyed by it; its month and year are a hundredth and a ten-thousandth of it. */
export const DAY = `(date_part('year', d) * 10000 + date_part('month', d) * 100 + date_part('day', d))::integer as day`;
const BUCKETS: Readonly<Record<Unit, string>> = { year: 'day / 10000', month: 'day / 100', day: 'day' };

/** The rows of a set's sums over stretches of these units, from lines that have their `DAY`. */
export function sumsOfLines(figure: Figure, kept: Kept, units: readonly Unit[], lines: string, build: Build): string {
  // Put together with nothing, the tree is not unpacked anew for each line.
  const tree = `(select regions || '{}' from ${treeOf(figure, build)})`;
  const cell = kept.set.map((name) => {
    if (!kept.rolled || !figure.dimensions[name]!.region) return column(name);
    return `coalesce(${tree} ->> ${column(name)}, '') collate "C" as ${column(name)}`;
  });
  const names = sumColumns(figure);
  const values = lineSums(figure).map((value, i) => `${value} as ${names[i]}`);
  const key = ['bucket', ...kept.set.map(column)].join(', ');
  return `select ${[key, ...summedUp(figure)].join(', ')}
    from (select ${['day', ...cell, ...values].join(', ')} from ${lines}) cells
    cross join lateral (values ${units.map((unit) => `(${BUCKETS[unit]})`).join(', ')}) as stretches (bucket)
    group by ${key}`;
}

/** All lines of a journal. */
export const linesOfJournal = (figure: Figure, build: Build) =>
  `(select *, ${DAY} from ${journalOf(figure, build)}) lines`;

/**
 * Makes the sums of a build from its journal; from then on `applyDeltas` keeps them up. Writers wait meanwhile, so that no line is
 * missed or counted twice; readers do not. Inside the caller's transaction.
 */
export async function buildSums(sql: Sql, figure: Figure, build: Build): Promise<void> {
  await lockFigure(sql, figure, build, 'share row exclusive');
  for (const kept of keptOf(figure)) await buildSet(sql, figure, kept, build);
}

/**
 * Keeps the sums of the figure's `rolled` sets for this roll-up from now on; questions with any other are answered from the sums
 * of regions themselves. To be called whenever the tree may have changed. Writers wait meanwhile, readers only for its end: none
 * may have seen the tree before and then the sums after. Inside the caller's transaction.
 */
export async function rollFigure(
  sql: Sql,
  figure: Figure,
  build: Build,
  rollUp: ReadonlyMap<string, string>,
): Promise<void> {
  const sets = keptOf(figure).filter((kept) => kept.rolled);
  const tree = treeOf(figure, build);
  const regions = [JSON.stringify(Object.fromEntries(rollUp))];
  if (sets.length === 0) return;
  const [is] = await sql.query<{ same: boolean }>(`select regions = $1 as same from ${tree}`, regions);
  if (is!.same) return;
  await lockFigure(sql, figure, build, 'share row exclusive');
  await sql.query(`update ${tree} set regions = $1`, regions);
  if (!(await sumsAreKept(sql, figure, build))) return;
  for (const kept of sets) await buildSet(sql, figure, kept, build);
  await lockFigure(sql, figure, build, 'access exclusive');
}

/** Whether the sums of a build are there. Asked by who has locked the figure. */
export async function sumsAreKept(sql: Sql, figure: Figure, build: Build): Promise<boolean> {
  if (build === 'live') return true;
  const tables = keptOf(figure).map((kept) => sumsOf(figure, kept, build));
  const [there] = await sql.query<{ all: boolean | null }>(
    'select bool_and(to_regclass(name) is not null) as all from unnest($1::text[]) as name',
    [tables],
  );
  return there?.all === true;
}

/** The finest sums from the journal, in the order in which they are read, and each of the coarser ones from those before. */
async function buildSet(sql: Sql, figure: Figure, kept: Kept, build: Build): Promise<void> {
  const table = sumsOf(figure, kept, build);
  const [finest] = kept.units;
  const cell = kept.set.map(column);
  const finestSums = sumsOfLines(figure, kept, [finest!], linesOfJournal(figure, build), build);
  const coarser = `select ${['bucket / 100', ...cell, ...sumColumns(figure).map((c) => `sum(${c})`)].join(', ')}
    from ${table} where bucket between $1 and $2 group by ${['bucket / 100', ...cell].join(', ')}`;
  await sql.query(`select set_config('work_mem', '256MB', true)`);
  await sql.query(createSums(figure, kept, build));
  // Not dropped and made anew: who reads them as of a moment before this sees what was there.
  await sql.query(`delete from ${table}`);
  await sql.query(`insert into ${table} ${finestSums} order by ${sumKey(kept)}`);
  if (finest === 'day') await sql.query(`insert into ${table} ${coarser}`, [10_000_000, 99_999_999]);
  await sql.query(`insert into ${table} ${coarser}`, [100_000, 999_999]);
  await sql.query(`analyze ${table}`);
}
