import { admittedCodes, type AnyList } from '#libs/messages';
import { stateOf, type Times } from './list-state.js';
import { tableOf } from './list-table.js';
import type { Sql } from './sql.js';

interface Fields {
  readonly properties?: Readonly<Record<string, Fields>>;
  readonly anyOf?: readonly Fields[];
}

/** Whether rows of a list name firms by their codes. The list of admitted codes has nothing to mark: it is the mark. */
export const namesFirms = (list: AnyList): boolean => list.name !== admittedCodes.name && hasCode(list.row as Fields);

const hasCode = ({ properties = {}, anyOf = [] }: Fields): boolean =>
  'uscc' in properties || [...Object.values(properties), ...anyOf].some(hasCode);

/** The codes that a row has in fields called `uscc`, however deep. */
function codesIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, of]) =>
    name === 'uscc' && typeof of === 'string' ? [of] : codesIn(of),
  );
}

/** Tells of each of these rows the codes in it that fail the standard and that stood admitted by the province then. */
export async function admittedIn(
  sql: Sql,
  list: AnyList,
  rows: readonly object[],
  times: Times,
): Promise<(row: object) => readonly string[]> {
  const codes = namesFirms(list) ? [...new Set(rows.flatMap(codesIn))] : [];
  if (codes.length === 0) return () => [];
  const parameters: unknown[] = [];
  const given = (value: unknown) => `$${parameters.push(value)}`;
  const found = await sql.query<{ uscc: string }>(
    `select uscc from ${tableOf(admittedCodes)} t
      where uscc = any(${given(codes)}) and status = 'admitted' and ${stateOf(admittedCodes, times, given)}`,
    parameters,
  );
  const admitted = new Set(found.map(({ uscc }) => uscc));
  return (row) => codesIn(row).filter((code) => admitted.has(code));
}
