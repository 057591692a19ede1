import type { Texts } from './said.js';

/** 中华人民共和国成立: no fact of the platform is older. */
export const FIRST_DAY = '1949-10-01';
/** The last day that anything may name; plans end long before. */
export const LAST_DAY = '2149-12-31';

/** Days from the first to the one before `to`. */
export interface Period {
  readonly from: string;
  readonly to: string;
}

/** What a period is told apart by. */
export const partsOfPeriods = {
  year: ['年', 'Year'],
  quarter: ['季', 'Quarter'],
  month: ['月', 'Month'],
} as const satisfies Texts;

/** A period as it is asked for: by its name, or by its first day and the day after its last. */
export interface AskedPeriod extends Partial<Period> {
  readonly period?: string;
}

/** The form of a period's name: a year, a quarter or a month. */
export const PERIOD = '^(?:19[5-9]\\d|20\\d\\d|21[0-4]\\d)(?:-(?:Q[1-4]|0[1-9]|1[0-2]))?$';

/** Why what is asked for is no period, and the parameter at fault. */
export class PeriodError extends Error {
  constructor(
    readonly field: 'period' | 'from' | 'to',
    readonly zh: string,
    readonly en: string,
    readonly code: 'required' | 'question' = 'question',
  ) {
    super(`${zh} (${en})`);
    this.name = 'PeriodError';
  }
}

/** @throws PeriodError where none is asked for, two are, or one that has no day */
export function periodOf({ period, from, to }: AskedPeriod): Period {
  if (period !== undefined && (from !== undefined || to !== undefined)) {
    throw new PeriodError('period', 'period 与 from、to 只能用其一', 'give either period, or from and to');
  }
  if (period !== undefined) return named(period);
  const missing = from === undefined ? 'from' : to === undefined ? 'to' : undefined;
  if (missing) {
    throw new PeriodError(
      missing,
      '须给出期间：period（如 2026、2026-Q3、2026-07），或 from 与 to',
      'needs a period: period (2026, 2026-Q3, 2026-07), or from and to',
      'required',
    );
  }
  for (const [field, day] of [
    ['from', from!],
    ['to', to!],
  ] as const) {
    if (day >= FIRST_DAY && day <= LAST_DAY) continue;
    throw new PeriodError(field, `须在 ${FIRST_DAY} 与 ${LAST_DAY} 之间`, `must lie from ${FIRST_DAY} to ${LAST_DAY}`);
  }
  if (from! >= to!) {
    throw new PeriodError(
      'to',
      `须晚于 from（${from!}）：to 是期间最后一日的次日`,
      `must be after from (${from!}): to is the day after the last`,
    );
  }
  return { from: from!, to: to! };
}

const DAY_MS = 86_400_000;

/** The last day of a period. */
export const lastDayOf = ({ to }: Period): string => dayText(Date.parse(`${to}T00:00:00Z`) - DAY_MS);

/** What is there through a day ends, exclusive, on the one after it. */
export const dayAfter = (day: string): string => daysAfter(day, 1);

/** The day so many days after another; before it, where they are fewer than none. */
export const daysAfter = (day: string, days: number): string => dayText(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS);

const dayText = (time: number) => new Date(time).toISOString().slice(0, 10);

function named(period: string): Period {
  if (!new RegExp(PERIOD).test(period)) {
    throw new PeriodError('period', '须为年、季或月，如 2026、2026-Q3、2026-07', 'is 2026, 2026-Q3 or 2026-07');
  }
  const [year, part] = period.split('-') as [string, string?];
  const months = part === undefined ? 12 : part.startsWith('Q') ? 3 : 1;
  const first = part === undefined ? 0 : part.startsWith('Q') ? (Number(part[1]) - 1) * 3 : Number(part) - 1;
  return {
    from: dayText(Date.UTC(Number(year), first, 1)),
    to: dayText(Date.UTC(Number(year), first + months, 1)),
  };
}
