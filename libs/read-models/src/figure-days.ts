/** Calendar arithmetic of figures: days as numbers, and how a period is put together from years, months and days. */

/** Days count from here, so that a sum of value × day stays far from the end of a bigint. */
const EPOCH = Date.UTC(2000, 0, 1);
const DAY_MS = 86_400_000;

/** Days since 2000-01-01. @throws RangeError when it is not a day, `YYYY-MM-DD` of the years 1000 to 9999 */
export function dayNumber(day: string): number {
  const number = (Date.parse(`${day}T00:00:00Z`) - EPOCH) / DAY_MS;
  if (!/^[1-9]\d{3}-\d\d-\d\d$/.test(day) || Number.isNaN(number) || dayOf(number) !== day) {
    throw new RangeError(`不是日期 (not a day, YYYY-MM-DD): ${day}`);
  }
  return number;
}

export const dayOf = (number: number): string => new Date(EPOCH + number * DAY_MS).toISOString().slice(0, 10);

/** The stretches of time that sums are kept for. */
export type Unit = 'year' | 'month' | 'day';
export type Per = 'year' | 'quarter' | 'month';

const MONTHS: Readonly<Record<Unit | Per, number>> = { year: 12, quarter: 3, month: 1, day: 0 };

/** The first day of the stretch that a day lies in, or of one so many stretches later. */
function startOf(unit: Unit | Per, number: number, later = 0): number {
  if (unit === 'day' || !Number.isFinite(number)) return number + later;
  const date = new Date(EPOCH + number * DAY_MS);
  const month = date.getUTCMonth();
  return (Date.UTC(date.getUTCFullYear(), month - (month % MONTHS[unit]) + later * MONTHS[unit], 1) - EPOCH) / DAY_MS;
}

/** The year, month or day that a day lies in as sums are keyed by it: 2023, 202302, 20230209. */
export function bucketOf(unit: Unit, number: number): number {
  return Number(dayOf(number).replaceAll('-', '').slice(0, { year: 4, month: 6, day: 8 }[unit]));
}

/** The parts that a period falls into, each with its name (2023, 2023Q1, 2023-02); the first and the last may be cut short. */
export function periodsOf(per: Per, from: number, to: number): { name: string; from: number; to: number }[] {
  const periods = [];
  for (let start = startOf(per, from); start < to; start = startOf(per, start, 1)) {
    const [year, month] = dayOf(start).split('-') as [string, string];
    const name =
      per === 'year' ? year : per === 'month' ? `${year}-${month}` : `${year}Q${Math.ceil(Number(month) / 3)}`;
    periods.push({ name, from: Math.max(start, from), to: Math.min(startOf(per, start, 1), to) });
  }
  return periods;
}

/** Whole stretches of one unit, to be added (1) or taken away (-1). From -Infinity it reaches to the first day there is. */
export interface Piece {
  readonly unit: Unit;
  readonly from: number;
  readonly to: number;
  readonly sign: 1 | -1;
}

/**
 * The pieces that make up a period. Its ends are rounded to the nearest year, then to the nearest month, and what that adds or
 * leaves out is put right with the next finer unit: never more than six months and fifteen days at either end.
 */
export function piecesOf(
  from: number,
  to: number,
  units: readonly Unit[] = ['year', 'month', 'day'],
  sign: 1 | -1 = 1,
): Piece[] {
  if (from === to) return [];
  const [unit, ...finer] = units as [Unit, ...Unit[]];
  const [start, end] = [nearest(unit, from), nearest(unit, to)];
  if (start >= end) return piecesOf(from, to, finer, sign);
  const other = sign === 1 ? -1 : 1;
  const rounded = [
    { unit, from: start, to: end, sign },
    ...(from < start ? piecesOf(from, start, finer, sign) : piecesOf(start, from, finer, other)),
    ...(end < to ? piecesOf(end, to, finer, sign) : piecesOf(to, end, finer, other)),
  ];
  // A few months around the middle of a year would be all of it less the others.
  if (startOf(unit, start, 1) < end || finer.length === 0) return rounded;
  const exact = piecesOf(from, to, finer, sign);
  return count(exact) < count(rounded) ? exact : rounded;
}

const count = (pieces: readonly Piece[]) => pieces.flatMap(stretchesOf).length;

function nearest(unit: Unit, number: number): number {
  const [before, after] = [startOf(unit, number), startOf(unit, number, 1)];
  return number - before <= after - number ? before : after;
}

/** The first day of each stretch of a piece. */
export function stretchesOf({ unit, from, to }: Piece): number[] {
  const starts = [];
  for (let start = from; start < to; start = startOf(unit, start, 1)) starts.push(start);
  return starts;
}
