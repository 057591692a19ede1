import { lists, type AnyList } from '#libs/messages';
import { columnsOf, tableOf } from '#libs/read-models';
import type { Row, Transaction } from './server.js';
import { changed, failure, quoted, records, rowKey, type Statement } from './statement.js';

/** Of both builds. */
const listsByTable = new Map<string, AnyList>(
  lists.flatMap((list) => (['live', 'next'] as const).map((build) => [quoted(tableOf(list, build))[0]!, list])),
);

const versionKey = ({ key }: AnyList) => [...(key as string[]), '_valid_from', '_known_from'];

function add(t: Transaction, table: string, key: string, row: Row): void {
  t.lock(table, key);
  if (t.get(table, key)) throw failure('23505', `duplicate key value in ${table}: ${key}`);
  t.put(table, key, row);
}

/** The rows of parameters that hold a column each. */
const rowsOf = (columns: unknown[]) =>
  (columns as unknown[][])[0]!.map((_, i) => (columns as unknown[][]).map((column) => column[i]));

/** Tables are there when they are first asked for; of what makes, drops and renames them only the rows matter. */
function define(t: Transaction, statement: string): void {
  const [, emptied] = /^(?:drop table if exists|create table) "(\w+)"/.exec(statement) ?? [];
  const [, from, to] = /^alter table "(\w+)" rename to "(\w+)"/.exec(statement) ?? [];
  const table = emptied ?? from;
  if (table === undefined) return;
  for (const [key, row] of t.entries(table)) {
    t.put(table, key, undefined);
    if (to !== undefined) t.put(to, key, row);
  }
}

const definitions = (t: Transaction, sql: string) => {
  for (const statement of sql.split(';')) define(t, statement.trim());
  return [];
};

/**
 * The engine of read models: lists with their versions, and the journals of figures. Sums are left out: they come and go with
 * the journal, in its own statement.
 */
export const readModelStatements: readonly Statement[] = [
  [
    'select (select row_to_json(r) from',
    'load versions',
    (t, keys, sql) => {
      const table = /from "(list_\w+)" where/.exec(sql)![1]!;
      const list = listsByTable.get(table)!;
      const asked = new Set(rowsOf(keys).map((key) => JSON.stringify(key)));
      const holds = (row: Row) => (sql.includes('where _current and') ? row['_current'] : row['_known_to'] === null);
      return t
        .rows(table)
        .filter((row) => holds(row) && asked.has(rowKey(row, list.key)))
        .sort((a, b) => (a['_valid_from']! < b['_valid_from']! ? -1 : 1))
        .map((row) => ({ ...row, row: Object.fromEntries(columnsOf(list).map(({ name }) => [name, row[name]])) }));
    },
  ],
  [
    'update "list_',
    'close versions',
    (t, versions, sql) => {
      const table = /^update "(\w+)"/.exec(sql)![1]!;
      const set = ['_known_to', '_current'].filter((column) => sql.includes(`${column} = c.${column}`));
      const names = [...versionKey(listsByTable.get(table)!), '_known_to', '_current'];
      for (const values of rowsOf(versions)) {
        const version: Row = Object.fromEntries(names.map((name, i) => [name, values[i]]));
        const key = rowKey(version, versionKey(listsByTable.get(table)!));
        const there = t.get(table, key);
        const changes = Object.fromEntries(set.map((column) => [column, version[column]]));
        if (there) t.put(table, key, { ...there, ...changes });
      }
      return changed([]);
    },
  ],
  [
    'insert into "list_',
    'insert versions',
    (t, [versions], sql) => {
      const table = /^insert into "(\w+)"/.exec(sql)![1]!;
      const list = listsByTable.get(table)!;
      for (const { _grams, ...row } of records(versions)) {
        const key = rowKey(row, list.key);
        // Its unique index of what holds now.
        const doubled = row['_current'] && t.rows(table).some((r) => r['_current'] && rowKey(r, list.key) === key);
        if (doubled) throw failure('23505', `two versions of ${key} in ${table} hold now`);
        add(t, table, rowKey(row, versionKey(list)), row);
      }
      return [];
    },
  ],
  [
    'with lines as ( insert into "figure_',
    'journal lines',
    (t, columns, sql) => {
      const [, table, names] = /insert into "(\w+)" \(([^)]+)\)/.exec(sql)!;
      const named = names!.split(', ').map((name) => name.replaceAll('"', ''));
      for (const values of rowsOf(columns)) {
        t.put(table!, String(t.server.nextLine++), Object.fromEntries(named.map((name, i) => [name, values[i]])));
      }
      return [];
    },
  ],
  ['create table "', 'define', (t, _, sql) => definitions(t, sql)],
  ['drop table if exists "', 'define', (t, _, sql) => definitions(t, sql)],
  ['alter table "', 'define', (t, _, sql) => definitions(t, sql)],
  ['select count(*) > 2 as indexed', 'are there indexes', () => [{ indexed: true }]],
  ['select bool_and(to_regclass(name) is not null)', 'are there sums', () => [{ all: false }]],
  ...[
    'lock table "figure_',
    `select set_config('work_mem'`,
    'create table if not exists "figure_',
    'delete from "figure_',
    'insert into "figure_',
    'analyze "figure_',
  ].map((begins): Statement => [begins, 'sums', () => []]),
];
