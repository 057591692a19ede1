import type { FastifyInstance } from 'fastify';
import type { City, CityFigureQuestion } from '#libs/city';
import { figures, type Figure } from '#libs/messages';
import { toldApart, toldRow, type FigureRow } from '#libs/read-models';
import { answered } from './answered.js';

/** A route for every figure: `GET /api/v1/figures/<figure>`, what of it concerns this city. */
export function figureRoutes(app: FastifyInstance, city: City): void {
  for (const figure of figures as readonly Figure[]) {
    const schema = { querystring: parameters(figure) };
    app.get<{ Querystring: Asked }>(`/api/v1/figures/${figure.name}`, { schema }, ({ query }) => {
      const { from, to, by, per, on, asOf, ...filter } = query;
      const question = { from, to, per, on, asOf, filter, by: toldApart(figure, by?.split(',') ?? figure.by) };
      return answered(async () => {
        const { cells, margins, total } = await city.figure(figure.name, question);
        const row = (one: FigureRow) => toldRow(figure, one);
        return {
          figure: figure.name,
          definition: figure.source,
          ...question,
          cells: cells.map(row),
          margins: margins.map(row),
          total: total && row(total),
        };
      });
    });
  }
}

type Asked = Omit<CityFigureQuestion, 'by' | 'filter'> & { readonly by?: string } & NonNullable<
    CityFigureQuestion['filter']
  >;

function parameters({ dimensions }: Figure): object {
  const day = { type: 'string', format: 'date' };
  const text = { type: 'string', minLength: 1, maxLength: 100 };
  const one = `(?:${Object.keys(dimensions).join('|')})`;
  return {
    type: 'object',
    additionalProperties: false,
    required: ['from', 'to'],
    properties: {
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
