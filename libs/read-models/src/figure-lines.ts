import type { Figure } from '#libs/messages';
import { bucketOf, dayOf, piecesOf, stretchesOf, type Piece } from './figure-days.js';
import type { FigureQuestion, Source, Times } from './figure-question.js';
import { column, journalOf, hasLevels, lineSums, sumColumns, summedUp, sumsOf, type Kept } from './figure-tables.js';

/** What a statement is put together from. */
export interface Asked {
  readonly figure: Figure;
  readonly question: FigureQuestion;
  readonly source: Source;
  readonly times: Times;
  /** Adds a parameter and names it. */
  readonly given: (value: unknown) => string;
}

/** Some of the rows that an answer sums up. */
interface Rows {
  /** With their `where`. */
  readonly from: string;
  readonly sign: '' | '-' | 'sign * ';
  readonly segment: string;
  /** The sums that they are of; undefined of lines of the journal. */
  readonly kept: Kept | undefined;
}

/**
 * The selects that an answer sums up: cell, segment `i`, values. They read the sums of now, and from the journal the days that
 * those do not tell apart. As at a position that was recorded on day c, sums are taken up to c only, less what was recorded later,
 * in flight then, and with what was known then of later days; any c gives the same.
 */
export function linesOf(asked: Asked): string[] {
  const { figure, question, source, times, given } = asked;
  const first = hasLevels(figure) ? -Infinity : times.bounds[0]!;
  const end = times.bounds.at(-1)!;
  const split = source.kept ? times.split : first;
  const position = question.asAt && given(question.asAt.position);
  const rows = source.kept ? nowUntil(asked, source.kept, first, Math.min(end, split)) : [];
  if (position && first < split) rows.push(between(asked, '-', first, Math.min(end, split), `r > ${position}`));
  if (split < end) rows.push(between(asked, '', Math.max(first, split), end, position ? `r <= ${position}` : 'true'));
  return rows.map((some) => select(asked, some));
}

/** Lines of the journal from a day until another, of which only some were known. */
function between({ figure, times }: Asked, sign: '' | '-', from: number, to: number, known: string): Rows {
  const after = from === -Infinity ? 'true' : `d >= '${dayOf(from)}'`;
  return {
    from: `${journalOf(figure, 'live')} where ${after} and d < '${dayOf(to)}' and ${known}`,
    sign,
    segment:
      times.bounds.length > 3
        ? `width_bucket(d, '{${times.bounds.map(dayOf).join(',')}}'::date[])`
        : times.bounds.map((bound) => `(d >= '${dayOf(bound)}')::integer`).join(' + '),
    kept: undefined,
  };
}

/** What is known now from a day until another: sums over the stretches that they are kept for, and the journal's other days. */
function nowUntil(asked: Asked, kept: Kept, first: number, end: number): Rows[] {
  const { figure, times } = asked;
  const sums = sumsOf(figure, kept, 'live');
  const pieces = times.bounds.flatMap((to, segment) => {
    const from = times.bounds[segment - 1] ?? first;
    return piecesOf(Math.min(from, end), Math.min(to, end)).map((piece) => ({ ...piece, segment }));
  });
  const [before, rest] = [pieces.filter((p) => p.from === -Infinity), pieces.filter((p) => p.from > -Infinity)];
  const isKept = ({ unit }: Piece) => kept.units.includes(unit);
  return [
    ...before.map(({ to }): Rows => {
      const from = `${sums} where bucket between 1000 and ${bucketOf('year', to - 1)}`;
      return { from, sign: '', segment: '0', kept };
    }),
    ...joined(asked, rest.filter(isKept), `${sums} on bucket = stretch`, kept),
    ...joined(
      asked,
      rest.filter((piece) => !isKept(piece)),
      `${journalOf(figure, 'live')} on d = make_date(stretch / 10000, stretch / 100 % 100, stretch % 100)`,
    ),
  ];
}

/** The rows of each stretch of some pieces. */
function joined({ given }: Asked, pieces: readonly (Piece & { segment: number })[], to: string, kept?: Kept): Rows[] {
  if (pieces.length === 0) return [];
  const stretches = pieces.flatMap((piece) => stretchesOf(piece).map((start) => ({ ...piece, start })));
  const columns = [
    stretches.map(({ unit, start }) => bucketOf(unit, start)),
    stretches.map(({ segment }) => segment),
    stretches.map(({ sign }) => sign),
  ].map((column) => `${given(column)}::integer[]`);
  const from = `unnest(${columns.join(', ')}) as stretches (stretch, segment, sign) join ${to} where true`;
  return [{ from, sign: 'sign * ', segment: 'segment', kept }];
}

/** Rows as cells of the question. Where lines are of few regions, they are summed up before those are rolled up. */
function select(asked: Asked, { from, sign, segment, kept }: Rows): string {
  const { figure, question, source, given } = asked;
  const names = sumColumns(figure);
  const values = (kept ? names : lineSums(figure)).map((value, i) => `${sign}${value} as ${names[i]}`);
  const cell = [
    ...question.by.map((name) => [name, column(name)] as const),
    ...source.each.map((name) => [name, eachColumn(name)] as const),
  ];
  const told = cell.map(([name, as]) => `${column(name)} as ${as}`);
  const rows = `select ${[...told, `${segment} as i`, ...values].join(', ')} from ${from}
    and ${conditionsOf(asked, kept?.rolled === true)}`;
  const isRegion = (name: string) => figure.dimensions[name]!.region === true;
  const regions = cell.filter(([name]) => isRegion(name)).length;
  if (kept?.rolled || !question.rollUp || regions === 0) return rows;
  const key = [...cell.map(([, as]) => as), 'i'].join(', ');
  const sums = [key, ...summedUp(figure)].join(', ');
  const few = kept || regions > 1 ? rows : `select ${sums} from (${rows}) lines group by ${key}`;
  const map = `${given(JSON.stringify(Object.fromEntries(question.rollUp)))}::jsonb`;
  const rolled = cell.map(([name, as]) =>
    isRegion(name) ? `coalesce(${map} ->> ${as}, '') collate "C" as ${as}` : as,
  );
  return `select ${[...rolled, 'i', ...names].join(', ')} from (${few}) apart`;
}

/** The dimension that means are taken over, told apart even where the question sums over it. */
export const eachColumn = (dimension: string) => `"each_${dimension}"`;

/**
 * Which cells count. Where a row is seen by its cell alone, all its lines have the asker's region in one of the dimensions that
 * cells are told apart by: what has none is left out, as no row that is shown sums it up.
 */
function conditionsOf({ figure, question, given }: Asked, rolled: boolean): string {
  const { filter = {}, scope, by } = question;
  const rollUp = rolled ? undefined : question.rollUp;
  const has = (name: string, values: readonly string[]) => within(figure, name, values, rollUp, given);
  const filters = Object.entries(filter).map(([name, value]) => has(name, [value!]));
  if (!scope || isFixed(figure, question)) return ['true', ...filters].join(' and ');
  const seen = by.filter((name) => figure.dimensions[name]!.region).map((name) => has(name, [...scope]));
  return [`(${['false', ...seen].join(' or ')})`, ...filters].join(' and ');
}

/** Whether the filter alone lets the asker see every row. */
export function isFixed(figure: Figure, { filter = {}, scope }: FigureQuestion): boolean {
  return Object.entries(filter).some(([name, value]) => figure.dimensions[name]!.region && scope?.has(value!));
}

/** That a dimension, rolled up, has one of these values. */
export function within(
  figure: Figure,
  name: string,
  values: readonly string[],
  rollUp: ReadonlyMap<string, string> | undefined,
  given: Asked['given'],
): string {
  if (!rollUp || !figure.dimensions[name]!.region) return `${column(name)} = any(${given(values)})`;
  const regions = [...rollUp].filter(([, to]) => values.includes(to)).map(([region]) => region);
  const among = `${column(name)} = any(${given(regions)})`;
  return values.includes('') ? `(${among} or ${column(name)} <> all(${given([...rollUp.keys()])}))` : among;
}
