import type { Figure } from '#libs/messages';
import { linesOfJournal, sumsOfLines } from './figure-sums.js';
import { column, keptOf, lockFigure, measuresOf, sumColumns, sumsOf, type Kept } from './figure-tables.js';
import type { Sql } from './sql.js';

/** Sums that are not those of their lines. */
export interface FigureDifference {
  readonly figure: string;
  /** The dimensions that sums are kept of, and whether of regions rolled up. */
  readonly set: readonly string[];
  readonly rolled: boolean;
  readonly cell: Readonly<Record<string, string>>;
  /** The year (2023), the month (202302) or the day (20230209). */
  readonly bucket: number;
  /** By measure, of levels also Σ value × day as `<measure>·day`, in units of 10^-decimals. */
  readonly kept: Readonly<Record<string, bigint>>;
  readonly journal: Readonly<Record<string, bigint>>;
}

type Row = Readonly<Record<string, string>> &
  Readonly<Record<'of_kept' | 'of_journal', string[]>> & { readonly bucket: number };

/** Compares every kept sum with its lines, inside a transaction. It reads the whole journal for each set: for the background, and for whoever asks. */
export async function differences(sql: Sql, figure: Figure, limit: number): Promise<FigureDifference[]> {
  const found: FigureDifference[] = [];
  await lockFigure(sql, figure, 'live', 'access share');
  for (const kept of keptOf(figure)) found.push(...(await differencesOf(sql, figure, kept, limit - found.length)));
  return found;
}

async function differencesOf(sql: Sql, figure: Figure, kept: Kept, limit: number): Promise<FigureDifference[]> {
  const { set, rolled } = kept;
  const key = ['bucket', ...set.map(column)].join(', ');
  const sums = sumColumns(figure);
  const both = (side: string) => `array[${sums.map((c) => `coalesce(${side}.${c}, 0)::text`).join(', ')}]`;
  const all = sumsOfLines(figure, kept, kept.units, linesOfJournal(figure, 'live'), 'live');
  const rows = await sql.query<Row>(
    `select ${key}, ${both('kept')} as of_kept, ${both('journal')} as of_journal from ${sumsOf(figure, kept, 'live')} kept
      full join (${all}) journal using (${key})
      where ${both('kept')} <> ${both('journal')} order by ${key} limit $1`,
    [limit],
  );
  const names = measuresOf(figure).flatMap(({ name, valueDay }) => (valueDay ? [name, `${name}·day`] : [name]));
  const named = (values: readonly string[]) => Object.fromEntries(values.map((value, i) => [names[i]!, BigInt(value)]));
  return rows.map((row) => ({
    figure: figure.name,
    set,
    rolled,
    cell: Object.fromEntries(set.map((name) => [name, row[column(name).slice(1, -1)]!])),
    bucket: row.bucket,
    kept: named(row.of_kept),
    journal: named(row.of_journal),
  }));
}
