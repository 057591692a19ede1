import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { Input } from 'antd';
import { useCatalogue } from '../api/catalogue';
import { useActor } from '../api/session';
import { brief, useLanguage } from '../kit/language';
import { moment } from '../kit/numbers';
import { Page } from '../kit/page';
import { recentOf } from './draft';

/** Everything that who has signed in may do, by subject. */
export default function CommandsPage() {
  const { say, tell } = useLanguage();
  const { contexts, commands } = useCatalogue();
  const { actor, role } = useActor();
  const [text, setText] = useState('');
  const recent = recentOf(actor);
  const shown = commands.filter(
    (command) =>
      command.roles.includes(role) &&
      `${command.zh} ${command.en} ${command.name}`.toLowerCase().includes(text.toLowerCase()),
  );
  return (
    <Page title={say('办理', 'Do')} lead={say('您的角色可以办理的全部事项。', 'Everything that your role may do.')}>
      <div className="filters">
        <Input
          aria-label={say('查找事项', 'Find')}
          placeholder={say('查找事项', 'Find')}
          value={text}
          allowClear
          onChange={(event) => setText(event.target.value)}
          style={{ width: 280 }}
        />
      </div>
      {text === '' && recent.length > 0 && (
        <section className="card" aria-label={say('最近办理', 'Done lately')}>
          <h2>{say('最近办理', 'Done lately')}</h2>
          <ul className="things">
            {recent.map(({ command, stream, at }) => (
              <li key={at}>
                {moment(at)} ·{' '}
                {tell(brief(commands.find(({ name }) => name === command) ?? { zh: command, en: command }))} ·{' '}
                <Link to="/streams/$stream" params={{ stream }}>
                  {stream}
                </Link>
              </li>
            ))}
          </ul>
        </section>
      )}
      <div className="command-groups">
        {contexts.map((context) => {
          const group = shown.filter((command) => command.context === context.name);
          return group.length === 0 ? null : (
            <section key={context.name} className="card">
              <h2>{tell(context)}</h2>
              <ul className="commands">
                {group.map((command) => (
                  <li key={command.name}>
                    <Link to="/do/$command" params={{ command: command.name }}>
                      {tell(command)}
                    </Link>
                  </li>
                ))}
              </ul>
            </section>
          );
        })}
      </div>
      {shown.length === 0 && (
        <p className="empty">{say('没有您可以办理的事项', 'There is nothing that you may do here')}</p>
      )}
    </Page>
  );
}
