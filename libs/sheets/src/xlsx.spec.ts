import { deflateRawSync, crc32 } from 'node:zlib';
import writeXlsxFile, { type SheetData } from 'write-excel-file/node';
import { LIMITS, SheetError } from './problem.js';
import { readSheet } from './sheet.js';
import { isDayFormat } from './workbook.js';

async function read(bytes: Buffer, name?: string): Promise<string[][]> {
  const rows: string[][] = [];
  for await (const { n, cells } of (await readSheet(bytes, name)).rows) rows.push([String(n), ...cells]);
  return rows;
}
const refusal = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => (error instanceof SheetError ? error.code : error),
  );

/** A zip of these parts; `declared` is what it says of itself that they unpack to. */
function zip(parts: Readonly<Record<string, string | Buffer>>, declared?: number): Buffer {
  const [files, central] = [[] as Buffer[], [] as Buffer[]];
  let offset = 0;
  for (const [name, content] of Object.entries(parts)) {
    const data = Buffer.from(content);
    const packed = deflateRawSync(data);
    const head = Buffer.alloc(26);
    head.writeUInt16LE(20, 0);
    head.writeUInt16LE(8, 4);
    head.writeUInt32LE(crc32(data), 10);
    head.writeUInt32LE(packed.length, 14);
    head.writeUInt32LE(declared ?? data.length, 18);
    head.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), head, Buffer.from(name), packed]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    central.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00'), head, tail, Buffer.from(name)]));
    files.push(local);
    offset += local.length;
  }
  const end = Buffer.alloc(18);
  end.writeUInt16LE(files.length, 4);
  end.writeUInt16LE(files.length, 6);
  end.writeUInt32LE(Buffer.concat(central).length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...files, ...central, Buffer.from('PK\x05\x06'), end]);
}

const RELATION = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const relations = (...of: readonly [id: string, type: string, target: string][]) =>
  `<Relationships>${of
    .map(([id, type, target]) => `<Relationship Id="${id}" Type="${RELATION}/${type}" Target="${target}"/>`)
    .join('')}</Relationships>`;

/** A workbook as Excel writes it, of one sheet with these rows. */
const workbook = (rows: string, more: Readonly<Record<string, string>> = {}, properties = '') => ({
  '_rels/.rels': relations(['r1', 'officeDocument', 'xl/workbook.xml']),
  'xl/workbook.xml': `<workbook>${properties}<sheets><sheet name="名单" sheetId="1" r:id="r1"/></sheets></workbook>`,
  'xl/_rels/workbook.xml.rels': relations(
    ['r1', 'worksheet', 'worksheets/sheet1.xml'],
    ['r2', 'sharedStrings', '/xl/sharedStrings.xml'],
    ['r3', 'styles', 'styles.xml'],
  ),
  'xl/worksheets/sheet1.xml': `<worksheet><sheetData>${rows}</sheetData></worksheet>`,
  ...more,
});
const STYLES =
  '<styleSheet><numFmts><numFmt numFmtId="176" formatCode="yyyy&quot;年&quot;m&quot;月&quot;"/></numFmts>' +
  '<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>' +
  '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="176"/><xf numFmtId="31"/></cellXfs></styleSheet>';

it('reads what another program writes, days and codes as people see them', async () => {
  const rows: SheetData = [
    ['企业名称', '入孵日', '面积', '代码'].map((value) => ({ value, type: String })),
    [
      { value: '甲 & 乙 <公司>', type: String },
      { value: new Date('2023-02-09'), type: Date, format: 'yyyy/m/d' },
      { value: 80.5, type: Number },
      { value: '91610400MA6Y0A0065', type: String },
    ],
  ];
  expect(await read(await writeXlsxFile(rows).toBuffer())).toEqual([
    ['1', '企业名称', '入孵日', '面积', '代码'],
    ['2', '甲 & 乙 <公司>', '2023-02-09', '80.5', '91610400MA6Y0A0065'],
  ]);
});

it('reads every kind of cell', async () => {
  const shared =
    '<sst><si><t>共享</t></si><si><r><t>富</t></r><r><t xml:space="preserve"> 文本</t></r><rPh><t>フ</t></rPh></si>' +
    '<si><t>a_x000D_b</t></si></sst>';
  const rows =
    '<row r="2"><c r="A2" t="s"><v>0</v></c><c r="C2" t="s"><v>1</v></c><c t="s"><v>2</v></c></row>' +
    '<row r="5"><c r="A5" s="1"><v>44966</v></c><c r="B5" s="2"><v>44966.5</v></c><c r="C5" s="3"><v>44966</v></c>' +
    '<c r="D5"><v>44966</v></c></row>' +
    '<row><c t="b"><v>1</v></c><c t="e"><v>#N/A</v></c><c t="str"><f>A1</f><v>算出</v></c>' +
    '<c t="inlineStr"><is><t>行内</t></is></c><c t="d"><v>2023-02-09</v></c><c><v>916101000000000000</v></c>' +
    '<c><v>0.30000000000000004</v></c><c/></row>';
  const parts = workbook(rows, { 'xl/sharedStrings.xml': shared, 'xl/styles.xml': STYLES });
  expect(await read(zip(parts))).toEqual([
    ['2', '共享', '', '富 文本', 'a\rb'],
    ['5', '2023-02-09', '2023-02-09 12:00:00', '2023-02-09', '44966'],
    ['6', 'true', '#N/A', '算出', '行内', '2023-02-09', '9.16101E+17', '0.3'],
  ]);
});

it('counts days from 1904 where the workbook does', async () => {
  const parts = workbook(
    '<row><c s="1"><v>43504</v></c></row>',
    { 'xl/styles.xml': STYLES },
    '<workbookPr date1904="1"/>',
  );
  expect(await read(zip(parts))).toEqual([['1', '2023-02-09']]);
});

it('numbers rows once and in order, whatever the part says', async () => {
  const row = (r: string) => `<row r="${r}"><c><v>${r.length}</v></c></row>`;
  const rows = await read(zip(workbook(['3', '3', '1', 'x'].map(row).join(''))));
  expect(rows.map(([n]) => n)).toEqual(['3', '4', '5', '6']);
  expect(await refusal(read(zip(workbook(row('1048576') + row('9'.repeat(30))))))).toBe('sheet.too-many-rows');
});

it('takes the sheet that is named', async () => {
  const bytes = zip(workbook('<row><c><v>1</v></c></row>'));
  expect(await read(bytes, '名单')).toEqual([['1', '1']]);
  await expect(read(bytes, '别的')).rejects.toThrow(/has no sheet "别的"; it has: 名单/);
});

it.each([
  ['yyyy-mm-dd', true],
  ['m"月"d"日"', true],
  ['[$-804]yyyy年m月', true],
  ['General', false],
  ['0.00', false],
  ['#,##0.00"days"', false],
  ['[Red]0.00', false],
  ['@', false],
])('the format %s shows a day: %s', (code, said) => expect(isDayFormat(code)).toBe(said));

const HALF_A_GIGABYTE = 512 * 1024 * 1024;
const withSheet = (part: string | Buffer, declared?: number) =>
  zip({ ...workbook(''), 'xl/worksheets/sheet1.xml': part }, declared);
/** Markup that unpacks to more than is taken. */
const bomb = Buffer.concat([
  Buffer.from('<worksheet>'),
  Buffer.alloc(LIMITS.unzippedBytes + 4, '<x y="01234567890"/>'),
]);
const ENTITIES = '<!DOCTYPE x [<!ENTITY a "b">]><workbook/>';

it.each([
  ['a part that unpacks to more than is taken', withSheet(bomb), 'unpacks-to-too-much'],
  ['one that says of itself that it is small', withSheet(bomb, 100), 'xlsx'],
  ['rows without an end', withSheet(`<worksheet>${'<row/>'.repeat(1_048_577)}`), 'too-many-rows'],
  ['a text without an end', zip(workbook(`<row><c t="str"><v>${'x'.repeat(3e6)}</v></c></row>`)), 'xlsx'],
  ['a document type, for entities that expand', zip({ ...workbook(''), 'xl/workbook.xml': ENTITIES }), 'xlsx'],
  ['an entity that XML does not know', zip(workbook('<row><c t="str"><v>&a;</v></c></row>')), 'xlsx'],
  ['XML that ends too early', withSheet('<worksheet><row>'), 'xlsx'],
  ['a zip of something else', zip({ 'a.txt': 'b' }), 'xlsx'],
  ['a column beyond all', zip(workbook('<row><c r="XFD1"><v>1</v></c></row>')), 'too-many-columns'],
])('refuses %s', async (_, bytes, code) => {
  const before = process.memoryUsage().rss;
  expect(await refusal(read(bytes))).toBe(`sheet.${code}`);
  expect(process.memoryUsage().rss - before).toBeLessThan(HALF_A_GIGABYTE);
});
