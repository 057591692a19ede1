import { stringify } from 'csv-stringify/sync';
import writeXlsxFile, { type Cell } from 'write-excel-file/node';
import { isMeasured, type Column } from './column.js';
import { templateHeader } from './headers.js';

/** Rows below the example that take codes as text: a cell that Excel is not told of turns eighteen digits into 9.16E+17. */
const READY_ROWS = 500;

/** What a sheet of a command looks like: a header, and one row of examples. */
export function templateRows(columns: readonly Column[]): readonly [header: string[], example: string[]] {
  return [columns.map(templateHeader), columns.map(exampleOf)];
}

/**
 * The example of a column as one would write it: an amount in yuan, one of a list by what it is called. A day that may be left out,
 * as the end of something, and what is said only where it is so, are: whoever copies the row would say more than is meant.
 */
function exampleOf({ kind, example, choices, isRequired }: Column): string {
  if (!isRequired && (kind === 'day' || kind === 'flag' || kind === 'choice')) return '';
  if (kind === 'choice') {
    const [value, called] = [...(choices ?? [])].find(([one]) => example === undefined || one === example) ?? [''];
    return called?.[0] ?? value;
  }
  if (example === undefined) return '';
  if (kind === 'fen') return String(Number(example) / 100);
  if (kind === 'flag') return example === true ? '是' : '否';
  return typeof example === 'object' ? example.join('、') : String(example);
}

/** With a byte order mark, so that Excel takes it for UTF-8. */
export const csvTemplate = (columns: readonly Column[]): string => `\uFEFF${stringify([...templateRows(columns)])}`;

export function xlsxTemplate(columns: readonly Column[]): Promise<Buffer> {
  const [header, example] = templateRows(columns);
  const asText = (value: string): Cell => ({ value, type: String, format: '@' });
  const isNumber = columns.map(({ kind }) => isMeasured(kind) || kind === 'whole');
  const cell = (value: string, at: number): Cell =>
    isNumber[at] ? (value === '' ? null : { value: Number(value), type: Number }) : asText(value);
  const rows = [
    header.map((value): Cell => ({ value, type: String, fontWeight: 'bold' })),
    example.map(cell),
    ...Array.from({ length: READY_ROWS }, () => columns.map((_, at) => cell('', at))),
  ];
  const widths = header.map((title) => ({ width: Math.max(12, title.length * 2 + 2) }));
  return writeXlsxFile(rows, { sheet: '导入', columns: widths, stickyRowsCount: 1 }).toBuffer();
}
