import { admittedCodes, type AnyList } from '#libs/messages';
import { columnsOf, gramsOf, OWN, quoted, sortedBy, tableOf, type Column } from './list-table.js';
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

/** A row, with the codes of firms in it that fail the standard and that the province has admitted all the same. */
export interface ListItem {
  readonly row: object;
  readonly trace: Trace;
  readonly admitted: readonly string[];
}

export interface ListPage {
  readonly items: readonly ListItem[];
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

/** Texts that many things have are found among so many in the page's order; those that few have, by the index of pieces. */
const NEAR = 5_000;

interface Told {
  readonly row: Readonly<Record<string, unknown>>;
  readonly order: readonly unknown[];
}

/** A page of a list. @throws CursorError */
export async function askList(sql: Sql, list: AnyList, question: ListQuestion): Promise<ListPage> {
  const { limit, search } = question;
  const near = search === undefined ? [] : await pageOf(sql, list, question, NEAR);
  const rows = near.length > limit ? near : await pageOf(sql, list, question);
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const next = rows.length > limit && last ? Buffer.from(JSON.stringify(last.order)).toString('base64url') : null;
  const items = shown.map(({ row }) => ({ row: rowOf(list, row), trace: traceOf(row), codes: codesIn(row) }));
  const codes = namesFirms(list) ? items.flatMap((item) => item.codes) : [];
  const admitted = await admittedAmong(sql, codes, question);
  return {
    items: items.map(({ codes, ...item }) => ({ ...item, admitted: codes.filter((code) => admitted.has(code)) })),
    next,
  };
}

/** Whether rows of a list name firms by their codes. The list of admitted codes has nothing to mark: it is the mark. */
export const namesFirms = (list: AnyList): boolean => list.name !== admittedCodes.name && hasCode(list.row as Fields);

interface Fields {
  readonly properties?: Readonly<Record<string, Fields>>;
  readonly anyOf?: readonly Fields[];
}

const hasCode = ({ properties = {}, anyOf = [] }: Fields): boolean =>
  'uscc' in properties || [...Object.values(properties), ...anyOf].some(hasCode);

/** The codes that a row has in fields called `uscc`, however deep. */
function codesIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, of]) =>
    name === 'uscc' && typeof of === 'string' ? [of] : codesIn(of),
  );
}

/** Which of these codes stood admitted then. */
async function admittedAmong(sql: Sql, codes: readonly string[], times: Times): Promise<ReadonlySet<string>> {
  if (codes.length === 0) return new Set();
  const parameters: unknown[] = [];
  const given = (value: unknown) => `$${parameters.push(value)}`;
  const admitted = await sql.query<{ uscc: string }>(
    `select uscc from ${tableOf(admittedCodes)} t
     where uscc = any(${given([...new Set(codes)])}) and status = 'admitted' and ${stateOf(admittedCodes, times, given)}`,
    parameters,
  );
  return new Set(admitted.map(({ uscc }) => uscc));
}

/** The rows of a page and one more; where `near` is said, only what is searched for among so many. */
function pageOf(sql: Sql, list: AnyList, question: ListQuestion, near?: number): Promise<readonly Told[]> {
  const { limit, search, after, scope, filter } = question;
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
    scoped(list, scope, given),
    ...Object.entries(filter).map(([name, value]) => `t."${name}" = ${given(value)}`),
    ...(after === undefined ? [] : [beyond(list, field, order, down, after, given)]),
  ];
  const has = search === undefined ? 'true' : hasText(list, search, given);
  const inOrder = `order by ${order.map((term) => `${term} ${down ? 'desc' : 'asc'}`).join(', ')}`;
  const columns = quoted([...columnsOf(list).map(({ name }) => name), ...OWN]);
  const from = (of: string, where: readonly string[], rows: number) =>
    `(select ${columns} from ${of} t where ${where.join(' and ')} ${inOrder} limit ${given(rows)})`;
  const found =
    near === undefined
      ? from(
          tableOf(list),
          [...conditions, ...(search === undefined ? [] : [hasPieces(search, given), has])],
          limit + 1,
        )
      : from(from(tableOf(list), conditions, near), [has], limit + 1);
  // Only the page is put into JSON, not all that had to be sorted for it.
  return sql.query<Told>(
    `select to_jsonb(t) as row, jsonb_build_array(${order.join(', ')}) as order from ${found} t ${inOrder}`,
    parameters,
  );
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

/** By their index, pieces find the candidates: pairs of characters where there are any, since single ones are in too many texts. */
function hasPieces(search: string, given: Given): string {
  const pieces = gramsOf(search);
  const pairs = pieces.filter((piece) => [...piece].length > 1);
  return `t._grams @> ${given(pairs.length > 0 ? pairs : pieces)}::text[]`;
}

function hasText(list: AnyList, search: string, given: Given): string {
  const pattern = given(`%${search.replace(/[\\%_]/g, '\\$&')}%`);
  return `(${list.search.map((name: string) => `t."${name}" ilike ${pattern}`).join(' or ')})`;
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
