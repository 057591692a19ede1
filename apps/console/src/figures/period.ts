import { dayAfter, today } from '../kit/numbers';
import type { Times } from '../kit/times';
import type { Search } from '../shell/search-params';

/** A year, a quarter or a month by its name; or from a day until another, exclusive. */
export type AskedPeriod = { readonly period: string } | { readonly from: string; readonly to: string };

const NAMED = /^\d{4}(?:-(?:Q[1-4]|0[1-9]|1[0-2]))?$/;
const DAY = /^\d{4}-\d\d-\d\d$/;

/** The day that a page looks from. */
export const lastDayOf = ({ asOf }: Times): string => asOf ?? today();

/** Where an address does not say, this year and the three before it. */
export function recent(day: string): { readonly from: string; readonly to: string } {
  return { from: `${Number(day.slice(0, 4)) - 3}-01-01`, to: dayAfter(day) };
}

export function periodOf({ period, from, to }: Search, times: Times): AskedPeriod {
  if (period !== undefined && NAMED.test(period)) return { period };
  if (from !== undefined && to !== undefined && DAY.test(from) && DAY.test(to) && from < to) return { from, to };
  return recent(lastDayOf(times));
}

const firstOf = (year: number, month: number) => new Date(Date.UTC(year, month, 1)).toISOString().slice(0, 10);

/** The first day, and the day after the last. */
export function daysOf(asked: AskedPeriod): { readonly from: string; readonly to: string } {
  if (!('period' in asked)) return asked;
  const [year, part] = asked.period.split('-') as [string, string?];
  if (part === undefined) return { from: `${year}-01-01`, to: `${Number(year) + 1}-01-01` };
  const first = part.startsWith('Q') ? 3 * (Number(part[1]) - 1) : Number(part) - 1;
  const months = part.startsWith('Q') ? 3 : 1;
  return { from: firstOf(Number(year), first), to: firstOf(Number(year), first + months) };
}

export type Per = 'year' | 'quarter' | 'month';
const MONTHS: Readonly<Record<Per, number>> = { year: 12, quarter: 3, month: 1 };

/** The parts of a period, as answers name them: those with nothing in them too. */
export function partsOf(per: Per, whole: AskedPeriod, { asOf }: Times): readonly string[] {
  const { from, to } = daysOf(whole);
  const end = asOf !== undefined && asOf < to ? dayAfter(asOf) : to;
  const [year, month] = [Number(from.slice(0, 4)), Number(from.slice(5, 7)) - 1];
  const parts: string[] = [];
  for (let at = month - (month % MONTHS[per]); firstOf(year, at) < end; at += MONTHS[per]) {
    const name = firstOf(year, at).slice(0, 7);
    const quarter = `${name.slice(0, 4)}Q${Math.ceil(Number(name.slice(5)) / 3)}`;
    parts.push(per === 'year' ? name.slice(0, 4) : per === 'month' ? name : quarter);
  }
  return parts;
}

/** A part of a period, as answers name it: 2023, 2023Q1, 2023-02; no more of it than lies in the period. */
export function partOf(whole: AskedPeriod, part: string): AskedPeriod {
  const period = part.replace('Q', '-Q');
  const [days, inside] = [daysOf(whole), daysOf({ period })];
  const clipped = inside.from < days.from || inside.to > days.to;
  if (!clipped) return { period };
  return {
    from: inside.from < days.from ? days.from : inside.from,
    to: inside.to > days.to ? days.to : inside.to,
  };
}
