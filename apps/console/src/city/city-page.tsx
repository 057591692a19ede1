import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useCatalogue } from '../api/catalogue';
import { get } from '../api/http';
import { useLanguage } from '../kit/language';
import { moment, number } from '../kit/numbers';
import { Page } from '../kit/page';
import { Failed } from '../kit/problem';

interface Head {
  readonly sequence: number;
  readonly digest: string;
}

interface Feed extends Head {
  readonly region: string;
  readonly transport: 'kafka' | 'http';
  readonly province: Head | null;
  readonly inSync: boolean;
  readonly trouble: string | null;
}

interface City {
  readonly name: string;
  readonly updatedAt: string | null;
  readonly skipped: readonly { readonly type: string; readonly count: number }[];
}

/** The first page of a city's own sub-platform: whether it has what the province has, and where its lists are. */
export default function CityPage() {
  const { say, tell, language } = useLanguage();
  const { lists, figures } = useCatalogue();
  const feed = useQuery({
    queryKey: ['feed'],
    queryFn: ({ signal }) => get<Feed>('/api/v1/feed', {}, signal),
    refetchInterval: 2_000,
  });
  const city = useQuery({
    queryKey: ['city'],
    queryFn: ({ signal }) => get<City>('/api/v1/city', {}, signal),
    refetchInterval: 5_000,
  });
  const { data: status } = feed;
  const name = city.data?.name ?? '';
  return (
    <Page
      title={say(`${name} · 联动分平台`, `${name} · sub-platform`)}
      lead={status && <code>region.{status.region}</code>}
    >
      {feed.error && <Failed error={feed.error} again={() => void feed.refetch()} />}
      {status && <State feed={status} />}
      {status && (
        <section className="card">
          <h2>{say('数据流', 'Feed')}</h2>
          <dl className="facts">
            <div>
              <dt>{say('已收至第', 'Received up to')}</dt>
              <dd>{number(status.sequence, language)}</dd>
            </div>
            <div>
              <dt>{say('省平台共', 'The province has')}</dt>
              <dd>{status.province ? number(status.province.sequence, language) : say('尚未告知', 'not told yet')}</dd>
            </div>
            <div>
              <dt>{say('传输', 'Transport')}</dt>
              <dd>
                {status.transport === 'kafka'
                  ? say('Kafka（缺口经 HTTP 补齐）', 'Kafka (gaps are filled over HTTP)')
                  : say('HTTP 拉取', 'HTTP')}
              </dd>
            </div>
            <div>
              <dt>{say('最近更新', 'Last told')}</dt>
              <dd>{city.data?.updatedAt ? moment(city.data.updatedAt) : '—'}</dd>
            </div>
            <div>
              <dt>{say('摘要', 'Digest')}</dt>
              <dd>
                <code>{status.digest}</code>
              </dd>
            </div>
            {city.data?.skipped.map(({ type, count }) => (
              <div key={type}>
                <dt>{say('未采用（本版本不识别，已另存）', 'Not taken (unknown here; kept apart)')}</dt>
                <dd>
                  <code>{type}</code> {number(count, language)}
                </dd>
              </div>
            ))}
          </dl>
        </section>
      )}
      <div className="cards">
        <section className="card">
          <h2>{say('统计', 'Figures')}</h2>
          <ul className="commands">
            {figures.map((figure) => (
              <li key={figure.name}>
                <Link to="/figures/$figure" params={{ figure: figure.name }}>
                  {tell(figure)}
                </Link>
              </li>
            ))}
          </ul>
        </section>
        <section className="card">
          <h2>{say('列表', 'Lists')}</h2>
          <ul className="commands">
            {lists.map((list) => (
              <li key={list.name}>
                <Link to="/lists/$list" params={{ list: list.name }}>
                  {tell(list)}
                </Link>
              </li>
            ))}
          </ul>
        </section>
      </div>
    </Page>
  );
}

function State({ feed: { trouble, inSync, province, sequence } }: { readonly feed: Feed }) {
  const { say, language } = useLanguage();
  const [tone, text] =
    trouble !== null
      ? (['bad', say(`数据流异常：${trouble}`, `The feed is in trouble: ${trouble}`)] as const)
      : inSync
        ? (['good', say('与省平台一致', 'In step with the province')] as const)
        : ([
            'waits',
            province
              ? say(
                  `落后省平台 ${number(province.sequence - sequence, language)} 条`,
                  `${number(province.sequence - sequence, language)} records behind the province`,
                )
              : say('等待省平台告知进度', 'Waiting for the province'),
          ] as const);
  return (
    <p role="status">
      <strong className={`tag ${tone}`}>{text}</strong>
    </p>
  );
}
