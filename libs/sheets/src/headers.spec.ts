import type { Column } from './column.js';
import { Headers, templateHeader } from './headers.js';

const of = (field: string, zh: string, en: string, more: Partial<Column> = {}): Column => ({
  field,
  zh,
  en,
  kind: 'text',
  isRequired: true,
  ...more,
});
const within = ['依据', 'Basis'] as const;
const columns = [
  of('on', '事实发生日期', 'Day on which the fact was true', { kind: 'day' }),
  of('uscc', '统一社会信用代码', 'Unified social credit code'),
  of('firm', '企业名称', 'Name of the firm'),
  of('amountFen', '合同成交额，分', 'Amount in fen', { kind: 'fen' }),
  of('amountConfirmedFen', '再次填写成交额，分', 'The amount in fen, a second time', {
    kind: 'fen',
    isRequired: false,
  }),
  of('areaSquareMetres', '面积，平方米', 'Area in square metres', { kind: 'area' }),
  of('until', '空间终止日（不含）', 'Day, exclusive, on which its space ends', { kind: 'day', isRequired: false }),
  of('basis.document', '文件名称', 'Document', { within }),
  of('basis.clause', '条款', 'Clause', { within }),
];
const headers = new Headers(columns);
const fieldOf = (header: string) => headers.columnOf(header)?.field;

it.each([
  ['企业名称', 'firm'],
  ['*企业名称', 'firm'],
  ['企业名称（必填）', 'firm'],
  [' 企业 名称 ', 'firm'],
  ['firm', 'firm'],
  ['FIRM', 'firm'],
  ['Ｆｉｒｍ', 'firm'],
  ['name of the FIRM', 'firm'],
  ['NameOfTheFirm', 'firm'],
  ['合同成交额，分', 'amountFen'],
  ['合同成交额（万元）', 'amountFen'],
  ['合同成交额(元)', 'amountFen'],
  ['合同金额(元)', 'amountFen'],
  ['金额（万元）', 'amountFen'],
  ['金额', 'amountFen'],
  ['Amount', 'amountFen'],
  ['Amount in fen', 'amountFen'],
  ['amountFen', 'amountFen'],
  ['再次填写成交额（元）', 'amountConfirmedFen'],
  ['面积', 'areaSquareMetres'],
  ['面积（㎡）', 'areaSquareMetres'],
  ['Area', 'areaSquareMetres'],
  ['空间终止日', 'until'],
  ['空间终止日(不含)', 'until'],
  ['依据文件', 'basis.document'],
  ['依据文件名称', 'basis.document'],
  ['文件名称', 'basis.document'],
  ['basis.document', 'basis.document'],
  ['Basis document', 'basis.document'],
  ['依据条款', 'basis.clause'],
  ['条款', 'basis.clause'],
  ['clause', 'basis.clause'],
])('%s is the column of %s', (header, field) => expect(fieldOf(header)).toBe(field));

it.each(['名称', '依据', '备注', '额', '__proto__', 'constructor', ''])('%s is no column', (header) =>
  expect(fieldOf(header)).toBeUndefined(),
);

it.each([
  ['合同成交额（万元）', '万元', []],
  ['合同成交额(亿元)', '亿元', []],
  ['合同成交额，分', '分', []],
  ['amountFen', '分', []],
  ['Amount in fen', '分', []],
  ['合同成交额', '元', ['column.unit-assumed']],
  ['合同成交额（平方米）', '平方米', ['column.unit']],
  ['面积（万平方米）', '万平方米', []],
  ['面积（万元）', '万元', ['column.unit']],
  ['面积', undefined, []],
])('the unit of %s is %s', (header, unit, told) => {
  const { columns: recognised, notices } = headers.recognise([header]);
  expect(recognised[0]!.unit).toBe(unit);
  expect(notices.map(({ code }) => code).filter((code) => code !== 'column.missing')).toEqual(told);
});

it('tells what is unknown, what stands twice and what is missing', () => {
  const { columns: recognised, notices } = headers.recognise(['企业名城', '代码', 'firm', '企业名称', '']);
  expect(recognised.map(({ field }) => field)).toEqual([undefined, undefined, 'firm', undefined, undefined]);
  expect(notices.map(({ code, column }) => [code, column])).toEqual([
    ['column.unknown', '企业名城'],
    ['column.unknown', '代码'],
    ['column.twice', '企业名称'],
    ['column.missing', 'on'],
    ['column.missing', 'uscc'],
    ['column.missing', 'amountFen'],
    ['column.missing', 'areaSquareMetres'],
    ['column.missing', 'basis.document'],
    ['column.missing', 'basis.clause'],
  ]);
  expect(notices[0]!.zh).toContain('最接近的是“企业名称”');
});

it('recognises every header of its own template', () => {
  const titles = columns.map(templateHeader);
  expect(titles.slice(1, 6)).toEqual([
    '*统一社会信用代码',
    '*企业名称',
    '*合同成交额（元）',
    '再次填写成交额（元）',
    '*面积（平方米）',
  ]);
  const { columns: recognised, notices } = headers.recognise(titles);
  expect(recognised.map(({ field }) => field)).toEqual(columns.map(({ field }) => field));
  expect(notices).toEqual([]);
});

it('the row with most headers is the header', () => {
  expect(headers.countOf(['企业名单', ''])).toBe(0);
  expect(headers.countOf(['企业名称', '金额', 'firm', '备注'])).toBe(2);
});
