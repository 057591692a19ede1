import { Link, type ErrorComponentProps } from '@tanstack/react-router';
import { Unknown } from '../api/catalogue';
import { useLanguage } from '../kit/language';
import { Page } from '../kit/page';
import { Failed } from '../kit/problem';

/** An address that leads nowhere. */
export function Missing() {
  const { say } = useLanguage();
  return (
    <Page title={say('没有这个页面', 'There is no such page')}>
      <Link to="/">{say('回到首页', 'Back to the first page')}</Link>
    </Page>
  );
}

/** A page that could not be made: what happened, and the way on. */
export function Broken({ error, reset }: ErrorComponentProps) {
  const { say } = useLanguage();
  if (error instanceof Unknown) return <Missing />;
  return (
    <Page title={say('页面没有打开', 'The page did not open')}>
      <Failed error={error} again={reset} />
    </Page>
  );
}
