import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { Input } from 'antd';
import { useCatalogue } from '../api/catalogue';
import { useActor } from '../api/session';
import { useLanguage } from '../kit/language';
import { Page } from '../kit/page';

/** Everything that who has signed in may do, by subject. */
export default function CommandsPage() {
  const { say, tell } = useLanguage();
  const { contexts, commands } = useCatalogue();
  const { role } = useActor();
  const [text, setText] = useState('');
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
