import { lastDayOf, PeriodError, periodOf, type AskedPeriod } from './period.js';

it.each([
  ['2026', '2026-01-01', '2026-12-31'],
  ['2026-Q1', '2026-01-01', '2026-03-31'],
  ['2026-Q4', '2026-10-01', '2026-12-31'],
  ['2026-07', '2026-07-01', '2026-07-31'],
  ['2024-02', '2024-02-01', '2024-02-29'],
  ['2026-12', '2026-12-01', '2026-12-31'],
])('%s is from %s to %s, both included', (period, first, last) => {
  const found = periodOf({ period });
  expect([found.from, lastDayOf(found)]).toEqual([first, last]);
});

it('a period by its days is the same', () => {
  expect(periodOf({ from: '2026-07-01', to: '2026-08-01' })).toEqual(periodOf({ period: '2026-07' }));
});

it.each<[AskedPeriod, string]>([
  [{}, 'from'],
  [{ from: '2026-01-01' }, 'to'],
  [{ to: '2026-01-01' }, 'from'],
  [{ period: '2026', from: '2026-01-01' }, 'period'],
  [{ period: '2026', to: '2026-01-01' }, 'period'],
  ...['26', '2026-13', '2026-00', '2026-Q5', '2026-7', '2026-07-01', '0000', '9999', '1949', ''].map(
    (period): [AskedPeriod, string] => [{ period }, 'period'],
  ),
  [{ from: '2026-08-01', to: '2026-07-01' }, 'to'],
  [{ from: '2026-07-01', to: '2026-07-01' }, 'to'],
  [{ from: '1949-09-30', to: '2026-07-01' }, 'from'],
  [{ from: '2026-07-01', to: '9999-12-31' }, 'to'],
])('%j is none, and the parameter at fault is named: %s', (asked, field) => {
  try {
    periodOf(asked);
  } catch (error) {
    expect(error).toBeInstanceOf(PeriodError);
    return expect((error as PeriodError).field).toBe(field);
  }
  throw new Error('was taken for one');
});
