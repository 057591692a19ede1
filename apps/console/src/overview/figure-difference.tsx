import { keepPreviousData, useQueries } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useCatalogue, type Figure } from '../api/catalogue';
import { useActor } from '../api/session';
import { askFigure, measuresOf, ratesOf, valueOf, type Told } from '../figures/figure';
import { periodOf } from '../figures/period';
import { RateValue, useMeasureText, useNumberText } from '../figures/words';
import { digitsOf, unitsOf } from '../kit/exact';
import { useLanguage } from '../kit/language';
import { Failed } from '../kit/problem';
import type { Times } from '../kit/times';
import type { Search } from '../shell/search-params';

interface Props {
  readonly a: Times;
  readonly b: Times;
  readonly search: Search;
}

interface Both {
  readonly a: Told | null;
  readonly b: Told | null;
}

/** Every figure's total at both points, and by how much it differs; who acts for a region sees that region's. */
export function FigureDifference({ a, b, search }: Props) {
  const { say, tell } = useLanguage();
  const { figures } = useCatalogue();
  const { region } = useActor();
  const period = periodOf(search, b);
  const filterOf = (figure: Figure): Search => {
    const [dimension] = Object.entries(figure.dimensions).find(([, one]) => one.region) ?? [];
    return region === undefined || dimension === undefined ? {} : { [dimension]: region };
  };
  const answers = useQueries({
    queries: figures.map((figure) => ({
      queryKey: ['two', figure.name, period, a, b, region],
      queryFn: async ({ signal }: { readonly signal: AbortSignal }): Promise<Both> => {
        const query = { ...period, ...filterOf(figure), by: Object.keys(figure.dimensions)[0], limit: 1 };
        const [first, second] = await Promise.all([
          askFigure(figure.name, { ...query, ...a }, signal),
          askFigure(figure.name, { ...query, ...b }, signal),
        ]);
        return { a: first.total, b: second.total };
      },
      placeholderData: keepPreviousData,
    })),
  });
  const failed = answers.find(({ error }) => error !== null);
  if (failed) return <Failed error={failed.error} again={() => void failed.refetch()} />;
  return (
    <div
      className="table-scroll tall"
      tabIndex={0}
      role="region"
      aria-label={say('统计的差异', 'Differences of figures')}
    >
      <table className="figures">
        <caption className="unseen">{say('统计的差异', 'Differences of figures')}</caption>
        <thead>
          <tr>
            <th scope="col">{say('统计', 'Figure')}</th>
            <th scope="col">{say('数', 'Number')}</th>
            <th scope="col" className="numeric">
              {say('甲', 'A')}
            </th>
            <th scope="col" className="numeric">
              {say('乙', 'B')}
            </th>
            <th scope="col" className="numeric">
              {say('乙减甲', 'B less A')}
            </th>
          </tr>
        </thead>
        {figures.map((figure, i) => (
          <FigureRows
            key={figure.name}
            figure={figure}
            both={answers[i]?.data}
            name={
              <Link
                to="/figures/$figure"
                params={{ figure: figure.name }}
                search={{ ...period, ...filterOf(figure), ...b }}
              >
                {tell(figure)}
              </Link>
            }
          />
        ))}
      </table>
    </div>
  );
}

interface RowsProps {
  readonly figure: Figure;
  readonly both: Both | undefined;
  readonly name: React.ReactNode;
}

function FigureRows({ figure, both, name }: RowsProps) {
  const { tell, say } = useLanguage();
  const title = useMeasureText();
  const text = useNumberText();
  const [measures, rates] = [measuresOf(figure), ratesOf(figure)];
  const count = measures.length + rates.length;
  const head = (i: number) =>
    i === 0 ? (
      <th scope="rowgroup" rowSpan={count}>
        {name}
      </th>
    ) : null;
  return (
    <tbody>
      {measures.map(([measure, one], i) => {
        const value = (row: Told | null | undefined) => (row ? valueOf(row, measure) : undefined);
        const [first, second] = [value(both?.a), value(both?.b)];
        const shown = (exact: ReturnType<typeof value>) => {
          if (exact === undefined) return <span className="nothing">{both ? say('不可见', 'not seen') : '…'}</span>;
          const said = text(one, exact);
          return <span title={said.exact}>{said.short}</span>;
        };
        const difference =
          first === undefined || second === undefined
            ? undefined
            : unitsOf(second, one.decimals) - unitsOf(first, one.decimals);
        return (
          <tr key={measure}>
            {head(i)}
            <td>{title(one)}</td>
            <td className="numeric">{shown(first)}</td>
            <td className="numeric">{shown(second)}</td>
            <td className="numeric">
              {difference === undefined ? null : difference === 0n ? (
                <span className="nothing">{say('相同', 'the same')}</span>
              ) : (
                <strong title={text(one, digitsOf(difference, one.decimals)).exact}>
                  {difference > 0n && '+'}
                  {text(one, digitsOf(difference, one.decimals)).short}
                </strong>
              )}
            </td>
          </tr>
        );
      })}
      {rates.map(([rate, one], i) => {
        const [first, second] = [both?.a?.[rate], both?.b?.[rate]];
        const points = first == null || second == null ? undefined : (Number(second) - Number(first)) * 100;
        return (
          <tr key={rate}>
            {head(measures.length + i)}
            <td>{tell(one)}</td>
            {[both?.a, both?.b].map((row, side) => (
              <td key={side} className="numeric">
                {row && <RateValue figure={figure} rate={one} name={rate} row={row} />}
              </td>
            ))}
            <td className="numeric">
              {points !== undefined &&
                (points === 0 ? (
                  <span className="nothing">{say('相同', 'the same')}</span>
                ) : (
                  say(
                    `${points > 0 ? '+' : ''}${points.toFixed(1)} 个百分点`,
                    `${points > 0 ? '+' : ''}${points.toFixed(1)} points`,
                  )
                ))}
            </td>
          </tr>
        );
      })}
    </tbody>
  );
}
