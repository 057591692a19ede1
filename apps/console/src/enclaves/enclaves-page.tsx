import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { found, useCatalogue } from '../api/catalogue';
import { get } from '../api/http';
import { useActor } from '../api/session';
import { brief, useLanguage } from '../kit/language';
import { useRegionName, type Page as Rows } from '../kit/names';
import { Page } from '../kit/page';
import { Failed } from '../kit/problem';
import { useTimes } from '../kit/times';
import { Value } from '../kit/value';
import { Steps, type Carrier } from './steps';

const LIMIT = 200;
const SETTLED = new Set(['open', 'suspended', 'expired', 'winding-up', 'wound-up', 'declined', 'withdrawn', 'lapsed']);

/** Every carrier of two regions: what is being registered first, with whose turn it is; then what stands. */
export default function EnclavesPage() {
  const { say, tell } = useLanguage();
  const region = useRegionName();
  const times = useTimes();
  const { role } = useActor();
  const { commands, lists } = useCatalogue();
  const { data, error, refetch } = useQuery({
    queryKey: ['list', 'carriers', 'enclaves', times],
    queryFn: ({ signal }) => get<Rows>('/api/v1/carriers', { ...times, limit: LIMIT, sort: '-since' }, signal),
  });
  const rows = ((data?.items ?? []) as unknown as Carrier[]).filter(({ home, host }) => home !== host);
  const status = found(lists, 'carriers').columns.find(({ name }) => name === 'status');
  const begin = commands.filter(
    ({ name, roles }) => (name === 'propose-carrier' || name === 'plan-carrier') && roles.includes(role),
  );
  const [going, standing] = [
    rows.filter((row) => !SETTLED.has(row.status)),
    rows.filter((row) => SETTLED.has(row.status)),
  ];
  return (
    <Page
      title={say('飞地登记', 'Enclaves')}
      lead={say(
        '从提出、双方签署、省级备案到开园：到了哪一步，该谁办。',
        'From proposal, both signatures and filing to opening: where each stands, and whose turn it is.',
      )}
      actions={begin.map((command) => (
        <Link key={command.name} className="button" to="/do/$command" params={{ command: command.name }}>
          {tell(brief(command))}
        </Link>
      ))}
    >
      {error && <Failed error={error} again={() => void refetch()} />}
      {going.map((row) => (
        <section key={row.carrier} className="card">
          <h2>
            <Link to="/enclaves/$carrier" params={{ carrier: row.carrier }}>
              {row.name}
            </Link>{' '}
            <span className="tag">{row.kind}</span>
          </h2>
          <Steps row={row} />
        </section>
      ))}
      {data && going.length === 0 && <p className="empty">{say('没有正在登记的', 'Nothing is being registered')}</p>}
      <section className="card">
        <h2>
          {say('已登记', 'Registered')} <span className="badge">{standing.length}</span>
        </h2>
        <ul className="commands wide">
          {standing.map((row) => (
            <li key={row.carrier}>
              <Link to="/enclaves/$carrier" params={{ carrier: row.carrier }}>
                {row.name}
              </Link>{' '}
              {status && <Value column={status} value={row.status} />}{' '}
              <span className="nothing">
                {row.home && region(row.home)} → {row.host && region(row.host)}
              </span>
            </li>
          ))}
        </ul>
        {data?.next && (
          <Link to="/lists/$list" params={{ list: 'carriers' }}>
            {say('其余见列表', 'The rest is in the list')}
          </Link>
        )}
      </section>
    </Page>
  );
}
