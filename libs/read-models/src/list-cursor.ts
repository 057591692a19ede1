import type { AnyList } from '#libs/messages';
import type { Given } from './list-state.js';
import { columnsOf, type Column } from './list-table.js';

/** A cursor that no page of this list has given in this order. */
export class CursorError extends Error {
  constructor() {
    super('the cursor is not of this list in this order');
    this.name = 'CursorError';
  }
}

/** A row's place in the order of its page, as the next page is asked for with it. */
export const cursorAt = (order: readonly unknown[]): string => Buffer.from(JSON.stringify(order)).toString('base64url');

/** The condition of a statement for what lies behind a place in the order of these fields. @throws CursorError */
export function beyond(
  list: AnyList,
  fields: readonly string[],
  terms: readonly string[],
  after: string,
  given: Given,
  down = false,
): string {
  const columns = columnsOf(list);
  const types = fields.map((field) => columns.find(({ name }) => name === field)!.type);
  const place = cursorOf(after, types).map((value, i) => `${given(value)}::${types[i]}`);
  return `(${terms.join(', ')}) ${down ? '<' : '>'} (${place.join(', ')})`;
}

/** The values of a place, of these types. @throws CursorError */
function cursorOf(after: string, types: readonly Column['type'][]): unknown[] {
  let values: unknown;
  try {
    values = JSON.parse(Buffer.from(after, 'base64url').toString('utf8'));
  } catch {
    throw new CursorError();
  }
  const fits = (value: unknown, type: Column['type']) =>
    type === 'text collate "C"' ? typeof value === 'string' && !value.includes('\0') : Number.isFinite(value);
  if (
    !Array.isArray(values) ||
    values.length !== types.length ||
    !types.every((type, i) => fits((values as unknown[])[i], type))
  )
    throw new CursorError();
  return values as unknown[];
}
