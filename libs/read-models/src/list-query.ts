import type { AnyList } from '#libs/messages';
import { admittedIn } from './list-admitted.js';
import { beyond, cursorAt } from './list-cursor.js';
import { scoped, stateOf, type Given, type Scope, type Times } from './list-state.js';
import { columnsOf, gramsOf, OWN, quoted, sortedBy, tableOf } from './list-table.js';
import type { Sql } from './sql.js';

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
  const next = rows.length > limit && last ? cursorAt(last.order) : null;
  const items = shown.map(({ row }) => ({ row: rowOf(list, row), trace: traceOf(row) }));
  const admitted = await admittedIn(
    sql,
    list,
    items.map(({ row }) => row),
    question,
  );
  return { items: items.map((item) => ({ ...item, admitted: admitted(item.row) })), next };
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
  const fields = [...(field === undefined ? [] : [field]), ...(list.key as string[])];
  const conditions = [
    stateOf(list, question, given),
    scoped(list, scope, given),
    ...Object.entries(filter).map(([name, value]) => `t."${name}" = ${given(value)}`),
    ...(after === undefined ? [] : [beyond(list, fields, order, after, given, down)]),
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

export const rowOf = (list: AnyList, stored: Readonly<Record<string, unknown>>): object =>
  Object.fromEntries(columnsOf(list).map(({ name }) => [name, stored[name]]));

export function traceOf(stored: Readonly<Record<string, unknown>>): Trace {
  return {
    day: stored['_valid_from'] as string,
    position: stored['_known_from'] as string,
    event: stored['_event'] as string,
    cause: stored['_cause'] as string,
    stream: stored['_stream'] as string,
    revision: stored['_revision'] as number,
  };
}
