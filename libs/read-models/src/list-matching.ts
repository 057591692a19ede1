import type { AnyList } from '#libs/messages';
import { lastEnd, matches, type Asked, type Matching } from './list-condition.js';
import { beyond, cursorAt } from './list-cursor.js';
import { rowOf, traceOf, type Trace } from './list-query.js';
import { EVER, holdsAt, scoped, type Given, type Scope, type Times } from './list-state.js';
import { columnsOf, OWN, quoted, tableOf } from './list-table.js';
import type { Sql } from './sql.js';

export interface MatchingQuestion extends Times {
  /** The day that a condition counts days from. */
  readonly day: string;
  readonly scope: Scope;
  /** The fields that name the regions whose rows are asked for. */
  readonly to: readonly string[];
  /** The day that they are put in order by, the earliest first; where it is not said, last. */
  readonly by?: string;
  /** A field whose state a row has been in since a day. */
  readonly state?: string;
  readonly after?: string;
  readonly limit: number;
}

export interface Match {
  readonly row: object;
  readonly trace: Trace;
  /** The day since when the field has said without a break what it says now, or the others are gone; null where neither is asked. */
  readonly since: string | null;
}

interface Told {
  readonly row: Readonly<Record<string, unknown>>;
  readonly order: readonly unknown[];
  readonly since: string | null;
}

/**
 * Before whole lists are asked for what matches, in a transaction: conditions on several fields, and on other rows, are what PostgreSQL
 * estimates worst. Where it expects one row and there are twenty thousand, its nested loops take minutes; hashing is never far off.
 */
export const expectMany = async (sql: Sql): Promise<void> => void (await sql.query('set local enable_nestloop = off'));

/** How many rows match, for the asker's eyes. */
export async function countMatching(
  sql: Sql,
  list: AnyList,
  matching: Matching,
  question: MatchingQuestion,
): Promise<number> {
  const parameters: unknown[] = [];
  const given: Given = (value) => `$${parameters.push(value)}`;
  const [counted] = await sql.query<{ rows: number }>(
    `select count(*)::integer as rows from ${tableOf(list)} t where ${meant(list, matching, question, given)}`,
    parameters,
  );
  return counted!.rows;
}

/** A page of the rows that match. @throws CursorError */
export async function askMatching(sql: Sql, list: AnyList, matching: Matching, question: MatchingQuestion) {
  const parameters: unknown[] = [];
  const given: Given = (value) => `$${parameters.push(value)}`;
  const { by, after, limit } = question;
  const terms = [...(by === undefined ? [] : [`coalesce(t."${by}", '${EVER}')`]), ...list.key.map(termOf)];
  const conditions = [
    meant(list, matching, question, given),
    ...(after === undefined
      ? []
      : [beyond(list, [...(by === undefined ? [] : [by]), ...list.key], terms, after, given)]),
  ];
  const columns = quoted([...columnsOf(list).map(({ name }) => name), ...OWN]);
  const order = terms.join(', ');
  const since = sinceOf(list, matching, question, given);
  // Since when is asked for the rows of the page only.
  const told = await sql.query<Told>(
    `select to_jsonb(t) as row, jsonb_build_array(${order}) as order, ${since} as since
       from (select ${columns} from ${tableOf(list)} t where ${conditions.join(' and ')}
              order by ${order} limit ${given(limit + 1)}) t order by ${order}`,
    parameters,
  );
  const shown = told.slice(0, limit);
  const last = shown.at(-1);
  const items = shown.map((one): Match => {
    return { row: rowOf(list, one.row), trace: traceOf(one.row), since: one.since };
  });
  return { items, next: told.length > limit && last ? cursorAt(last.order) : null };
}

function sinceOf(list: AnyList, matching: Matching, question: MatchingQuestion, given: Given): string {
  if (question.state !== undefined) return inState(list, question.state, question, given);
  return lastEnd(matching, askedOf(question, given));
}

const askedOf = ({ day, asOf, asAt }: MatchingQuestion, given: Given): Asked => ({ day, times: { asOf, asAt }, given });

const termOf = (name: string) => `t."${name}"`;

function meant(list: AnyList, matching: Matching, question: MatchingQuestion, given: Given): string {
  const seen = scoped({ ...list, visibleTo: question.to }, question.scope, given);
  return `${matches(list, matching, askedOf(question, given))} and ${seen}`;
}

/** The first version after the last one that said something else. */
function inState(list: AnyList, state: string, times: Times, given: Given): string {
  const holds = holdsAt(times, given);
  const version = (of: string) =>
    [...list.key.map((name: string) => `${of}."${name}" = t."${name}"`), holds(of)].join(' and ');
  const table = tableOf(list);
  return `(select min(u._valid_from) from ${table} u where ${version('u')} and u._valid_from > coalesce(
    (select max(v._valid_from) from ${table} v where ${version('v')} and v."${state}" is distinct from t."${state}"), ''))`;
}
