import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { useCatalogue, type Command } from '../api/catalogue';
import type { components } from '../api/openapi';
import { question } from '../api/http';
import { useActor } from '../api/session';
import { brief, useLanguage } from '../kit/language';
import { Page } from '../kit/page';
import { Failed } from '../kit/problem';
import { useTimes } from '../kit/times';

type Kind = components['schemas']['WaitingKind'];
type Thing = components['schemas']['WaitingThing'];

/** What waits for who has signed in, and what it should know: the nearest deadline first. */
export default function WaitingPage() {
  const { say } = useLanguage();
  const times = useTimes();
  const { data, error, refetch } = useQuery({
    queryKey: ['waiting', times],
    queryFn: async ({ signal }) =>
      (await question('/api/v1/waiting', { params: { query: { ...times, limit: 5 } }, signal })).data!,
  });
  const kinds = data?.kinds.filter(({ count }) => count > 0) ?? [];
  return (
    <Page
      title={say('待办', 'Waiting')}
      lead={data && say(`以 ${data.day} 计。该您办的标有“该您办”。`, `As of ${data.day}. What is yours to do says so.`)}
    >
      {error && <Failed error={error} again={() => void refetch()} />}
      {data && kinds.length === 0 && <p className="empty">{say('没有等待办理的事', 'Nothing waits')}</p>}
      <div className="waiting">
        {kinds.map((kind) => (
          <KindCard key={kind.kind} kind={kind} />
        ))}
      </div>
    </Page>
  );
}

function KindCard({ kind }: { readonly kind: Kind }) {
  const { say, tell } = useLanguage();
  const times = useTimes();
  const rest = useInfiniteQuery({
    queryKey: ['waiting', times, kind.kind],
    queryFn: async ({ pageParam, signal }) =>
      (
        await question('/api/v1/waiting', {
          params: { query: { ...times, kind: kind.kind, after: pageParam, limit: 50 } },
          signal,
        })
      ).data!.kinds[0]!,
    initialPageParam: kind.next ?? undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    enabled: false,
  });
  const items = [...kind.items, ...(rest.data?.pages.flatMap((page) => page.items) ?? [])];
  const more = rest.data ? rest.hasNextPage : kind.next !== null;
  return (
    <section className="card" aria-label={tell(kind)} data-kind={kind.kind}>
      <h2>
        {tell(kind)} <span className="badge">{kind.count}</span>
      </h2>
      <ul className="things">
        {items.map((thing) => (
          <li key={JSON.stringify(thing.key)}>
            <One kind={kind} thing={thing} />
          </li>
        ))}
      </ul>
      {more && (
        <Button loading={rest.isFetching} onClick={() => void (rest.data ? rest.fetchNextPage() : rest.refetch())}>
          {say('更多', 'More')}
        </Button>
      )}
    </section>
  );
}

function One({ kind, thing }: { readonly kind: Kind; readonly thing: Thing }) {
  const { say, tell } = useLanguage();
  const { role } = useActor();
  const { commands } = useCatalogue();
  const key = thing.key as Readonly<Record<string, string>>;
  const mine = kind.commands
    .filter((command) => command.roles.includes(role))
    .flatMap(({ path }) => commands.find((command) => command.path === path) ?? []);
  return (
    <>
      <p>
        {thing.mine && <strong className="tag waits">{say('该您办', 'Yours')}</strong>} <span>{tell(thing)}</span>
      </p>
      <p className="meta">
        {thing.since && <span>{say(`自 ${String(thing.since)}`, `since ${String(thing.since)}`)}</span>}
        {thing.deadline && (
          <strong>{say(`须在 ${String(thing.deadline)} 前`, `before ${String(thing.deadline)}`)}</strong>
        )}
        <Link to="/lists/$list" params={{ list: kind.list }} search={{ ...key, open: Object.values(key).join('/') }}>
          {say('查看', 'Look')}
        </Link>
        {mine.map((command) => (
          <Link
            key={command.name}
            to="/do/$command"
            params={{ command: command.name }}
            search={prefill(command, kind.list, key)}
          >
            {tell(brief(command))}
          </Link>
        ))}
      </p>
    </>
  );
}

function prefill(
  command: Command,
  list: string,
  key: Readonly<Record<string, string>>,
): Record<string, string | undefined> {
  const act = command.acts.find((one) => one.list === list);
  return act ? Object.fromEntries(Object.entries(act.key).map(([from, field]) => [field, key[from]])) : key;
}
