import type { AnyList } from '#libs/messages';
import { admittedIn } from './list-admitted.js';
import { askList, rowOf, traceOf, type Trace } from './list-query.js';
import { scoped, stateOf, type Given, type Scope, type Times } from './list-state.js';
import { columnsOf, tableOf } from './list-table.js';
import type { Sql } from './sql.js';

export interface Sought extends Times {
  readonly text: string;
  readonly scope: Scope;
  readonly limit: number;
}

export interface Found {
  readonly row: Readonly<Record<string, unknown>>;
  readonly trace: Trace;
  readonly admitted: readonly string[];
  /** A part of its key, or something that the list is searched in, is the text itself. */
  readonly exact: boolean;
}

/** What a list has by a name or a code: first what the text names exactly, then what has it in it. */
export async function searchList(sql: Sql, list: AnyList, sought: Sought) {
  const { text, limit, scope, asOf, asAt } = sought;
  const named = await exactly(sql, list, sought);
  const { items, next } = await askList(sql, list, { scope, asOf, asAt, filter: {}, search: text, limit });
  const found = new Map<string, Found>();
  const all = [...named, ...items] as Pick<Found, 'row' | 'trace'>[];
  const admitted = await admittedIn(
    sql,
    list,
    all.map(({ row }) => row),
    sought,
  );
  for (const { row, trace } of all)
    found.set(keyOf(list, row), { row, trace, admitted: admitted(row), exact: isExact(list, row, text) });
  const inOrder = [...found.values()].sort((a, b) => Number(b.exact) - Number(a.exact));
  return { found: inOrder.slice(0, limit), more: next !== null || inOrder.length > limit };
}

const keyOf = ({ key }: AnyList, row: Found['row']) => JSON.stringify(key.map((name: string) => row[name]));

/** Codes are written with small letters or with capitals, never with both. */
const written = (text: string) => [...new Set([text, text.toLowerCase(), text.toUpperCase()])];

const isExact = ({ key, search }: AnyList, row: Found['row'], text: string) =>
  [...key, ...search].some((name: string) => written(text).includes(row[name] as string));

/** Only by fields that have an index: a list may have many rows, and this is asked of all lists. */
async function exactly(sql: Sql, list: AnyList, { text, scope, limit, asOf, asAt }: Sought) {
  const parameters: unknown[] = [];
  const given: Given = (value) => `$${parameters.push(value)}`;
  const texts = given(written(text));
  const conditions = [
    stateOf(list, { asOf, asAt }, given),
    scoped(list, scope, given),
    `(${indexed(list)
      .map((name) => `t."${name}" = any(${texts}::text[])`)
      .join(' or ')})`,
  ];
  const order = list.key.map((name: string) => `t."${name}"`).join(', ');
  const rows = await sql.query<{ row: Readonly<Record<string, unknown>> }>(
    `select to_jsonb(t) - '_grams' as row from ${tableOf(list)} t
      where ${conditions.join(' and ')} order by ${order} limit ${given(limit + 1)}`,
    parameters,
  );
  return rows.map(({ row }) => ({ row: rowOf(list, row), trace: traceOf(row) }));
}

function indexed(list: AnyList): string[] {
  const { key, filter, sort, search } = list;
  const texts = columnsOf(list).filter(({ type }) => type === 'text collate "C"');
  return texts
    .filter(
      ({ name, nullable }) =>
        key.includes(name) || (search.includes(name) && (filter.includes(name) || (sort.includes(name) && !nullable))),
    )
    .map(({ name }) => name);
}
