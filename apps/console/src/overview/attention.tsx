import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { question } from '../api/http';
import { useActor } from '../api/session';
import { useLanguage } from '../kit/language';
import type { Times } from '../kit/times';

/** What needs attention: each kind of thing that waits, with how many; and where the platform's own figures are not whole. */
export function Attention({ times }: { readonly times: Times }) {
  const { say, tell } = useLanguage();
  const { role } = useActor();
  const watches = role === 'province' || role === 'auditor';
  const { data, isError } = useQuery({
    queryKey: ['attention', times],
    queryFn: async ({ signal }) =>
      (await question('/api/v1/waiting', { params: { query: { ...times, limit: 1 } }, signal })).data!,
    placeholderData: keepPreviousData,
  });
  const { data: projections } = useQuery({
    queryKey: ['projections'],
    queryFn: async ({ signal }) => (await question('/api/v1/operations/projections', { signal })).data!,
    enabled: watches,
  });
  const kinds = data?.kinds.filter(({ count }) => count > 0) ?? [];
  const parked = projections?.parked.length ?? 0;
  return (
    <section className="card attention" aria-label={say('需要关注', 'What needs attention')}>
      <h2>{say('需要关注', 'Needs attention')}</h2>
      <ul>
        {parked > 0 && (
          <li>
            <Link to="/operations">{say('暂停的键：所涉统计不完整', 'Parked keys: figures are not whole')}</Link>
            <span className="tag bad">{parked}</span>
          </li>
        )}
        {kinds.map((kind) => (
          <li key={kind.kind}>
            <Link to="/waiting">{tell(kind)}</Link>
            <span className="nothing">
              {kind.items[0]?.deadline &&
                say(`最近期限 ${kind.items[0].deadline}`, `next by ${kind.items[0].deadline}`)}
            </span>
            <span className="tag waits">{kind.count}</span>
          </li>
        ))}
      </ul>
      {data && kinds.length === 0 && parked === 0 && (
        <p className="nothing">{say('没有等待办理的事', 'Nothing waits')}</p>
      )}
      {!data && !isError && <p className="nothing">{say('读取中…', 'Reading…')}</p>}
      {isError && <p className="nothing">{say('未能读取', 'Could not be read')}</p>}
    </section>
  );
}
