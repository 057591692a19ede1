import { csvRows } from './csv.js';
import { decoded, type Encoding } from './decode.js';
import { LIMITS, SheetError, tooMany } from './problem.js';
import { xlsxRows } from './xlsx.js';

/** A row as it stands in the file; `n` is the number that people see beside it. */
export interface SheetRow {
  readonly n: number;
  readonly cells: readonly string[];
}

export interface Sheet {
  readonly format: 'csv' | 'xlsx';
  /** Of a CSV file, what it was read in. */
  readonly encoding: Encoding | null;
  /** Of a workbook, which of its sheets. */
  readonly name: string | null;
  /** All rows that are not blank, to be read once. */
  readonly rows: AsyncIterable<SheetRow>;
}

const startsWith = (bytes: Uint8Array, ...magic: number[]) => magic.every((byte, i) => bytes[i] === byte);

/**
 * Reads a file by what it is, not by what it is called: a zip is a workbook, the rest is CSV.
 *
 * @param name of a workbook: which of its sheets; the first when absent
 * @throws SheetError, here or while the rows are read
 */
export async function readSheet(bytes: Buffer, name?: string): Promise<Sheet> {
  if (bytes.length > LIMITS.bytes) throw tooBig();
  if (bytes.length === 0) throw new SheetError('sheet.empty', '文件是空的', 'The file is empty');
  if (startsWith(bytes, 0xd0, 0xcf, 0x11, 0xe0)) {
    throw new SheetError(
      'sheet.old-excel',
      '这是 97—2003 版的 .xls，或有密码的工作簿；请另存为不带密码的 .xlsx',
      'This is an .xls of Excel 97–2003, or a workbook with a password: save it as .xlsx without one',
    );
  }
  if (startsWith(bytes, 0x50, 0x4b)) {
    const { sheet, rows } = await xlsxRows(bytes, name);
    return { format: 'xlsx', encoding: null, name: sheet, rows: bounded(rows) };
  }
  const { text, encoding } = decoded(bytes);
  return { format: 'csv', encoding, name: null, rows: bounded(csvRows(text)) };
}

export const tooBig = () =>
  new SheetError(
    'sheet.too-big',
    `文件至多 ${LIMITS.bytes / 1024 / 1024} MB；请分成几份`,
    `A file has at most ${LIMITS.bytes / 1024 / 1024} MB: split it`,
  );

/** Rows with something in them, without blanks around, each within the limits. */
async function* bounded(rows: AsyncIterable<SheetRow>): AsyncGenerator<SheetRow> {
  let count = 0;
  for await (const { n, cells } of rows) {
    const texts = cells.map(readable);
    while (texts.length > 0 && texts.at(-1) === '') texts.pop();
    if (texts.length === 0) continue;
    // The header is one more.
    if (++count > LIMITS.rows + 1) throw tooMany('rows');
    if (texts.length > LIMITS.columns) throw tooMany('columns', `第 ${n} 行 row ${n}`);
    if (texts.some((text) => text.length > LIMITS.cellCharacters))
      throw tooMany('cellCharacters', `第 ${n} 行 row ${n}`);
    yield { n, cells: texts };
  }
}

/** Without blanks around it. A NUL or half of a character no database takes: U+FFFD stands for it, which every field refuses. */
export const readable = (text: string): string => text.toWellFormed().replaceAll('\0', '\uFFFD').trim();
