import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { found, useCatalogue, type Figure } from '../api/catalogue';
import { useActor } from '../api/session';
import { askFigure, valueOf, type Told } from '../figures/figure';
import { useNumberText, useRateTerms } from '../figures/words';
import { useLanguage } from '../kit/language';
import { regionsQuery, useRegionName } from '../kit/names';
import { dayAfter, percent } from '../kit/numbers';
import type { Times } from '../kit/times';
import type { Search } from '../shell/search-params';

/** What stands first on the first page, and which of its numbers. */
const CARDS = [
  { figure: 'flows', show: 'amountFen' },
  { figure: 'sharing', show: 'ratioOfMeans' },
  { figure: 'capacity', show: 'areaOccupancy' },
] as const;
const YEARS = 4;

export const FigureCards = ({ day, times }: { readonly day: string; readonly times: Times }) => (
  <div className="figure-cards">
    {CARDS.map((card) => (
      <Card key={card.figure} {...card} day={day} times={times} />
    ))}
  </div>
);

interface CardProps {
  readonly figure: string;
  readonly show: string;
  readonly day: string;
  readonly times: Times;
}

/** Who acts for a region sees that region's own number. */
function useOwn({ dimensions }: Figure): Search {
  const { region } = useActor();
  const { data: regions } = useQuery(regionsQuery);
  const [dimension] = Object.entries(dimensions).find(([, one]) => one.region) ?? [];
  if (region === undefined || dimension === undefined) return {};
  return { [dimension]: region, level: regions?.find((row) => row.region === region)?.level as string | undefined };
}

const sameDayOf = (year: number, day: string) => `${year}${day.slice(4).replace('-02-29', '-02-28')}`;

function Card({ figure: name, show, day, times }: CardProps) {
  const { say, tell } = useLanguage();
  const figure = found(useCatalogue().figures, name);
  const own = useOwn(figure);
  const region = useRegionName();
  const year = Number(day.slice(0, 4));
  const [by] = Object.keys(figure.dimensions);
  const common = { ...own, by, limit: 1, asAt: times.asAt };
  const { data } = useQuery({
    queryKey: ['overview', name, own, day, times],
    queryFn: async ({ signal }) => {
      const from = `${year - YEARS + 1}-01-01`;
      const [years, before] = await Promise.all([
        askFigure(name, { ...common, from, to: dayAfter(day), per: 'year', asOf: times.asOf }, signal),
        askFigure(name, { ...common, from: `${year - 1}-01-01`, to: dayAfter(sameDayOf(year - 1, day)) }, signal),
      ]);
      const alone = years.margins.filter((row) => row.period !== undefined && row[by!] === undefined);
      const cells = own[by!] === undefined ? alone : years.cells;
      return {
        years: new Map((alone.length > 0 ? alone : cells).map((row) => [String(row.period), row])),
        before: before.total,
      };
    },
    placeholderData: keepPreviousData,
  });
  const measure = figure.measures[show];
  const rate = figure.rates[show];
  const text = useNumberText();
  const terms = useRateTerms(figure, rate ?? { zh: '', en: '', of: ['', ''] });
  const now = data?.years.get(String(year));
  const numberOf = (row: Told | null | undefined): number | null => {
    if (!row) return measure ? 0 : null;
    if (measure) return Number(valueOf(row, show));
    return row[show] == null ? null : Number(row[show]);
  };
  const said = (row: Told | undefined) => {
    const value = numberOf(row);
    if (value === null) return { short: '—', exact: say('没有可比的数', 'Nothing to take a share of') };
    return measure
      ? text(measure, row ? valueOf(row, show) : 0)
      : { short: percent(value), exact: row ? terms(row) : '' };
  };
  const { short, exact } = data ? said(now) : { short: '…', exact: '' };
  const years = Array.from({ length: YEARS }, (_, i) => String(year - YEARS + 1 + i));
  const highest = Math.max(0, ...years.map((one) => numberOf(data?.years.get(one)) ?? 0));
  const ownRegion = Object.entries(own).find(([dimension]) => dimension in figure.dimensions);
  return (
    <Link
      to="/figures/$figure"
      params={{ figure: name }}
      search={{ period: String(year), ...(ownRegion ? Object.fromEntries([ownRegion]) : {}), level: own.level }}
      className="card figure-card"
    >
      <span className="figure-card-name">
        {tell(figure)} · {tell((measure ?? rate)!)}
        {ownRegion && ` · ${region(ownRegion[1]!)}`}
      </span>
      <span className="figure-card-main">
        <strong title={exact}>{short}</strong>
        <span className="change">
          {data && <Change now={numberOf(now)} before={numberOf(data.before)} share={!measure} />}
        </span>
      </span>
      <svg className="mini" viewBox="0 0 120 44" aria-hidden="true">
        {years.map((one, i) => {
          const height = highest > 0 ? (30 * (numberOf(data?.years.get(one)) ?? 0)) / highest : 0;
          return (
            <g key={one} className={one === String(year) ? 'series-1' : undefined}>
              <rect
                className="series-mark"
                x={i * 31 + 3}
                width={20}
                y={32 - Math.max(1, height)}
                height={Math.max(1, height)}
              >
                <title>{`${one}：${said(data?.years.get(one)).short}`}</title>
              </rect>
              <text className="chart-text" x={i * 31 + 13} y={43} textAnchor="middle">
                {one.slice(2)}
              </text>
            </g>
          );
        })}
      </svg>
    </Link>
  );
}

interface ChangeProps {
  readonly now: number | null;
  readonly before: number | null;
  /** Shares differ by percentage points. */
  readonly share: boolean;
}

/** Against the same days of the year before: half a year is not set against a whole one. */
function Change({ now, before, share }: ChangeProps) {
  const { say } = useLanguage();
  const against = say('较上年同期', 'on the same days last year');
  if (now === null || before === null || (!share && before === 0)) {
    return <>{say('上年同期没有数', 'nothing on the same days last year')}</>;
  }
  const change = share ? (now - before) * 100 : ((now - before) / before) * 100;
  const digits = change.toFixed(1);
  if (Number(digits) === 0) return <>{say('与上年同期持平', 'as on the same days last year')}</>;
  const sign = change > 0 ? '▲ +' : '▼ ';
  const unit = share ? say(' 个百分点', ' points') : '%';
  return <>{say(`${against} ${sign}${digits}${unit}`, `${sign}${digits}${unit} ${against}`)}</>;
}
