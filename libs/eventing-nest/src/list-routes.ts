import { Readable } from 'node:stream';
import { Controller, Get, Inject, Query, Req, Res, type Type as Class } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { stringify } from 'csv-stringify/sync';
import type { FastifyReply } from 'fastify';
import Type, { type TSchema } from 'typebox';
import { roles } from '#libs/eventing';
import { admittedCodes, type AnyList } from '#libs/messages';
import { askList, columnsOf, namesFirms, type ListItem, type ListQuestion, type Scope } from '#libs/read-models';
import { Allow, type AuthenticatedRequest } from './access.js';
import { Gateway } from './gateway.js';
import type { Context } from './context.js';
import { described, parametersOf, type Parameters } from './parameters.js';
import { readRefusals } from './problem.dto.js';
import { answered, Reads } from './reads.js';
import { addRoute } from './routes.js';
import { noPlace, times, timesOf, type AskedTimes } from './times.js';

/** Rows a page where the question does not say, and at most. */
const PAGE = 100;
const LARGEST_PAGE = 1000;

interface Asked extends AskedTimes {
  readonly search?: string;
  readonly sort?: string;
  readonly after?: string;
  readonly limit?: number;
  readonly [field: string]: unknown;
}

const NOT_FIELDS = ['search', 'sort', 'after', 'limit', 'asOf', 'asAt'];

/** What a list can be asked: narrowed by a field, searched, sorted, paged, at both times. */
function parameters(list: AnyList): Parameters {
  const fields = [...new Set<string>([...list.key, ...list.filter])];
  const sorts = list.sort.flatMap((name: string) => [name, `-${name}`]);
  return {
    ...Object.fromEntries(fields.map((name) => [name, bare(list.row.properties[name] as TSchema)])),
    ...(list.search.length > 0
      ? {
          search: Type.String({
            minLength: 1,
            maxLength: 60,
            title: `搜索：${list.search.join('、')}`,
            description: 'Search',
          }),
        }
      : {}),
    ...(sorts.length > 0
      ? { sort: Type.Enum(sorts, { title: '排序；- 为降序；缺省按标识', description: 'Order' }) }
      : {}),
    after: Type.String({
      minLength: 1,
      maxLength: 2000,
      title: '上一页的 next',
      description: 'The next of the page before',
    }),
    limit: Type.Integer({
      minimum: 1,
      maximum: LARGEST_PAGE,
      title: `至多几条；缺省 ${PAGE}`,
      description: 'Rows a page',
    }),
    ...times,
  };
}

/** A field without the null that it may be: nobody asks for what is not said. */
function bare(schema: TSchema): TSchema {
  const { anyOf } = schema as { anyOf?: readonly TSchema[] };
  return anyOf?.find((one) => (one as { type?: string }).type !== 'null') ?? schema;
}

/** A route for every list: `GET /api/v1/<list>`, as JSON page by page, or whole as CSV. */
export function listController(contexts: readonly Context[]): Class<object> {
  class Lists {
    constructor(
      readonly reads: Reads,
      readonly gateway: Gateway,
    ) {}
  }
  Inject(Reads)(Lists, undefined, 0);
  Inject(Gateway)(Lists, undefined, 1);
  for (const { name: context, list } of contexts.flatMap(({ name, lists }) => lists.map((list) => ({ name, list })))) {
    const name = `list-${list.name}`.replaceAll(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
    const known = parameters(list);
    const read = parametersOf<Asked>(known);
    const marked = namesFirms(list);
    const from = marked ? [context, ...contextsOf(contexts, admittedCodes)] : [context];
    addRoute(
      Lists,
      name,
      async function (this: Lists, query: object, request: AuthenticatedRequest, reply: FastifyReply) {
        const asked = read(query);
        const asTable = request.headers.accept?.includes('text/csv') ?? false;
        const question = await questionOf(asked, await this.reads.scopeOf(request.actor), this.reads);
        const page = await answered(this.reads, this.gateway, from, request, reply, async () => {
          const { items, next } = await pageOf(this.reads, list, question);
          return {
            items: items.map(({ row, trace, admitted }) => ({ ...row, ...(marked ? { admitted } : {}), trace })),
            next,
          };
        });
        if (!asTable) return page;
        reply.header('Content-Type', 'text/csv; charset=utf-8');
        reply.header('Content-Disposition', `attachment; filename="${list.name}.csv"`);
        return Readable.from(table(this.reads, list, question));
      },
      [Query(), Req(), Res({ passthrough: true })],
      [
        Get(list.name),
        Allow(...roles),
        ApiOperation({ operationId: name, summary: list.zh, description: list.en }),
        ApiHeader({ name: 'Consistency-Token', required: false, description: '命令答复中的令牌：读到自己的写入' }),
        ...described(known),
        ...readRefusals(),
        ApiOkResponse({
          description: list.zh,
          content: { 'application/json': { schema: pageSchema(list) }, 'text/csv': {} },
        }),
      ],
    );
  }
  ApiTags('lists')(Lists);
  Controller('api/v1')(Lists);
  return Lists;
}

const contextsOf = (contexts: readonly Context[], list: AnyList) =>
  contexts.filter(({ lists }) => lists.includes(list)).map(({ name }) => name);

async function questionOf(asked: Asked, scope: Scope, reads: Reads): Promise<ListQuestion> {
  const { search, sort, after, limit = PAGE } = asked;
  const filter = Object.fromEntries(Object.entries(asked).filter(([name]) => !NOT_FIELDS.includes(name)));
  return {
    scope,
    search,
    sort,
    after,
    limit,
    filter: filter as ListQuestion['filter'],
    ...(await timesOf(asked, reads)),
  };
}

const pageOf = (reads: Reads, list: AnyList, question: ListQuestion) =>
  askList(reads.sql, list, question).catch(noPlace);

/** All rows as CSV, page after page; with a byte order mark, so that Excel takes it for UTF-8. */
async function* table(reads: Reads, list: AnyList, question: ListQuestion): AsyncGenerator<string> {
  const columns = cellsOf(list);
  yield `\uFEFF${stringify([columns.map(({ title }) => title)])}`;
  for (let after = question.after; ;) {
    const { items, next } = await askList(reads.sql, list, { ...question, after, limit: LARGEST_PAGE });
    const rows = items.map((item) => columns.map(({ of }) => cell(of(item.row as Row, item))));
    if (rows.length > 0) yield stringify(rows, { escape_formulas: true });
    if (next === null) return;
    after = next;
  }
}

type Row = Readonly<Record<string, unknown>>;
type Titled = TSchema & { readonly title?: string; readonly properties?: Readonly<Record<string, TSchema>> };

interface Cells {
  readonly title: string;
  readonly of: (row: Row, item: ListItem) => unknown;
}

/** A column for each field; of one with parts, such as the basis with document and clause, for each of these. */
function cellsOf(list: AnyList): Cells[] {
  const fields = columnsOf(list).flatMap(({ name }): Cells[] => {
    const { title = name, properties } = bare(list.row.properties[name] as TSchema) as Titled;
    if (!properties) return [{ title, of: (row) => row[name] }];
    return Object.entries(properties).map(([part, schema]) => ({
      title: `${title} ${(bare(schema) as Titled).title ?? part}`,
      of: (row) => (row[name] as Row | null)?.[part],
    }));
  });
  return namesFirms(list)
    ? [...fields, { title: ADMITTED.title, of: (_, { admitted }) => admitted.join(' ') }]
    : fields;
}

const cell = (value: unknown): unknown => (typeof value === 'object' && value !== null ? JSON.stringify(value) : value);

const pageSchema = (list: AnyList) => {
  const beside = namesFirms(list) ? { admitted: ADMITTED, trace } : { trace };
  return {
    type: 'object',
    required: ['items', 'next'],
    properties: {
      items: { type: 'array', items: { allOf: [list.row as object, { properties: beside }] } },
      next: { type: ['string', 'null'], description: '下一页的 after；已到末尾则为空' },
    },
    example: { items: [list.example], next: null },
  };
};

/** Beside every row that names a firm, since a code that the standard refuses would be taken for a mistake. */
const ADMITTED = {
  type: 'array',
  title: '省级承认的代码',
  description: '本行中不合 GB 32100-2015、由省级凭证承认的统一社会信用代码（admit-code）',
  items: { type: 'string' },
};

const trace = {
  type: 'object',
  description: '所据事实：自何日起、在事件库中的位置、事件、其类型与事件流',
  properties: {
    day: { type: 'string', format: 'date' },
    position: { type: 'string' },
    event: { type: 'string', format: 'uuid' },
    cause: { type: 'string' },
    stream: { type: 'string' },
    revision: { type: 'integer' },
  },
};
