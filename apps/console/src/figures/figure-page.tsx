import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { Button, Select } from 'antd';
import { useRef } from 'react';
import { found, useCatalogue, type Dimension, type Figure } from '../api/catalogue';
import { VIEW } from '../api/session';
import { useLanguage } from '../kit/language';
import { codesQuery } from '../kit/names';
import { Page } from '../kit/page';
import { Failed } from '../kit/problem';
import { savePng } from '../kit/save';
import { useTimes } from '../kit/times';
import { ChoiceField, FilterField } from '../lists/filter-field';
import { Labelled } from '../lists/labelled';
import { useAsked, type Search } from '../shell/search-params';
import { askWhole, dimensionsOf, isParted, type Asked } from './figure';
import { FlatTable } from './flat-table';
import { OverTime } from './over-time';
import { periodOf, type Per } from './period';
import { PeriodField } from './period-field';
import { Reconciled } from './reconciled';
import { useThingNames } from './words';

const PERS: readonly Per[] = ['year', 'quarter', 'month'];

const asked = (figure: Figure, search: Search): Asked => {
  const names = Object.keys(figure.dimensions);
  const by = (search.by ?? '').split(',').filter((name) => names.includes(name));
  return {
    figure,
    by: by.length > 0 ? by : figure.by,
    per: PERS.find((per) => per === search.per),
    level: search.level,
    filter: Object.fromEntries(names.map((name) => [name, search[name]]).filter(([, value]) => value !== undefined)),
    search,
  };
};

/** Any figure of the catalogue: of a period, told apart by its dimensions and by parts of the period, down to the events. */
export default function FigurePage() {
  const { figure: name = '' } = useParams({ strict: false });
  const figure = found(useCatalogue().figures, name);
  return <Shown key={figure.name} figure={figure} />;
}

function Shown({ figure }: { readonly figure: Figure }) {
  const { say, tell } = useLanguage();
  const search = useAsked();
  const navigate = useNavigate();
  const times = useTimes();
  const drawing = useRef<SVGSVGElement>(null);
  const ask = (change: Search) =>
    void navigate({ to: '.', search: (before: Search) => ({ ...before, ...change }), replace: true });
  const question = asked(figure, search);
  const { by, per, level, filter } = question;
  const period = periodOf(search, times);
  const query = { ...period, ...filter, by: by.join(','), per, level, ...times };
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: ['figure', figure.name, query],
    queryFn: ({ signal }) => askWhole(figure.name, query, signal),
    placeholderData: keepPreviousData,
  });
  const parted = data && (data.cells.length > 0 ? isParted(data) : per !== undefined);
  return (
    <Page
      title={tell(figure)}
      lead={<span lang="zh-CN">{figure.source}</span>}
      actions={
        <>
          {per !== undefined && (
            <Button onClick={() => drawing.current && void savePng(`${figure.name}.png`, drawing.current)}>
              {say('图存为 PNG', 'Chart as PNG')}
            </Button>
          )}
          <Button onClick={() => window.print()}>{say('打印', 'Print')}</Button>
        </>
      }
    >
      <Filters question={question} ask={ask} />
      {error && <Failed error={error} again={() => void refetch()} />}
      <p className="figure-note" role="status">
        <span>
          {data
            ? say(
                `${data.firstDay} 至 ${data.lastDay}，${data.cells.length}${data.next ? '+' : ''} 格`,
                `${data.firstDay} to ${data.lastDay}, ${data.cells.length}${data.next ? '+' : ''} cells`,
              )
            : say('读取中…', 'Reading…')}
        </span>
        {data && <Reconciled figure={figure} answer={data} />}
        {isFetching && data && <span>{say('更新中…', 'Updating…')}</span>}
      </p>
      {data && parted && <OverTime question={question} answer={data} period={period} ask={ask} drawing={drawing} />}
      {data && !parted && <FlatTable question={question} answer={data} period={period} />}
    </Page>
  );
}

function Filters({ question, ask }: { readonly question: Asked; readonly ask: (change: Search) => void }) {
  const { say, tell } = useLanguage();
  const { figure, by, per, level, filter, search } = question;
  const levels = useCatalogue()
    .lists.find(({ name }) => name === 'regions')
    ?.columns.find(({ name }) => name === 'level')?.values;
  const hasRegions = Object.values(figure.dimensions).some(({ region }) => region);
  const byLabel = say('分列', 'By');
  return (
    <div className="filters" role="search">
      <PeriodField search={search} ask={ask} />
      <Labelled label={byLabel}>
        <Select
          aria-label={byLabel}
          mode="multiple"
          value={[...by]}
          options={dimensionsOf(figure).map(([value, dimension]) => ({ value, label: tell(dimension) }))}
          onChange={(chosen: string[]) => ask({ by: chosen.join(',') || undefined })}
          showSearch={false}
          style={{ minWidth: 180 }}
        />
      </Labelled>
      <ChoiceField
        label={say('逐期', 'Per')}
        value={per}
        options={[
          { value: 'year', label: say('按年', 'Year') },
          { value: 'quarter', label: say('按季', 'Quarter') },
          { value: 'month', label: say('按月', 'Month') },
        ]}
        onChange={(chosen) => ask({ per: chosen })}
      />
      {VIEW === 'platform' && hasRegions && levels && (
        <ChoiceField
          label={say('汇总到', 'Rolled up to')}
          value={level}
          options={Object.entries(levels).map(([value, said]) => ({ value, label: tell(said) }))}
          onChange={(chosen) => ask({ level: chosen })}
        />
      )}
      {dimensionsOf(figure).map(([name, dimension]) => (
        <DimensionField
          key={name}
          name={name}
          dimension={dimension}
          value={filter[name]}
          onChange={(value) => ask({ [name]: value })}
        />
      ))}
      {Object.keys(filter).length > 0 && (
        <Button
          type="link"
          onClick={() => ask(Object.fromEntries(Object.keys(filter).map((name) => [name, undefined])))}
        >
          {say('清除条件', 'Clear')}
        </Button>
      )}
    </div>
  );
}

interface DimensionFieldProps {
  readonly name: string;
  readonly dimension: Dimension;
  readonly value: string | undefined;
  readonly onChange: (value: string | undefined) => void;
}

function DimensionField({ name, dimension, ...props }: DimensionFieldProps) {
  const { tell } = useLanguage();
  const named = !dimension.region && dimension.list !== undefined;
  const things = useThingNames(named ? dimension.list : undefined);
  const { data: codes = [] } = useQuery(codesQuery);
  if (named && things) {
    const options = [...things].map(([value, label]) => ({ value, label }));
    return <ChoiceField label={tell(dimension)} options={options} {...props} />;
  }
  if (dimension.codes !== undefined) {
    const names = codes.filter(({ list }) => list === dimension.codes).map((row) => String(row.name));
    const options = names.map((value) => ({ value, label: value }));
    return <ChoiceField label={tell(dimension)} options={options} {...props} />;
  }
  const kind = dimension.region ? 'region' : dimension.values ? 'choice' : 'text';
  return <FilterField column={{ ...dimension, name, kind, nullable: false }} {...props} />;
}
