import type { Figure } from '#libs/messages';
import { dayNumber, periodsOf, type Per } from './figure-days.js';
import { keptOf, type Kept } from './figure-tables.js';

/** What a figure is asked: of which days, told apart by what, as seen and as known by whom and when. */
export interface FigureQuestion<D extends string = string> {
  /** The first day. */
  readonly from: string;
  /** The day after the last. */
  readonly to: string;
  readonly by: readonly D[];
  /** Only cells that have these values; of a region dimension, after the roll-up. */
  readonly filter?: Readonly<Partial<Record<D, string>>>;
  /** Tells cells apart by parts of the period too. */
  readonly per?: Per;
  /** Which region a region counts in. One that is not among the keys counts in none, told as ''; the sums stay whole. */
  readonly rollUp?: ReadonlyMap<string, string>;
  /** What is dated after this day does not count: the period ends with it. */
  readonly asOf?: string;
  /**
   * What was recorded after this position does not count. The day on which it was recorded decides how much is read, never what
   * comes out: about right is enough.
   */
  readonly asAt?: { readonly position: string; readonly day: string };
  /** The day that levels are told of over the whole period; its last day when absent. */
  readonly on?: string;
  /**
   * The regions whose numbers the asker may see: a row is shown when its cell or the filter fixes one of the region dimensions to
   * one of them. It hides rows and changes none. All when absent.
   */
  readonly scope?: ReadonlySet<string>;
  /** How many cells at most; margins and total come with every page. */
  readonly limit?: number;
  /** The last cell of the page before. */
  readonly after?: Pick<FigureRow<D>, 'cell' | 'period'>;
}

/** One sum. Numbers are exact, in units of 10^-decimals of their measure. */
export interface FigureRow<D extends string = string, M extends string = string> {
  readonly cell: Readonly<Partial<Record<D, string>>>;
  /** 2023, 2023Q1, 2023-02; absent for the whole. */
  readonly period?: string;
  /** Of a flow the sum; of a level the value on the last day, or on `on`. */
  readonly values: Readonly<Record<M, bigint>>;
  /** Of levels, Σ value × days. */
  readonly days: Readonly<Partial<Record<M, bigint>>>;
  /** Null where there is nothing to share; absent where no set of sums has the dimension that it is the mean over. */
  readonly rates: Readonly<Partial<Record<string, number | null>>>;
}

/** Cells, and the sums over them; rows of nothing but zeros are left out. */
export interface FigureAnswer<D extends string = string, M extends string = string> {
  readonly cells: readonly FigureRow<D, M>[];
  /** Each dimension, and the parts of the period, alone; where that is what cells are told apart by, cells are their own. */
  readonly margins: readonly FigureRow<D, M>[];
  /** Null where the asker may not see it. */
  readonly total: FigureRow<D, M> | null;
  /** What to ask the next page with; null on the last. */
  readonly next: FigureQuestion<D>['after'] | null;
}

/** A question that this figure has no answer to. */
export class FigureQuestionError extends Error {
  constructor(
    readonly zh: string,
    readonly en: string,
  ) {
    super(`${zh} (${en})`);
    this.name = 'FigureQuestionError';
  }
}

/** The whole period (the first) or a part of it, by the segments that it is made of. */
export interface Span {
  readonly name?: string;
  readonly from: number;
  readonly to: number;
  /** Its segments. */
  readonly low: number;
  readonly high: number;
  /** The last segment that counts for a level's value. */
  readonly at: number;
}

/** A question as dates. Segment i ends before `bounds[i]`; segment 0 is all that was before, which levels stand on. */
export interface Times {
  readonly bounds: readonly number[];
  readonly spans: readonly Span[];
  /** From this day on, less was known at the position that is asked for than not; Infinity for now. */
  readonly split: number;
}

/** @throws FigureQuestionError */
export function timesOf({ from, to, per, asOf, asAt, on }: FigureQuestion): Times {
  const first = dayOrRefuse(from);
  const last = asOf === undefined ? Infinity : dayOrRefuse(asOf);
  const end = Math.min(dayOrRefuse(to), last + 1);
  const split = asAt ? dayOrRefuse(asAt.day) + 1 : Infinity;
  if (first >= dayOrRefuse(to))
    throw new FigureQuestionError('期间止须晚于期间起', 'the period must end after it begins');
  if (first >= end) return { bounds: [], spans: [], split };
  const parts = per ? periodsOf(per, first, end) : [];
  const after = on === undefined ? end : Math.min(dayOrRefuse(on), last) + 1;
  const bounds = [...new Set([first, ...parts.map((p) => p.to), end, after])].sort((a, b) => a - b);
  const span = (days: { name?: string; from: number; to: number }, at = days.to): Span => ({
    ...days,
    low: bounds.indexOf(days.from) + 1,
    high: bounds.indexOf(days.to),
    at: bounds.indexOf(at),
  });
  return { bounds, spans: [span({ from: first, to: end }, after), ...parts.map((part) => span(part))], split };
}

function dayOrRefuse(day: string): number {
  try {
    return dayNumber(day);
  } catch {
    throw new FigureQuestionError(`不是日期：${day}`, 'not a day, YYYY-MM-DD');
  }
}

/** The sums that a question is answered from, or `undefined` for the journal itself, and the means that it can give. */
export interface Source {
  readonly kept?: Kept;
  /** The dimensions that means are taken over. */
  readonly each: readonly string[];
}

/**
 * The sums with the fewest dimensions among those that can give the most means. A mean that none can give is left out: the journal
 * could, but reads every line of the period.
 *
 * @param rolls whether the roll-up of the question is the one that sums are kept for
 * @throws FigureQuestionError where the figure has no such dimension
 */
export function sourceOf(figure: Figure, { by, filter = {} }: FigureQuestion, rolls: boolean): Source {
  const named = [...by, ...Object.keys(filter)];
  const unknown = named.find((name) => !Object.hasOwn(figure.dimensions, name));
  if (unknown !== undefined) throw new FigureQuestionError(`${figure.zh}没有维度 ${unknown}`, 'no such dimension');
  if (new Set(by).size < by.length) throw new FigureQuestionError('维度重复', 'a dimension is named twice');
  const each = [...new Set(Object.values(figure.rates).flatMap((rate) => rate.each ?? []))];
  // Sums of rolled up regions are as good where no region is told apart.
  const tells = ({ rolled }: Kept, name: string) => rolls || !rolled || !figure.dimensions[name]!.region;
  const means = (kept: Kept) => each.filter((name) => kept.set.includes(name) && tells(kept, name));
  const [kept] = keptOf(figure)
    .filter((one) => named.every((name) => one.set.includes(name) && tells(one, name)))
    .sort((a, b) => means(b).length - means(a).length || a.set.length - b.set.length || +b.rolled - +a.rolled);
  return { kept, each: kept ? means(kept) : each };
}
