import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { Button } from 'antd';
import { found, useCatalogue, type Figure } from '../api/catalogue';
import { get } from '../api/http';
import { digitsOf, sumOf } from '../kit/exact';
import { Grid, type GridColumn } from '../kit/grid';
import { useLanguage } from '../kit/language';
import { number, percent } from '../kit/numbers';
import { Page } from '../kit/page';
import { Failed } from '../kit/problem';
import { useTimes } from '../kit/times';
import { useAsked } from '../shell/search-params';
import { dimensionsOf, measuresOf, ratesOf, termOf, valueOf, type Told } from './figure';
import { periodOf } from './period';
import { useDimensionText, useMeasureText, useNumberText, useRateTerms } from './words';

/** What one event has added to a cell. */
interface Line {
  readonly list: string;
  /** The list, and the fields of the key there. */
  readonly key: readonly [list: string, ...key: string[]];
  readonly day: string;
  readonly position: string;
  readonly event: { readonly id: string; readonly type: string; readonly stream: string };
}

interface Explanation {
  readonly definition: string;
  readonly firstDay: string;
  readonly lastDay: string;
  readonly total: Told | null;
  readonly lines: readonly (Line & Told)[];
  readonly next: string | null;
}

const PAGE = 500;

/** Behind a number: how it is defined, and every event that it is the sum of. */
export default function ExplanationPage() {
  const { figure: name = '' } = useParams({ strict: false });
  const figure = found(useCatalogue().figures, name);
  return <Shown key={figure.name} figure={figure} />;
}

function Shown({ figure }: { readonly figure: Figure }) {
  const { say, tell } = useLanguage();
  const search = useAsked();
  const times = useTimes();
  const cell = Object.fromEntries(
    dimensionsOf(figure).flatMap(([name]) => (search[name] === undefined ? [] : [[name, search[name]]])),
  );
  const query = { ...periodOf(search, times), ...cell, level: search.level, ...times };
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetching } = useInfiniteQuery({
    queryKey: ['explanation', figure.name, query],
    queryFn: ({ pageParam, signal }) =>
      get<Explanation>(
        `/api/v1/figures/${figure.name}/explanation`,
        { ...query, limit: PAGE, after: pageParam },
        signal,
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
  });
  const lines = data?.pages.flatMap((page) => page.lines) ?? [];
  const columns = useColumns(figure);
  const readAll = async () => {
    for (let more = hasNextPage; more;) more = (await fetchNextPage()).hasNextPage;
  };
  return (
    <Page
      title={say(`${tell(figure)}：此数的来历`, `${tell(figure)}: what this number is made of`)}
      lead={<span lang="zh-CN">{figure.source}</span>}
      actions={
        <>
          <Link
            className="button"
            to="/figures/$figure"
            params={{ figure: figure.name }}
            search={{ ...cell, period: search.period, from: search.from, to: search.to, level: search.level }}
          >
            {say('回到统计', 'To the figure')}
          </Link>
          <Button onClick={() => window.print()}>{say('打印', 'Print')}</Button>
        </>
      }
    >
      {error ? (
        <Failed error={error} again={() => void refetch()} />
      ) : (
        <>
          <section className="card explained" aria-label={say('此格', 'The cell')}>
            <CellInWords figure={figure} cell={cell} level={search.level} answer={data?.pages[0]} />
            <Arithmetic
              figure={figure}
              total={data?.pages[0]?.total}
              lines={lines}
              whole={data !== undefined && !hasNextPage}
            />
          </section>
          <div className="filters">
            <h2>{say('各条所据的事件', 'The events behind it')}</h2>
            <span className="count" role="status">
              {isFetching
                ? say('读取中…', 'Reading…')
                : say(`${lines.length}${hasNextPage ? '+' : ''} 条`, `${lines.length}${hasNextPage ? '+' : ''} lines`)}
            </span>
            {hasNextPage && (
              <Button size="small" disabled={isFetching} onClick={() => void readAll()}>
                {say('全部读入并核对', 'Read all and check')}
              </Button>
            )}
          </div>
          <div className="fill">
            <Grid
              label={say('各条所据的事件', 'The events behind it')}
              columns={columns}
              items={lines}
              keyOf={({ position, key, day, event }) => [position, event.id, day, ...key].join('/')}
              more={hasNextPage || data === undefined}
              onEnd={() => {
                if (hasNextPage && !isFetching) void fetchNextPage();
              }}
            />
          </div>
        </>
      )}
    </Page>
  );
}

interface CellProps {
  readonly figure: Figure;
  readonly cell: Readonly<Record<string, string | undefined>>;
  readonly level?: string;
  readonly answer?: Explanation;
}

function CellInWords({ figure, cell, level, answer }: CellProps) {
  const { say, tell } = useLanguage();
  const text = useDimensionText(figure);
  const times = useTimes();
  const levels = useCatalogue()
    .lists.find(({ name }) => name === 'regions')
    ?.columns.find(({ name }) => name === 'level')?.values;
  return (
    <dl className="facts">
      {dimensionsOf(figure).map(([name, dimension]) => (
        <div key={name}>
          <dt>{tell(dimension)}</dt>
          <dd>{cell[name] === undefined ? say('全部', 'All') : text(name, cell[name])}</dd>
        </div>
      ))}
      {level && (
        <div>
          <dt>{say('汇总到', 'Rolled up to')}</dt>
          <dd>{levels?.[level] ? tell(levels[level]) : level}</dd>
        </div>
      )}
      <div>
        <dt>{say('期间', 'Period')}</dt>
        <dd>
          {answer ? say(`${answer.firstDay} 至 ${answer.lastDay}`, `${answer.firstDay} to ${answer.lastDay}`) : '…'}
        </dd>
      </div>
      {times.asOf && (
        <div>
          <dt>{say('事实截至', 'True by')}</dt>
          <dd>{times.asOf}</dd>
        </div>
      )}
    </dl>
  );
}

interface ArithmeticProps {
  readonly figure: Figure;
  readonly total: Told | null | undefined;
  readonly lines: readonly Told[];
  /** All lines have been read. */
  readonly whole: boolean;
}

/** Every measure of the cell beside the sum of its lines, to the last digit; and each share as a quotient. */
function Arithmetic({ figure, total, lines, whole }: ArithmeticProps) {
  const { say, tell, language } = useLanguage();
  const text = useNumberText();
  const terms = measuresOf(figure).flatMap(([name, measure]) =>
    measure.kind === 'level'
      ? [
          { name, measure, said: say(`${tell(measure)}，期末`, `${tell(measure)}, at the end`) },
          { name: termOf(figure, name), measure, said: say(`${tell(measure)} × 天`, `${tell(measure)} × days`) },
        ]
      : [{ name, measure, said: tell(measure) }],
  );
  if (!total)
    return <p className="arithmetic nothing">{total === null ? say('此格不可见', 'Not yours to see') : '…'}</p>;
  return (
    <div className="arithmetic">
      <table className="figures">
        <caption className="unseen">{say('此格与各条之和', 'The cell and the sum of its lines')}</caption>
        <thead>
          <tr>
            <th scope="col">{say('数', 'Number')}</th>
            <th scope="col" className="numeric">
              {say('此格', 'The cell')}
            </th>
            <th scope="col" className="numeric">
              {say(`${lines.length} 条之和`, `Sum of ${lines.length} lines`)}
            </th>
            <th scope="col">
              <span className="unseen">{say('是否相符', 'Whether they agree')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {terms.map(({ name, measure, said }) => {
            const { decimals } = measure;
            const cell = sumOf([valueOf(total, name)], decimals);
            const sum = sumOf(
              lines.map((line) => valueOf(line, name)),
              decimals,
            );
            const exact = (units: bigint) =>
              name in figure.measures
                ? text(measure, digitsOf(units, decimals)).exact
                : number(digitsOf(units, decimals), language);
            return (
              <tr key={name}>
                <th scope="row">{said}</th>
                <td className="numeric">{exact(cell)}</td>
                <td className="numeric">{exact(sum)}</td>
                <td>
                  {!whole ? (
                    <span className="tag">{say('未读完', 'not all read')}</span>
                  ) : cell === sum ? (
                    <span className="tag good">{say('✓ 相符', '✓ agree')}</span>
                  ) : (
                    <span className="tag bad">{say('不符', 'differ')}</span>
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {ratesOf(figure).map(([name, rate]) => (
        <RateLine key={name} figure={figure} name={name} total={total} rate={rate} />
      ))}
    </div>
  );
}

function RateLine({
  figure,
  name,
  rate,
  total,
}: {
  readonly figure: Figure;
  readonly name: string;
  readonly rate: Figure['rates'][string];
  readonly total: Told;
}) {
  const { tell } = useLanguage();
  const terms = useRateTerms(figure, rate);
  const share = total[name];
  if (share === undefined) return null;
  return (
    <p className="rate-line">
      {tell(rate)} = {terms(total)} = <strong>{share === null ? '—' : percent(Number(share))}</strong>
    </p>
  );
}

function useColumns(figure: Figure): GridColumn<Line & Told>[] {
  const { say, tell } = useLanguage();
  const { events, lists } = useCatalogue();
  const title = useMeasureText();
  const text = useNumberText();
  return [
    { id: 'day', head: say('日期', 'Day'), cell: ({ day }) => day, width: 106 },
    {
      id: 'thing',
      head: say('事物', 'Thing'),
      width: 250,
      cell: ({ list: name, key: [, ...key] }) => {
        const list = lists.find((one) => one.name === name);
        const shown = key.join(' / ');
        if (!list) return shown;
        const found = Object.fromEntries(list.key.map((field, i) => [field, key[i]]));
        return (
          <Link to="/lists/$list" params={{ list: name }} search={{ ...found, open: key.join('/') }} title={tell(list)}>
            {shown}
          </Link>
        );
      },
    },
    {
      id: 'event',
      head: say('事件', 'Event'),
      width: 200,
      cell: ({ event }) => (
        <Link to="/streams/$stream" params={{ stream: event.stream }} hash={event.id}>
          {events[event.type] ? tell(events[event.type]!) : event.type}
        </Link>
      ),
    },
    ...measuresOf(figure).map(([name, measure]): GridColumn<Line & Told> => ({
      id: name,
      head: title(measure),
      numeric: true,
      width: 140,
      cell: (line) => {
        const { short, exact } = text(measure, valueOf(line, name));
        return <span title={exact}>{short}</span>;
      },
    })),
  ];
}
