import type { RefObject } from 'react';
import { MARKS } from '../kit/marks';

export interface Series {
  readonly id: string;
  readonly name: string;
  /** One for each part of the period; null where there is none. */
  readonly values: readonly (number | null)[];
}

interface Props {
  readonly label: string;
  readonly parts: readonly string[];
  readonly series: readonly Series[];
  readonly format: (value: number) => string;
  readonly drawing: RefObject<SVGSVGElement | null>;
}

const [WIDTH, HEIGHT] = [1080, 250];
const BOX = { left: 92, right: WIDTH - 16, top: 34, bottom: HEIGHT - 30 };
const DASHES = [undefined, '7 3', '2 3', '9 3 2 3', '5 5', '1 4'];
export const MOST_SERIES = MARKS.length;

/** A round step that cuts the range into about four. */
function stepOf(range: number): number {
  const rough = range / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  return power * [1, 2, 2.5, 5, 10].find((one) => one * power >= rough)!;
}

/** Bars of one thing over time, lines of several; the table below has the numbers. */
export function TimeChart({ label, parts, series, format, drawing }: Props) {
  const values = series.flatMap((one) => one.values.filter((value) => value !== null));
  const [low, high] = [Math.min(0, ...values), Math.max(0, ...values)];
  const step = high > low ? stepOf(high - low) : 1;
  const [from, to] = [Math.floor(low / step) * step, Math.ceil(high / step) * step || step];
  const y = (value: number) => BOX.bottom - ((value - from) / (to - from)) * (BOX.bottom - BOX.top);
  const slot = (BOX.right - BOX.left) / parts.length;
  const x = (i: number) => BOX.left + slot * (i + 0.5);
  const ticks = Array.from({ length: Math.round((to - from) / step) + 1 }, (_, i) => from + i * step);
  const everyNth = Math.ceil(parts.length / 14);
  const bars = series.length === 1;
  const bar = Math.min(56, slot * 0.6);
  return (
    <svg ref={drawing} className="chart" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label}>
      {ticks.map((tick) => (
        <g key={tick}>
          <line className="chart-line" x1={BOX.left} x2={BOX.right} y1={y(tick)} y2={y(tick)} />
          <text className="chart-text" x={BOX.left - 8} y={y(tick) + 4} textAnchor="end">
            {format(tick)}
          </text>
        </g>
      ))}
      {parts.map((part, i) =>
        i % everyNth === 0 ? (
          <text key={part} className="chart-text" x={x(i)} y={HEIGHT - 10} textAnchor="middle">
            {part}
          </text>
        ) : null,
      )}
      {series.map((one, k) => (
        <g key={one.id} className={`series series-${k + 1}`}>
          {!bars && (
            <polyline
              className="series-line"
              strokeDasharray={DASHES[k]}
              points={one.values.flatMap((value, i) => (value === null ? [] : [`${x(i)},${y(value)}`])).join(' ')}
            />
          )}
          {one.values.map((value, i) => {
            if (value === null) return null;
            const title = `${one.name} · ${parts[i]}：${format(value)}`;
            return bars ? (
              <rect
                key={parts[i]}
                className="series-mark"
                x={x(i) - bar / 2}
                width={bar}
                y={Math.min(y(value), y(0))}
                height={Math.abs(y(value) - y(0))}
              >
                <title>{title}</title>
              </rect>
            ) : (
              <path key={parts[i]} className="series-mark" d={MARKS[k]} transform={`translate(${x(i)},${y(value)})`}>
                <title>{title}</title>
              </path>
            );
          })}
          <g transform={`translate(${BOX.left + k * 164},14)`}>
            <path className="series-mark" d={MARKS[k]} />
            <text className="chart-text" x={10} y={4}>
              {one.name.length > 11 ? `${one.name.slice(0, 10)}…` : one.name}
            </text>
          </g>
        </g>
      ))}
    </svg>
  );
}
