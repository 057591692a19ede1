import type { Map } from 'immutable';
import { refusals, type Refusal, type RefusalText } from '#libs/eventing';
import { dayAfter } from '#libs/messages';
import type { SharingEvent } from './sharing.events.js';

type Use = Extract<SharingEvent, { type: 'use.recorded.v2' }>['data'];

/** A use that takes several days: so many hundredths of an hour, on any of them. Days compare as text. */
export interface LongUse {
  readonly from: string;
  readonly lastDay: string;
  readonly hundredths: number;
}

/** The hours that an instrument has, and those that are taken. */
export interface Hours {
  readonly units: number;
  /** What uses of one day take of each day, and the uses of several days, in hundredths of an hour. */
  readonly taken: Map<string, number>;
  readonly long: Map<string, LongUse>;
}

/** What is refused for want of hours. */
export const ofHours = {
  'use.order': ['invalid', '使用末日早于首日', 'The last day is before the first', 'lastDay'],
  'use.too-long': ['invalid', '一次使用至多 {days} 日', 'One use takes at most {days} days', 'lastDay'],
  'use.hours': [
    'invalid',
    '{days} 日 {units} 台至多 {most} 小时',
    '{units} units have at most {most} hours in {days} days',
    'hours',
  ],
  'use.day-full': [
    'conflict',
    '该仪器 {day} 仅余 {free} 小时，需要 {wanted} 小时；请核对，有误的记录须先冲销',
    'The instrument has {free} hours left on {day}, {wanted} are wanted: check them; a mistaken record is reversed first',
    'hours',
  ],
  'use.no-hours': [
    'conflict',
    '至 {day} 的机时容纳不下已登记的各次使用与此次使用；请核对，有误的记录须先冲销',
    'Up to {day} there are not hours enough for what is recorded and for this use: check them; a mistaken record is reversed first',
    'hours',
  ],
} as const satisfies Record<string, RefusalText>;

const refuse = refusals(ofHours);

/** The hours of a day, in hundredths. */
const DAY = 2_400;

/** How many days, both of them counted. */
const daysFrom = (first: string, last: string): number =>
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

/** The longest that one use may be told to take; a year. */
const MOST_DAYS = 366;
const hundredthsOf = (hours: number): number => Math.round(hours * 100);

/** Why the instrument has not the hours, if so. A day has 24 of them for each unit, whoever uses it. */
export function shortage(
  { units, taken, long }: Hours,
  from: string,
  lastDay: string,
  hours: number,
): Refusal | undefined {
  if (lastDay < from) return refuse('use.order');
  const days = daysFrom(from, lastDay);
  if (days > MOST_DAYS) return refuse('use.too-long', { days: MOST_DAYS });
  const hundredths = hundredthsOf(hours);
  if (hundredths > days * units * DAY) return refuse('use.hours', { days, units, most: days * units * (DAY / 100) });
  const free = Math.max(0, units * DAY - taken.get(from, 0));
  if (days === 1 && hundredths > free) return refuse('use.day-full', { day: from, free: free / 100, wanted: hours });
  const near = around([...long.values()], from, lastDay);
  const day =
    days === 1
      ? fullDay(taken.set(from, taken.get(from, 0) + hundredths), near, units)
      : fullDay(taken, [...near, { from, lastDay, hundredths }], units);
  return day === undefined ? undefined : refuse('use.no-hours', { day });
}

/** The state with one more use, or with one less. */
export function counting<S extends Hours>(s: S, { use, usedOn, lastDay, hours }: Use, sign: 1 | -1): S {
  const hundredths = hundredthsOf(hours);
  if (usedOn === lastDay) return { ...s, taken: s.taken.update(usedOn, 0, (all) => all + sign * hundredths) };
  return { ...s, long: sign > 0 ? s.long.set(use, { from: usedOn, lastDay, hundredths }) : s.long.delete(use) };
}
