import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import type { RefObject } from 'react';
import { digitsOf, sumOf } from '../kit/exact';
import { useLanguage } from '../kit/language';
import { percent } from '../kit/numbers';
import type { Exact } from '../kit/exact';
import { saveCsv } from '../kit/save';
import { useTimes } from '../kit/times';
import { ChoiceField } from '../lists/filter-field';
import type { Search } from '../shell/search-params';
import { csvNumber } from './csv-number';
import { explanationOf, marginOf, measuresOf, ratesOf, valueOf, type Answer, type Asked, type Told } from './figure';
import { partsOf, type AskedPeriod } from './period';
import { useScale, type Scale } from './scale';
import { MOST_SERIES, TimeChart } from './time-chart';
import { RateValue, useDimensionText, useMeasureText, useNumberText, usePartText } from './words';

interface Props {
  readonly question: Asked;
  readonly answer: Answer;
  readonly period: AskedPeriod;
  readonly ask: (change: Search) => void;
  readonly drawing: RefObject<SVGSVGElement | null>;
}

interface Line {
  readonly id: string;
  readonly names: readonly string[];
  readonly cell: Told;
  /** By the part of the period. */
  readonly told: ReadonlyMap<string, Told>;
}

/** One measure or share over the parts of the period: drawn, and beneath it the table that says the same. */
export function OverTime({ question, answer, period, ask, drawing }: Props) {
  const { say, tell, language } = useLanguage();
  const { figure, level, filter, per, search } = question;
  const times = useTimes();
  const text = useDimensionText(figure);
  const part = usePartText();
  const title = useMeasureText();
  const numberText = useNumberText();
  const shown =
    [...measuresOf(figure), ...ratesOf(figure)].find(([name]) => name === search.show) ?? measuresOf(figure)[0]!;
  const [name] = shown;
  const [measure, rate] = [figure.measures[name], figure.rates[name]];
  const parts = per === undefined ? [] : partsOf(per, period, times);
  const lines = linesOf(answer, text);
  const flows = measure?.kind === 'flow';
  const sum = (line: Line): Exact =>
    digitsOf(
      sumOf(
        [...line.told.values()].map((row) => valueOf(row, name)),
        measure?.decimals ?? 0,
      ),
      measure?.decimals ?? 0,
    );
  const latest = (line: Line) => line.told.get(parts.findLast((one) => line.told.has(one)) ?? '');
  const weight = (line: Line) => Number(flows ? sum(line) : (latest(line)?.[name] ?? 0));
  const ordered = lines.toSorted((a, b) => weight(b) - weight(a));
  const whole = new Map(
    parts.map((one) => [one, marginOf(answer.margins, [...answer.by, 'period'], 'period', one)] as const),
  );
  const numberOf = (row: Told | undefined) =>
    measure ? Number(row ? valueOf(row, name) : 0) : row?.[name] == null ? null : Number(row[name]);
  const largest = answer.cells.reduce((most, row) => Math.max(most, Number(row[name] ?? 0)), 0);
  const scaleOf = useScale();
  const scale = measure && scaleOf(measure, largest);
  const label = measure ? title(measure, scale!.unit) : tell(rate!);
  const seriesOf = (id: string, of: string, told: ReadonlyMap<string, Told | undefined>) => ({
    id,
    name: of,
    values: parts.map((one) => numberOf(told.get(one))),
  });
  const series =
    ordered.length > 1
      ? ordered.slice(0, MOST_SERIES).map((line) => seriesOf(line.id, line.names.join(' → '), line.told))
      : [seriesOf('total', ordered[0]?.names.join(' → ') ?? say('合计', 'Total'), ordered[0]?.told ?? whole)];
  const format = (value: number) =>
    measure ? numberText(measure, decimals(value, measure.decimals)).short : percent(value);
  const cellOf = (row: Told | undefined, dimensions: readonly string[]) => (
    <OneNumber
      question={question}
      name={name}
      scale={scale}
      row={row}
      to={row && explanationOf(row, dimensions, { period, level, filter })}
    />
  );
  const saveTable = () => {
    const number = csvNumber(say);
    const value = (row: Told | undefined) =>
      measure ? number.value(measure, row ? valueOf(row, name) : 0) : numberOf(row);
    saveCsv(`${figure.name}-${name}.csv`, [
      [...answer.by.map((one) => tell(figure.dimensions[one]!)), ...parts],
      ...ordered.map((line) => [...line.names, ...parts.map((one) => value(line.told.get(one)))]),
      [say('合计', 'Total'), ...answer.by.slice(1).map(() => null), ...parts.map((one) => value(whole.get(one)))],
    ]);
  };
  return (
    <>
      <figure className="card chart-card">
        <figcaption className="filters">
          <ChoiceField
            label={say('指标', 'Measure')}
            value={name}
            options={[...measuresOf(figure), ...ratesOf(figure)].map(([value, one]) => ({ value, label: tell(one) }))}
            onChange={(chosen) => ask({ show: chosen })}
          />
          <span className="nothing">{scale?.unit}</span>
          <span className="nothing">
            {ordered.length > MOST_SERIES &&
              say(
                `图中为最大的 ${MOST_SERIES} 项，表中为全部 ${ordered.length} 项`,
                `The ${MOST_SERIES} largest; all ${ordered.length} are in the table`,
              )}
          </span>
        </figcaption>
        <TimeChart
          label={`${tell(figure)}：${label}`}
          parts={parts.map(part)}
          series={series}
          format={format}
          drawing={drawing}
        />
      </figure>
      <div className="table-scroll tall" tabIndex={0} role="region" aria-label={label}>
        <table className="figures">
          <caption className="unseen">{label}</caption>
          <thead>
            <tr>
              {answer.by.map((one) => (
                <th key={one} scope="col">
                  {tell(figure.dimensions[one]!)}
                </th>
              ))}
              {parts.map((one) => (
                <th key={one} scope="col" className="numeric">
                  {/* A line may break after the year, and nowhere else. */}
                  {part(one).replace('年', '年\u200b')}
                </th>
              ))}
              {flows && (
                <th scope="col" className="numeric">
                  {say('合计', 'Total')}
                </th>
              )}
            </tr>
            {[...whole.values()].some(Boolean) && (
              <tr className="total">
                <th scope="row" colSpan={answer.by.length}>
                  {say('合计', 'Total')}
                </th>
                {parts.map((one) => (
                  <td key={one} className="numeric">
                    {cellOf(whole.get(one), [])}
                  </td>
                ))}
                {flows && <td className="numeric">{answer.total && cellOf(answer.total, [])}</td>}
              </tr>
            )}
          </thead>
          <tbody>
            {ordered.map((line) => (
              <tr key={line.id}>
                {line.names.map((one, i) =>
                  i === 0 ? (
                    <th key={answer.by[i]} scope="row">
                      {one}
                    </th>
                  ) : (
                    <td key={answer.by[i]}>{one}</td>
                  ),
                )}
                {parts.map((one) => (
                  <td key={one} className="numeric">
                    {cellOf(line.told.get(one), answer.by)}
                  </td>
                ))}
                {flows && (
                  <td className="numeric sum">
                    {cellOf({ ...line.cell, [name]: sum(line), period: undefined }, answer.by)}
                  </td>
                )}
              </tr>
            ))}
            {ordered.length === 0 && (
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
        <Button onClick={saveTable}>{say('导出 CSV', 'Export CSV')}</Button>
        {!flows && measure && (
          <span className="nothing" lang={language === 'zh' ? 'zh-CN' : 'en'}>
            {say('存量取各期最后一日之值', 'Levels are those of the last day of each part')}
          </span>
        )}
      </p>
    </>
  );
}

const decimals = (value: number, places: number) => Number(value.toFixed(places));

function linesOf({ cells, by }: Answer, text: (name: string, value: string) => string): Line[] {
  const lines = new Map<string, { names: string[]; cell: Told; told: Map<string, Told> }>();
  for (const row of cells) {
    const id = by.map((name) => row[name]).join('/');
    const names = by.map((name) => text(name, String(row[name])));
    const line = lines.get(id) ?? {
      names,
      cell: Object.fromEntries(by.map((name) => [name, row[name]])),
      told: new Map<string, Told>(),
    };
    line.told.set(String(row.period), row);
    lines.set(id, line);
  }
  return [...lines].map(([id, line]) => ({ id, ...line }));
}

interface OneProps {
  readonly question: Asked;
  readonly name: string;
  readonly scale: Scale | undefined;
  readonly row: Told | undefined;
  readonly to: ReturnType<typeof explanationOf>;
}

function OneNumber({ question: { figure }, name, scale, row, to }: OneProps) {
  const text = useNumberText();
  const measure = figure.measures[name];
  if (row === undefined) return <span className="nothing">{measure ? 0 : '—'}</span>;
  if (!measure) return <RateValue figure={figure} rate={figure.rates[name]!} name={name} row={row} />;
  const { exact } = text(measure, valueOf(row, name));
  const short = scale?.text(valueOf(row, name));
  if (to === undefined) return <span title={exact}>{short}</span>;
  return (
    <Link
      to="/figures/$figure/explanation"
      params={{ figure: figure.name }}
      search={to}
      title={exact}
      className="quiet"
    >
      {short}
    </Link>
  );
}
