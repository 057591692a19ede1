import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { Button } from 'antd';
import { get } from '../api/http';
import { useLanguage } from '../kit/language';
import { Page } from '../kit/page';
import { Failed } from '../kit/problem';
import { EventCard, type StoredEvent } from './event-card';

interface Stream {
  readonly stream: string;
  readonly events: readonly StoredEvent[];
  readonly next: number | null;
}

/** A stream as a story: who did what, when it was true and when it was recorded, what it changed. */
export default function StoryPage() {
  const { say } = useLanguage();
  const { stream = '' } = useParams({ strict: false });
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetching } = useInfiniteQuery({
    queryKey: ['stream', stream],
    queryFn: ({ pageParam, signal }) =>
      get<Stream>(`/api/v1/streams/${encodeURIComponent(stream)}`, { from: pageParam, limit: 100 }, signal),
    initialPageParam: 0,
    getNextPageParam: ({ next }) => next ?? undefined,
  });
  const events = data?.pages.flatMap((page) => page.events) ?? [];
  return (
    <Page
      title={say('经过', 'Story')}
      lead={
        <>
          <code>{stream}</code>{' '}
          {say(
            '：每件事何时为真、何时记录、由谁、依据什么。',
            ': when each thing was true, when it was recorded, by whom, on what basis.',
          )}
        </>
      }
      actions={
        <Link className="button" to="/events" search={{ stream }}>
          {say('在全部事件中', 'Among all events')}
        </Link>
      }
    >
      {error && <Failed error={error} again={() => void refetch()} />}
      <ol className="story">
        {events.map((event, i) => (
          <li key={event.id}>
            <EventCard event={event} before={events.slice(0, i).findLast((other) => other.type === event.type)} />
          </li>
        ))}
      </ol>
      {hasNextPage && (
        <Button loading={isFetching} onClick={() => void fetchNextPage()}>
          {say('更多', 'More')}
        </Button>
      )}
    </Page>
  );
}
