import type { carriers, RowOf } from '#libs/messages';
import { Link } from '@tanstack/react-router';
import { useCatalogue } from '../api/catalogue';
import { useActor } from '../api/session';
import { useLanguage, type Told } from '../kit/language';
import { useRegionName } from '../kit/names';

export type Carrier = RowOf<typeof carriers>;

interface Step {
  readonly title: Told;
  /** The day on which it was done. */
  readonly on: string | null;
  /** Whose turn it is: either of these regions, or the province. */
  readonly whose: readonly (string | null)[];
  readonly command: string;
  /** What has to be done before. */
  readonly after: boolean;
}

const OVER = new Set(['declined', 'withdrawn', 'lapsed', 'wound-up']);

/** From proposal to opening; a carrier of one region is registered at once, and has no steps. */
function stepsOf(row: Carrier): Step[] {
  const signed = row.signedByHomeOn !== null && row.signedByHostOn !== null;
  const begun = row.status !== 'planned' && row.status !== 'under-way';
  return [
    {
      title: { zh: '提出', en: 'Proposed' },
      on: begun ? row.since : null,
      whose: [row.home],
      command: 'propose-carrier',
      after: true,
    },
    {
      title: { zh: '飞出地签署', en: 'Signed by home' },
      on: row.signedByHomeOn,
      whose: [row.home],
      command: 'sign-as-home',
      after: begun,
    },
    {
      title: { zh: '飞入地签署', en: 'Signed by the host' },
      on: row.signedByHostOn,
      whose: [row.host],
      command: 'sign-as-host',
      after: begun,
    },
    {
      title: { zh: '省级备案', en: 'Filed by the province' },
      on: row.filedOn,
      whose: ['province'],
      command: 'file-carrier',
      after: signed,
    },
    {
      title: { zh: '开园', en: 'Opened' },
      on: row.openedOn,
      whose: [row.home, row.host],
      command: 'open-carrier',
      after: row.filedOn !== null,
    },
  ];
}

/** Where a registration stands, for both sides, and whose turn it is. */
export function Steps({ row }: { readonly row: Carrier }) {
  const { say, tell } = useLanguage();
  const region = useRegionName();
  const { role } = useActor();
  const { commands } = useCatalogue();
  const steps = stepsOf(row);
  const names = (whose: Step['whose']) => whose.map((one) => region(one ?? '')).join(say('或', ' or '));
  const over = OVER.has(row.status);
  return (
    <ol className="steps" aria-label={say('登记进度', 'Where the registration stands')}>
      {steps.map(({ title, on, whose, command: name, after }) => {
        const turn = !over && on === null && after;
        const command = commands.find((one) => one.name === name && one.roles.includes(role));
        return (
          <li key={name} className={on ? 'done' : turn ? 'turn' : 'later'} aria-current={turn ? 'step' : undefined}>
            <strong>{tell(title)}</strong>
            <span>{on ?? (turn ? say(`该 ${names(whose)} 办`, `${names(whose)} to act`) : '—')}</span>
            {turn && command && (
              <Link
                className="button"
                to="/do/$command"
                params={{ command: name }}
                search={{ carrier: row.carrier, stream: `carrier-${row.carrier}` }}
              >
                {say('办理', 'Do it')}
              </Link>
            )}
          </li>
        );
      })}
    </ol>
  );
}
