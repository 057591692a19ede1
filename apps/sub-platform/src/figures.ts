import type { FastifyInstance } from 'fastify';
import type { City, CityFigureQuestion } from '#libs/city';
import {
  figures,
  lastDayOf,
  PERIOD,
  PeriodError,
  periodOf,
  type AskedPeriod,
  type Figure,
  type Period,
} from '#libs/messages';
import { toldApart, toldRow, type FigureRow } from '#libs/read-models';
import { answered, wrong } from './answered.js';

/** A route for every figure: `GET /api/v1/figures/<figure>`, what of it concerns this city. */
export function figureRoutes(app: FastifyInstance, city: City): void {
  for (const figure of figures as readonly Figure[]) {
    const schema = { querystring: parameters(figure) };
    app.get<{ Querystring: Asked }>(`/api/v1/figures/${figure.name}`, { schema }, ({ query }) => {
      const { period, by, per, on, asOf, from: first, to: end, ...filter } = query;
      const { from, to } = periodAsked({ period, from: first, to: end });
      const question = { from, to, per, on, asOf, filter, by: toldApart(figure, by?.split(',') ?? figure.by) };
      return answered(async () => {
        const { cells, margins, total } = await city.figure(figure.name, question);
        const row = (one: FigureRow) => toldRow(figure, one);
        return {
          figure: figure.name,
          definition: figure.source,
          ...question,
          firstDay: from,
          lastDay: lastDayOf({ from, to }),
          cells: cells.map(row),
          margins: margins.map(row),
          total: total && row(total),
        };
      });
    });
  }
}

function periodAsked(asked: AskedPeriod): Period {
  try {
    return periodOf(asked);
  } catch (error) {
    if (error instanceof PeriodError) throw wrong(error.field, error.zh, error.en, error.code);
    throw error;
  }
}

type Asked = Omit<CityFigureQuestion, 'by' | 'filter' | 'from' | 'to'> &
  AskedPeriod & { readonly by?: string } & NonNullable<CityFigureQuestion['filter']>;

function parameters({ dimensions }: Figure): object {
  const day = { type: 'string', format: 'date' };
  const text = { type: 'string', minLength: 1, maxLength: 100 };
  const one = `(?:${Object.keys(dimensions).join('|')})`;
  return {
    type: 'object',
    additionalProperties: false,
    properties: {
      period: { type: 'string', pattern: PERIOD },
      from: day,
      to: day,
      on: day,
      asOf: day,
      by: { type: 'string', pattern: `^${one}(?:,${one})*$` },
      per: { enum: ['year', 'quarter', 'month'] },
      ...Object.fromEntries(Object.keys(dimensions).map((name) => [name, text])),
    },
  };
}
