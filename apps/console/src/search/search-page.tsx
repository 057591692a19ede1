import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { question } from '../api/http';
import { useLanguage } from '../kit/language';
import { Page } from '../kit/page';
import { Failed } from '../kit/problem';
import { useTimes } from '../kit/times';
import { useAsked } from '../shell/search-params';

/** By name or code, across every list. */
export default function SearchPage() {
  const { say, tell } = useLanguage();
  const { text = '' } = useAsked();
  const times = useTimes();
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: ['search', text, times],
    queryFn: async ({ signal }) =>
      (await question('/api/v1/search', { params: { query: { ...times, text, each: 10 } }, signal })).data!,
    enabled: text.trim() !== '',
  });
  const lists = [...new Set(data?.hits.map(({ list }) => list))];
  return (
    <Page
      title={say(`搜索“${text}”`, `Search for “${text}”`)}
      lead={
        isFetching ? say('搜索中…', 'Searching…') : data && say(`${data.hits.length} 条`, `${data.hits.length} found`)
      }
    >
      {error && <Failed error={error} again={() => void refetch()} />}
      {data?.hits.length === 0 && (
        <p className="empty">
          {say('没有找到。可试名称的一部分，或完整的代码', 'Nothing found. Try a part of a name, or a whole code')}
        </p>
      )}
      {lists.map((list) => {
        const hits = data!.hits.filter((hit) => hit.list === list);
        return (
          <section key={list} className="card">
            <h2>{tell(hits[0]!)}</h2>
            <ul className="things">
              {hits.map((hit) => (
                <li key={JSON.stringify(hit.key)}>
                  <Link
                    to="/lists/$list"
                    params={{ list }}
                    search={{ ...(hit.key as Record<string, string>), open: Object.values(hit.key).join('/') }}
                  >
                    {hit.label}
                  </Link>{' '}
                  <code>{Object.values(hit.key).join(' / ')}</code>
                  {hit.exact && <span className="tag good">{say('完全相同', 'exact')}</span>}
                </li>
              ))}
            </ul>
            {data!.more.includes(list) && (
              <Link to="/lists/$list" params={{ list }} search={{ search: text }}>
                {say('还有更多', 'There are more')}
              </Link>
            )}
          </section>
        );
      })}
    </Page>
  );
}
