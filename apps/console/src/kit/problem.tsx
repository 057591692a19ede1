import { Alert, Button } from 'antd';
import { Refused, type Problem } from '../api/http';
import { signInAddress } from '../api/session';
import { useLanguage } from './language';

/** What was refused or has failed, in words, and what can be done. */
export function ProblemNote({ problem, again }: { readonly problem: Problem; readonly again?: () => void }) {
  const { say } = useLanguage();
  const text = say(problem.detail, problem.detailEn);
  const action =
    problem.status === 401 ? (
      <Button size="small" href={signInAddress(location.pathname + location.search)}>
        {say('重新登录', 'Sign in again')}
      </Button>
    ) : again ? (
      <Button size="small" onClick={again}>
        {say('重试', 'Try again')}
      </Button>
    ) : undefined;
  return (
    <Alert
      role="alert"
      type="error"
      showIcon
      title={text}
      description={<code className="code">{problem.code}</code>}
      action={action}
    />
  );
}

export const problemOf = (error: unknown): Problem =>
  error instanceof Refused
    ? error.problem
    : {
        type: 'about:blank',
        title: '',
        status: 0,
        code: 'console',
        detail: `页面出错：${String(error)}`,
        detailEn: `The page failed: ${String(error)}`,
      };

export function Failed({ error, again }: { readonly error: unknown; readonly again?: () => void }) {
  return <ProblemNote problem={problemOf(error)} again={again} />;
}
