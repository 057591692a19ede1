import { Link } from '@tanstack/react-router';
import type { Measure } from '../api/catalogue';
import { useLanguage } from '../kit/language';
import type { Exact } from '../kit/exact';
import type { Search } from '../shell/search-params';
import { inOrder, type Matrix } from './flow';
import { useScale } from './scale';
import { useNumberText } from './words';

interface Props {
  readonly label: string;
  readonly measure: Measure;
  readonly matrix: Matrix;
  readonly region: (id: string) => string;
  readonly figure: string;
  readonly explain: (origin?: string, destination?: string) => Search | undefined;
}

/** From each region (rows) to each region (columns): the deeper the ground, the more. Every number leads to its events. */
export function HeatTable({ label, measure, matrix, region, figure, explain }: Props) {
  const { say } = useLanguage();
  const text = useNumberText();
  const order = inOrder(matrix);
  const origins = order.filter((one) => matrix.pairs.some(({ origin }) => origin === one));
  const destinations = order.filter((one) => matrix.pairs.some(({ destination }) => destination === one));
  const largest = Math.max(0, ...matrix.pairs.map(({ value }) => Number(value)));
  const scale = useScale(0);
  const { unit, text: short } = scale(measure, largest);
  const cells = new Map(matrix.pairs.map((pair) => [`${pair.origin}/${pair.destination}`, pair.value]));
  const shown = (value: Exact | undefined, to: Search | undefined) => {
    if (value === undefined) return <span className="nothing">·</span>;
    const { exact } = text(measure, value);
    if (to === undefined) return <span title={exact}>{short(value)}</span>;
    return (
      <Link to="/figures/$figure/explanation" params={{ figure }} search={to} title={exact} className="quiet">
        {short(value)}
      </Link>
    );
  };
  return (
    <div className="table-scroll tall" tabIndex={0} role="region" aria-label={label}>
      <table className="figures heat">
        <caption className="unseen">{label}</caption>
        <thead>
          <tr>
            <th scope="col" className="corner">
              {say(`输出 ↓ 吸纳 →（${unit}）`, `from ↓ to → (${unit})`)}
            </th>
            {destinations.map((one) => (
              <th key={one} scope="col" className="numeric" title={region(one)}>
                {region(one)}
              </th>
            ))}
            <th scope="col" className="numeric">
              {say('合计', 'Total')}
            </th>
          </tr>
        </thead>
        <tbody>
          {origins.map((origin) => (
            <tr key={origin}>
              <th scope="row">{region(origin)}</th>
              {destinations.map((destination) => {
                const value = cells.get(`${origin}/${destination}`);
                return (
                  <td
                    key={destination}
                    className="numeric"
                    title={`${region(origin)} → ${region(destination)}`}
                    style={{ backgroundColor: groundOf(Number(value ?? 0) / largest) }}
                  >
                    {shown(value, explain(origin, destination))}
                  </td>
                );
              })}
              <td className="numeric sum">{shown(matrix.out.get(origin), explain(origin))}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">{say('合计', 'Total')}</th>
            {destinations.map((one) => (
              <td key={one} className="numeric">
                {shown(matrix.into.get(one), explain(undefined, one))}
              </td>
            ))}
            <td className="numeric">{shown(matrix.total ?? undefined, explain())}</td>
          </tr>
        </tfoot>
      </table>
    </div>
  );
}

/** At its deepest, text on it still has a contrast of 4.5 : 1 in both shades. */
const DEEPEST = 42;
const groundOf = (share: number) =>
  share > 0 ? `color-mix(in srgb, var(--accent) ${(4 + share * (DEEPEST - 4)).toFixed(1)}%, var(--paper))` : undefined;
