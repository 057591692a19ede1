import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { Button, Input, Popconfirm } from 'antd';
import { useState } from 'react';
import { OWN_PAGE, ask, question } from '../api/http';
import type { components } from '../api/openapi';
import { brief, useLanguage } from '../kit/language';
import { useRecorded } from '../kit/names';
import { moment, number } from '../kit/numbers';
import { Page } from '../kit/page';
import { Failed } from '../kit/problem';
import { useAsked } from '../shell/search-params';
import { ROW_STATES, StateOf, stateText } from './state';

type Import = components['schemas']['ImportDto'];
type Row = components['schemas']['RowDto'];
type RowState = (typeof ROW_STATES)[number];

const GOING = new Set(['checking', 'sending']);

/** One sheet: what it says row by row, what is at fault and is mended here, and what came of each row. */
export default function ImportPage() {
  const { id = '' } = useParams({ strict: false });
  const { say, tell, language } = useLanguage();
  const { data, error, refetch } = useQuery({
    queryKey: ['import', id],
    queryFn: async ({ signal }) => (await question('/api/v1/imports/{id}', { params: { path: { id } }, signal })).data!,
    refetchInterval: ({ state }) => (GOING.has(state.data?.state ?? '') ? 700 : false),
  });
  return (
    <Page
      title={data ? `${tell(brief(data))} · ${data.file ?? ''}` : say('导入', 'Import')}
      lead={
        data &&
        `${data.by.id} · ${moment(data.createdAt)} · ${data.format}${data.encoding ? ` ${data.encoding}` : ''}${data.sheet ? ` ${data.sheet}` : ''}`
      }
      actions={data && <Actions of={data} />}
    >
      {error && <Failed error={error} again={() => void refetch()} />}
      {data && (
        <p role="status" className="filters">
          <StateOf state={data.state} />
          {GOING.has(data.state) && (
            <>
              <progress
                value={data.progress.done}
                max={Math.max(1, data.progress.of)}
                aria-label={say('进度', 'Progress')}
              />
              {number(data.progress.done, language)} / {number(data.progress.of, language)}
            </>
          )}
          {data.trouble && <span className="tag bad">{data.trouble}</span>}
        </p>
      )}
      {data?.notices.map(({ code, column, zh, en }) => (
        <p key={code + column} className="tag waits">
          {say(zh, en)}
        </p>
      ))}
      {data && <Rows key={data.state} of={data} />}
    </Page>
  );
}

function Actions({ of }: { readonly of: Import }) {
  const { say, language } = useLanguage();
  const queries = useQueryClient();
  const recorded = useRecorded();
  const { id, state, counts, mine } = of;
  const act = useMutation({
    mutationFn: (what: 'check' | 'send' | 'cancel') =>
      ask(`/api/v1/imports/${id}/${what}`, { method: 'POST', headers: OWN_PAGE }),
    onSuccess: () => {
      recorded();
      return queries.invalidateQueries({ queryKey: ['import', id] });
    },
  });
  return (
    <>
      {act.error && <Failed error={act.error} />}
      {mine && counts.accepted > 0 && state !== 'checking' && state !== 'sending' && (
        <Button type="primary" loading={act.isPending} onClick={() => act.mutate('send')}>
          {say(`提交 ${number(counts.accepted, language)} 行`, `Send ${number(counts.accepted, language)} rows`)}
        </Button>
      )}
      {mine && !GOING.has(state) && counts.recorded + counts.repeated + counts.skipped < of.rows && (
        <Button loading={act.isPending} onClick={() => act.mutate('check')}>
          {say('重新试办', 'Try again')}
        </Button>
      )}
      {mine && GOING.has(state) && (
        <Popconfirm
          title={say('停下来；已记录的不受影响', 'Stop; what is recorded stays')}
          okText={say('停', 'Stop')}
          cancelText={say('继续', 'Go on')}
          onConfirm={() => act.mutate('cancel')}
        >
          <Button>{say('停', 'Stop')}</Button>
        </Popconfirm>
      )}
      <Button href={`/api/v1/imports/${id}/receipts`}>{say('下载回执', 'Receipts')}</Button>
    </>
  );
}

function Rows({ of }: { readonly of: Import }) {
  const { say, tell, language } = useLanguage();
  const navigate = useNavigate();
  const { state: asked } = useAsked();
  const { id, counts } = of;
  const there = ROW_STATES.filter((state) => counts[state] > 0);
  const state = there.find((one) => one === asked) ?? there[0];
  const { data, error, hasNextPage, fetchNextPage, isFetching } = useInfiniteQuery({
    queryKey: ['import', id, 'rows', state],
    queryFn: async ({ pageParam, signal }) =>
      (
        await question('/api/v1/imports/{id}/rows', {
          params: { path: { id }, query: { state, after: pageParam } },
          signal,
        })
      ).data!,
    initialPageParam: undefined as number | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
    enabled: state !== undefined,
  });
  const rows = data?.pages.flatMap((page) => page.rows) ?? [];
  return (
    <>
      <div className="filters" role="group" aria-label={say('按状态', 'By state')}>
        {there.map((one) => (
          <Button
            key={one}
            type={one === state ? 'primary' : 'default'}
            aria-pressed={one === state}
            onClick={() =>
              void navigate({ to: '.', search: (before: object) => ({ ...before, state: one }), replace: true })
            }
          >
            {tell(stateText(one))} {number(counts[one], language)}
          </Button>
        ))}
      </div>
      {error && <Failed error={error} />}
      <ol className="story">
        {rows.map((row) => (
          <li key={row.n}>
            <RowCard of={of} row={row} />
          </li>
        ))}
      </ol>
      {hasNextPage && (
        <Button loading={isFetching} onClick={() => void fetchNextPage()}>
          {say('更多', 'More')}
        </Button>
      )}
    </>
  );
}

const MENDED = new Set<RowState>(['faulty', 'refused', 'duplicate', 'accepted']);

function RowCard({ of, row }: { readonly of: Import; readonly row: Row }) {
  const { say } = useLanguage();
  const queries = useQueryClient();
  const [typed, setTyped] = useState<Readonly<Record<string, string>>>({});
  const again = () => queries.invalidateQueries({ queryKey: ['import', of.id] });
  const path = `/api/v1/imports/${of.id}/rows/${row.n}`;
  const mend = useMutation({
    mutationFn: () =>
      ask(path, {
        method: 'PATCH',
        headers: { ...OWN_PAGE, 'Content-Type': 'application/json' },
        body: JSON.stringify({ cells: typed }),
      }),
    onSuccess: again,
  });
  const skip = useMutation({ mutationFn: () => ask(path, { method: 'DELETE', headers: OWN_PAGE }), onSuccess: again });
  const open = of.mine && !GOING.has(of.state) && MENDED.has(row.state);
  const cells = row.cells as Readonly<Record<string, string>>;
  const problems = (key: string, field: string | null) =>
    [
      ...row.faults.map((one) => ({ ...one, tone: 'bad' })),
      ...row.warnings.map((one) => ({ ...one, tone: 'waits' })),
    ].filter((one) => one.field === field || one.field === key);
  const fields = new Set(of.columns.flatMap(({ key, field }) => [key, field]));
  const elsewhere = row.faults.filter(({ field }) => !fields.has(field));
  return (
    <article className="event">
      <h3>
        {say(`第 ${row.n} 行`, `Row ${row.n}`)} <StateOf state={row.state} />
      </h3>
      {row.refusal && <p className="tag bad">{say(row.refusal.detail, row.refusal.detailEn)}</p>}
      {elsewhere.map(({ field, code, zh, en }) => (
        <p key={field + code} className="tag bad">
          {field} {say(zh, en)}
        </p>
      ))}
      <dl className="facts">
        {of.columns.map(({ key, header, field }) => {
          const found = problems(key, field);
          return (
            <div key={key} className={found.length > 0 ? 'changed' : undefined}>
              <dt>{header}</dt>
              <dd>
                {open && field !== null ? (
                  <Input
                    size="small"
                    aria-label={`${say(`第 ${row.n} 行`, `Row ${row.n}`)} ${header}`}
                    aria-invalid={found.some(({ tone }) => tone === 'bad')}
                    status={found.some(({ tone }) => tone === 'bad') ? 'error' : undefined}
                    value={typed[key] ?? cells[key] ?? ''}
                    onChange={({ target }) => setTyped((before) => ({ ...before, [key]: target.value }))}
                  />
                ) : (
                  (cells[key] ?? '—')
                )}
                {found.map(({ code, zh, en, tone }) => (
                  <span key={code} className={`tag ${tone} wraps`}>
                    {say(zh, en)}
                  </span>
                ))}
              </dd>
            </div>
          );
        })}
      </dl>
      {(mend.error ?? skip.error) && <Failed error={mend.error ?? skip.error} />}
      <p className="meta">
        {open && (
          <>
            <Button
              size="small"
              type="primary"
              disabled={Object.keys(typed).length === 0}
              loading={mend.isPending}
              onClick={() => mend.mutate()}
            >
              {say('改好，再试', 'Mend and try again')}
            </Button>
            <Button size="small" loading={skip.isPending} onClick={() => skip.mutate()}>
              {say('不导入这一行', 'Leave this row out')}
            </Button>
          </>
        )}
        {row.receipt && (
          <Link to="/streams/$stream" params={{ stream: row.receipt.stream }}>
            {say('看它的全部经过', 'Its whole story')}
          </Link>
        )}
      </p>
    </article>
  );
}
