import { Archive } from './archive.js';
import { serialDay } from './days.js';
import { shownNumber } from './numbers.js';
import { LIMITS, tooMany } from './problem.js';
import type { SheetRow } from './sheet.js';
import { openWorkbook, unescaped, type Workbook } from './workbook.js';
import { parsedXml } from './xml.js';

/**
 * The rows of a sheet of a workbook, while it is unpacked and parsed: what is in memory is a piece of it and its shared texts.
 *
 * @throws SheetError, here or while the rows are read
 */
export async function xlsxRows(
  bytes: Buffer,
  name?: string,
): Promise<{ readonly sheet: string; readonly rows: AsyncIterable<SheetRow> }> {
  const archive = await Archive.open(bytes);
  const workbook = await openWorkbook(archive, name);
  return { sheet: workbook.sheet, rows: rowsOf(archive, workbook) };
}

/** Of a sheet of Excel. */
const LAST_ROW = 1_048_576;

/** The cell that is being read. */
interface Cell {
  readonly column: number;
  readonly type: string;
  readonly style: number;
}

async function* rowsOf(archive: Archive, workbook: Workbook): AsyncGenerator<SheetRow> {
  const ready: SheetRow[] = [];
  let [n, cells, cell, text, isValue] = [0, [] as string[], undefined as Cell | undefined, '', false];
  const pieces = parsedXml(archive.read(workbook.part), {
    open(name, { r, t = 'n', s = '0' }) {
      if (name === 'row') {
        // Each number once and in order, whatever the part says.
        n = Math.max(n + 1, Math.min(Number(r ?? 0) || 0, LAST_ROW));
        if (n > LAST_ROW) throw tooMany('rows');
        cells = [];
      } else if (name === 'c') {
        const column = columnOf(r) ?? cells.length;
        if (column >= LIMITS.columns) throw tooMany('columns', `第 ${n} 行 row ${n}`);
        cell = { column, type: t, style: Number(s) };
        text = '';
      } else if (name === 'v' || name === 't') isValue = true;
    },
    text(said) {
      if (isValue && cell) text += said;
    },
    close(name) {
      if (name === 'v' || name === 't') isValue = false;
      if (name === 'c' && cell) {
        while (cells.length < cell.column) cells.push('');
        cells[cell.column] = shown(text, cell, workbook);
        cell = undefined;
      }
      if (name === 'row') ready.push({ n, cells });
    },
  });
  for await (const _ of pieces) yield* ready.splice(0);
}

/** `AB12` is in column 27. */
function columnOf(reference = ''): number | undefined {
  const letters = /^[A-Z]{1,3}/.exec(reference)?.[0];
  return letters === undefined
    ? undefined
    : [...letters].reduce((at, letter) => at * 26 + letter.charCodeAt(0) - 64, 0) - 1;
}

/** A cell's text as people see it: Excel stores a day as a number, and a shared text as its place. */
function shown(text: string, { type, style }: Cell, { texts, showsDay, from1904 }: Workbook): string {
  if (type === 's') return texts[Number(text)] ?? '';
  if (type === 'inlineStr' || type === 'str') return unescaped(text);
  if (type === 'b') return text === '1' ? 'true' : 'false';
  if (type !== 'n' || text === '') return text;
  const number = Number(text);
  const isDay = showsDay[style] === true && number >= 1 && number < 1e6;
  return isDay ? serialDay(number, from1904) : shownNumber(text);
}
