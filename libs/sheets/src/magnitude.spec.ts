import type { Column } from './column.js';
import { medianOf, weighed } from './magnitude.js';

const of = (kind: Column['kind']): Column => ({ field: 'f', zh: '栏', en: 'Column', kind, isRequired: true });
const codes = (kind: Column['kind'], value: unknown, median?: number) =>
  weighed(of(kind), value, median).map(({ code }) => code);

it.each([
  ['fen', 50_000_000, undefined, []],
  ['fen', 5_000, undefined, ['value.unlikely']],
  ['fen', 200_000_000_000, undefined, ['value.unlikely']],
  ['fen', 0, undefined, []],
  ['fen', 50_000_000, 40_000_000, []],
  ['fen', 50_000_000_000, 40_000_000, ['value.far-from-others']],
  ['fen', 40_000, 50_000_000, ['value.far-from-others']],
  ['area', 80, 100, []],
  ['area', 800_000, 80, ['value.unlikely', 'value.far-from-others']],
  ['number', 1e9, 1, []],
  ['fen', '五', 1, []],
] as const)('of kind %s %s beside the median %s is told %j', (kind, value, median, told) =>
  expect(codes(kind, value, median)).toEqual(told),
);

it('says what it means in both languages, in units that people read', () => {
  expect(weighed(of('fen'), 500_000_000_000_000, 50_000_000)).toMatchObject([
    { zh: '50000 亿元过大，请核对表头的单位', en: expect.stringContaining('unusually large') },
    { zh: '50000 亿元与其余各行（中位数 50 万元）相差千倍以上，请核对单位' },
  ]);
});

it('the middle of a few rows says nothing', () => {
  expect(medianOf([1, 2, 3, 4])).toBeUndefined();
  expect(medianOf([9, 1, 0, 5, 3, 7])).toBe(5);
});
