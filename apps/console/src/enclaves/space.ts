import type { allocations, RowOf, units } from '#libs/messages';
import { dayAfter } from '../kit/numbers';

export type Unit = RowOf<typeof units>;
export type Allocation = RowOf<typeof allocations>;

const holds = ({ from, until }: { readonly from: string; readonly until: string | null }, day: string) =>
  from <= day && (until === null || day < until);

export interface Free {
  /** Square metres and desks that are nobody's on that day, and how much there is. */
  readonly area: number;
  readonly areaOf: number;
  readonly desks: number;
  readonly desksOf: number;
}

/** What of a unit is free on a day; areas are summed in hundredths, as they are kept. */
export function freeOn(unit: Unit, lettings: readonly Allocation[], day: string): Free {
  if (!holds(unit, day)) return { area: 0, areaOf: 0, desks: 0, desksOf: 0 };
  const inside = lettings.filter((letting) => holds(letting, day));
  const area = inside.reduce((sum, { areaSquareMetres }) => sum + Math.round(areaSquareMetres * 100), 0);
  const desks = inside.reduce((sum, letting) => sum + letting.desks, 0);
  return {
    area: (Math.round(unit.areaSquareMetres * 100) - area) / 100,
    areaOf: unit.areaSquareMetres,
    desks: unit.desks - desks,
    desksOf: unit.desks,
  };
}

export interface Placed {
  readonly letting: Allocation;
  /** Those of one lane follow one another in time. */
  readonly lane: number;
}

/** Puts lettings that overlap in lanes of their own: the first that is free, in the order in which they begin. */
export function placed(lettings: readonly Allocation[]): Placed[] {
  const ends: string[] = [];
  return [...lettings]
    .sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0))
    .map((letting) => {
      const found = ends.findIndex((end) => end <= letting.from);
      const lane = found === -1 ? ends.length : found;
      ends[lane] = letting.until ?? '9999-12-31';
      return { letting, lane };
    });
}

/** The months that a period touches, by their first days. */
export function months(from: string, to: string): string[] {
  const list: string[] = [];
  for (let day = `${from.slice(0, 7)}-01`; day < to; day = `${dayAfter(day, 31).slice(0, 7)}-01`) list.push(day);
  return list;
}
