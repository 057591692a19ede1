import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Button } from 'antd';
import { useCallback, useRef } from 'react';
import { found, useCatalogue, type Measure } from '../api/catalogue';
import { useLanguage } from '../kit/language';
import { useRegionName } from '../kit/names';
import { Page } from '../kit/page';
import { Failed } from '../kit/problem';
import { saveCsv, savePng } from '../kit/save';
import { Tabs } from '../kit/tabs';
import { useTimes } from '../kit/times';
import { ChoiceField } from '../lists/filter-field';
import { useAsked, type Search } from '../shell/search-params';
import { csvNumber } from './csv-number';
import { explanationOf } from './figure';
import { askMatrix, FLOWS, OF_CONTRACTS, reconciles, type FlowName, type Matrix } from './flow';
import { HeatTable } from './heat-table';
import { periodOf } from './period';
import { PeriodField } from './period-field';
import { Sankey } from './sankey';

const LEVEL = 'city';
/** In place of a level: each region by itself. */
const THEMSELVES = 'itself';
const VIEWS = ['matrix', 'sankey'] as const;
type View = (typeof VIEWS)[number];

/** 成果流向: what goes from region to region, as a table whose rows and columns add up, and as a Sankey diagram. */
export default function MatrixPage() {
  const { say, tell } = useLanguage();
  const search = useAsked();
  const navigate = useNavigate();
  const times = useTimes();
  const { figures } = useCatalogue();
  const name = useRegionName();
  const drawing = useRef<SVGSVGElement>(null);
  const ask = (change: Search) =>
    void navigate({ to: '.', search: (before: Search) => ({ ...before, ...change }), replace: true });

  const flow = search.flow !== undefined && search.flow in FLOWS ? (search.flow as FlowName) : 'amountFen';
  const { figure: figureName, measure: measureName, origin, destination } = FLOWS[flow];
  const measure = found(figures, figureName).measures[measureName]!;
  const view: View = search.view === 'sankey' ? 'sankey' : 'matrix';
  const level = search.level === THEMSELVES ? undefined : (search.level ?? LEVEL);
  const type = figureName === OF_CONTRACTS ? search.type : undefined;
  const period = periodOf(search, times);
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: ['matrix', flow, period, level, type, times],
    queryFn: ({ signal }) => askMatrix({ flow, period, level, type, times }, signal),
    placeholderData: keepPreviousData,
  });
  const region = useCallback(
    (id: string) => (id === '' ? say('（不在其内）', '(none of these)') : name(id)),
    [name, say],
  );
  const explain = (from?: string, to?: string) => {
    const cell = {
      ...(from === undefined ? {} : { [origin]: from }),
      ...(to === undefined ? {} : { [destination]: to }),
    };
    return explanationOf(cell, [origin, destination], { period, level, filter: { type } });
  };
  const open = (from?: string, to?: string) => {
    const target = explain(from, to);
    if (target) void navigate({ to: '/figures/$figure/explanation', params: { figure: figureName }, search: target });
  };
  const label = say(`流向：${tell(measure)}`, `Flows: ${tell(measure)}`);
  const save = () => data && saveMatrix(data, measure, region, say);
  return (
    <Page
      title={say('成果流向', 'Flows between regions')}
      lead={say(
        '合同自输出至吸纳区域，机时自仪器所属至使用区域，入孵企业自飞出地至飞入地。',
        'Contracts from output to absorbing region, hours from owner to user, firms from home to host.',
      )}
      actions={
        <>
          <Button onClick={save}>{say('导出 CSV', 'Export CSV')}</Button>
          {view === 'sankey' && (
            <Button onClick={() => drawing.current && void savePng(`flows-${flow}.png`, drawing.current)}>
              {say('图存为 PNG', 'Chart as PNG')}
            </Button>
          )}
          <Button onClick={() => window.print()}>{say('打印', 'Print')}</Button>
        </>
      }
    >
      <Filters search={search} flow={flow} ask={ask} />
      {error && <Failed error={error} again={() => void refetch()} />}
      <p className="figure-note" role="status">
        {data
          ? say(`${data.firstDay} 至 ${data.lastDay}`, `${data.firstDay} to ${data.lastDay}`)
          : say('读取中…', 'Reading…')}
        {data && <AddsUp matrix={data} measure={measure} />}
        {isFetching && data && <span>{say('更新中…', 'Updating…')}</span>}
      </p>
      <Tabs
        label={say('表或图', 'Table or diagram')}
        tabs={{ matrix: say('矩阵', 'Matrix'), sankey: say('桑基图', 'Sankey') }}
        shown={view}
        onShow={(chosen) => ask({ view: chosen === 'matrix' ? undefined : chosen })}
      >
        {data?.pairs.length === 0 && <p className="empty">{say('此期间没有流向', 'Nothing flowed in this period')}</p>}
        {data && data.pairs.length > 0 && view === 'matrix' && (
          <HeatTable
            label={label}
            measure={measure}
            matrix={data}
            region={region}
            figure={figureName}
            explain={explain}
          />
        )}
        {data && data.pairs.length > 0 && view === 'sankey' && (
          <div className="card chart-card">
            <Sankey label={label} measure={measure} matrix={data} region={region} onOpen={open} drawing={drawing} />
          </div>
        )}
      </Tabs>
    </Page>
  );
}

interface FiltersProps {
  readonly search: Search;
  readonly flow: FlowName;
  readonly ask: (change: Search) => void;
}

function Filters({ search, flow, ask }: FiltersProps) {
  const { say, tell } = useLanguage();
  const { figures, lists } = useCatalogue();
  const levels =
    lists.find(({ name }) => name === 'regions')?.columns.find(({ name }) => name === 'level')?.values ?? {};
  const types = found(figures, OF_CONTRACTS).dimensions.type;
  const measures = Object.entries(FLOWS).map(([value, one]) => {
    const figure = found(figures, one.figure);
    return { value, label: `${tell(figure)} · ${tell(figure.measures[one.measure]!)}` };
  });
  return (
    <div className="filters" role="search">
      <ChoiceField
        label={say('指标', 'Measure')}
        value={flow}
        options={measures}
        onChange={(chosen) => ask({ flow: chosen })}
      />
      <PeriodField search={search} ask={ask} />
      <ChoiceField
        label={say('汇总到', 'Rolled up to')}
        value={search.level ?? LEVEL}
        options={[
          { value: THEMSELVES, label: say('各自', 'Each by itself') },
          ...Object.entries(levels).map(([value, said]) => ({ value, label: tell(said) })),
        ]}
        onChange={(chosen) => ask({ level: chosen })}
      />
      {FLOWS[flow].figure === OF_CONTRACTS && types?.values && (
        <ChoiceField
          label={tell(types)}
          value={search.type}
          options={Object.entries(types.values).map(([value, said]) => ({ value, label: tell(said) }))}
          onChange={(chosen) => ask({ type: chosen })}
        />
      )}
    </div>
  );
}

function AddsUp({ matrix, measure }: { readonly matrix: Matrix; readonly measure: Measure }) {
  const { say } = useLanguage();
  const agrees = reconciles(matrix, measure.decimals);
  if (agrees === undefined) {
    return <span className="tag">{say('只列与本区域有关的流向', 'Only what concerns your region')}</span>;
  }
  return agrees ? (
    <span className="tag good">
      {say('✓ 各行、各列、各格与合计相符', '✓ Rows, columns and cells add up to the total')}
    </span>
  ) : (
    <span className="tag bad" role="alert">
      {say('各行、各列、各格与合计不符', 'Rows, columns and cells do not add up to the total')}
    </span>
  );
}

function saveMatrix(
  { pairs }: Matrix,
  measure: Measure,
  region: (id: string) => string,
  say: ReturnType<typeof useLanguage>['say'],
): void {
  const number = csvNumber(say);
  saveCsv('flows.csv', [
    [
      say('自', 'From'),
      say('自（标识）', 'From (id)'),
      say('至', 'To'),
      say('至（标识）', 'To (id)'),
      number.title(measure, ({ zh, en }) => say(zh, en)),
    ],
    ...pairs.map(({ origin, destination, value }) => [
      region(origin),
      origin,
      region(destination),
      destination,
      number.value(measure, value),
    ]),
  ]);
}
