import { randomUUID } from 'node:crypto';
import type { Actor } from '#libs/eventing';
import { ProblemException, type FieldProblem } from '#libs/eventing-nest';
import { LIMITS, readSheet, templateHeader, type Headers, type Notice, type Sheet, type SheetRow } from '#libs/sheets';
import { Breath } from './breath.js';
import type { Importable } from './importable.js';
import type { ImportStore } from './import-store.js';
import type { SheetColumn } from './imports.table.js';
import { withoutHeader, type Cells } from './row-fields.js';

/** Rows that are in memory beside the file. */
const PAGE = 1_000;
/** The header stands in one of the first rows: people write a title above it. */
const HEADER_WITHIN = 10;

export interface Upload {
  readonly actor: Actor;
  readonly importable: Importable;
  readonly bytes: Buffer;
  /** Of a workbook, which of its sheets. */
  readonly sheet?: string;
  readonly file: string | null;
  readonly createdAt: string;
}

/**
 * Takes a file in, row by row, as an import that waits to be checked.
 *
 * @returns its id
 * @throws SheetError, and ProblemException where it is no sheet of this command
 */
export async function takeIn(store: ImportStore, { actor, importable, bytes, ...upload }: Upload): Promise<string> {
  const sheet = await readSheet(bytes, upload.sheet);
  const { columns, notices, first, rest } = await headed(sheet, importable.headers);
  const { file, createdAt } = upload;
  const { format, encoding, name } = sheet;
  const id = randomUUID();
  const command = importable.path;
  await store.begin({ id, actor, command, file, format, encoding, sheet: name, columns, notices, createdAt });
  try {
    const count = await addRows(store, id, columns, first, rest);
    if (count === 0) throw noRows();
    await store.enter(id, 'checking', ['reading']);
    return id;
  } catch (error) {
    await store.drop(id);
    throw error;
  }
}

async function addRows(
  store: ImportStore,
  id: string,
  columns: readonly SheetColumn[],
  first: readonly SheetRow[],
  rest: AsyncIterable<SheetRow>,
): Promise<number> {
  const breath = new Breath();
  let page: { n: number; cells: Cells }[] = first.map((row) => cellsOf(row, columns));
  let count = page.length;
  for await (const row of rest) {
    page.push(cellsOf(row, columns));
    count += 1;
    if (page.length >= PAGE) {
      await store.add(id, page);
      page = [];
    }
    await breath.taken();
  }
  await store.add(id, page);
  return count;
}

interface Headed {
  readonly columns: readonly SheetColumn[];
  readonly notices: readonly Notice[];
  /** Rows that were read in looking for the header, and the rest of them. */
  readonly first: readonly SheetRow[];
  readonly rest: AsyncIterable<SheetRow>;
}

async function headed({ rows }: Sheet, headers: Headers): Promise<Headed> {
  const iterator = rows[Symbol.asyncIterator]();
  const read: SheetRow[] = [];
  while (read.length < HEADER_WITHIN) {
    const { done, value } = await iterator.next();
    if (done) break;
    read.push(value);
  }
  const counts = read.map(({ cells }) => headers.countOf(cells));
  const most = Math.max(0, ...counts);
  if (most === 0) throw noHeader(headers);
  const at = counts.indexOf(most);
  const { columns, notices } = headers.recognise(read[at]!.cells);
  const fatal = notices.some(({ code }) => code === 'column.missing' || code === 'column.unit');
  if (fatal) throw wrongColumns(notices);
  const keys = new Set(columns.map(({ field }) => field));
  const keyed = columns.map((column, i): SheetColumn => {
    const name = column.header === '' ? withoutHeader(i + 1) : column.header;
    const key = column.field ?? (keys.has(name) ? `${name}#${i + 1}` : name);
    keys.add(key);
    return { ...column, key };
  });
  return { columns: keyed, notices, first: read.slice(at + 1), rest: { [Symbol.asyncIterator]: () => iterator } };
}

function cellsOf({ n, cells }: SheetRow, columns: readonly SheetColumn[]): { n: number; cells: Cells } {
  const said = cells.map((text, at) => [columns[at]?.key ?? withoutHeader(at + 1), text] as const);
  return { n, cells: Object.fromEntries(said.filter(([, text]) => text !== '')) };
}

const asFault = ({ column, code, zh, en }: Notice): FieldProblem => ({ field: column, code, zh, en });

function wrongColumns(notices: readonly Notice[]): ProblemException {
  const list = notices.filter(({ code }) => code !== 'column.unit-assumed').map(asFault);
  const told = (of: 'zh' | 'en', between: string) => list.map((fault) => fault[of]).join(between);
  return new ProblemException(422, 'import.columns', told('zh', '；'), told('en', '; '), list);
}

function noHeader({ columns }: Headers): ProblemException {
  const titles = columns.map(templateHeader).join('、');
  return new ProblemException(
    422,
    'import.no-header',
    `前 ${HEADER_WITHIN} 行中没有表头；应有的列（* 为必填）：${titles}`,
    `None of the first ${HEADER_WITHIN} rows is a header; the columns are (* is required): ${titles}`,
  );
}

const noRows = () =>
  new ProblemException(
    422,
    'import.no-rows',
    `表头之下没有内容；每行一条，至多 ${LIMITS.rows} 行`,
    `There is nothing below the header; a sheet has up to ${LIMITS.rows} rows`,
  );
