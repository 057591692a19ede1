import type { Figure } from '#libs/messages';
import type { Unit } from './figure-days.js';
import type { Build } from './list-table.js';
import type { Sql } from './sql.js';

/** A measure, and the columns that it is kept in. */
export interface MeasureColumns {
  readonly name: string;
  readonly decimals: number;
  /** What a line adds, or the sum of it. */
  readonly value: string;
  /** Of levels, in sums: Σ value × day, from which value × days of any period follows. */
  readonly valueDay?: string;
  /** What a line adds, as it is multiplied by days; money times days outgrows a bigint. */
  readonly factor: string;
  readonly dayType: 'bigint' | 'numeric';
}

export const measuresOf = ({ measures }: Figure): MeasureColumns[] =>
  Object.entries(measures).map(([name, { kind, decimals, unit }]) => {
    const value = `"v_${name}"`;
    const days = unit === '分' ? (['numeric', `${value}::numeric`] as const) : (['bigint', value] as const);
    const [dayType, factor] = days;
    return { name, decimals, value, factor, dayType, ...(kind === 'level' ? { valueDay: `"vd_${name}"` } : {}) };
  });

export const hasLevels = (figure: Figure) => measuresOf(figure).some(({ valueDay }) => valueDay);
export const dimensionsOf = ({ dimensions }: Figure): string[] => Object.keys(dimensions);
export const column = (dimension: string) => `"c_${dimension}"`;
export const lineColumns = (figure: Figure) => measuresOf(figure).map(({ value }) => value);
/** The columns of sums and their types. */
export const typedSums = (figure: Figure): (readonly [name: string, type: string])[] =>
  measuresOf(figure).flatMap(({ value, valueDay, dayType }) => [
    [value, 'bigint'] as const,
    ...(valueDay ? [[valueDay, dayType] as const] : []),
  ]);
export const sumColumns = (figure: Figure) => typedSums(figure).map(([name]) => name);
/** Sums of sums, each in the type of its column. */
export const summedUp = (figure: Figure) => typedSums(figure).map(([name, type]) => `sum(${name})::${type} as ${name}`);

/** What lines of the journal come to in the columns of sums, day numbers as in figure-days.ts. */
export const lineSums = (figure: Figure) =>
  measuresOf(figure).flatMap(({ value, valueDay, factor }) =>
    valueDay ? [value, `${factor} * (d - date '2000-01-01')`] : [value],
  );

/** A set of dimensions whose sums are kept: of regions themselves, or of what they are rolled up to. */
export interface Kept {
  readonly set: readonly string[];
  readonly rolled: boolean;
  /** The stretches that sums are kept for, the finest first. */
  readonly units: readonly Unit[];
}

/** Days are kept where their cells are few: of one dimension, of pairs rolled up. Elsewhere the journal has them. */
export function keptOf({ sums, rolled = [] }: Figure): Kept[] {
  const kept = (of: readonly (readonly string[])[], up: boolean) =>
    of.map((set): Kept => ({
      set,
      rolled: up,
      units: set.length > (up ? 2 : 1) ? ['month', 'year'] : ['day', 'month', 'year'],
    }));
  return [...kept(sums, false), ...kept(rolled, true)];
}

const named = ({ name }: Figure, what: string, build: Build) =>
  `"figure_${name.replaceAll('-', '_')}_${what}${build === 'next' ? '__next' : ''}"`;

export const journalOf = (figure: Figure, build: Build) => named(figure, 'journal', build);
/** What regions are rolled up to, as JSON in one row. */
export const treeOf = (figure: Figure, build: Build) => named(figure, 'tree', build);
export const sumsOf = (figure: Figure, { set, rolled }: Kept, build: Build) =>
  named(figure, [rolled ? 'rolled' : 'by', ...set].join('_'), build);

/** The tree stands for all of a figure's tables: whoever needs several of them locks it first, so that nobody waits crosswise. */
export const lockFigure = (
  sql: Sql,
  figure: Figure,
  build: Build,
  mode: 'access share' | 'row exclusive' | 'share row exclusive' | 'access exclusive',
) => sql.query(`lock table ${treeOf(figure, build)} in ${mode} mode`);

/** The tree first: see `lockFigure`. */
const tablesOf = (figure: Figure, build: Build) => [
  treeOf(figure, build),
  journalOf(figure, build),
  ...keptOf(figure).map((kept) => sumsOf(figure, kept, build)),
];

/** The columns of a journal and their types. */
export const journalColumns = (figure: Figure): [name: string, type: string][] => [
  ...Object.entries({ d: 'date', r: 'text', n: 'integer', list: 'text', key: 'text' }),
  ...Object.entries({ event: 'text', stream: 'text', revision: 'bigint', cause: 'text' }),
  ...dimensionsOf(figure).map((name): [string, string] => [column(name), 'text']),
  ...lineColumns(figure).map((name): [string, string] => [name, 'bigint']),
];

const declared = (columns: readonly (readonly [name: string, type: string])[]) =>
  columns.map(([name, type]) => `${name} ${type}${type === 'text' ? ' collate "C"' : ''} not null`).join(', ');

/**
 * What makes a figure's tables: the journal of what each event has added to each cell on each day `d`, at position `r`, in units
 * of 10^-decimals, and the sums. Of the next build only the journal: `buildSums` makes its sums at once when it has caught up. No
 * index has a name, so that PostgreSQL finds one that no earlier build has left.
 *
 * @throws RangeError when PostgreSQL would cut a table's name short
 */
export function figureTables(figure: Figure, build: Build): string {
  const long = tablesOf(figure, 'next').find((table) => table.length > '""'.length + 63);
  if (long) throw new RangeError(`${figure.name}: 表名过长 (the name of a table is too long): ${long}`);
  const [journal, tree] = [journalOf(figure, build), treeOf(figure, build)];
  const read = [...dimensionsOf(figure).map(column), ...lineColumns(figure)].join(', ');
  const sums = build === 'live' ? keptOf(figure).map((kept) => createSums(figure, kept, build)) : [];
  // What questions read of lines is in their index; often vacuumed, the lines themselves need not be looked at.
  return `create table ${journal} (${declared(journalColumns(figure))})
      with (autovacuum_vacuum_insert_scale_factor = 0.01, autovacuum_analyze_scale_factor = 0.01);
    create index on ${journal} (d, r) include (${read});
    create table ${tree} (regions jsonb not null);
    insert into ${tree} values ('{}');
    ${sums.join('\n')}`;
}

export const sumKey = ({ set }: Kept) => ['bucket', ...set.map(column)].join(', ');

export function createSums(figure: Figure, kept: Kept, build: Build): string {
  const cell = kept.set.map((name) => [column(name), 'text'] as const);
  // They are written again and again: with room on their page they stay on it, and no index has to change.
  return `create table if not exists ${sumsOf(figure, kept, build)} (
      ${declared([['bucket', 'integer'], ...cell, ...typedSums(figure)])}, primary key (${sumKey(kept)})
    ) with (fillfactor = 80);`;
}

export const dropFigure = (figure: Figure, build: Build): string =>
  tablesOf(figure, build)
    .map((table) => `drop table if exists ${table};`)
    .join('\n');

/** Puts the next build in the place of the live one; its sums must have been built. */
export const replaceFigure = (figure: Figure): string =>
  [
    dropFigure(figure, 'live'),
    ...tablesOf(figure, 'next').map((table, i) => `alter table ${table} rename to ${tablesOf(figure, 'live')[i]};`),
  ].join('\n');
