import { FIRST_DAY, LAST_DAY } from '#libs/messages';
import { field, unless, type AtDoor, type Kind, type Options } from './field.js';

/** How many years a plan may reach ahead. */
const PLAN_YEARS = 50;

const isCalendarDay = (value: string) => {
  const time = Date.parse(`${value}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(value);
};

const isDay = (value: unknown): value is string =>
  typeof value === 'string' &&
  /^\d{4}-\d\d-\d\d$/.test(value) &&
  isCalendarDay(value) &&
  value >= FIRST_DAY &&
  value <= LAST_DAY;

/** The day that it is in China at a moment: UTC+8 all year. */
export const dayInChina = (moment: Date): string =>
  new Date(moment.getTime() + 8 * 3_600_000).toISOString().slice(0, 10);

/** The same day so many years later; of a 29 February the 28th where there is none. */
function yearsAfter(day: string, years: number): string {
  const later = `${Number(day.slice(0, 4)) + years}${day.slice(4)}`;
  return isCalendarDay(later) ? later : `${later.slice(0, 8)}28`;
}

/** A calendar date in China Standard Time, within what any table, message and computation holds. */
const kind = (latest: string, atDoor?: AtDoor): Kind => ({
  name: 'date',
  problem: unless(isDay, [
    `须为存在的日期，格式 YYYY-MM-DD，自 ${FIRST_DAY} 至 ${LAST_DAY}`,
    `must be an existing date, YYYY-MM-DD, from ${FIRST_DAY} to ${LAST_DAY}`,
  ]),
  atDoor,
  schema: { type: String, format: 'date', 'x-earliest': FIRST_DAY, 'x-latest': latest } as Kind['schema'],
});

const notAfterToday: AtDoor = (value, { today }) =>
  typeof value === 'string' && value > today
    ? [`不能晚于今天（${today}，中国时间）`, `must not be after today (${today} in China)`]
    : undefined;

const notFarAhead: AtDoor = (value, { today }) => {
  const latest = yearsAfter(today, PLAN_YEARS);
  return typeof value === 'string' && value > latest
    ? [`至多 ${PLAN_YEARS} 年以后（${latest}）`, `must be within ${PLAN_YEARS} years (by ${latest})`]
    : undefined;
};

/** A day that may lie ahead, as plans, terms and periods have them: at most fifty years. */
export const Day = (options: Options) =>
  field(kind(`P${PLAN_YEARS}Y`, notFarAhead), { example: '2023-02-09', ...options });

/** A day on which something was so: today in China at the latest. */
export const PastDay = (options: Options) => field(kind('today', notAfterToday), { example: '2023-02-09', ...options });

/** When the fact that a command states was true. */
export const On = () =>
  PastDay({
    zh: '事实发生日期',
    en: 'Day of the fact',
    help: [`${FIRST_DAY} 至今天（中国时间）`, `From ${FIRST_DAY} to today in China`],
  });

/** An instant that says its offset. */
export const Instant = (options: Options) =>
  field(
    {
      name: 'instant',
      problem: unless(isInstant, [
        '须为带时区的时刻，例如 2026-11-01T00:00:00Z',
        'must be an instant with its offset, for example 2026-11-01T00:00:00Z',
      ]),
      schema: { type: String, format: 'date-time' },
    },
    { example: '2026-11-01T00:00:00Z', ...options },
  );

const INSTANT = /^(?!0000)\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)$/;
const isInstant = (value: unknown) =>
  typeof value === 'string' && INSTANT.test(value) && !Number.isNaN(Date.parse(value));
