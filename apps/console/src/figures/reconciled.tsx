import type { Figure } from '../api/catalogue';
import { digitsOf } from '../kit/exact';
import { useLanguage } from '../kit/language';
import { checked, type Answer } from './figure';
import { useNumberText } from './words';

interface Props {
  readonly figure: Figure;
  readonly answer: Answer;
}

/** Says whether what is shown adds up, to the last digit; where rows are hidden, that they are. */
export function Reconciled({ figure, answer }: Props) {
  const { say, tell } = useLanguage();
  const text = useNumberText();
  const checks = checked(figure, answer);
  if (answer.scope !== null && answer.total === null) {
    return (
      <span className="tag">
        {say(
          '只列与本区域有关的各格；全省合计不在可见范围',
          'Only cells that concern your region; the total is not yours to see',
        )}
      </span>
    );
  }
  if (checks === undefined) {
    return (
      <span className="tag waits">{say('格数过多，未全部读入，未核对', 'Too many cells to be read and checked')}</span>
    );
  }
  const wrong = checks.filter(({ difference }) => difference !== 0n);
  if (answer.scope !== null && wrong.length > 0) {
    return (
      <span className="tag">
        {say('合计为实数；另有各格不在可见范围', 'The total is the true one; some of its cells are not yours to see')}
      </span>
    );
  }
  if (checks.length === 0) return null;
  if (wrong.length === 0) {
    const exact = checks.map(({ measure }) => {
      const it = figure.measures[measure]!;
      return `${tell(it)} ${text(it, answer.total![measure] ?? 0).exact}`;
    });
    return (
      <span className="tag good" title={exact.join('；')}>
        {say('✓ 合计与各格之和相符', '✓ The cells add up to the total')}
      </span>
    );
  }
  return (
    <span className="tag bad" role="alert">
      {say('合计与各格之和不符：', 'The cells do not add up to the total: ')}
      {wrong
        .map(({ measure, difference }) => {
          const it = figure.measures[measure]!;
          return `${tell(it)} ${digitsOf(difference, it.decimals)}`;
        })
        .join('；')}
    </span>
  );
}
