import { ApiProperty } from '@nestjs/swagger';
import Type from 'typebox';
import { cursor, cursorOf, inPlace, periodAsked, question, TimesParameters, type Reads } from '#libs/eventing-nest';
import { Day, OneOf, Text } from '#libs/fields';
import { firmCounts, flows, lastDayOf, partsOfPeriods, regionLevels, sharing, type Figure } from '#libs/messages';
import {
  askFigure,
  rollUpTo,
  toldNumbers,
  type FigureAnswer,
  type FigureQuestion,
  type FigureRow,
  type Scope,
  type Sql,
  type Times,
} from '#libs/read-models';

/** What goes between two regions, as its own figure counts it: the two dimensions, and what its measures are called here. */
interface Flow {
  readonly figure: Figure;
  readonly origin: string;
  readonly destination: string;
  readonly measures: Readonly<Partial<Record<keyof Numbers, string>>>;
}

const FLOWS: readonly Flow[] = [
  {
    figure: flows,
    origin: 'output',
    destination: 'absorbing',
    measures: { contracts: 'count', amountFen: 'amountFen', technicalRevenueFen: 'technicalRevenueFen' },
  },
  { figure: sharing, origin: 'owner', destination: 'using', measures: { uses: 'uses', hours: 'effectiveHours' } },
  { figure: firmCounts, origin: 'home', destination: 'host', measures: { firms: 'admitted' } },
];

const DEFINITION =
  '流向矩阵：合同自输出至吸纳区域，机时自仪器所属至使用区域，入孵企业自飞出地至飞入地；各数与统计 flows、sharing、firms 的同期数相同';

const exactly = (description: string) => ApiProperty({ oneOf: [{ type: 'number' }, { type: 'string' }], description });

export class MatrixRow {
  @ApiProperty({ required: false, description: '流出区域；合计行没有' }) origin?: string;
  @ApiProperty({ required: false, description: '流入区域；合计行没有' }) destination?: string;
  @ApiProperty({ required: false, description: '期间的一部分' }) period?: string;
  @exactly('合同项数') contracts!: number | string;
  @exactly('成交额，分') amountFen!: number | string;
  @exactly('核定技术性收入，分') technicalRevenueFen!: number | string;
  @exactly('仪器使用次数') uses!: number | string;
  @exactly('仪器机时，小时') hours!: number | string;
  @exactly('入孵企业，家') firms!: number | string;
}

export class Matrix {
  @ApiProperty({ description: '定义' }) definition!: string;
  @ApiProperty({ description: '期间起' }) from!: string;
  @ApiProperty({ description: '期间止（不含）' }) to!: string;
  @ApiProperty({ description: '期间第一日' }) firstDay!: string;
  @ApiProperty({ description: '期间最后一日' }) lastDay!: string;
  @ApiProperty({ type: String, nullable: true }) asOf!: string | null;
  @ApiProperty({ type: String, nullable: true, description: '事件库中的位置' }) asAt!: string | null;
  @ApiProperty({ type: [String], nullable: true, description: '仅示与这些区域有关的行；空为全部' })
  scope!: readonly string[] | null;
  @ApiProperty({ type: [MatrixRow] }) cells!: MatrixRow[];
  @ApiProperty({ type: [MatrixRow], description: '各流出、流入区域及各期之和' }) margins!: MatrixRow[];
  @ApiProperty({ type: MatrixRow, nullable: true, description: '合计；不可见则为空' }) total!: MatrixRow | null;
  @ApiProperty({ type: String, nullable: true, description: '下一页的 after' }) next!: string | null;
}

export class MatrixParameters extends TimesParameters {
  @Text(7, {
    zh: '期间：年、季或月；或以 from 与 to 指明',
    en: 'A year, a quarter or a month; or else from and to',
    optional: true,
    example: '2023-Q3',
  })
  readonly period?: string;
  @Day({ zh: '期间起', en: 'The first day', optional: true, example: '2023-01-01' }) readonly from?: string;
  @Day({ zh: '期间止（不含）', en: 'The day after the last', optional: true, example: '2024-01-01' })
  readonly to?: string;
  @OneOf(partsOfPeriods, { zh: '按年、季、月分列', en: 'Parts of the period', optional: true })
  readonly per?: FigureQuestion['per'];
  @OneOf(regionLevels, {
    zh: '把区域汇总到此层级',
    en: 'Rolls regions up along the tree',
    help: ['缺省按其本身', 'Each by itself when absent'],
    optional: true,
  })
  readonly level?: string;
  @Text(63, { zh: '仅自此区域流出', en: 'Only from this region', optional: true, example: 'xixian' })
  readonly origin?: string;
  @Text(63, { zh: '仅流入此区域', en: 'Only to this region', optional: true, example: 'xianyang' })
  readonly destination?: string;
  @Text(2000, { zh: '上一页的 next', en: 'The next of the page before', optional: true }) readonly after?: string;
}

const place = Type.Object({ origin: inPlace, destination: inPlace, period: Type.Optional(inPlace) });

/** Cells a page. */
const PAGE = 1000;

/**
 * Contracts, instrument hours and firms from region to region, side by side: each number is that of its own figure, so that
 * rows, columns and total reconcile with it, and a scope hides a pair in all of them or in none.
 */
export const matrix = question({
  name: 'GetFlowMatrix',
  path: 'flows/matrix',
  zh: '流向矩阵：区域之间的合同、机时与入孵企业',
  roles: ['province', 'operator', 'auditor', 'sub-platform'],
  reads: ['contracts', 'sharing', 'incubation', 'topology'],
  parameters: MatrixParameters,
  answer: Matrix,
  async ask(asked: MatrixParameters & Times, scope: Scope, reads: Reads): Promise<Matrix> {
    const { per, level, origin, destination, asOf, asAt } = asked;
    const { from, to } = periodAsked(asked);
    const after = cursorOf(asked.after, place);
    const known = asAt === undefined ? undefined : await reads.known(asAt);
    const seen = scope === 'all' ? undefined : new Set(scope);
    const { next, ...told } = await reads.transaction(async (sql) => {
      const rollUp = level === undefined ? undefined : await rollUpTo(level, sql, { asOf, asAt });
      const common = { from, to, per, asOf, asAt: known, scope: seen, rollUp, limit: PAGE };
      return askMatrix(sql, common, { origin, destination }, after);
    });
    return {
      definition: DEFINITION,
      from,
      to,
      firstDay: from,
      lastDay: lastDayOf({ from, to }),
      asOf: asOf ?? null,
      asAt: asAt ?? null,
      scope: seen ? [...seen] : null,
      ...told,
      next: next && cursor(next),
    };
  },
});

/** A row's place among all, and what it is told apart by. */
type Place = Pick<MatrixRow, 'origin' | 'destination' | 'period'>;
type Pair = Omit<Place, 'period'>;
type Numbers = Omit<MatrixRow, keyof Place>;
type Told = Place & Partial<Numbers>;
type Asked = Omit<FigureQuestion, 'by' | 'filter' | 'after'> & { readonly limit: number };

/**
 * A page of the matrix, inside a transaction: each figure's next cells, and of these as many as all figures have told. A page may
 * have fewer than `limit`, where a figure has cells of measures that are not told here.
 */
export async function askMatrix(sql: Sql, asked: Asked, only: Pair, after?: Place) {
  const told: Answer[] = [];
  for (const flow of FLOWS) told.push(await askFlow(sql, flow, asked, only, after));
  const cells = sideBySide(told.map(({ cells: rows }) => rows)).sort(inOrder);
  const page = cells.slice(0, asked.limit);
  const isMore = cells.length > page.length || told.some(({ next }) => next !== null);
  const last = page.at(-1);
  return {
    cells: page.filter(isSomething),
    margins: sideBySide(told.map(({ margins }) => margins)).filter(isSomething),
    // Who may not see that of one may see that of none.
    total: sideBySide(told.flatMap(({ total }) => (total ? [[total]] : [])))[0] ?? null,
    next: isMore && last ? placeOf(last) : null,
  };
}

type Answer = Record<'cells' | 'margins', readonly Told[]> & { readonly total: Told | null; readonly next: unknown };

async function askFlow(sql: Sql, flow: Flow, asked: Asked, only: Pair, after: Place | undefined): Promise<Answer> {
  const { figure, origin, destination } = flow;
  const named = (pair: Pair): Record<string, string> => ({
    ...(pair.origin === undefined ? {} : { [origin]: pair.origin }),
    ...(pair.destination === undefined ? {} : { [destination]: pair.destination }),
  });
  const { cells, margins, total, next }: FigureAnswer = await askFigure(sql, figure, {
    ...asked,
    by: [origin, destination],
    filter: named(only),
    ...(after ? { after: { cell: named(after), period: after.period } } : {}),
  });
  const row = (one: FigureRow) => rowOf(flow, one);
  return { cells: cells.map(row), margins: margins.map(row), total: total && row(total), next };
}

/** A figure's row in the words of the matrix. */
function rowOf({ figure, origin, destination, measures }: Flow, row: FigureRow): Told {
  const numbers = toldNumbers(figure, row);
  return {
    ...(origin in row.cell ? { origin: row.cell[origin] } : {}),
    ...(destination in row.cell ? { destination: row.cell[destination] } : {}),
    ...(row.period === undefined ? {} : { period: row.period }),
    ...Object.fromEntries(Object.entries(measures).map(([here, there]) => [here, numbers[there]])),
  };
}

const placeOf = ({ origin, destination, period }: Place): Place => ({ origin, destination, period });

const NOTHING: Numbers = { contracts: 0, amountFen: 0, technicalRevenueFen: 0, uses: 0, hours: 0, firms: 0 };

/** The rows of all figures, those of one place as one: what a figure has no row of is nothing. */
function sideBySide(figures: readonly (readonly Told[])[]): MatrixRow[] {
  const rows = new Map<string, MatrixRow>();
  for (const row of figures.flat()) {
    const place = JSON.stringify(placeOf(row));
    rows.set(place, { ...(rows.get(place) ?? NOTHING), ...row });
  }
  return [...rows.values()];
}

const isSomething = (row: MatrixRow) => Object.keys(NOTHING).some((name) => row[name as keyof Numbers] !== 0);

function inOrder(a: Place, b: Place): number {
  const names = ['origin', 'destination', 'period'] as const;
  const differs = names.find((name) => a[name] !== b[name]);
  return differs === undefined ? 0 : a[differs]! < b[differs]! ? -1 : 1;
}
