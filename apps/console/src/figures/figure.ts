import type { Dimension, Figure, Measure, Rate } from '../api/catalogue';
import { get, type Query } from '../api/http';
import { VIEW } from '../api/session';
import { sumOf } from '../kit/exact';
import type { Exact } from '../kit/exact';
import type { Search } from '../shell/search-params';
import { partOf, type AskedPeriod, type Per } from './period';

/** What a cell is told apart by, and its numbers under their names. */
export type Told = Readonly<Record<string, Exact | null | undefined>>;

export interface Answer {
  readonly definition: string;
  readonly firstDay: string;
  readonly lastDay: string;
  readonly by: readonly string[];
  /** The regions that the rows are limited to; null where everything is shown. */
  readonly scope: readonly string[] | null;
  readonly cells: readonly Told[];
  readonly margins: readonly Told[];
  /** Null where who asks may not see it. */
  readonly total: Told | null;
  readonly next: string | null;
}

/** What a page asks of a figure, as its address says. */
export interface Asked {
  readonly figure: Figure;
  readonly by: readonly string[];
  readonly per?: Per;
  readonly level?: string;
  readonly filter: Search;
  readonly search: Search;
}

export const askFigure = (figure: string, query: Query, signal: AbortSignal): Promise<Answer> =>
  get<Answer>(`/api/v1/figures/${figure}`, query, signal);

/** The most cells that are read into a page; of more one asks for less. */
const MOST_CELLS = 10_000;

/** Cells a page; a city answers with all of its cells at once. */
const PAGE = VIEW === 'city' ? undefined : 2_000;

/** All cells, page after page. */
export async function askWhole(figure: string, query: Query, signal: AbortSignal): Promise<Answer> {
  const first = await askFigure(figure, { ...query, limit: PAGE }, signal);
  const cells = [...first.cells];
  let next = first.next ?? null;
  while (next !== null && cells.length < MOST_CELLS) {
    const page = await askFigure(figure, { ...query, limit: PAGE, after: next }, signal);
    cells.push(...page.cells);
    next = page.next;
  }
  return { ...first, cells, next };
}

export type Named<T> = readonly [name: string, it: T];
export const measuresOf = ({ measures }: Figure): readonly Named<Measure>[] => Object.entries(measures);
export const ratesOf = ({ rates }: Figure): readonly Named<Rate>[] => Object.entries(rates);
export const dimensionsOf = ({ dimensions }: Figure): readonly Named<Dimension>[] => Object.entries(dimensions);

/** A level's share is of its days: Σ value × day. */
export const termOf = ({ measures }: Figure, name: string): string =>
  measures[name]?.kind === 'level' ? `${name}Days` : name;

export const valueOf = (row: Told, name: string): Exact => row[name] ?? 0;

export const isMoney = ({ unit }: Measure): boolean => unit.zh === '分';

export interface Check {
  readonly measure: string;
  /** Zero where the cells add up to the total. */
  readonly difference: bigint;
}

/** Whether its cells are told apart by parts of the period; one that is kept while the next is read may be, and the next not. */
export const isParted = ({ cells }: Answer): boolean => cells.some(({ period }) => period !== undefined);

/**
 * Whether the cells, and the rows along each dimension, add up to the total: of what flows, and of what is there at one time as
 * long as the period is not cut into parts. Undefined where the total may not be seen, or cells are missing.
 */
export function checked(figure: Figure, answer: Answer): readonly Check[] | undefined {
  const { total, cells, margins, next, by } = answer;
  const parted = isParted(answer);
  if (total === null || next !== null) return undefined;
  const summed = measuresOf(figure).filter(([, { kind }]) => kind === 'flow' || !parted);
  const alone = [...by, ...(parted ? ['period'] : [])];
  const sides = alone.map((name) => margins.filter((row) => keysOf(row, alone).join() === name));
  return summed.map(([measure, { decimals }]) => {
    const sum = (rows: readonly Told[]) =>
      sumOf(
        rows.map((row) => valueOf(row, measure)),
        decimals,
      );
    const whole = sum([total]);
    const sums = [cells, ...sides.filter((rows) => rows.length > 0)].map(sum);
    return { measure, difference: (sums.find((one) => one !== whole) ?? whole) - whole };
  });
}

const keysOf = (row: Told, names: readonly string[]) => names.filter((name) => row[name] !== undefined);

/** The margin of one dimension's value, or of a part of the period. */
export const marginOf = (margins: readonly Told[], alone: readonly string[], name: string, value: string) =>
  margins.find((row) => row[name] === value && keysOf(row, alone).length === 1);

/** Where an address has to lead for the lines behind a cell; undefined of a cell that nothing names, and in a city, which has no explanations. */
export function explanationOf(
  cell: Told,
  dimensions: readonly string[],
  asked: { readonly period: AskedPeriod; readonly level?: string; readonly filter?: Search },
): Search | undefined {
  if (VIEW === 'city') return undefined;
  const named = dimensions.filter((name) => cell[name] !== undefined);
  if (named.some((name) => cell[name] === '')) return undefined;
  const period = typeof cell.period === 'string' ? partOf(asked.period, cell.period) : asked.period;
  return {
    ...asked.filter,
    ...Object.fromEntries(named.map((name) => [name, String(cell[name])])),
    ...period,
    level: asked.level,
  };
}
