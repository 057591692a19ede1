import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { useState } from 'react';
import { unitsOf } from '../kit/exact';
import { useLanguage } from '../kit/language';
import { saveCsv, type CsvCell } from '../kit/save';
import { explanationOf, measuresOf, ratesOf, termOf, valueOf, type Answer, type Asked, type Told } from './figure';
import type { AskedPeriod } from './period';
import { useScale, type Scale } from './scale';
import { RateValue, useDimensionText, useMeasureText, useNumberText } from './words';
import { csvNumber } from './csv-number';

interface Props {
  readonly question: Asked;
  readonly answer: Answer;
  readonly period: AskedPeriod;
}

interface Sort {
  readonly by: string;
  readonly down: boolean;
}

/** Rows that are drawn at first, and more at a time. */
const SHOWN = 200;

/** A row for each cell, with all measures and shares; every number leads to what it is made of. */
export function FlatTable({ question, answer, period }: Props) {
  const { say, tell } = useLanguage();
  const { figure, level, filter } = question;
  const [sort, setSort] = useState<Sort>({ by: measuresOf(figure)[0]![0], down: true });
  const [shown, setShown] = useState(SHOWN);
  const text = useDimensionText(figure);
  const title = useMeasureText();
  const save = useCsv(question, answer);
  const compare = (a: Told, b: Told): number => {
    const [x, y] = [a[sort.by] ?? null, b[sort.by] ?? null];
    const measure = figure.measures[sort.by];
    if (figure.dimensions[sort.by]) return text(sort.by, String(x)).localeCompare(text(sort.by, String(y)), 'zh-CN');
    if (!measure) return Number(x ?? -1) - Number(y ?? -1);
    const [p, q] = [unitsOf(x ?? 0, measure.decimals), unitsOf(y ?? 0, measure.decimals)];
    return p < q ? -1 : p > q ? 1 : 0;
  };
  const rows = answer.cells.toSorted((a, b) => (sort.down ? compare(b, a) : compare(a, b)));
  const scaleOf = useScale();
  const scales = new Map(
    measuresOf(figure).map(([name, measure]) => {
      const largest = answer.cells.reduce((most, row) => Math.max(most, Number(valueOf(row, name))), 0);
      return [name, { largest, ...scaleOf(measure, largest) }] as const;
    }),
  );
  const head = (name: string, label: string, numeric: boolean) => {
    const mine = sort.by === name;
    return (
      <th
        key={name}
        scope="col"
        className={numeric ? 'numeric' : undefined}
        aria-sort={mine ? (sort.down ? 'descending' : 'ascending') : 'none'}
      >
        <button type="button" className="sort" onClick={() => setSort({ by: name, down: mine ? !sort.down : numeric })}>
          {label}
          <span aria-hidden="true">{mine ? (sort.down ? ' ▼' : ' ▲') : ''}</span>
        </button>
      </th>
    );
  };
  const label = tell(figure);
  return (
    <>
      <div className="table-scroll tall" tabIndex={0} role="region" aria-label={label}>
        <table className="figures">
          <caption className="unseen">{label}</caption>
          <thead>
            <tr>
              {answer.by.map((name) => head(name, tell(figure.dimensions[name]!), false))}
              {measuresOf(figure).map(([name, measure]) => head(name, title(measure, scales.get(name)!.unit), true))}
              {ratesOf(figure).map(([name, rate]) => head(name, tell(rate), true))}
            </tr>
            {answer.total && answer.by.length > 0 && (
              <tr className="total">
                <th scope="row" colSpan={answer.by.length}>
                  {say('合计', 'Total')}
                </th>
                <Numbers
                  question={question}
                  row={answer.total}
                  scales={scales}
                  to={explanationOf({}, [], { period, level, filter })}
                />
              </tr>
            )}
          </thead>
          <tbody>
            {rows.slice(0, shown).map((row) => (
              <tr key={answer.by.map((name) => row[name]).join('/')}>
                {answer.by.map((name, i) => (
                  <DimensionCell
                    key={name}
                    head={i === 0}
                    value={String(row[name])}
                    text={text(name, String(row[name]))}
                  />
                ))}
                <Numbers
                  question={question}
                  row={row}
                  scales={scales}
                  bars
                  to={explanationOf(row, answer.by, { period, level, filter })}
                />
              </tr>
            ))}
            {rows.length === 0 && (
              <tr>
                <td colSpan={99} className="nothing">
                  {say('此期间没有数', 'Nothing in this period')}
                </td>
              </tr>
            )}
          </tbody>
        </table>
      </div>
      <p className="actions">
        {rows.length > shown && (
          <Button onClick={() => setShown(shown + SHOWN)}>
            {say(`再显示（还有 ${rows.length - shown} 行）`, `Show more (${rows.length - shown} rows)`)}
          </Button>
        )}
        <Button onClick={() => save(rows)}>{say('导出 CSV', 'Export CSV')}</Button>
      </p>
    </>
  );
}

const DimensionCell = ({
  head,
  value,
  text,
}: {
  readonly head: boolean;
  readonly value: string;
  readonly text: string;
}) =>
  head ? (
    <th scope="row" title={value}>
      {text}
    </th>
  ) : (
    <td title={value}>{text}</td>
  );

interface NumbersProps {
  readonly question: Asked;
  readonly row: Told;
  readonly scales: ReadonlyMap<string, Scale & { readonly largest: number }>;
  readonly bars?: boolean;
  readonly to: ReturnType<typeof explanationOf>;
}

function Numbers({ question: { figure }, row, scales, bars = false, to }: NumbersProps) {
  const text = useNumberText();
  return (
    <>
      {measuresOf(figure).map(([name, measure]) => {
        const value = valueOf(row, name);
        const { exact } = text(measure, value);
        const { largest, text: shortOf } = scales.get(name)!;
        const short = shortOf(value);
        const share = bars && largest > 0 ? (100 * Number(value)) / largest : 0;
        return (
          <td key={name} className="numeric" style={{ backgroundImage: barOf(share) }}>
            {to && Number(value) !== 0 ? (
              <Link
                to="/figures/$figure/explanation"
                params={{ figure: figure.name }}
                search={to}
                title={exact}
                className="quiet"
              >
                {short}
              </Link>
            ) : (
              <span title={exact}>{short}</span>
            )}
          </td>
        );
      })}
      {ratesOf(figure).map(([name, rate]) => (
        <td key={name} className="numeric">
          <RateValue figure={figure} rate={rate} name={name} row={row} />
        </td>
      ))}
    </>
  );
}

const barOf = (share: number) =>
  share > 0 ? `linear-gradient(to left, var(--wash) ${share.toFixed(1)}%, transparent 0)` : undefined;

/** What is shown, each number exact; of levels also Σ value × days, which shares are taken of. */
function useCsv({ figure }: Asked, { by, total }: Answer): (rows: readonly Told[]) => void {
  const { say, tell } = useLanguage();
  const text = useDimensionText(figure);
  const number = csvNumber(say);
  const columns = measuresOf(figure).flatMap(([name, measure]) => [
    { name, measure, title: number.title(measure, tell) },
    ...(measure.kind === 'level'
      ? [{ name: termOf(figure, name), measure, title: say(`${tell(measure)} × 天`, `${tell(measure)} × days`) }]
      : []),
  ]);
  const rates = ratesOf(figure);
  const line = (row: Told, named: readonly CsvCell[]): CsvCell[] => [
    ...named,
    ...columns.map(({ name, measure }) => number.value(measure, valueOf(row, name))),
    ...rates.map(([name]) => (row[name] == null ? null : Number(row[name]))),
  ];
  const namesOf = (row: Told) => by.flatMap((name) => [text(name, String(row[name])), String(row[name])]);
  const ofTotal = by.flatMap((_, i) => [i === 0 ? say('合计', 'Total') : null, null]);
  return (rows) =>
    saveCsv(`${figure.name}.csv`, [
      [
        ...by.flatMap((name) => [tell(figure.dimensions[name]!), name]),
        ...columns.map(({ title }) => title),
        ...rates.map(([, rate]) => tell(rate)),
      ],
      ...rows.map((row) => line(row, namesOf(row))),
      ...(total ? [line(total, ofTotal)] : []),
    ]);
}
