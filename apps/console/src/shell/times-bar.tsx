import { useNavigate } from '@tanstack/react-router';
import { Button, Input } from 'antd';
import { useLanguage } from '../kit/language';
import { moment } from '../kit/numbers';
import { useTimes } from '../kit/times';
import type { Search } from './search-params';

/** The two questions that every page answers: what was true then, and what was known then. */
export function TimesBar() {
  const { say } = useLanguage();
  const navigate = useNavigate();
  const { asOf, asAt } = useTimes();
  const ask = (change: Search) => void navigate({ to: '.', search: (before: Search) => ({ ...before, ...change }) });
  const past = asOf !== undefined || asAt !== undefined;
  // The field knows no zone; the platform's clock is China's.
  const local = asAt !== undefined && /T/.test(asAt) ? moment(asAt).replace(' ', 'T') : '';
  return (
    <div className={past ? 'times past' : 'times'} role="group" aria-label={say('时点', 'Times')}>
      <label>
        {say('事实截至', 'True by')}{' '}
        <Input
          size="small"
          type="date"
          value={asOf ?? ''}
          style={{ width: 140 }}
          onChange={({ target }) => ask({ asOf: target.value || undefined })}
        />
      </label>
      <label>
        {say('记录截至', 'Known by')}{' '}
        <Input
          size="small"
          type="datetime-local"
          step={1}
          value={local}
          style={{ width: 205 }}
          onChange={({ target }) =>
            ask({
              asAt: target.value
                ? `${target.value.length === 16 ? `${target.value}:00` : target.value}+08:00`
                : undefined,
            })
          }
        />
      </label>
      {past ? (
        <>
          <strong role="status">{say('所见是过去的样子', 'You are looking at the past')}</strong>
          <Button size="small" onClick={() => ask({ asOf: undefined, asAt: undefined })}>
            {say('回到现在', 'Back to now')}
          </Button>
        </>
      ) : (
        <span className="now">{say('现在', 'Now')}</span>
      )}
    </div>
  );
}
