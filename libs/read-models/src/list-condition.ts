import { daysAfter, type AnyList, type RowOf } from '#libs/messages';
import { columnsOf, tableOf } from './list-table.js';
import { stateOf, type Given, type Times } from './list-state.js';

/** What is asked of a field: all of it. Days are counted from the day of the question. */
export interface Test {
  /** It says one of these. */
  readonly is?: readonly (string | boolean)[];
  /** It has something to say, or nothing. */
  readonly said?: boolean;
  /** It says a day so many days ahead, or a later one. */
  readonly from?: number;
  /** It says a day before the one so many days ahead. */
  readonly before?: number;
  /** It says a later day than another field. */
  readonly after?: string;
}

type Field<L extends AnyList> = keyof RowOf<L> & string;

/** All of these hold. */
export type Condition<L extends AnyList = AnyList> = { readonly [F in Field<L>]?: Test };

/** Which rows of a list are meant: those of which one of the conditions holds, and, where it is said, … */
export interface Matching<L extends AnyList = AnyList> {
  readonly where: readonly Condition<L>[];
  /** … none of the same key but for this field has a higher one: only the last counts. */
  readonly last?: Field<L>;
  /** … an earlier one of the same list is there too, with the same fields; of a part of a field, `field.part`. */
  readonly alike?: Alike<L>;
  /** … no rows of other lists that it shares these fields with are there, of which one of these conditions holds. */
  readonly without?: readonly Without[];
}

interface Alike<L extends AnyList> {
  readonly fields: readonly string[];
  readonly where: Condition<L>;
  /** What says which of the two is the earlier; where it is the same, the key does. */
  readonly by: Field<L>;
}

interface Without {
  readonly list: AnyList;
  readonly on: readonly string[];
  readonly where: readonly Condition[];
  /** Of things that are there from a day: what says the first on which they are there no more. */
  readonly ends?: string;
}

/** What a condition is asked with. */
export interface Asked {
  /** The day of the question. */
  readonly day: string;
  readonly times: Times;
  readonly given: Given;
}

/** The condition of a statement that calls the list's table `t`. */
export function matches(list: AnyList, { where, last, alike, without = [] }: Matching, asked: Asked): string {
  return [
    stateOf(list, asked.times, asked.given),
    anyOf(list, where, 't', asked),
    ...(last === undefined ? [] : [isLast(list, last, asked)]),
    ...(alike === undefined ? [] : [hasEarlier(list, alike, asked)]),
    ...without.map((others) => isWithout(others, asked)),
  ].join(' and ');
}

const anyOf = (list: AnyList, where: readonly Condition[], of: string, asked: Asked): string =>
  `(${where.map((condition) => allOf(list, condition, of, asked)).join(' or ')})`;

const allOf = (list: AnyList, condition: Condition, of: string, asked: Asked): string =>
  `(${Object.entries<Test | undefined>(condition)
    .flatMap(([field, test = {}]) => termsOf(list, field, test, of, asked))
    .join(' and ')})`;

function termsOf(list: AnyList, field: string, test: Test, of: string, { day, given }: Asked): string[] {
  const column = `${of}."${field}"`;
  const { is, said, from, before, after } = test;
  return [
    ...(is === undefined ? [] : [`${column} = any(${given(is)}::${arrayOf(list, field)})`]),
    ...(said === undefined ? [] : [`${column} is ${said ? 'not ' : ''}null`]),
    ...(from === undefined ? [] : [`${column} >= ${given(daysAfter(day, from))}`]),
    ...(before === undefined ? [] : [`${column} < ${given(daysAfter(day, before))}`]),
    ...(after === undefined ? [] : [`${column} > ${of}."${after}"`]),
  ];
}

const arrayOf = (list: AnyList, field: string) =>
  columnsOf(list).find(({ name }) => name === field)?.type === 'boolean' ? 'boolean[]' : 'text[]';

function isLast(list: AnyList, last: string, { times, given }: Asked): string {
  const same = (list.key as string[]).filter((name) => name !== last).map((name) => `u."${name}" = t."${name}"`);
  const later = [stateOf(list, times, given, 'u'), ...same, `u."${last}" > t."${last}"`];
  return `not exists (select from ${tableOf(list)} u where ${later.join(' and ')})`;
}

function hasEarlier(list: AnyList, { fields, where, by }: Alike<AnyList>, asked: Asked): string {
  const part = (of: string, name: string) => {
    const [field, inside] = name.split('.');
    return inside === undefined ? `${of}."${field}"` : `${of}."${field}"->>'${inside}'`;
  };
  const place = (of: string) => `(${[by, ...list.key].map((name: string) => `${of}."${name}"`).join(', ')})`;
  const other = [
    stateOf(list, asked.times, asked.given, 'u'),
    allOf(list, where, 'u', asked),
    ...fields.map((name) => `${part('u', name)} = ${part('t', name)}`),
    `${place('u')} < ${place('t')}`,
  ];
  return `exists (select from ${tableOf(list)} u where ${other.join(' and ')})`;
}

/** The last day on which one of the others ended; of one that never was, none. `null` where they have no end. */
export function lastEnd({ without = [] }: Matching, { times, given }: Asked): string {
  const ending = without.find(({ ends }) => ends !== undefined);
  if (!ending) return 'null';
  const { list, on, ends } = ending;
  const same = on.map((name) => `u."${name}" = t."${name}"`).join(' and ');
  return `(select max(u."${ends}") from ${tableOf(list)} u
    where ${stateOf(list, times, given, 'u')} and ${same} and u."${ends}" > u."from")`;
}

function isWithout({ list, on, where }: Without, asked: Asked): string {
  const other = [
    stateOf(list, asked.times, asked.given, 'u'),
    ...on.map((name) => `u."${name}" = t."${name}"`),
    anyOf(list, where, 'u', asked),
  ];
  return `not exists (select from ${tableOf(list)} u where ${other.join(' and ')})`;
}
