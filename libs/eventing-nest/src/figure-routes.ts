import { Controller, Get, Inject, Query, Req, Res, type Type as Class } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import Type from 'typebox';
import { roles } from '#libs/eventing';
import { lastDayOf, PERIOD, type Figure, type Period } from '#libs/messages';
import {
  askFigure,
  explainFigure,
  FigureQuestionError,
  rollUpTo,
  toldApart,
  toldNumbers,
  toldRow,
  type FigureQuestion,
  type LinePlace,
  type Scope,
} from '#libs/read-models';
import { Allow, type AuthenticatedRequest } from './access.js';
import type { Context } from './context.js';
import { Gateway } from './gateway.js';
import { described, parametersOf, type Parameters } from './parameters.js';
import { readRefusals } from './problem.dto.js';
import { ProblemException } from './problem.js';
import { answered, Reads } from './reads.js';
import { addRoute } from './routes.js';
import { cursor, cursorOf, inPlace, invalid, periodAsked, times, timesOf, type AskedTimes } from './times.js';

/** Cells, or lines of an explanation, a page where the question does not say, and at most. */
const PAGE = 1000;
const LARGEST_PAGE = 10_000;

interface Asked extends AskedTimes {
  readonly from?: string;
  readonly to?: string;
  readonly period?: string;
  readonly by?: string;
  readonly per?: FigureQuestion['per'];
  readonly level?: string;
  readonly on?: string;
  readonly limit?: number;
  readonly after?: string;
  readonly [dimension: string]: unknown;
}

const day = (zh: string, en: string, example: string) =>
  Type.String({ format: 'date', title: zh, description: en, examples: [example] });

function parameters(figure: Figure): Parameters {
  const dimensions = Object.entries(figure.dimensions);
  return {
    period: Type.String({
      pattern: PERIOD,
      title: '期间：年、季或月（2023、2023-Q3、2023-07）；或以 from 与 to 指明',
      description: 'A year, a quarter or a month; or else from and to',
      examples: ['2023'],
    }),
    from: Type.String({ format: 'date', title: '期间起', description: 'The first day' }),
    to: Type.String({ format: 'date', title: '期间止（不含）', description: 'The day after the last' }),
    by: Type.String({
      pattern: `^(?:(?:${dimensions.map(([name]) => name).join('|')})(?:,(?!$)|$))*$`,
      maxLength: 200,
      title: `按何区分，以逗号分隔：${dimensions.map(([name, { zh }]) => `${name} ${zh}`).join('、')}；缺省 ${figure.by.join(',')}`,
      description: 'What cells are told apart by',
      examples: [figure.by.join(',')],
    }),
    per: Type.Enum(['year', 'quarter', 'month'], { title: '按年、季、月分列', description: 'Parts of the period' }),
    level: Type.Enum(['province', 'city', 'county', 'town', 'park'], {
      title: '把区域汇总到此层级；缺省按其本身',
      description: 'Rolls regions up along the tree',
    }),
    on: day('存量所取的日期；缺省为期间最后一日', 'The day that levels are told of', '2023-12-31'),
    ...Object.fromEntries(
      dimensions.map(([name, { zh, en }]) => [
        name,
        Type.String({ minLength: 1, maxLength: 100, title: `仅此${zh}`, description: `Only this: ${en}` }),
      ]),
    ),
    limit: Type.Integer({
      minimum: 1,
      maximum: LARGEST_PAGE,
      title: `至多几格；缺省 ${PAGE}`,
      description: 'Cells a page',
    }),
    after: Type.String({
      minLength: 1,
      maxLength: 2000,
      title: '上一页的 next',
      description: 'The next of the page before',
    }),
    ...times,
  };
}

/** Two routes for every figure: `GET /api/v1/figures/<figure>`, and `…/explanation` with the events behind a cell. */
export function figureController(contexts: readonly Context[]): Class<object> {
  class Figures {
    constructor(
      readonly reads: Reads,
      readonly gateway: Gateway,
    ) {}
  }
  Inject(Reads)(Figures, undefined, 0);
  Inject(Gateway)(Figures, undefined, 1);
  for (const { name: context, figure } of contexts.flatMap((c) =>
    c.figures.map((figure) => ({ name: c.name, figure })),
  )) {
    const known = parameters(figure);
    const read = parametersOf<Asked>(known);
    const routeOf = (path: string, name: string, summary: string, schema: object, answer: Answer, shown: Parameters) =>
      addRoute(
        Figures,
        name,
        async function (this: Figures, query: object, request: AuthenticatedRequest, reply: FastifyReply) {
          const asked = read(query);
          const question = await questionOf(figure, asked, await this.reads.scopeOf(request.actor), this.reads);
          return answered(this.reads, this.gateway, [context, 'topology'], request, reply, () =>
            refused(() => answer(this.reads, question, asked)),
          );
        },
        [Query(), Req(), Res({ passthrough: true })],
        [
          Get(path),
          Allow(...roles),
          ApiOperation({ operationId: name, summary, description: `${figure.en}. ${figure.source}` }),
          ApiHeader({ name: 'Consistency-Token', required: false, description: '命令答复中的令牌：读到自己的写入' }),
          ...described(shown),
          ...readRefusals(),
          ApiOkResponse({ description: figure.source, schema }),
        ],
      );
    const title = figure.name[0]!.toUpperCase() + figure.name.slice(1);
    routeOf(
      figure.name,
      `Get${title}`,
      figure.zh,
      answerSchema(figure),
      (reads, question, asked) => told(reads, figure, question, asked),
      known,
    );
    const { by: _, per: __, ...ofCell } = known;
    routeOf(
      `${figure.name}/explanation`,
      `Explain${title}`,
      `${figure.zh}：一格所据的事件`,
      linesSchema,
      (reads, question, asked) => explained(reads, figure, question, asked),
      ofCell,
    );
  }
  ApiTags('figures')(Figures);
  Controller('api/v1/figures')(Figures);
  return Figures;
}

/** The days that an answer is about, in words that need no explanation beside the ones that can be asked with. */
const daysOf = ({ from, to }: Period) => ({ from, to, firstDay: from, lastDay: lastDayOf({ from, to }) });

const cellPlace = Type.Object({
  cell: Type.Record(Type.String(), inPlace),
  period: Type.Optional(inPlace),
});
const linePlace = Type.Object({
  day: Type.String({ format: 'date' }),
  position: inPlace,
  list: inPlace,
  key: inPlace,
  n: Type.Integer({ minimum: 0, maximum: 2 ** 31 - 1 }),
});
const placeOf = ({ day, position, list, key, n }: LinePlace): LinePlace => ({ day, position, list, key, n });

type Answer = (reads: Reads, question: FigureQuestion, asked: Asked) => Promise<object>;

async function questionOf(figure: Figure, asked: Asked, scope: Scope, reads: Reads): Promise<FigureQuestion> {
  const { from, to } = periodAsked(asked);
  const { per, on, level, asOf, limit = PAGE } = asked;
  const names = Object.keys(figure.dimensions);
  const by = toldApart(figure, asked.by?.split(',') ?? figure.by);
  const filter = Object.fromEntries(
    names.flatMap((name) => (asked[name] === undefined ? [] : [[name, asked[name] as string]])),
  );
  const asAt = asked.asAt === undefined ? undefined : await reads.known(asked.asAt);
  const question = { from, to, by, per, filter, limit, asOf, on, asAt };
  return {
    ...question,
    ...(scope === 'all' ? {} : { scope: new Set(scope) }),
    ...(level === undefined ? {} : { rollUp: await rollUpTo(level, reads.sql, await timesOf(asked, reads)) }),
  };
}

async function told(reads: Reads, figure: Figure, question: FigureQuestion, asked: Asked): Promise<object> {
  const after = cursorOf(asked.after, cellPlace);
  const { cells, margins, total, next } = await reads.transaction((sql) =>
    askFigure(sql, figure, after ? { ...question, after } : question),
  );
  return {
    figure: figure.name,
    definition: figure.source,
    ...daysOf(question),
    by: question.by,
    asOf: asked.asOf ?? null,
    asAt: question.asAt?.position ?? null,
    scope: question.scope ? [...question.scope] : null,
    cells: cells.map((row) => toldRow(figure, row)),
    margins: margins.map((row) => toldRow(figure, row)),
    total: total && toldRow(figure, total),
    next: next ? cursor({ cell: next.cell, period: next.period }) : null,
  };
}

async function explained(reads: Reads, figure: Figure, question: FigureQuestion, asked: Asked): Promise<object> {
  const { filter = {}, limit = PAGE } = question;
  mayExplain(figure, question);
  const after = cursorOf(asked.after, linePlace);
  const lines = await reads.transaction((sql) => explainFigure(sql, figure, question, {}, { limit: limit + 1, after }));
  const shown = lines.slice(0, limit);
  const { cells: _, ...sum } = await reads.transaction((sql) =>
    askFigure(sql, figure, { ...question, by: [], per: undefined }),
  );
  const last = shown.at(-1);
  return {
    figure: figure.name,
    definition: figure.source,
    ...daysOf(question),
    cell: filter,
    rates: Object.fromEntries(Object.entries(figure.rates).map(([name, { zh, of }]) => [name, { zh, of }])),
    total: sum.total && toldRow(figure, sum.total),
    lines: shown.map(({ list, key, event, day: on, position, values, days }) => {
      return {
        list,
        key: JSON.parse(key) as unknown,
        day: on,
        position,
        event,
        ...toldNumbers(figure, { values, days }),
      };
    }),
    next: lines.length > limit && last ? cursor(placeOf(last)) : null,
  };
}

/** Behind a number stand facts of regions: whoever may not see the number may not see them. */
function mayExplain({ dimensions }: Figure, { filter = {}, scope }: FigureQuestion): void {
  const mine = Object.entries(filter).some(([name, value]) => dimensions[name]?.region && scope?.has(value as string));
  if (!scope || mine) return;
  const names = Object.keys(dimensions).filter((name) => dimensions[name]!.region);
  throw new ProblemException(
    403,
    'region.not-yours',
    `请以 ${names.join(' 或 ')} 指明本区域：只能查看与本区域有关的明细`,
    `Say your own region in ${names.join(' or ')}: you may see what concerns it`,
  );
}

async function refused(answer: () => Promise<object>): Promise<object> {
  return answer().catch((error: unknown) => {
    if (error instanceof FigureQuestionError) throw invalid('to', error.zh, error.en);
    throw error;
  });
}

const number = (description: string) => ({ oneOf: [{ type: 'number' }, { type: 'string' }], description });

/** In words what the numbers are; a number that JSON cannot carry exactly is the text of its digits. */
function rowSchema(figure: Figure): object {
  const measures = Object.entries(figure.measures).flatMap(([name, { zh, kind, unit }]) => [
    [name, number(`${zh}，${unit}`)],
    ...(kind === 'level' ? [[`${name}Days`, number(`Σ ${zh} × 天`)]] : []),
  ]);
  const dimensions = Object.entries(figure.dimensions).map(([name, { zh }]) => [
    name,
    { type: 'string', description: zh },
  ]);
  const rates = Object.entries(figure.rates).map(([name, { zh, of }]) => [
    name,
    { type: ['number', 'null'], description: `${zh} = ${of.join(' / ')}` },
  ]);
  const properties = Object.fromEntries([
    ...dimensions,
    ['period', { type: 'string' }],
    ...measures,
    ...rates,
  ]) as object;
  return { type: 'object', properties };
}

const daysSchema = {
  from: { type: 'string', format: 'date' },
  to: { type: 'string', format: 'date', description: '不含' },
  firstDay: { type: 'string', format: 'date', description: '期间第一日' },
  lastDay: { type: 'string', format: 'date', description: '期间最后一日' },
};

const answerSchema = (figure: Figure) => ({
  type: 'object',
  properties: {
    figure: { type: 'string' },
    definition: { type: 'string', description: '定义' },
    ...daysSchema,
    by: { type: 'array', items: { type: 'string' } },
    asOf: { type: ['string', 'null'] },
    asAt: { type: ['string', 'null'], description: '事件库中的位置' },
    scope: { type: ['array', 'null'], items: { type: 'string' }, description: '仅示与这些区域有关的行；空为全部' },
    cells: { type: 'array', items: rowSchema(figure) },
    margins: { type: 'array', items: rowSchema(figure), description: '各维之和；与各格、合计出自同一次计算' },
    total: { ...rowSchema(figure), nullable: true, description: '合计；不可见则为空' },
    next: { type: ['string', 'null'], description: '下一页的 after' },
  },
});

const linesSchema = {
  type: 'object',
  properties: {
    figure: { type: 'string' },
    definition: { type: 'string', description: '定义' },
    ...daysSchema,
    cell: { type: 'object', additionalProperties: { type: 'string' } },
    rates: { type: 'object', additionalProperties: true, description: '各比率的分子与分母' },
    total: { type: 'object', additionalProperties: true, description: '此格；等于各条之和' },
    lines: { type: 'array', items: { type: 'object', additionalProperties: true }, description: '各事件所加减' },
    next: { type: ['string', 'null'], description: '下一页的 after' },
  },
};
