import { Link } from '@tanstack/react-router';
import { useCatalogue, type Command, type List } from '../api/catalogue';
import { useActor } from '../api/session';
import { brief, useLanguage } from '../kit/language';
import { textOf, type Row } from '../kit/names';
import { SidePanel } from '../kit/side-panel';
import { Value } from '../kit/value';

export const keyOf = (list: List, row: Row): string => list.key.map((name) => textOf(row[name])).join('/');

interface Trace {
  readonly stream: string;
  readonly revision: number;
  readonly event: string;
  readonly day: string;
  readonly cause: string;
}

/** What a command is opened with from a row: the key of the thing, and its stream as it was seen. */
export function prefilled(command: Command, list: List, row: Row): Record<string, string> {
  const act = command.acts.find((one) => one.list === list.name);
  const key = Object.entries(act?.key ?? {}).map(([from, field]) => [field, textOf(row[from])]);
  const trace = row.trace as Trace | undefined;
  return { ...Object.fromEntries(key), ...(trace ? { stream: trace.stream } : {}) };
}

/** Everything that is known of one thing, where it comes from, and what can be done with it by who looks at it. */
export function Thing({
  list,
  row,
  onClose,
}: {
  readonly list: List;
  readonly row: Row;
  readonly onClose: () => void;
}) {
  const { say, tell } = useLanguage();
  const { commands, events } = useCatalogue();
  const actor = useActor();
  const trace = row.trace as Trace | undefined;
  const mine = commands.filter(
    ({ acts, roles }) => roles.includes(actor.role) && acts.some((act) => act.list === list.name),
  );
  const [own, within] = [
    mine.filter((command) => isAbout(command, list)),
    mine.filter((command) => !isAbout(command, list)),
  ];
  const cause = trace && events[trace.cause];
  return (
    <SidePanel title={textOf(row.name ?? row.title ?? row.firm ?? keyOf(list, row))} width={520} onClose={onClose}>
      <dl className="facts">
        {list.columns.map((column) => (
          <div key={column.name}>
            <dt>{tell(column)}</dt>
            <dd>
              <Value column={column} value={row[column.name]} linked={!list.key.includes(column.name)} />
            </dd>
          </div>
        ))}
      </dl>
      {trace && (
        <section aria-label={say('来历', 'Where it comes from')}>
          <h2>{say('来历', 'Where it comes from')}</h2>
          <p>
            {say('由事件', 'By the event')} <strong>{cause ? tell(cause) : trace.cause}</strong>{' '}
            {say(`自 ${trace.day} 起`, `as of ${trace.day}`)} ·{' '}
            <Link to="/streams/$stream" params={{ stream: trace.stream }}>
              {say('看它的全部经过', 'Its whole story')}
            </Link>
          </p>
        </section>
      )}
      <Commands title={say('可办事项', 'What can be done')} commands={own} list={list} row={row} />
      <Commands title={say('其中各项', 'What is inside it')} commands={within} list={list} row={row} />
    </SidePanel>
  );
}

/** Whether the thing of this list is what a command is about, and not only what that is inside of. */
const isAbout = ({ acts }: Command, { name }: List) => {
  const keyed = (of: string) => Object.keys(acts.find(({ list }) => list === of)?.key ?? {}).length;
  return acts.every(({ list }) => keyed(list) <= keyed(name));
};

interface CommandsProps {
  readonly title: string;
  readonly commands: readonly Command[];
  readonly list: List;
  readonly row: Row;
}

function Commands({ title, commands, list, row }: CommandsProps) {
  const { tell } = useLanguage();
  if (commands.length === 0) return null;
  return (
    <section aria-label={title}>
      <h2>{title}</h2>
      <ul className="commands">
        {commands.map((command) => (
          <li key={command.name}>
            <Link to="/do/$command" params={{ command: command.name }} search={prefilled(command, list, row)}>
              {tell(brief(command))}
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
