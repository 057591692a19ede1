import type { AnyList } from '#libs/messages';
import { columnsOf, gramsOf, sortedBy, tableOf, type Column } from './list-table.js';
import type { Sql } from './sql.js';

/** The regions whose things the asker may see. It hides rows; it never changes one. */
export type Scope = 'all' | readonly string[];

/** Which state is asked for: what was true on a day, what was known at a position; both are the latest when absent. */
export interface Times {
  readonly asOf?: string;
  readonly asAt?: string;
}

export interface ListQuestion extends Times {
  readonly scope: Scope;
  readonly filter: Readonly<Record<string, string | number | boolean>>;
  /** Part of what the list is searched in. */
  readonly search?: string;
  /** A field that the list can be put in order by, downwards with a `-` before it; its key when absent. */
  readonly sort?: string;
  /** The `next` of the page before. */
  readonly after?: string;
  readonly limit: number;
}

/** Which fact a row stands on. */
export interface Trace {
  /** The day from which it holds. */
  readonly day: string;
  readonly position: string;
  readonly event: string;
  readonly cause: string;
  readonly stream: string;
  readonly revision: number;
}

export interface ListPage {
  readonly items: readonly { readonly row: object; readonly trace: Trace }[];
  /** What to ask the next page with; null on the last. */
  readonly next: string | null;
}

/** A cursor that no page of this list has given in this order. */
export class CursorError extends Error {
  constructor() {
    super('the cursor is not of this list in this order');
    this.name = 'CursorError';
  }
}

/** After every position and every day. */
const EVER = '~';

/** A page of a list. @throws CursorError */
export async function askList(sql: Sql, list: AnyList, question: ListQuestion): Promise<ListPage> {
  const { limit, search, after } = question;
  const parameters: unknown[] = [];
  const given = (value: unknown) => `$${parameters.push(value)}`;
  const field = question.sort?.replace(/^-/, '');
  const down = question.sort?.startsWith('-') ?? false;
  const order = [
    ...(field === undefined ? [] : [sortedBy(list, field)]),
    ...list.key.map((name: string) => `t."${name}"`),
  ];
  const conditions = [
    stateOf(list, question, given),
    scoped(list, question.scope, given),
    ...Object.entries(question.filter).map(([name, value]) => `t."${name}" = ${given(value)}`),
    ...(search === undefined ? [] : searched(list, search, given)),
    ...(after === undefined ? [] : [beyond(list, field, order, down, after, given)]),
  ];
  const rows = await sql.query<{ row: Readonly<Record<string, unknown>>; order: unknown[] }>(
    `select to_jsonb(t) as row, jsonb_build_array(${order.join(', ')}) as order from ${tableOf(list)} t
      where ${conditions.join(' and ')}
      order by ${order.map((term) => `${term} ${down ? 'desc' : 'asc'}`).join(', ')} limit ${given(limit + 1)}`,
    parameters,
  );
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const next = rows.length > limit && last ? Buffer.from(JSON.stringify(last.order)).toString('base64url') : null;
  return { items: shown.map(({ row }) => ({ row: rowOf(list, row), trace: traceOf(row) })), next };
}

type Given = (value: unknown) => string;

/** The version of each thing that holds on the day, as it was known at the position. */
function stateOf(list: AnyList, { asOf, asAt }: Times, given: Given): string {
  if (asOf === undefined && asAt === undefined) return 't._current';
  const day = given(asOf ?? EVER);
  const position = given(asAt ?? EVER);
  const holds = (of: string) =>
    `${of}._valid_from <= ${day} and ${of}._known_from <= ${position} and (${of}._known_to is null or ${of}._known_to > ${position})`;
  const same = list.key.map((name: string) => `u."${name}" = t."${name}"`).join(' and ');
  return `${holds('t')} and not exists (
    select from ${tableOf(list)} u where ${same} and u._valid_from > t._valid_from and ${holds('u')})`;
}

function scoped({ visibleTo }: AnyList, scope: Scope, given: Given): string {
  if (scope === 'all' || visibleTo === 'all') return 'true';
  const regions = given(scope);
  return `(${visibleTo.map((name: string) => `t."${name}" = any(${regions})`).join(' or ')})`;
}

/** The pieces find the candidates by their index; that the text is really there is then looked at. */
function searched(list: AnyList, search: string, given: Given): string[] {
  const pattern = given(`%${search.replace(/[\\%_]/g, '\\$&')}%`);
  return [
    `t._grams @> ${given(gramsOf(search))}::text[]`,
    `(${list.search.map((name: string) => `t."${name}" ilike ${pattern}`).join(' or ')})`,
  ];
}

function beyond(
  list: AnyList,
  field: string | undefined,
  order: readonly string[],
  down: boolean,
  after: string,
  given: Given,
): string {
  const columns = columnsOf(list);
  const names = [...(field === undefined ? [] : [field]), ...(list.key as string[])];
  const types = names.map((name) => columns.find((c) => c.name === name)!.type);
  const values = cursorOf(after, types);
  const terms = values.map((value, i) => `${given(value)}::${types[i]}`);
  return `(${order.join(', ')}) ${down ? '<' : '>'} (${terms.join(', ')})`;
}

/** @throws CursorError */
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

const rowOf = (list: AnyList, stored: Readonly<Record<string, unknown>>): object =>
  Object.fromEntries(columnsOf(list).map(({ name }) => [name, stored[name]]));

function traceOf(stored: Readonly<Record<string, unknown>>): Trace {
  return {
    day: stored['_valid_from'] as string,
    position: stored['_known_from'] as string,
    event: stored['_event'] as string,
    cause: stored['_cause'] as string,
    stream: stored['_stream'] as string,
    revision: stored['_revision'] as number,
  };
}
