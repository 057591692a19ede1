import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { components } from '../api/openapi';
import { question } from '../api/http';
import { EventCard, type StoredEvent } from '../history/event-card';
import { Grid } from '../kit/grid';
import { useLanguage } from '../kit/language';
import { useRegionName } from '../kit/names';
import { moment } from '../kit/numbers';
import { Page } from '../kit/page';
import { Failed } from '../kit/problem';
import { SidePanel } from '../kit/side-panel';
import { ChoiceField } from '../lists/filter-field';
import { useAsked, type Search } from '../shell/search-params';

type Process = components['schemas']['ProcessDto'];

/** What goes on by itself: each process with where it stands, what it waits for, and how it ended. */
export default function ProcessesPage() {
  const { say } = useLanguage();
  const region = useRegionName();
  const search = useAsked();
  const navigate = useNavigate();
  const ask = (change: Search) =>
    void navigate({ to: '.', search: (before: Search) => ({ ...before, ...change }), replace: true });
  const status = search.status === 'running' || search.status === 'ended' ? search.status : undefined;
  const { process: kind } = search;
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetching } = useInfiniteQuery({
    queryKey: ['processes', kind, status],
    queryFn: async ({ pageParam, signal }) =>
      (
        await question('/api/v1/processes', {
          params: { query: { process: kind, status, before: pageParam, limit: 100 } },
          signal,
        })
      ).data!,
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
  });
  const rows = data?.pages.flatMap(({ processes }) => processes) ?? [];
  const [openProcess, openKey] = (search.open ?? '').split(' ');
  return (
    <Page
      title={say('流程', 'Processes')}
      lead={say(
        '由系统自动办理的事：准入与分配、到期清退、协议到期等。',
        'What is done by itself: admission and letting, overstays, agreements that end.',
      )}
    >
      <div className="filters">
        <ChoiceField
          label={say('状态', 'Status')}
          value={status}
          onChange={(chosen) => ask({ status: chosen })}
          options={[
            { value: 'running', label: say('进行中', 'Running') },
            { value: 'ended', label: say('已结束', 'Ended') },
          ]}
        />
      </div>
      {error ? (
        <Failed error={error} again={() => void refetch()} />
      ) : (
        <div className="fill">
          <Grid<Process>
            label={say('流程', 'Processes')}
            items={rows}
            keyOf={({ process, key }) => `${process} ${key}`}
            more={hasNextPage || data === undefined}
            onEnd={() => {
              if (hasNextPage && !isFetching) void fetchNextPage();
            }}
            onOpen={({ process, key }) => ask({ open: `${process} ${key}` })}
            columns={[
              { id: 'process', head: say('流程', 'Process'), cell: ({ process }) => process, width: 140 },
              { id: 'key', head: say('实例', 'Instance'), cell: ({ key }) => key, width: 360 },
              {
                id: 'status',
                head: say('状态', 'Status'),
                cell: ({ status: state, end }) =>
                  state === 'running' ? (
                    <span className="tag waits">{say('进行中', 'Running')}</span>
                  ) : (
                    <span className="tag">{String(end)}</span>
                  ),
                width: 130,
              },
              { id: 'occurredAt', head: say('开始', 'Began'), cell: ({ occurredAt }) => occurredAt, width: 110 },
              {
                id: 'deadline',
                head: say('下一期限', 'Next deadline'),
                cell: ({ deadline }) => deadline && moment(deadline.due),
                width: 170,
              },
              {
                id: 'pending',
                head: say('待办步骤', 'Pending'),
                cell: ({ pending }) => pending.map(({ step }) => step).join('、'),
                width: 150,
              },
              {
                id: 'regions',
                head: say('区域', 'Regions'),
                cell: ({ regions }) => regions.map(region).join('、'),
                width: 180,
              },
              { id: 'trouble', head: say('障碍', 'Trouble'), cell: ({ trouble }) => String(trouble ?? ''), width: 220 },
            ]}
          />
        </div>
      )}
      {openProcess && openKey && (
        <History process={openProcess} instance={openKey} onClose={() => ask({ open: undefined })} />
      )}
    </Page>
  );
}

function History({
  process,
  instance,
  onClose,
}: {
  readonly process: string;
  readonly instance: string;
  readonly onClose: () => void;
}) {
  const { say } = useLanguage();
  const { data, error } = useQuery({
    queryKey: ['process', process, instance],
    queryFn: async ({ signal }) =>
      (await question('/api/v1/processes/{process}/{key}', { params: { path: { process, key: instance } }, signal }))
        .data!,
  });
  return (
    <SidePanel title={`${process} ${instance}`} width={640} onClose={onClose}>
      {error && <Failed error={error} />}
      {data?.end && <p>{say(`结局：${String(data.end)}`, `Ended: ${String(data.end)}`)}</p>}
      <ol className="story">
        {(data?.events as StoredEvent[] | undefined)?.map((event) => (
          <li key={event.id}>
            <EventCard event={event} />
          </li>
        ))}
      </ol>
    </SidePanel>
  );
}
