import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { Button, Input } from 'antd';
import { useCatalogue, type Column, type List } from '../api/catalogue';
import { get, question } from '../api/http';
import { PeriodField } from '../figures/period-field';
import { useLanguage } from '../kit/language';
import { textOf, useRegionName, type Page as Rows, type Row } from '../kit/names';
import { dayAfter, today } from '../kit/numbers';
import { Page } from '../kit/page';
import { Failed } from '../kit/problem';
import { Tabs } from '../kit/tabs';
import { useTimes } from '../kit/times';
import { Value } from '../kit/value';
import { Labelled } from '../lists/labelled';
import { useAsked, type Search } from '../shell/search-params';
import { FigureDifference } from './figure-difference';
import { useKinds } from './kinds';

const DAY = /^\d{4}-\d\d-\d\d$/;
type View = 'structure' | 'true' | 'known';

/** What became otherwise between two points in time: of the structure, and of the figures, by what was true and by what was known. */
export default function DifferencePage() {
  const { say } = useLanguage();
  const search = useAsked();
  const navigate = useNavigate();
  const times = useTimes();
  const ask = (change: Search) =>
    void navigate({ to: '.', search: (before: Search) => ({ ...before, ...change }), replace: true });
  const b = DAY.test(search.b ?? '') ? search.b! : (times.asOf ?? today());
  const a = DAY.test(search.a ?? '') ? search.a! : `${Number(b.slice(0, 4)) - 3}-01-01`;
  const view: View = search.view === 'true' || search.view === 'known' ? search.view : 'structure';
  const day = (label: string, value: string, name: 'a' | 'b') => (
    <Labelled label={label}>
      <Input
        aria-label={label}
        type="date"
        value={value}
        style={{ width: 140 }}
        onChange={({ target }) => target.value && ask({ [name]: target.value })}
      />
    </Labelled>
  );
  return (
    <Page
      title={say('两个时点之间', 'Between two points in time')}
      lead={say(
        '结构与统计在甲、乙两个时点各是怎样，逐项列出变化。',
        'How the structure and the figures stood at A and at B, and each change.',
      )}
      actions={<Button onClick={() => window.print()}>{say('打印', 'Print')}</Button>}
    >
      <div className="filters" role="search">
        {day(say('甲', 'A'), a, 'a')}
        {day(say('乙', 'B'), b, 'b')}
        {view !== 'structure' && <PeriodField search={search} ask={ask} />}
      </div>
      <Tabs
        label={say('看什么', 'What to compare')}
        tabs={{
          structure: say('结构', 'Structure'),
          true: say('统计：事实截至甲、乙', 'Figures, true by A and B'),
          known: say('统计：记录截至甲、乙日末', 'Figures, known by the end of A and B'),
        }}
        shown={view}
        onShow={(chosen) => ask({ view: chosen === 'structure' ? undefined : chosen })}
      >
        {a >= b && <p className="empty">{say('甲须早于乙', 'A has to be before B')}</p>}
        {a < b && view === 'structure' && <StructureChanges from={a} to={b} asAt={times.asAt} />}
        {a < b && view === 'true' && (
          <FigureDifference a={{ ...times, asOf: a }} b={{ ...times, asOf: b }} search={search} />
        )}
        {a < b && view === 'known' && (
          <FigureDifference a={{ ...times, asAt: endOf(a) }} b={{ ...times, asAt: endOf(b) }} search={search} />
        )}
      </Tabs>
    </Page>
  );
}

const endOf = (day: string) => `${dayAfter(day)}T00:00:00+08:00`;

interface Change {
  readonly list: string;
  readonly thing: string;
  readonly before: Row | null;
  readonly after: Row | null;
}

function StructureChanges({ from, to, asAt }: { readonly from: string; readonly to: string; readonly asAt?: string }) {
  const { say, tell } = useLanguage();
  const { lists } = useCatalogue();
  const { data, error, refetch } = useQuery({
    queryKey: ['difference', from, to, asAt],
    queryFn: async ({ signal }): Promise<readonly Change[]> => {
      const { data: answer } = await question('/api/v1/topology/difference', {
        params: { query: { from, to, asAt } },
        signal,
      });
      return answer!.changes;
    },
    placeholderData: keepPreviousData,
  });
  if (error) return <Failed error={error} again={() => void refetch()} />;
  if (!data) return <p className="loading">{say('读取中…', 'Reading…')}</p>;
  if (data.length === 0) return <p className="empty">{say('结构没有变化', 'Nothing changed')}</p>;
  const groups = [...new Set(data.map(({ list }) => list))].flatMap(
    (name) => lists.find((one) => one.name === name) ?? [],
  );
  return (
    <>
      {groups.map((list) => {
        const changes = data.filter((change) => change.list === list.name);
        return (
          <details key={list.name} className="card changes" open>
            <summary>
              <h2>
                {tell(list)} <span className="badge">{changes.length}</span>
              </h2>
            </summary>
            <ul>
              {changes.map((change) => (
                <li key={change.thing}>
                  <ChangeLine list={list} change={change} />
                </li>
              ))}
            </ul>
          </details>
        );
      })}
    </>
  );
}

const isSame = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

/** A tie is told by its kind and its ends; another thing by its name, or what it speaks of. */
function useThingName(list: List): (row: Row, fallback: string) => string {
  const { nameOf: kindName } = useKinds();
  const region = useRegionName();
  return (row, fallback) =>
    list.name === 'links'
      ? `${kindName(String(row.kind))}：${region(String(row.from))} → ${region(String(row.to))}`
      : textOf(row.name ?? row.subject ?? row.title ?? region(fallback));
}

function ChangeLine({ list, change: { thing, before, after } }: { readonly list: List; readonly change: Change }) {
  const { say, tell } = useLanguage();
  const nameOf = useThingName(list);
  const row = (after ?? before)!;
  const kind = before === null ? 'new' : after === null ? 'gone' : 'changed';
  const tags = {
    new: <span className="tag good">{say('新增', 'new')}</span>,
    gone: <span className="tag bad">{say('已无', 'gone')}</span>,
    changed: <span className="tag waits">{say('变更', 'changed')}</span>,
  };
  const columns = list.columns.filter(
    ({ name }) =>
      name !== 'basis' && (kind === 'changed' ? !isSame(before?.[name], after?.[name]) : !isEmpty(row[name])),
  );
  const basis = list.columns.find(({ name }) => name === 'basis');
  const key = Object.fromEntries(list.key.map((field) => [field, String(row[field])]));
  return (
    <>
      <p className="change-head">
        {tags[kind]}
        <Link to="/lists/$list" params={{ list: list.name }} search={{ ...key, open: thing }}>
          {nameOf(row, thing)}
        </Link>
        <Story list={list.name} of={key} />
        {basis && !isEmpty(row.basis) && (
          <span className="nothing">
            {tell(basis)} <Value column={basis} value={row.basis} />
          </span>
        )}
      </p>
      <dl className="change-fields">
        {columns
          .filter(({ name }) => !list.key.includes(name) && name !== 'name')
          .map((column) => (
            <Field
              key={column.name}
              column={column}
              before={before?.[column.name]}
              after={after?.[column.name]}
              kind={kind}
            />
          ))}
      </dl>
    </>
  );
}

const isEmpty = (value: unknown) =>
  value === null || value === undefined || (Array.isArray(value) && value.length === 0);

interface FieldProps {
  readonly column: Column;
  readonly before: unknown;
  readonly after: unknown;
  readonly kind: 'new' | 'gone' | 'changed';
}

function Field({ column, before, after, kind }: FieldProps) {
  const { tell } = useLanguage();
  const { nameOf: kindName } = useKinds();
  const said = (value: unknown) =>
    column.codes === 'link-kinds' ? kindName(String(value)) : <Value column={column} value={value} />;
  return (
    <div>
      <dt>{tell(column)}</dt>
      <dd>
        {kind !== 'new' && <del>{said(before)}</del>}
        {kind === 'changed' && ' → '}
        {kind !== 'gone' && said(after)}
      </dd>
    </div>
  );
}

/** The stream of a thing is known to its row. */
function Story({ list, of }: { readonly list: string; readonly of: Readonly<Record<string, string>> }) {
  const { say } = useLanguage();
  const navigate = useNavigate();
  const open = async () => {
    const { items } = await get<Rows>(`/api/v1/${list}`, { ...of, limit: 1 });
    const trace = items[0]?.trace as { readonly stream: string; readonly event: string } | undefined;
    if (!trace) return;
    await navigate({ to: '/streams/$stream', params: { stream: trace.stream }, hash: trace.event });
  };
  return (
    <Button size="small" onClick={() => void open()}>
      {say('经过', 'Story')}
    </Button>
  );
}
