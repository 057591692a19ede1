import type { Figure } from '#libs/messages';
import { isFixed } from './figure-lines.js';
import {
  sourceOf,
  timesOf,
  type FigureAnswer,
  type FigureQuestion,
  type FigureRow,
  type Source,
  type Times,
} from './figure-question.js';
import { statementOf, type Told } from './figure-sql.js';
import { column, measuresOf, treeOf } from './figure-tables.js';
import type { Sql } from './sql.js';

/**
 * What the planner has to know until the end of the transaction: sums over a union are far more rows than it guesses, all of it is
 * in memory, and neither parallel workers nor compilation are worth their start.
 */
export const PLANNER = Object.entries({
  work_mem: '32MB',
  max_parallel_workers_per_gather: '0',
  random_page_cost: '1.1',
  jit: 'off',
})
  .map(([name, value]) => `set_config('${name}', '${value}', true)`)
  .join(', ');

/**
 * Answers a question from the figure's live tables, as they are at one moment. Inside a transaction of READ COMMITTED: as long as it
 * lasts, the planner is told what it needs, and nobody rolls up anew what is being read.
 *
 * @throws FigureQuestionError when the figure has no answer to it
 */
export async function askFigure<D extends string, M extends string>(
  sql: Sql,
  figure: Figure<D, M>,
  question: FigureQuestion<D>,
): Promise<FigureAnswer<D, M>> {
  const times = timesOf(question);
  const [kept] = await sql.query<{ rolls: boolean }>(
    `select ${PLANNER}, regions = $1 as rolls from ${treeOf(figure, 'live')}`,
    [JSON.stringify(Object.fromEntries(question.rollUp ?? []))],
  );
  const source = sourceOf(figure, question, question.rollUp !== undefined && kept!.rolls);
  if (times.spans.length === 0) return answerOf(figure, question, source, times, []);
  const { text, parameters } = statementOf(figure, question, source, times);
  return answerOf(figure, question, source, times, await sql.query<Told>(text, parameters));
}

function answerOf<D extends string, M extends string>(
  figure: Figure<D, M>,
  question: FigureQuestion<D>,
  source: Source,
  times: Times,
  told: readonly Told[],
): FigureAnswer<D, M> {
  const { by, per, scope, limit = Infinity } = question;
  const all = 2 ** by.length - 1;
  const isTotal = ({ g, j }: Told) => g === all && j === 1;
  const isCell = ({ g, j }: Told) => g === 0 && (!per || j > 1);
  const row = (one: Told) => rowOf(figure, question, source, times, one);
  const cells = told.filter(isCell);
  const page = cells.slice(0, limit).map(row);
  const total = told.find(isTotal) ?? ({ g: all, j: 1 } as Told);
  return {
    cells: page,
    margins: told.filter((one) => !isCell(one) && !isTotal(one)).map(row),
    total: scope && !isFixed(figure, question) ? null : row(total),
    next: cells.length > page.length ? page.at(-1)! : null,
  };
}

function rowOf(figure: Figure, { by }: FigureQuestion, source: Source, times: Times, told: Told): FigureRow {
  const apart = by.filter((_, k) => (told.g & (1 << (by.length - 1 - k))) === 0);
  const period = times.spans[told.j - 1]?.name;
  const { values, days } = numbersOf(figure, told);
  return {
    cell: Object.fromEntries(apart.map((name) => [name, told[column(name).slice(1, -1)]!])),
    ...(period === undefined ? {} : { period }),
    values,
    days,
    rates: ratesOf(figure, source, { ...values, ...days }, told),
  };
}

/** The numbers of a row, or of a line. */
export function numbersOf(figure: Figure, told: Readonly<Record<string, unknown>>): Pick<FigureRow, 'values' | 'days'> {
  const number = (quoted: string) => BigInt((told[quoted.slice(1, -1)] as string | undefined) ?? 0);
  const measures = measuresOf(figure);
  return {
    values: Object.fromEntries(measures.map(({ name, value }) => [name, number(value)])),
    days: Object.fromEntries(measures.flatMap(({ name, valueDay }) => (valueDay ? [[name, number(valueDay)]] : []))),
  };
}

function ratesOf(
  figure: Figure,
  { each }: Source,
  sums: Readonly<Record<string, bigint | undefined>>,
  told: Told,
): FigureRow['rates'] {
  const rates = Object.entries(figure.rates).filter(([, rate]) => rate.each === undefined || each.includes(rate.each));
  return Object.fromEntries(
    rates.map(([name, rate]) => {
      if (rate.each !== undefined) return [name, told[`rate_${name}`] == null ? null : Number(told[`rate_${name}`])];
      const [above, below] = rate.of;
      const decimals = (measure: string) => BigInt(10 ** figure.measures[measure]!.decimals);
      const denominator = sums[below]! * decimals(above);
      return [name, denominator === 0n ? null : Number(sums[above]! * decimals(below)) / Number(denominator)];
    }),
  );
}
