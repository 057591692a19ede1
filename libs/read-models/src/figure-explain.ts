import type { Figure } from '#libs/messages';
import { numbersOf, PLANNER } from './figure-ask.js';
import { dayOf } from './figure-days.js';
import { within } from './figure-lines.js';
import { timesOf, type FigureQuestion, type FigureRow } from './figure-question.js';
import { hasLevels, journalOf, measuresOf, sumColumns } from './figure-tables.js';
import type { Source } from './list-fold.js';
import type { Sql } from './sql.js';

/** What one event has added to a cell, or taken from it. Numbers as in the cell, which is their sum. */
export interface FigureLine<M extends string = string>
  extends Pick<FigureRow<string, M>, 'values' | 'days'>, LinePlace {
  readonly event: Source;
}

/** Where a line stands among the lines of its cell. */
export interface LinePlace {
  readonly day: string;
  readonly position: string;
  readonly list: string;
  readonly key: string;
  readonly n: number;
}

type Line = Readonly<Record<string, string>> & { readonly n: number };

/**
 * The lines of the journal behind one cell over the whole period of a question: by day, and of a day in the order of their events.
 *
 * @param cell the values of some of the dimensions, rolled up as the question says
 * @param page how many lines at most, after the last of the page before
 * @throws FigureQuestionError as `askFigure`
 */
export async function explainFigure<D extends string, M extends string>(
  sql: Sql,
  figure: Figure<D, M>,
  question: Omit<FigureQuestion<D>, 'by' | 'per' | 'scope' | 'limit' | 'after'>,
  cell: Readonly<Partial<Record<D, string>>>,
  page: { readonly limit: number; readonly after?: LinePlace },
): Promise<FigureLine<M>[]> {
  const { bounds, spans } = timesOf({ ...question, by: [] });
  const whole = spans[0];
  if (!whole) return [];
  const parameters: unknown[] = [];
  const given = (value: unknown) => `$${parameters.push(value)}`;
  const [from, to, told] = [whole.from, whole.to, bounds[whole.at]!].map((day) => `date '${dayOf(day)}'`);
  const values = measuresOf(figure).flatMap(({ value, valueDay, factor }) => {
    if (!valueDay) return [`case when d >= ${from} and d < ${to} then ${value} else 0 end`];
    return [`case when d < ${told} then ${value} else 0 end`, `${factor} * greatest(0, ${to} - greatest(d, ${from}))`];
  });
  const begin = hasLevels(figure) ? 'true' : `d >= ${from}`;
  const { filter = {}, rollUp, asAt } = question;
  const { limit, after } = page;
  const cells = [...Object.entries<string | undefined>(filter), ...Object.entries<string | undefined>(cell)];
  const lines = [
    `${begin} and d < greatest(${to}, ${told})`,
    ...cells.map(([name, value]) => within(figure, name, [value!], rollUp, given)),
    ...(asAt ? [`r <= ${given(asAt.position)}`] : []),
    `(${values.map((value) => `${value} <> 0`).join(' or ')})`,
  ].join(' and ');
  const last = after && [
    `${given(after.day)}::date`,
    ...[after.position, after.list, after.key].map(given),
    `${given(after.n)}::integer`,
  ];
  const journal = journalOf(figure, 'live');
  const names = sumColumns(figure);
  await sql.query(`select ${PLANNER}`);
  // The places are found in the index alone; only the lines of the page itself are fetched.
  const found = await sql.query<Line>(
    `with places as materialized (
        select d, r from ${journal} where ${lines} ${last ? `and (d, r) >= (${last[0]}, ${last[1]})` : ''}
        group by d, r order by d, r limit ${given(limit + 1)}
      )
      select list, key, event, stream, revision, cause, to_char(d, 'YYYY-MM-DD') as day, r, n,
        ${values.map((value, i) => `${value} as ${names[i]}`).join(', ')}
      from places join ${journal} line using (d, r)
      where ${lines} ${last ? `and (d, r, list, key, n) > (${last.join(', ')})` : ''}
      order by d, r, list, key, n limit ${given(limit)}`,
    parameters,
  );
  return found.map((line) => ({
    list: line['list']!,
    key: line['key']!,
    event: { id: line['event']!, type: line['cause']!, stream: line['stream']!, revision: Number(line['revision']) },
    day: line['day']!,
    position: line['r']!,
    n: line.n,
    ...numbersOf(figure, line),
  }));
}
