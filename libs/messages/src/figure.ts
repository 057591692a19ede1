import type { AnyList, RowOf } from './list.js';
import type { Texts } from './said.js';

/** What is counted and measured in. */
export const unitsOfMeasure = {
  平方米: ['平方米', 'm²'],
  小时: ['小时', 'hours'],
  分: ['分', 'fen'],
  个: ['个', 'units'],
  项: ['项', 'items'],
  次: ['次', 'times'],
  台: ['台', 'instruments'],
  家: ['家', 'firms'],
} as const satisfies Texts;
export type Unit = keyof typeof unitsOfMeasure;

/** What a cell is told apart by. A region dimension rolls up along the tree, and a scope is compared with it. */
export interface Dimension {
  readonly zh: string;
  readonly en: string;
  readonly region?: true;
  /** The dimensions that it has one value of: what is told apart by it tells these too, so that it is known whose it is. */
  readonly of?: readonly string[];
}

/**
 * What is summed. `flow` counts on a day; `level` is there over a period, and its sum over a period is value × days, beside
 * the value on its last day. Values are exact in units of 10^-decimals.
 */
export interface Measure {
  readonly zh: string;
  readonly en: string;
  readonly kind: 'flow' | 'level';
  readonly decimals: 0 | 2;
  readonly unit: Unit;
}

/**
 * A share, computed from the sums before anything is hidden. `each` makes it the arithmetic mean of the shares of each value
 * of that dimension (mean of ratios) in place of the ratio of the sums (ratio of means).
 */
export interface Rate<D extends string = string, M extends string = string> {
  readonly zh: string;
  readonly en: string;
  readonly of: readonly [numerator: M, denominator: M];
  readonly each?: D;
}

/** What one thing adds to a figure: of an explanation, a line. A flow has its day in `from` and no `until`. */
export interface Entry<D extends string = string, M extends string = string> {
  readonly cell: Readonly<Record<D, string>>;
  /** The day it counts on, or the first day that it is there. */
  readonly from: string;
  /** The first day that it is there no more; null while it is open-ended. Of levels only. */
  readonly until?: string | null;
  readonly values: Readonly<Partial<Record<M, number>>>;
}

/** The entries that a thing of a list makes, from its whole state alone: pure, no clock, no look-up. */
export interface EntriesOf<D extends string = string, M extends string = string> {
  readonly list: AnyList;
  // The bivariance of a method parameter lets it be written for the list's row and be called with any.
  of(row: object): readonly Entry<D, M>[];
}

/** A figure, described once: route, documentation, both times, explanation and a city's own computation follow. */
export interface Figure<D extends string = string, M extends string = string> {
  readonly name: string;
  readonly zh: string;
  readonly en: string;
  /** The document and clause, or the formula, that defines it. */
  readonly source: string;
  readonly dimensions: Readonly<Record<D, Dimension>>;
  readonly measures: Readonly<Record<M, Measure>>;
  readonly rates: Readonly<Record<string, Rate<NoInfer<D>, NoInfer<M>>>>;
  readonly entries: readonly EntriesOf<NoInfer<D>, NoInfer<M>>[];
  /** What it is told apart by where the question does not say. */
  readonly by: readonly NoInfer<D>[];
  /** The sets of dimensions whose sums are kept; each question is answered from the smallest that has what it names. */
  readonly sums: readonly (readonly NoInfer<D>[])[];
  /** The same of regions rolled up to cities, as questions are asked most: for sets with several regions, whose pairs are many. */
  readonly rolled?: readonly (readonly NoInfer<D>[])[];
}

/** Names the types once, so that the object literal is checked against them. */
export const figure = <D extends string, M extends string>(definition: Figure<D, M>): Figure<D, M> => definition;

/** The entries of one list's rows, checked against its row. */
export const entriesOf = <L extends AnyList, D extends string, M extends string>(
  of: L,
  make: (row: RowOf<L>) => readonly NoInfer<Entry<D, M>>[],
): EntriesOf<D, M> => ({ list: of, of: (row) => make(row as RowOf<L>) });
