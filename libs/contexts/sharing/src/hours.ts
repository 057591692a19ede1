import type { Map } from 'immutable';

/** A use that takes several days: so many hundredths of an hour, on any of them. Days compare as text. */
export interface LongUse {
  readonly from: string;
  readonly lastDay: string;
  readonly hundredths: number;
}

/** The hours of a day, in hundredths. */
export const DAY = 2_400;

const dayAfter = (day: string): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);

/** How many days, both of them counted. */
export const daysFrom = (first: string, last: string): number =>
  (Date.parse(`${last}T00:00:00Z`) - Date.parse(`${first}T00:00:00Z`)) / 86_400_000 + 1;

/**
 * Whether an instrument has the hours: a day has 24 for each unit, and uses do not overlap more than that. Uses of one day
 * take theirs first; of several days, each goes on until its own last, and the one that must be done first is served first,
 * which finds a way wherever there is one.
 *
 * @param fixed what the uses of one day take of each day, in hundredths
 * @returns the last day of a use for which there are not hours enough, or undefined
 */
export function fullDay(fixed: Map<string, number>, long: readonly LongUse[], units: number): string | undefined {
  const waiting = [...long].sort((a, b) => (a.from < b.from ? -1 : 1));
  let open: { lastDay: string; left: number }[] = [];
  let day = waiting[0]?.from;
  while (day !== undefined) {
    while (waiting[0] !== undefined && waiting[0].from <= day) {
      const { lastDay, hundredths } = waiting.shift()!;
      open.push({ lastDay, left: hundredths });
    }
    open.sort((a, b) => (a.lastDay < b.lastDay ? -1 : 1));
    let free = Math.max(0, units * DAY - fixed.get(day, 0));
    for (const use of open) {
      const served = Math.min(free, use.left);
      use.left -= served;
      free -= served;
    }
    const late = open.find(({ lastDay, left }) => left > 0 && lastDay <= day!);
    if (late) return late.lastDay;
    open = open.filter(({ left }) => left > 0);
    day = open.length > 0 ? dayAfter(day) : waiting[0]?.from;
  }
  return undefined;
}

/** The uses of several days that overlap with that period, or with one that does, and so on: others make no difference. */
export function around(long: readonly LongUse[], from: string, lastDay: string): readonly LongUse[] {
  const near = long.filter((use) => use.from <= lastDay && from <= use.lastDay);
  const first = near.reduce((day, use) => (use.from < day ? use.from : day), from);
  const last = near.reduce((day, use) => (use.lastDay > day ? use.lastDay : day), lastDay);
  return first === from && last === lastDay ? near : around(long, first, last);
}
