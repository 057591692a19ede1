import { useLanguage, type Told } from '../kit/language';

const STATES: Readonly<Record<string, Told & { readonly tone: string }>> = {
  checking: { zh: '试办中', en: 'Being tried', tone: 'waits' },
  checked: { zh: '已试办', en: 'Tried', tone: 'waits' },
  sending: { zh: '提交中', en: 'Being sent', tone: 'waits' },
  sent: { zh: '已提交', en: 'Sent', tone: 'good' },
  cancelled: { zh: '已取消', en: 'Cancelled', tone: '' },
  waiting: { zh: '待检查', en: 'Not tried yet', tone: '' },
  accepted: { zh: '可以办理', en: 'Can be done', tone: 'good' },
  faulty: { zh: '有误', en: 'At fault', tone: 'bad' },
  duplicate: { zh: '与前面某行相同', en: 'Like a row before', tone: 'waits' },
  skipped: { zh: '不导入', en: 'Left out', tone: '' },
  recorded: { zh: '已记录', en: 'Recorded', tone: 'good' },
  repeated: { zh: '先前已办', en: 'Done before', tone: 'good' },
  refused: { zh: '未受理', en: 'Refused', tone: 'bad' },
};

export const ROW_STATES = [
  'faulty',
  'refused',
  'duplicate',
  'accepted',
  'waiting',
  'recorded',
  'repeated',
  'skipped',
] as const;

/** Where an import, or a row of one, stands. */
export function StateOf({ state }: { readonly state: string }) {
  const { tell } = useLanguage();
  const told = STATES[state];
  return <span className={`tag ${told?.tone ?? ''}`}>{told ? tell(told) : state}</span>;
}

export const stateText = (state: string): Told => STATES[state] ?? { zh: state, en: state };
