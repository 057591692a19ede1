import { delimiterOf } from './csv.js';
import { LIMITS, SheetError } from './problem.js';
import { readSheet, type Sheet } from './sheet.js';
import { gb18030 } from '#libs/testing';

async function rowsOf({ rows }: Sheet): Promise<[number, ...string[]][]> {
  const all: [number, ...string[]][] = [];
  for await (const { n, cells } of rows) all.push([n, ...cells]);
  return all;
}
const read = async (text: string | Buffer) => {
  const sheet = await readSheet(Buffer.from(text as string));
  return { ...sheet, rows: await rowsOf(sheet) };
};
const refusal = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => (error instanceof SheetError ? error.code : error),
  );

const LINES = '企业名称,金额\r\n甲公司,1\r\n"乙,公司","2\n3"\r\n';
const ROWS = [
  [1, '企业名称', '金额'],
  [2, '甲公司', '1'],
  [3, '乙,公司', '2\n3'],
];

it.each([
  ['UTF-8', Buffer.from(LINES), 'utf-8'],
  ['UTF-8 with a byte order mark', Buffer.from(`\uFEFF${LINES}`), 'utf-8'],
  ['GBK', gb18030(LINES), 'gb18030'],
  ['UTF-16 of Excel', Buffer.from(`\uFEFF${LINES}`, 'utf16le'), 'utf-16le'],
])('reads %s', async (_, bytes, encoding) => {
  expect(await read(bytes)).toMatchObject({ format: 'csv', encoding, rows: ROWS });
});

it('reads characters that GBK has not, and GB18030 has', async () => {
  const { rows, encoding } = await read(gb18030('名称\n𠮷\n'));
  expect([encoding, rows]).toEqual([
    'gb18030',
    [
      [1, '名称'],
      [2, '𠮷'],
    ],
  ]);
});

it.each([
  [',', 'a,b;c\n1,2\n'],
  [';', 'a;b\n"x,y,z";2\n'],
  ['\t', 'a\tb\n1,5\t2\n'],
  [',', 'a\n1\n'],
  ['|', 'sep=|\na|b\n'],
])('the delimiter %j is found', (delimiter, text) => expect(delimiterOf(text)).toBe(delimiter));

it('leaves out what is blank, and keeps the numbers that people see', async () => {
  expect((await read('sep=;\n a ; b \n;;\n1;;\n\n2;x\n')).rows).toEqual([
    [2, 'a', 'b'],
    [4, '1'],
    [6, '2', 'x'],
  ]);
});

it('what no database takes is U+FFFD, which no field does', async () => {
  expect((await read('a\nx\0y\n')).rows).toEqual([
    [1, 'a'],
    [2, 'x\uFFFDy'],
  ]);
});

it.each([
  ['an empty file', '', 'sheet.empty'],
  ['a quotation mark without another', 'a\n"b\n', 'sheet.csv'],
  ['a file of Excel 97', Buffer.from('d0cf11e0a1b11ae1', 'hex'), 'sheet.old-excel'],
  ['bytes that are no text', Buffer.from([0x61, 0xff, 0xff, 0x80]), 'sheet.encoding'],
  ['a zip that is none', Buffer.from('PK\x03\x04nonsense'), 'sheet.xlsx'],
  ['too many columns', `${'a,'.repeat(LIMITS.columns)}a\n`, 'sheet.too-many-columns'],
  ['a cell that is too long', `a\n${'x'.repeat(LIMITS.cellCharacters + 1)}\n`, 'sheet.too-many-characters'],
  ['a record without an end', `a\n"${'x'.repeat(1e6)}"\n`, 'sheet.too-many-characters'],
  ['too many rows', 'a\n'.repeat(LIMITS.rows + 2), 'sheet.too-many-rows'],
  ['too many bytes', Buffer.alloc(LIMITS.bytes + 1, 'a'), 'sheet.too-big'],
])('refuses %s', async (_, text, code) => expect(await refusal(read(text))).toBe(code));
