import type { AnyList } from '#libs/messages';

/** One version of a read model's tables: those that are read, or those that are built beside them to take their place. */
export type Build = 'live' | 'next';

/** A column that a field of a row is kept in. */
export interface Column {
  readonly name: string;
  readonly type: 'text collate "C"' | 'bigint' | 'numeric' | 'boolean' | 'jsonb';
  readonly nullable: boolean;
}

interface Field {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Field[];
}

const TYPES: Readonly<Record<string, Column['type']>> = {
  string: 'text collate "C"',
  integer: 'bigint',
  number: 'numeric',
  boolean: 'boolean',
  array: 'jsonb',
  object: 'jsonb',
};

/** What the engine keeps of a version beside the row: the days and positions that it holds for, and the event that made it. */
export const OWN = [
  '_valid_from',
  '_known_from',
  '_known_to',
  '_current',
  '_event',
  '_cause',
  '_stream',
  '_revision',
] as const;

export function columnsOf({ row }: AnyList): Column[] {
  return Object.entries(row.properties as Readonly<Record<string, Field>>).map(([name, field]) => {
    const [said, ...others] = (field.anyOf ?? [field]).filter(({ type }) => type !== 'null');
    const type = TYPES[said?.enum ? 'string' : (said?.type ?? '')];
    if (!type || others.length > 0) throw new TypeError(`no column can hold the field ${name} as it is declared`);
    return { name, type, nullable: field.anyOf?.some((f) => f.type === 'null') ?? false };
  });
}

export const quoted = (names: readonly string[]) => names.map((name) => `"${name}"`).join(', ');

export const tableOf = ({ name }: AnyList, build: Build = 'live') =>
  `"list_${name.replaceAll('-', '_')}${build === 'next' ? '__next' : ''}"`;

/** What a list is put in order by: a field that may have nothing to say stands before all that do. */
export function sortedBy(list: AnyList, field: string): string {
  const column = columnsOf(list).find(({ name }) => name === field)!;
  if (!column.nullable) return `"${field}"`;
  return `coalesce("${field}", ${column.type === 'bigint' || column.type === 'numeric' ? '-1' : "''"})`;
}

/**
 * The table of a list: each version of each thing. `_current` is the state that holds from its last day on, as it is known
 * now; with `_valid_from` and `_known_from` every earlier state can be found again.
 */
export function createList(list: AnyList, build: Build): string {
  const table = tableOf(list, build);
  const key = quoted(list.key);
  const columns = columnsOf(list).map(({ name, type, nullable }) => `"${name}" ${type}${nullable ? '' : ' not null'}`);
  return `
    create table ${table} (
      ${columns.join(', ')},
      _valid_from text collate "C" not null, _known_from text collate "C" not null, _known_to text collate "C",
      _current boolean not null, _event text not null, _cause text not null, _stream text not null,
      _revision bigint not null${list.search.length > 0 ? ', _grams text[] not null' : ''},
      primary key (${key}, _valid_from, _known_from)
    );
    create unique index on ${table} (${key}) where _current;
    ${build === 'live' ? indexList(list, build) : ''}`;
}

/** What a list is read by. A build that is still catching up does without: it is written in half the time. */
export function indexList(list: AnyList, build: Build): string {
  const table = tableOf(list, build);
  const { key, visibleTo, filter, sort, search } = list;
  const regions = visibleTo === 'all' ? [] : visibleTo;
  const narrowing = new Set([...regions, ...filter, ...key.slice(1)].filter((name) => name !== key[0]));
  return [
    ...[...narrowing].map((name) => `create index on ${table} ("${name}", ${quoted(key)}) where _current;`),
    ...sort.map((name: string) => `create index on ${table} ((${sortedBy(list, name)}), ${quoted(key)});`),
    ...(search.length > 0 ? [`create index on ${table} using gin (_grams) where _current;`] : []),
  ].join('\n');
}

/** The pieces of a text that a search looks for: every character, and every two that stand together. */
export function gramsOf(text: string): string[] {
  const grams = new Set<string>();
  let before = '';
  for (const character of text.normalize('NFKC').toLowerCase()) {
    grams.add(character);
    if (before) grams.add(before + character);
    before = character;
  }
  return [...grams];
}
