import type { Figure } from '#libs/messages';
import { eachColumn, isFixed, linesOf, type Asked } from './figure-lines.js';
import type { FigureQuestion, Source, Times } from './figure-question.js';
import { column, hasLevels, measuresOf, sumColumns, summedUp } from './figure-tables.js';

/** A row of an answer: `g` tells which dimensions it sums over, `j` the span, 1 for the whole period. */
export type Told = Readonly<Record<string, string | null>> & { readonly g: number; readonly j: number };

/**
 * Everything of an answer in one statement, and so as of one moment: what is known of each cell in each segment of time; rolled
 * up, for each span; from that the sums of cells, margins and total, and the means; and at last what the asker sees of it.
 */
export function statementOf(figure: Figure, question: FigureQuestion, source: Source, times: Times) {
  const parameters: unknown[] = [];
  const given = (value: unknown) => `$${parameters.push(value)}`;
  const asked: Asked = { figure, question, source, times, given };
  const sums = sumColumns(figure).map((c) => `coalesce(sum(${c}), 0) as ${c}`);
  const text = `with known as (${knownOf(asked)}),
    ${hasLevels(figure) ? `levels as (${levelsOf(asked)}),` : ''}
    spanned as (${spannedOf(asked)}),
    sums as (${grouped(question.by, sums)})
    ${source.each.map((name) => `, "means_${name}" as (${meansOver(asked, name)})`).join('\n')}
    ${shownOf(asked)}`;
  return { text, parameters };
}

/** What is known of each cell in each segment of time. */
function knownOf(asked: Asked): string {
  const apart = [...asked.question.by.map(column), ...asked.source.each.map(eachColumn), 'i'].join(', ');
  return `select ${apart}, ${summedUp(asked.figure).join(', ')} from (${linesOf(asked).join(' union all ')}) lines group by ${apart}`;
}

/** Levels add up from the first segment on, and are there where nothing changes: their value at its end, and value × days in it. */
function levelsOf({ figure, question, source, times, given }: Asked): string {
  const cell = [...question.by.map(column), ...source.each.map(eachColumn)];
  const values = measuresOf(figure).flatMap(({ value, valueDay, factor }) => {
    if (!valueDay) return [value];
    const [added, addedDay] = [`coalesce(${factor}, 0)`, `coalesce(${valueDay}, 0)`];
    const days = `(sum(${value}) over cells - ${added}) * (t - f) + ${added} * t - ${addedDay}`;
    return [`sum(${value}) over cells as ${value}`, `${days} as ${valueDay}`];
  });
  return `select ${[...cell, 'i', ...values].join(', ')}
    from (select distinct ${['true as told', ...cell].join(', ')} from known) told
    cross join (
      select i::integer - 1 as i, lag(t) over (order by t) as f, t
      from unnest(${given(times.bounds)}::integer[]) with ordinality as ends (t, i)
    ) segments
    left join known using (${[...cell, 'i'].join(', ')})
    window cells as (partition by ${['told', ...cell].join(', ')} order by i)`;
}

/** What that is to each span: a flow and value × days count in all of its segments, a level's value at the end of one. */
function spannedOf({ figure, question, source, times, given }: Asked): string {
  const apart = [...question.by.map(column), ...source.each.map(eachColumn), 'j'];
  const values = measuresOf(figure).flatMap(({ value, valueDay }) => {
    const counted = `case when counts then ${valueDay ?? value} end as ${valueDay ?? value}`;
    return valueDay ? [`case when tells then ${value} end as ${value}`, counted] : [counted];
  });
  const parts = times.spans.flatMap(({ low, high, at }, k) =>
    times.bounds.flatMap((_, i) => {
      const counts = i >= low && i <= high;
      return counts || i === at ? [{ i, j: k + 1, counts, tells: i === at }] : [];
    }),
  );
  const columns = [
    `${given(parts.map(({ i }) => i))}::integer[], ${given(parts.map(({ j }) => j))}::integer[]`,
    `${given(parts.map(({ counts }) => counts))}::boolean[], ${given(parts.map(({ tells }) => tells))}::boolean[]`,
  ];
  return `select ${[...apart, ...values].join(', ')} from ${hasLevels(figure) ? 'levels' : 'known'}
    join unnest(${columns.join(', ')}) as span (i, j, counts, tells) using (i)`;
}

/** Sums over no dimension (cells), over all but one (margins) and over all (the total), from one scan. */
function grouped(by: readonly string[], sums: readonly string[], ...others: readonly string[]): string {
  const cell = by.map(column);
  const sets = [cell, ...(cell.length > 1 ? cell.map((c) => [c]) : []), ...(cell.length > 0 ? [[]] : [])];
  const over = cell.length > 0 ? `grouping(${cell.join(', ')})` : '0';
  const told = cell.map((c) => `coalesce(${c}, '') as ${c}`);
  return `select ${[`${over} as g`, 'j', ...told, ...others, ...sums].join(', ')} from spanned
    group by grouping sets (${sets.map((set) => `(${[...set, 'j', ...others].join(', ')})`).join(', ')})`;
}

/** The mean, over the values of a dimension, of the shares that there are; to twelve decimals, whatever the order of rows. */
function meansOver({ figure, question }: Asked, name: string): string {
  const measures = measuresOf(figure);
  const rates = Object.entries(figure.rates).filter(([, rate]) => rate.each === name);
  const [sums, means] = [new Set<string>(), new Array<string>()];
  for (const [rate, { of }] of rates) {
    const [numerator, denominator] = of.map((m) => measures.find((one) => one.name === m)!);
    const [above, below] = [numerator!, denominator!].map((m) => m.valueDay ?? m.value);
    for (const c of [above, below]) sums.add(`coalesce(sum(${c}), 0) as ${c}`);
    const scaled = `${above} * ${10 ** denominator!.decimals} / (nullif(${below}, 0) * ${10 ** numerator!.decimals})`;
    means.push(`round(avg(round(${scaled}, 12)), 12) as "rate_${rate}"`);
  }
  const row = ['g', 'j', ...question.by.map(column)].join(', ');
  return `select ${row}, ${means.join(', ')} from (${grouped(question.by, [...sums], eachColumn(name))}) shares
    group by ${row}`;
}

/** Hides what is of no region of the asker's, leaves out what is nothing but zeros, and takes the page. */
function shownOf(asked: Asked): string {
  const { figure, question, source, given } = asked;
  const { by, per, scope, limit, after } = question;
  const row = ['g', 'j', ...by.map(column)].join(', ');
  const all = 2 ** by.length - 1;
  const cell = `(g = 0 and ${per ? 'j > 1' : by.length > 0 ? 'true' : 'false'})`;
  // With parts of the period, those are a dimension of their own: told apart in cells, and alone in margins.
  const parts = `(j > 1 and g in (0, ${all}) or j = 1 and (g > 0 or ${by.length <= 1}))`;
  const conditions = [
    `(${sumColumns(figure)
      .map((c) => `${c} <> 0`)
      .join(' or ')})`,
    ...(per ? [parts] : []),
    ...(scope && !isFixed(figure, question) ? [seenBy(asked, scope)] : []),
    ...(after ? [`(not ${cell} or ${beyond(asked, after)})`] : []),
  ];
  const order = [...by.map(column), 'j'].join(', ');
  const paged = limit === undefined ? '' : `where not cell or place <= ${given(limit + 1)}`;
  return `select * from (
      select *, ${cell} as cell, row_number() over (partition by ${cell} order by ${order}) as place
      from sums ${source.each.map((name) => `left join "means_${name}" using (${row})`).join(' ')}
      where ${conditions.join(' and ')}
    ) shown ${paged} order by ${order}`;
}

/** That a row does not sum over some dimension which has a region of the asker's. */
function seenBy({ figure, question, given }: Asked, scope: ReadonlySet<string>): string {
  const regions = question.by.filter((name) => figure.dimensions[name]!.region);
  return `(${['false', ...regions.map((name) => `${column(name)} = any(${given([...scope])})`)].join(' or ')})`;
}

function beyond({ question, times, given }: Asked, after: NonNullable<FigureQuestion['after']>): string {
  const columns = [...question.by.map(column), 'j'];
  const j = Math.max(1, times.spans.findIndex((span) => span.name === after.period) + 1);
  const values = [...question.by.map((name) => given(after.cell[name] ?? '')), given(j)];
  return `(${columns.join(', ')}) > (${values.join(', ')})`;
}
