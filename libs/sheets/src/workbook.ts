import { posix } from 'node:path';
import { Archive, noWorkbook } from './archive.js';
import { LIMITS, SheetError, tooMany } from './problem.js';
import { parsedXml, parseXml } from './xml.js';

/** What the cells of a sheet refer to. */
export interface Workbook {
  readonly sheet: string;
  readonly part: string;
  readonly from1904: boolean;
  readonly texts: readonly string[];
  /** Of each cell style, whether it shows a number as a day or a time. */
  readonly showsDay: readonly boolean[];
}

/** @throws SheetError where there is no such sheet, or no workbook */
export async function openWorkbook(archive: Archive, name: string | undefined): Promise<Workbook> {
  const targets = await relations(archive, '_rels/.rels', '');
  const main = [...targets.values()].find(({ type }) => type.endsWith('/officeDocument'))?.part;
  if (main === undefined) throw noWorkbook('其中没有工作簿', 'it has no workbook');
  const { sheets, from1904 } = await sheetsOf(archive, main);
  const folder = posix.dirname(main);
  const parts = await relations(archive, posix.join(folder, '_rels', `${posix.basename(main)}.rels`), folder);
  const wanted = sheets.find((sheet) => name === undefined || sheet.name === name);
  const part = parts.get(wanted?.relation ?? '')?.part;
  if (!wanted || part === undefined) throw noSheet(name, sheets);
  const beside = (type: string) => [...parts.values()].find((one) => one.type.endsWith(`/${type}`))?.part;
  return {
    sheet: wanted.name,
    part,
    from1904,
    texts: await sharedTexts(archive, beside('sharedStrings')),
    showsDay: await styles(archive, beside('styles')),
  };
}

interface Listed {
  readonly name: string;
  readonly relation: string;
}

function noSheet(name: string | undefined, sheets: readonly Listed[]): SheetError {
  const names = sheets.map((sheet) => sheet.name).slice(0, 20);
  return new SheetError(
    'sheet.unknown',
    `工作簿中没有工作表${name === undefined ? '' : `“${name}”`}；有：${names.join('、') || '无'}`,
    `The workbook has no sheet${name === undefined ? '' : ` "${name}"`}; it has: ${names.join(', ') || 'none'}`,
  );
}

type Relations = ReadonlyMap<string, { readonly type: string; readonly part: string }>;

/** What a part refers to, by id. */
async function relations(archive: Archive, part: string, folder: string): Promise<Relations> {
  const found = new Map<string, { type: string; part: string }>();
  await parseXml(archive.read(part), {
    open(name, { Id = '', Type = '', Target = '', TargetMode = '' }) {
      if (name !== 'Relationship' || TargetMode === 'External') return;
      const at = Target.startsWith('/') ? Target.slice(1) : posix.join(folder, Target);
      found.set(Id, { type: Type, part: at });
    },
  });
  return found;
}

async function sheetsOf(archive: Archive, main: string): Promise<{ sheets: Listed[]; from1904: boolean }> {
  const sheets: Listed[] = [];
  let from1904 = false;
  await parseXml(archive.read(main), {
    open(name, attributes) {
      if (name === 'workbookPr') from1904 = /^(1|true)$/.test(attributes['date1904'] ?? '');
      if (name !== 'sheet') return;
      const [, relation = ''] = Object.entries(attributes).find(([key]) => /^(\w+:)?id$/.test(key)) ?? [];
      sheets.push({ name: attributes['name'] ?? '', relation });
    },
  });
  return { sheets, from1904 };
}

/** The texts that cells refer to by number: parts of rich text together, without what tells how they are read aloud. */
async function sharedTexts(archive: Archive, part: string | undefined): Promise<string[]> {
  if (part === undefined || !archive.has(part)) return [];
  const texts: string[] = [];
  let [text, characters, isText, isPhonetic] = ['', 0, false, false];
  const pieces = parsedXml(archive.read(part), {
    open(name) {
      if (name === 'si') text = '';
      if (name === 'rPh') isPhonetic = true;
      isText = name === 't' && !isPhonetic;
    },
    text(said) {
      if (isText) text += said;
    },
    close(name) {
      if (name === 'rPh') isPhonetic = false;
      if (name === 't') isText = false;
      if (name !== 'si') return;
      if (text.length > LIMITS.cellCharacters) throw tooMany('cellCharacters');
      // A number for each, too: a million empty ones are no less of a burden.
      characters += text.length + 8;
      if (characters > LIMITS.sharedCharacters) throw tooMuchText();
      texts.push(unescaped(text));
    },
  });
  for await (const _ of pieces);
  return texts;
}

const tooMuchText = () =>
  new SheetError('sheet.too-much-text', '工作簿中的文本过多；请分成几份', 'The workbook has too much text: split it');

/** What XML cannot write Excel writes by its code: `_x000D_`. */
export const unescaped = (text: string) =>
  text.replaceAll(/_x([0-9A-Fa-f]{4})_/g, (_, code: string) => String.fromCharCode(parseInt(code, 16)));

/** The number formats that Excel has without writing them down: days and times, with those of Chinese. */
const isBuiltInDay = (id: number) =>
  (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) || (id >= 50 && id <= 58);

/** Whether a format shows a day or a time: by its letters, outside quotes, colours and escapes. */
export const isDayFormat = (code: string) =>
  !/general/i.test(code) && /[ymdhs年月日]/i.test(code.replaceAll(/"[^"]*"|\[[^\]]*\]|\\.|_./g, ''));

async function styles(archive: Archive, part: string | undefined): Promise<boolean[]> {
  if (part === undefined || !archive.has(part)) return [];
  const own = new Map<number, boolean>();
  const showsDay: boolean[] = [];
  let isInCells = false;
  await parseXml(archive.read(part), {
    open(name, { numFmtId = '0', formatCode = '' }) {
      if (name === 'numFmt') own.set(Number(numFmtId), isDayFormat(formatCode));
      if (name === 'cellXfs') isInCells = true;
      if (name === 'xf' && isInCells) showsDay.push(own.get(Number(numFmtId)) ?? isBuiltInDay(Number(numFmtId)));
    },
    close(name) {
      if (name === 'cellXfs') isInCells = false;
    },
  });
  return showsDay;
}
