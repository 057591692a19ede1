import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useEffect } from 'react';
import { found, useCatalogue, type Catalogue } from '../api/catalogue';
import { get } from '../api/http';
import { useActor } from '../api/session';
import { brief, useLanguage } from '../kit/language';
import { useRegionName, type Page as Rows } from '../kit/names';
import { today } from '../kit/numbers';
import { Page } from '../kit/page';
import { Failed } from '../kit/problem';
import { useTimes, type Times } from '../kit/times';
import { Value } from '../kit/value';
import { Plan } from './plan';
import type { Allocation, Unit } from './space';
import { Steps, type Carrier } from './steps';

/** Lettings that are read for one plan, at most: what a person can look at, and more. */
const MOST = 20_000;

/** One carrier: where its registration stands, who is in it until when, and what is free. */
export default function EnclavePage() {
  const { carrier = '' } = useParams({ strict: false });
  const { say } = useLanguage();
  const times = useTimes();
  const catalogue = useCatalogue();
  const { data, error, refetch } = useQuery({
    queryKey: ['list', 'carriers', { carrier }, times],
    queryFn: ({ signal }) => get<Rows>('/api/v1/carriers', { carrier, ...times }, signal),
  });
  const row = data?.items[0] as Carrier | undefined;
  if (error) return <Failed error={error} again={() => void refetch()} />;
  if (data && !row) return <Page title={say('没有这个载体', 'There is no such carrier')}>{carrier}</Page>;
  return <Page title={row?.name ?? carrier}>{row && <Shown row={row} times={times} catalogue={catalogue} />}</Page>;
}

function Shown({
  row,
  times,
  catalogue,
}: {
  readonly row: Carrier;
  readonly times: Times;
  readonly catalogue: Catalogue;
}) {
  const { say, tell } = useLanguage();
  const region = useRegionName();
  const { role } = useActor();
  const { carrier } = row;
  const status = found(catalogue.lists, 'carriers').columns.find(({ name }) => name === 'status');
  const units = useWhole<Unit>('units', carrier, times);
  const lettings = useWhole<Allocation>('allocations', carrier, times);
  const commands = catalogue.commands.filter(
    ({ acts, roles }) => roles.includes(role) && acts.some(({ list }) => list === 'carriers'),
  );
  return (
    <>
      <p className="lead">
        {status && <Value column={status} value={row.status} />} {row.kind} · {say('飞出地', 'Home')}{' '}
        {row.home ? region(row.home) : '—'} → {say('飞入地', 'Host')} {row.host ? region(row.host) : '—'}
        {row.filing && ` · ${row.filing}`}
        {row.agreementUntil &&
          ` · ${say(`协议至 ${row.agreementUntil}`, `agreement until ${row.agreementUntil}`)}`}{' '}
        <Link to="/streams/$stream" params={{ stream: `carrier-${carrier}` }}>
          {say('经过', 'Story')}
        </Link>
      </p>
      {row.home !== row.host && <Steps row={row} />}
      {lettings.error && <Failed error={lettings.error} />}
      {lettings.reading && (
        <p role="status">{say(`已读 ${lettings.rows.length} 条分配…`, `${lettings.rows.length} lettings read…`)}</p>
      )}
      {lettings.cut && (
        <p role="status">
          {say(`只画前 ${MOST} 条；其余见列表`, `Only the first ${MOST} are drawn; the rest is in the list`)}
        </p>
      )}
      <Plan
        carrier={carrier}
        home={row.home ?? ''}
        units={units.rows}
        lettings={lettings.rows}
        day={times.asOf ?? today()}
        mayLet={role === 'operator' && row.status === 'open'}
      />
      <section className="card">
        <h2>{say('可办事项', 'What can be done')}</h2>
        <ul className="commands wide">
          {commands.map((command) => (
            <li key={command.name}>
              <Link
                to="/do/$command"
                params={{ command: command.name }}
                search={{ carrier, stream: `carrier-${carrier}` }}
              >
                {tell(brief(command))}
              </Link>
            </li>
          ))}
        </ul>
      </section>
    </>
  );
}

/** All rows of a carrier, page after page, shown as they come. */
function useWhole<R>(list: string, carrier: string, times: Times) {
  const { data, error, hasNextPage, fetchNextPage, isFetching } = useInfiniteQuery({
    queryKey: ['list', list, { carrier }, times, 'whole'],
    queryFn: ({ pageParam, signal }) =>
      get<Rows>(`/api/v1/${list}`, { carrier, ...times, limit: 1000, after: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
  });
  const rows = (data?.pages.flatMap(({ items }) => items) ?? []) as unknown as R[];
  const cut = hasNextPage && rows.length >= MOST;
  useEffect(() => {
    if (hasNextPage && !isFetching && !cut) void fetchNextPage();
  }, [hasNextPage, isFetching, cut, fetchNextPage]);
  return { rows, error, cut, reading: isFetching && hasNextPage };
}
