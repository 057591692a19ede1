import { StringDecoder } from 'node:string_decoder';
import type { PoolClient } from 'pg';
import { to } from 'pg-copy-streams';
import type { Cells } from './stored-event.js';

const ESCAPES: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

/**
 * The rows of a query, by COPY: about half the client's work of reading the same rows one message each. COPY takes no
 * parameters, so every value in `query` must have been made safe.
 */
export async function copied(client: PoolClient, query: string): Promise<Cells[]> {
  const rows: Cells[] = [];
  const text = new StringDecoder('utf8');
  let rest = '';
  // Chunk by chunk: the same text at once, some megabytes of it, takes half as long again.
  for await (const chunk of client.query(to(`copy (${query}) to stdout`))) {
    const lines = (rest + text.write(chunk as Buffer)).split('\n');
    rest = lines.pop()!;
    for (const line of lines) {
      const cells = line.split('\t');
      // A tab or a line end inside a value comes as an escape, so the splits above are right.
      rows.push(line.includes('\\') ? cells.map(unescaped) : cells);
    }
  }
  return rows;
}

const unescaped = (cell: string) => cell.replace(/\\(.)/g, (_, c: string) => ESCAPES[c] ?? c);
