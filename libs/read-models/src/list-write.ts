import type { AnyList, Touched } from '#libs/messages';
import { advance, type Change, type Fact, type Version } from './list-fold.js';
import { columnsOf, gramsOf, OWN, quoted, tableOf, type Build, type Column } from './list-table.js';
import type { Sql } from './sql.js';

/** A fact that concerns one thing of a list. */
export type Touch = Fact & Touched;

/** What a touch has made of its thing. */
export interface Changed extends Change {
  readonly touch: Touch;
}

type Key = readonly (string | number)[];
type Row = Readonly<Record<string, unknown>>;

/** What a batch says of one thing, and what is known of it. */
interface Thing {
  readonly key: Key;
  /** The first day that a fact of the batch is about. */
  first: string;
  timeline: Version[];
}

/** Where the versions of a build stand. */
interface Table {
  readonly list: AnyList;
  readonly name: string;
  readonly columns: readonly Column[];
  readonly keyTypes: readonly string[];
}

const idOf = (key: Key) => (key.length === 1 ? String(key[0]) : JSON.stringify(key));

function openTable(list: AnyList, build: Build): Table {
  const columns = columnsOf(list);
  const keyTypes = list.key.map((name: string) => columns.find((c) => c.name === name)!.type.split(' ')[0]!);
  return { list, name: tableOf(list, build), columns, keyTypes };
}

/** Folds facts, in their order, into one list's table: what is known is read once and written once. */
export async function foldList(sql: Sql, list: AnyList, build: Build, touches: readonly Touch[]): Promise<Changed[]> {
  const table = openTable(list, build);
  const things = new Map<string, Thing>();
  const touchedThings = touches.map(({ key, day }) => thingIn(things, key, day));
  const stored = await load(sql, table, things);
  const touched = new Set<Version>();
  const note = (version: Version) => touched.add(version);
  const changes = touches.flatMap((touch, i) => {
    const change = advance(touchedThings[i]!.timeline, touch, touch.apply, note);
    return change ? [{ touch, ...change }] : [];
  });
  const closed = [...touched].filter((version) => stored.has(version));
  const made = [...touched].filter((version) => !stored.has(version));
  await close(sql, table, closed);
  await insert(sql, table, made);
  return changes;
}

function thingIn(things: Map<string, Thing>, key: Key, day: string): Thing {
  const id = idOf(key);
  const thing = things.get(id) ?? { key, first: day, timeline: [] };
  if (day < thing.first) thing.first = day;
  things.set(id, thing);
  return thing;
}

/** Reads what is known: the last version of each thing, and all that still count of those that a late fact is about. */
async function load(sql: Sql, table: Table, things: ReadonlyMap<string, Thing>): Promise<Set<Version>> {
  const { list } = table;
  const keyOf = (row: object) => list.key.map((name: string) => (row as Row)[name] as string | number);
  const read = async (of: readonly Thing[], where: string) => {
    if (of.length === 0) return;
    for (const thing of of) thing.timeline = [];
    const keys = of.map(({ key }) => key);
    for (const version of await select(sql, table, where, keys))
      things.get(idOf(keyOf(version.row)))!.timeline.push(version);
  };
  const all = [...things.values()];
  await read(all, '_current');
  const isLate = ({ first, timeline }: Thing) => first < (timeline.at(-1)?.validFrom ?? '');
  await read(all.filter(isLate), '_known_to is null');
  return new Set(all.flatMap(({ timeline }) => timeline));
}

interface Stored {
  readonly row: object;
  readonly _valid_from: string;
  readonly _known_from: string;
  readonly _current: boolean;
  readonly _event: string;
  readonly _cause: string;
  readonly _stream: string;
  readonly _revision: string;
}

async function select(sql: Sql, table: Table, where: string, keys: readonly Key[]): Promise<Version[]> {
  const { list, name, columns, keyTypes } = table;
  const rows = await sql.query<Stored>(
    `select (select row_to_json(r) from (select ${quoted(columns.map((c) => c.name))}) r) as row,
        _valid_from, _known_from, _current, _event, _cause, _stream, _revision
      from ${name} where ${where} and (${quoted(list.key)}) in (select * from ${unnested(keyTypes)})
      order by _valid_from`,
    byColumn(keys),
  );
  return rows.map(({ row, ...own }) => ({
    row,
    validFrom: own._valid_from,
    knownFrom: own._known_from,
    event: { id: own._event, type: own._cause, stream: own._stream, revision: Number(own._revision) },
    knownTo: null,
    current: own._current,
  }));
}

const unnested = (types: readonly string[]) => `unnest(${types.map((type, i) => `$${i + 1}::${type}[]`).join(', ')})`;

const byColumn = (rows: readonly (readonly unknown[])[]) => rows[0]!.map((_, i) => rows.map((row) => row[i]));

async function close(sql: Sql, { list, name, keyTypes }: Table, versions: readonly Version[]): Promise<void> {
  if (versions.length === 0) return;
  const known = [...list.key, '_valid_from', '_known_from'];
  const same = known.map((column) => `t."${column}" = c."${column}"`).join(' and ');
  await sql.query(
    `update ${name} t set _known_to = c._known_to, _current = c._current
      from ${unnested([...keyTypes, 'text', 'text', 'text', 'boolean'])} as c(${quoted([...known, '_known_to', '_current'])})
      where ${same}`,
    byColumn(
      versions.map(({ row, validFrom, knownFrom, knownTo, current }) => {
        return [...list.key.map((column: string) => (row as Row)[column]), validFrom, knownFrom, knownTo, current];
      }),
    ),
  );
}

/** From so many rows on, COPY takes half the time of an INSERT or less; below, its statement is planned anew for too little. */
const MANY = 200;

async function insert(sql: Sql, { list, name, columns }: Table, versions: readonly Version[]): Promise<void> {
  if (versions.length === 0) return;
  const searched = list.search.length > 0 ? ['_grams'] : [];
  const names = quoted([...columns.map((c) => c.name), ...OWN, ...searched]);
  if (!sql.copyIn || versions.length < MANY) {
    await sql.query(`insert into ${name} (${names}) select ${names} from jsonb_populate_recordset(null::${name}, $1)`, [
      JSON.stringify(versions.map((version) => storedOf(list, version))),
    ]);
    return;
  }
  const lines = versions.map((version) => lineOf(list, columns, version));
  await sql.copyIn(`copy ${name} (${names}) from stdin`, lines);
}

const ownOf = ({
  validFrom,
  knownFrom,
  knownTo,
  current,
  event,
}: Version): Readonly<Record<(typeof OWN)[number], unknown>> => ({
  _valid_from: validFrom,
  _known_from: knownFrom,
  _known_to: knownTo,
  _current: current,
  _event: event.id,
  _cause: event.type,
  _stream: event.stream,
  _revision: event.revision,
});

function storedOf(list: AnyList, version: Version): object {
  return { ...version.row, ...ownOf(version), _grams: searchedIn(list, version) };
}

/** Some may be there twice: the index keeps them once. */
const searchedIn = ({ search }: AnyList, { row }: Version): string[] =>
  search.flatMap((name: string) => gramsOf(((row as Row)[name] as string | null) ?? ''));

/** A version as COPY's text format has it, in the order of the statement. */
function lineOf(list: AnyList, columns: readonly Column[], version: Version): string {
  const own = ownOf(version);
  let line = '';
  for (const { name, type } of columns) {
    const value = (version.row as Row)[name];
    line += `${type === 'jsonb' && value !== null ? escaped(JSON.stringify(value)) : copied(value)}\t`;
  }
  line += OWN.map((name) => copied(own[name])).join('\t');
  if (list.search.length === 0) return line;
  return `${line}\t${arrayOf(searchedIn(list, version))}`;
}

/** Grams in the server's own notation of an array of texts. Each character is one of them, so that none has to be looked into. */
function arrayOf(grams: readonly string[]): string {
  if (grams.length === 0) return '{}';
  const plain = !grams.includes('"') && !grams.includes('\\');
  const items = plain ? grams : grams.map((gram) => gram.replace(/["\\]/g, '\\$&'));
  return escaped(`{"${items.join('","')}"}`);
}

const ESCAPED: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };
const escaped = (text: string) => (/[\\\t\n\r]/.test(text) ? text.replace(/[\\\t\n\r]/g, (c) => ESCAPED[c]!) : text);

const copied = (value: unknown) => {
  if (value === null || value === undefined) return '\\N';
  return typeof value === 'string' ? escaped(value) : JSON.stringify(value);
};
