import { valueOf } from './cells.js';
import type { Column, ColumnKind } from './column.js';

const column = (kind: ColumnKind, more: Partial<Column> = {}): Column => ({
  field: 'f',
  zh: '栏',
  en: 'Column',
  kind,
  isRequired: true,
  ...more,
});
const read = (kind: ColumnKind, text: string, unit?: string, more?: Partial<Column>) => {
  const { value, fault } = valueOf(column(kind, more), text, unit);
  return fault?.code ?? value;
};

it.each([
  ['1234.56', '元', 123_456],
  ['1,234.56', '元', 123_456],
  ['1234.56', '万元', 1_234_560_000],
  ['0.1', '亿元', 1_000_000_000],
  ['12', '千元', 1_200_000],
  ['100', '分', 100],
  ['0.07', undefined, 7],
  ['1.005', '元', 'cell.fraction'],
  ['0.5', '分', 'cell.fraction'],
  ['一百', '元', 'cell.number'],
  ['12%', '元', 'cell.number'],
  ['100万', '元', 'cell.number'],
  ['1', '美元', 'cell.unit'],
  ['90071992547409.93', '元', 9_007_199_254_740_992],
  ['-1', '元', -100],
])('the amount %s (%s) is %s 分', (text, unit, fen) => expect(read('fen', text, unit)).toBe(fen));

it.each([
  ['area', '80.5', undefined, 80.5],
  ['area', '80.5', '平方米', 80.5],
  ['area', '0.12', '万平方米', 1200],
  ['area', '80', '亩', 'cell.unit'],
  ['number', '１，２３４．５', undefined, 1234.5],
  ['number', '6.5', '小时', 6.5],
  ['number', '12%', undefined, 0.12],
  ['whole', '8', undefined, 8],
  ['whole', '8.0', undefined, 8],
  ['whole', '8.5', undefined, 8.5],
  ['whole', '八', undefined, 'cell.number'],
  ['day', '2023年2月9日', undefined, '2023-02-09'],
  ['day', '去年', undefined, '去年'],
  ['flag', '是', undefined, true],
  ['flag', 'Ｙｅｓ', undefined, true],
  ['flag', '否', undefined, false],
  ['flag', '也许', undefined, '也许'],
] as const)('in a column of kind %s the cell %s (%s) says %s', (kind, text, unit, value) =>
  expect(read(kind, text, unit)).toBe(value),
);

it('a code that Excel has shortened is refused, and says why in both languages', () => {
  const { value, fault } = valueOf(column('text'), '9.16101E+17');
  expect(value).toBe('9.16101E+17');
  expect(fault).toMatchObject({
    code: 'cell.scientific',
    zh: expect.stringMatching(/丢失.*文本/),
    en: expect.stringMatching(/lost/),
  });
  expect(read('text', '9.1610E+4')).toBe('91610');
  expect(read('text', '1e5')).toBe('1e5');
});

it('a text has the form that its field gives it', () => {
  const mended = (text: string) => text.normalize('NFKC');
  expect(read('text', '９１６１０４００ＭＡ', undefined, { mended })).toBe('91610400MA');
  expect(read('list', 'ｘｉ、baoji，a b;c/d', undefined, { mended })).toEqual(['xi', 'baoji', 'a', 'b', 'c', 'd']);
});

it('one of a list is told by itself or by what it is called', () => {
  const choices = new Map([
    ['service', ['技术服务', '服务']],
    ['transfer', undefined],
  ] as const);
  const said = (text: string) => read('choice', text, undefined, { choices });
  expect(['service', 'SERVICE', '技术服务', '服 务', 'transfer', '别的'].map(said)).toEqual([
    'service',
    'service',
    'service',
    'service',
    'transfer',
    '别的',
  ]);
});
