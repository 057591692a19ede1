import type { FastifyInstance } from 'fastify';
import type { City, CityListQuestion } from '#libs/city';
import { lists, type AnyList } from '#libs/messages';
import { answered } from './answered.js';

/** A route for every list of the city: `GET /api/v1/<list>`, narrowed by a field, searched, sorted, page by page. */
export function listRoutes(app: FastifyInstance, city: City): void {
  for (const list of lists) {
    app.get<{ Querystring: Asked }>(
      `/api/v1/${list.name}`,
      { schema: { querystring: parameters(list) } },
      ({ query }) => {
        const { search, sort, after, limit, ...filter } = query;
        return answered(async () => {
          const { items, next } = await city.list(list.name, { search, sort, after, limit, filter });
          return { items: items.map(({ row, trace }) => ({ ...row, trace })), next };
        });
      },
    );
  }
}

type Asked = Omit<CityListQuestion, 'filter'> & CityListQuestion['filter'];

function parameters(list: AnyList): object {
  const { key, filter, sort, search } = list;
  const fields = [...new Set<string>([...key, ...filter])];
  return {
    type: 'object',
    additionalProperties: false,
    properties: {
      ...Object.fromEntries(fields.map((name) => [name, list.row.properties[name]])),
      ...(search.length > 0 ? { search: { type: 'string', minLength: 1, maxLength: 60 } } : {}),
      ...(sort.length > 0 ? { sort: { enum: sort.flatMap((name: string) => [name, `-${name}`]) } } : {}),
      after: { type: 'string', minLength: 1, maxLength: 2000 },
      limit: { type: 'integer', minimum: 1, maximum: 500, default: 100 },
    },
  };
}
