import fc from 'fast-check';
import { bucketOf, dayNumber, dayOf, periodsOf, piecesOf, stretchesOf, type Unit } from './figure-days.js';

const days = fc.integer({ min: dayNumber('1999-01-01'), max: dayNumber('2031-01-01') });
const periods = fc
  .tuple(days, fc.oneof(fc.integer({ min: 1, max: 70 }), fc.integer({ min: 1, max: 5_000 })))
  .map(([from, length]): [number, number] => [from, from + length]);

/** How often each day is counted. */
function counted(from: number, to: number): Map<number, number> {
  const times = new Map<number, number>();
  for (const piece of piecesOf(from, to)) {
    for (let day = piece.from; day < piece.to; day++) times.set(day, (times.get(day) ?? 0) + piece.sign);
  }
  return new Map([...times].filter(([, n]) => n !== 0));
}

const stretches = (from: number, to: number, unit: Unit) =>
  piecesOf(from, to).flatMap((piece) => (piece.unit === unit ? stretchesOf(piece) : []));

it('puts any period together exactly, of whole years, whole months and few days', () => {
  fc.assert(
    fc.property(periods, ([from, to]) => {
      const times = counted(from, to);
      expect([Math.min(...times.keys()), Math.max(...times.keys()), times.size]).toEqual([from, to - 1, to - from]);
      expect(new Set(times.values())).toEqual(new Set([1]));
      for (const { unit, from: start, to: end } of piecesOf(from, to)) {
        if (unit !== 'day') expect([dayOf(start).slice(8), dayOf(end).slice(8)]).toEqual(['01', '01']);
        if (unit === 'year') expect([dayOf(start).slice(5, 7), dayOf(end).slice(5, 7)]).toEqual(['01', '01']);
      }
      expect(stretches(from, to, 'month').length).toBeLessThanOrEqual(12);
      expect(stretches(from, to, 'day').length).toBeLessThanOrEqual(31);
    }),
    { seed: 20_240_229, numRuns: 1_000 },
  );
});

it('takes a month for a month, and days for days, wherever they lie', () => {
  const [july, august] = [dayNumber('2023-07-01'), dayNumber('2023-08-01')];
  expect(piecesOf(july, august)).toEqual([{ unit: 'month', from: july, to: august, sign: 1 }]);
  expect(piecesOf(july + 13, july + 17)).toEqual([{ unit: 'day', from: july + 13, to: july + 17, sign: 1 }]);
});

it('reaches back to the first day there is', () => {
  const end = dayNumber('2023-02-01');
  expect(piecesOf(-Infinity, end)).toEqual([
    { unit: 'year', from: -Infinity, to: dayNumber('2023-01-01'), sign: 1 },
    { unit: 'month', from: dayNumber('2023-01-01'), to: end, sign: 1 },
  ]);
});

it('names the parts of a period, cut short at its ends', () => {
  const told = (per: 'year' | 'quarter' | 'month') =>
    periodsOf(per, dayNumber('2023-11-20'), dayNumber('2024-02-10')).map(({ name, from, to }) => [
      name,
      dayOf(from),
      dayOf(to),
    ]);
  expect(told('year')).toEqual([
    ['2023', '2023-11-20', '2024-01-01'],
    ['2024', '2024-01-01', '2024-02-10'],
  ]);
  expect(told('quarter')).toEqual([
    ['2023Q4', '2023-11-20', '2024-01-01'],
    ['2024Q1', '2024-01-01', '2024-02-10'],
  ]);
  expect(told('month').map(([name]) => name)).toEqual(['2023-11', '2023-12', '2024-01', '2024-02']);
});

it('keys sums by year, month and day', () => {
  const day = dayNumber('2023-02-09');
  expect([bucketOf('year', day), bucketOf('month', day), bucketOf('day', day)]).toEqual([2023, 202302, 20230209]);
});

it.each(['2023-02-29', '2023-2-9', 'tomorrow', '0999-01-01', '10000-01-01', ''])('refuses %j for a day', (day) => {
  expect(() => dayNumber(day)).toThrow(RangeError);
});
