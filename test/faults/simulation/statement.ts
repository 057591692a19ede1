import { QueryFailedError } from 'typeorm';
import type { Row, Transaction } from './server.js';

export type Run = (t: Transaction, parameters: unknown[], sql: string) => unknown;

/** What a statement of the product does, known by its beginning. */
export type Statement = readonly [begins: string, name: string, run: Run];

export const keyOf = (...parts: unknown[]) => JSON.stringify(parts);

/** What TypeORM makes of an UPDATE's answer. */
export const changed = (rows: readonly object[]) => [rows, rows.length];

/** The rows of a JSON parameter. */
export const records = (json: unknown) => JSON.parse(json as string) as Row[];

export const quoted = (list: string) => [...list.matchAll(/"([^"]+)"/g)].map(([, name]) => name!);

export const rowKey = (row: Row, key: readonly string[]) => JSON.stringify(key.map((column) => row[column]));

/** What TypeORM throws, and near enough what pg does; without a state, the connection is gone. */
export function failure(code: string, message: string): QueryFailedError {
  return new QueryFailedError('', [], Object.assign(new Error(message), code === '' ? {} : { code }));
}
