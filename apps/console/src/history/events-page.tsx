import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { Alert, Button, Input, Select } from 'antd';
import { useState, type FormEvent } from 'react';
import { useCatalogue } from '../api/catalogue';
import type { components } from '../api/openapi';
import { address, get } from '../api/http';
import { Grid } from '../kit/grid';
import { useLanguage } from '../kit/language';
import { moment } from '../kit/numbers';
import { Page } from '../kit/page';
import { Failed } from '../kit/problem';
import { SaveButton } from '../kit/save-button';
import { RegionField } from '../lists/filter-field';
import { Labelled } from '../lists/labelled';
import { useAsked, type Search } from '../shell/search-params';
import type { StoredEvent } from './event-card';

type Events = Omit<components['schemas']['EventsDto'], 'events'> & {
  readonly events: readonly (StoredEvent & { readonly sequence: number; readonly digest: string })[];
};

const FILTERS = [
  'type',
  'stream',
  'region',
  'actor',
  'command',
  'correlation',
  'occurredFrom',
  'occurredTo',
  'recordedFrom',
  'recordedTo',
] as const;

/** All events in their order, each with its number and the digest of everything up to it; by any property. */
export default function EventsPage() {
  const { say, tell } = useLanguage();
  const search = useAsked();
  const navigate = useNavigate();
  const { events: names } = useCatalogue();
  const asked = Object.fromEntries(FILTERS.map((name) => [name, search[name]]));
  const ask = (change: Search) =>
    void navigate({ to: '.', search: (before: Search) => ({ ...before, ...change }), replace: true });
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetching } = useInfiniteQuery({
    queryKey: ['events', asked],
    queryFn: ({ pageParam, signal }) =>
      get<Events>('/api/v1/events', { ...asked, after: pageParam, limit: 200 }, signal),
    initialPageParam: 0,
    getNextPageParam: ({ next }) => next ?? undefined,
  });
  const rows = data?.pages.flatMap((page) => page.events) ?? [];
  const head = data?.pages.at(-1)?.head;
  const tampered = data?.pages.map((page) => page.tampered).find((one) => one !== null) as
    { detail?: string; detailEn?: string } | null | undefined;
  return (
    <Page
      title={say('全部事件', 'All events')}
      lead={
        head &&
        say(
          `末条 ${head.sequence}，摘要 ${head.digest.slice(0, 16)}…`,
          `Last ${head.sequence}, digest ${head.digest.slice(0, 16)}…`,
        )
      }
      actions={
        <SaveButton name="events.ndjson" path={address('/api/v1/events', asked)} accept="application/x-ndjson">
          {say('导出 JSON 行', 'Export JSON lines')}
        </SaveButton>
      }
    >
      {tampered && (
        <Alert
          role="alert"
          type="error"
          showIcon
          title={say(`历史被改动：${tampered.detail ?? ''}`, `The history was edited: ${tampered.detailEn ?? ''}`)}
        />
      )}
      <div className="filters" role="search">
        <Labelled label={say('事件', 'Event')}>
          <Select
            aria-label={say('事件', 'Event')}
            allowClear
            showSearch={{ optionFilterProp: 'label' }}
            value={search.type}
            options={Object.entries(names).map(([value, said]) => ({ value, label: tell(said) }))}
            onChange={(type: string | undefined) => ask({ type })}
            style={{ width: 220 }}
          />
        </Labelled>
        <RegionField label={say('区域', 'Region')} value={search.region} onChange={(region) => ask({ region })} />
        <Texts search={search} ask={ask} />
      </div>
      {error ? (
        <Failed error={error} again={() => void refetch()} />
      ) : (
        <div className="fill">
          <Grid
            label={say('全部事件', 'All events')}
            items={rows}
            keyOf={({ sequence }) => String(sequence)}
            more={hasNextPage || data === undefined}
            onEnd={() => {
              if (hasNextPage && !isFetching) void fetchNextPage();
            }}
            onOpen={({ stream, id }) => void navigate({ to: '/streams/$stream', params: { stream }, hash: id })}
            columns={[
              { id: 'sequence', head: say('序号', 'No.'), cell: ({ sequence }) => sequence, width: 90, numeric: true },
              {
                id: 'type',
                head: say('事件', 'Event'),
                cell: ({ type }) => (names[type] ? tell(names[type]) : type),
                width: 230,
              },
              {
                id: 'stream',
                head: say('事件流', 'Stream'),
                cell: ({ stream }) => (
                  <Link to="/streams/$stream" params={{ stream }}>
                    {stream}
                  </Link>
                ),
                width: 280,
              },
              { id: 'occurredAt', head: say('为真', 'True'), cell: ({ metadata }) => metadata?.occurredAt, width: 110 },
              {
                id: 'recordedAt',
                head: say('记录', 'Recorded'),
                cell: ({ metadata }) => metadata && moment(metadata.recordedAt),
                width: 170,
              },
              { id: 'actor', head: say('由', 'By'), cell: ({ metadata }) => metadata?.actor?.id, width: 180 },
              {
                id: 'digest',
                head: say('摘要', 'Digest'),
                cell: ({ digest }) => <code title={digest}>{digest.slice(0, 12)}</code>,
                width: 130,
              },
            ]}
          />
        </div>
      )}
    </Page>
  );
}

function Texts({ search, ask }: { readonly search: Search; readonly ask: (change: Search) => void }) {
  const { say } = useLanguage();
  const labels = {
    stream: say('事件流', 'Stream'),
    actor: say('记录者', 'Recorded by'),
    correlation: say('同一件事', 'Matter'),
    command: say('命令', 'Command'),
    occurredFrom: say('为真自', 'True from'),
    occurredTo: say('为真至（不含）', 'True before'),
    recordedFrom: say('记录自', 'Recorded from'),
    recordedTo: say('记录至（不含）', 'Recorded before'),
  };
  const [texts, setTexts] = useState<Search>(() =>
    Object.fromEntries(Object.keys(labels).map((name) => [name, search[name]])),
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    ask(Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, text || undefined])));
  };
  return (
    <form className="filters" onSubmit={submit}>
      {Object.entries(labels).map(([name, label]) => (
        <Labelled key={name} label={label}>
          <Input
            aria-label={label}
            type={name.startsWith('occurred') ? 'date' : 'text'}
            placeholder={name.startsWith('recorded') ? '2026-01-31T00:00:00+08:00' : undefined}
            value={texts[name] ?? ''}
            allowClear
            style={{ width: 150 }}
            onChange={({ target }) => setTexts((before) => ({ ...before, [name]: target.value }))}
          />
        </Labelled>
      ))}
      <Button htmlType="submit">{say('查询', 'Ask')}</Button>
    </form>
  );
}
