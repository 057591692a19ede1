import { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { LIMITS, SheetError, tooMany } from './problem.js';
import type { SheetRow } from './sheet.js';

const DELIMITERS = [',', ';', '\t'] as const;
/** What Excel writes and reads as a first line that tells the delimiter. */
const SAID = /^sep=([,;\t|])\r?\n/i;
/** Lines that tell which delimiter a file has. */
const LOOKED_AT = 20;
/** Characters that are parsed at once; between them others have their turn. */
const SLICE = 64 * 1024;

/** The delimiter that stands most often in the first lines, outside quotes; a comma where there is none. */
export function delimiterOf(text: string): string {
  const [, said] = SAID.exec(text) ?? [];
  if (said !== undefined) return said;
  const lines = text
    .slice(0, SLICE)
    .replaceAll(/"(?:[^"]|"")*"/g, '')
    .split(/\r\n|\n|\r/, LOOKED_AT);
  const counts = DELIMITERS.map((delimiter) => lines.join('').split(delimiter).length);
  return DELIMITERS[counts.indexOf(Math.max(...counts))]!;
}

/**
 * The rows of a CSV text, each with its number as people count records, the first being 1.
 *
 * @throws SheetError, while it is read, where the text is no CSV or has too much
 */
export async function* csvRows(text: string): AsyncGenerator<SheetRow> {
  const body = text.replace(SAID, '');
  const parser = parse({
    delimiter: delimiterOf(text),
    // Rows that were added by another program may end otherwise than those before.
    recordDelimiter: ['\r\n', '\n', '\r'],
    relaxColumnCount: true,
    relaxQuotes: true,
    maxRecordSize: LIMITS.columns * LIMITS.cellCharacters,
  });
  let n = body.length < text.length ? 1 : 0;
  try {
    for await (const cells of Readable.from(slices(body)).pipe(parser) as AsyncIterable<string[]>) {
      n += 1;
      yield { n, cells };
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    if (error.code === 'CSV_MAX_RECORD_SIZE') throw tooMany('cellCharacters', `第 ${n + 1} 行 row ${n + 1}`);
    throw new SheetError(
      'sheet.csv',
      `第 ${n + 1} 行起不是 CSV：引号没有配对`,
      `From row ${n + 1} on it is no CSV: a quotation mark has no other`,
    );
  }
}

function* slices(text: string): Generator<string> {
  for (let at = 0; at < text.length; at += SLICE) yield text.slice(at, at + SLICE);
}
