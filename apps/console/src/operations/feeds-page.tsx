import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useCatalogue } from '../api/catalogue';
import type { components } from '../api/openapi';
import { question } from '../api/http';
import { useLanguage } from '../kit/language';
import { useRegionName } from '../kit/names';
import { moment, number } from '../kit/numbers';
import { Page } from '../kit/page';
import { Failed } from '../kit/problem';
import { SidePanel } from '../kit/side-panel';
import { useAsked } from '../shell/search-params';

type Feed = components['schemas']['FeedStateDto'];

/** A city that follows is heard every half minute; one that was not for ten has fallen silent. */
const SILENT_MS = 10 * 60_000;

/** Each city's feed: where it ends, how far the city has come, and when it was last heard. */
export default function FeedsPage() {
  const { say, language } = useLanguage();
  const region = useRegionName();
  const { open } = useAsked();
  const { data, error, refetch, dataUpdatedAt } = useQuery({
    queryKey: ['feeds'],
    queryFn: async ({ signal }) => (await question('/api/v1/feeds', { signal })).data!,
    refetchInterval: 10_000,
  });
  const opened = data?.feeds.find(({ feed }) => feed === open);
  return (
    <Page
      title={say('分平台', 'Sub-platforms')}
      lead={say(
        '每个事件流的末条与摘要；其分平台已取到何处，最近何时来取。摘要相同即逐条相同。',
        'Where each feed ends, how far its sub-platform has come, and when it was last heard. Equal digests mean equal records, one by one.',
      )}
    >
      {error && <Failed error={error} again={() => void refetch()} />}
      <div className="table-scroll" tabIndex={0} role="region" aria-label={say('分平台', 'Sub-platforms')}>
        <table className="figures">
          <thead>
            <tr>
              <th scope="col">{say('区域', 'Region')}</th>
              <th scope="col">{say('事件流', 'Feed')}</th>
              <th scope="col" className="numeric">
                {say('末条', 'Ends at')}
              </th>
              <th scope="col" className="numeric">
                {say('已取到', 'Taken')}
              </th>
              <th scope="col" className="numeric">
                {say('尚差', 'Behind')}
              </th>
              <th scope="col">{say('最近来取', 'Last heard')}</th>
              <th scope="col">{say('状态', 'State')}</th>
              <th scope="col">{say('摘要', 'Digest')}</th>
            </tr>
          </thead>
          <tbody>
            {data?.feeds.map((feed) => (
              <tr key={feed.feed}>
                <th scope="row">{feed.region ? region(feed.region) : say('各市共有', 'For all')}</th>
                <td>
                  <Link to="/feeds" search={{ open: feed.feed }}>
                    {feed.feed}
                  </Link>
                </td>
                <td className="numeric">{number(feed.sequence, language)}</td>
                <td className="numeric">{feed.reader ? number(feed.reader.sequence, language) : '—'}</td>
                <td className="numeric">{feed.reader ? number(feed.reader.behind, language) : '—'}</td>
                <td>{feed.reader ? moment(feed.reader.heardAt) : '—'}</td>
                <td>
                  <State feed={feed} now={dataUpdatedAt} />
                </td>
                <td>
                  <code title={feed.digest}>{feed.digest.slice(0, 16)}</code>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {opened && <Records feed={opened} />}
    </Page>
  );
}

/** The last records of a feed, as the city gets them. */
const SHOWN = 50;

interface Told {
  readonly feedsequence: number;
  readonly type: string;
  readonly subject: string;
  readonly cause: string;
  readonly stream: string;
  readonly occurredon: string;
  readonly digest: string;
}

function Records({ feed: { feed, sequence } }: { readonly feed: Feed }) {
  const { say, tell } = useLanguage();
  const navigate = useNavigate();
  const { events } = useCatalogue();
  const { data, error } = useQuery({
    queryKey: ['feed', feed, sequence],
    queryFn: async ({ signal }) =>
      (
        await question('/api/v1/feeds/{feed}', {
          params: { path: { feed }, query: { after: Math.max(0, sequence - SHOWN) } },
          signal,
        })
      ).data!,
  });
  const records = ((data?.records ?? []) as unknown as Told[]).toReversed();
  return (
    <SidePanel width={760} title={feed} onClose={() => void navigate({ to: '/feeds' })}>
      {error && <Failed error={error} />}
      <p className="lead">
        {say(
          `最近 ${SHOWN} 条，最新的在前；每条是一个事物的全部状态。`,
          `The last ${SHOWN}, newest first; each is the whole state of a thing.`,
        )}
      </p>
      <ol className="things" reversed>
        {records.map((record) => (
          <li key={record.feedsequence}>
            <p>
              <strong>{record.feedsequence}</strong> {record.subject} ·{' '}
              {events[record.cause] ? tell(events[record.cause]!) : record.cause}
            </p>
            <p className="meta">
              <span>{record.occurredon}</span>
              <Link to="/streams/$stream" params={{ stream: record.stream }}>
                {say('经过', 'Story')}
              </Link>
              <code>{record.type}</code>
              <code title={record.digest}>{record.digest.slice(0, 16)}</code>
            </p>
          </li>
        ))}
      </ol>
    </SidePanel>
  );
}

function State({ feed, now }: { readonly feed: Feed; readonly now: number }) {
  const { say } = useLanguage();
  if (feed.region === null) return null;
  if (feed.reader === null) return <span className="tag">{say('未接入', 'Not connected')}</span>;
  if (now - Date.parse(feed.reader.heardAt) > SILENT_MS)
    return <span className="tag bad">{say('失联', 'Silent')}</span>;
  if (feed.reader.behind > 0) return <span className="tag waits">{say('追赶中', 'Catching up')}</span>;
  return <span className="tag good">{say('同步', 'In step')}</span>;
}
