import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { useCatalogue } from '../api/catalogue';
import { get, question } from '../api/http';
import type { components } from '../api/openapi';
import { useLanguage } from '../kit/language';
import type { Page as Rows } from '../kit/names';
import { percent } from '../kit/numbers';
import { Page } from '../kit/page';
import { Failed } from '../kit/problem';
import { saveCsv } from '../kit/save';
import { useTimes } from '../kit/times';

type Rule = Omit<components['schemas']['CoverageRow'], 'basis'> & {
  readonly basis: { readonly document: string; readonly clause: string };
};

/** Which regions have what the documents want of each, and by name which have not. */
export default function CoveragePage() {
  const { say } = useLanguage();
  const times = useTimes();
  const { data, error, refetch } = useQuery({
    queryKey: ['coverage', times],
    queryFn: async ({ signal }) => {
      const { data: answer } = await question('/api/v1/carriers/coverage', { params: { query: times }, signal });
      return answer!.rules as unknown as readonly Rule[];
    },
    placeholderData: keepPreviousData,
  });
  const { data: wordings } = useQuery({
    queryKey: ['wordings', times],
    queryFn: async ({ signal }) => {
      const { items } = await get<Rows>('/api/v1/statements', { subjectKind: 'rule', limit: 1000, ...times }, signal);
      return new Map(items.map(({ subjectId, wording }) => [subjectId, String(wording)]));
    },
  });
  const modality = useModality();
  const rules = data?.toSorted((a, b) => b.lacking.length - a.lacking.length) ?? [];
  const save = () =>
    saveCsv('coverage.csv', [
      [
        say('要求', 'Rule'),
        say('文件', 'Document'),
        say('条款', 'Clause'),
        say('表述', 'Modality'),
        say('载体类别', 'Kind of carrier'),
        say('至少', 'At least'),
        say('应覆盖', 'Regions'),
        say('已覆盖', 'Covered'),
        say('尚缺', 'Lacking'),
      ],
      ...rules.map((rule) => [
        rule.rule,
        rule.basis.document,
        rule.basis.clause,
        modality(rule.modality),
        rule.carrierKind,
        rule.minimum,
        rule.regions,
        rule.covered,
        rule.lacking.map(({ name }) => name).join('、'),
      ]),
    ]);
  return (
    <Page
      title={say('覆盖要求', 'Coverage')}
      lead={say(
        '文件要求或支持各市（区）有的载体：已开园的计入，筹建中的另列。总窗口除非文件写明，不计在内。',
        'What documents want each city or area to have. What is open counts; what is being prepared is told beside it.',
      )}
      actions={
        <>
          <Button onClick={save}>{say('导出 CSV', 'Export CSV')}</Button>
          <Button onClick={() => window.print()}>{say('打印', 'Print')}</Button>
        </>
      }
    >
      {error && <Failed error={error} again={() => void refetch()} />}
      {data?.length === 0 && <p className="empty">{say('没有覆盖要求', 'There is no rule')}</p>}
      {rules.map((rule) => (
        <RuleCard key={rule.rule} rule={rule} modality={modality(rule.modality)} wording={wordings?.get(rule.rule)} />
      ))}
    </Page>
  );
}

/** How a document says a thing, in words. */
function useModality(): (modality: string) => string {
  const { tell } = useLanguage();
  const { lists } = useCatalogue();
  const values = lists
    .find(({ name }) => name === 'coverage-rules')
    ?.columns.find(({ name }) => name === 'modality')?.values;
  return (modality) => (values?.[modality] ? tell(values[modality]) : modality);
}

interface RuleProps {
  readonly rule: Rule;
  readonly modality: string;
  readonly wording: string | undefined;
}

function RuleCard({ rule, modality, wording }: RuleProps) {
  const { say } = useLanguage();
  const { basis, carrierKind, minimum, covered, regions, lacking } = rule;
  const share = regions === 0 ? 0 : covered / regions;
  const title =
    minimum === null
      ? say(`有条件的市（区）：${carrierKind}`, `${carrierKind}, where a city or area is able to`)
      : say(`每个市（区）至少 ${minimum} 个${carrierKind}`, `At least ${minimum} ${carrierKind} in each city or area`);
  return (
    <section className="card rule" aria-label={title}>
      <div>
        <h2>
          {title} <span className="tag">{modality}</span>
        </h2>
        {wording && (
          <blockquote lang="zh-CN">
            <p>{wording}</p>
          </blockquote>
        )}
        <p className="meta">
          <span>
            {say('依据', 'Basis')}{' '}
            <Link to="/clauses" search={{ document: basis.document }}>
              {basis.document} {basis.clause}
            </Link>
          </span>
          <Link to="/lists/$list" params={{ list: 'coverage-rules' }} search={{ rule: rule.rule, open: rule.rule }}>
            {say('此要求', 'The rule')}
          </Link>
          <Link to="/lists/$list" params={{ list: 'carriers' }} search={{ kind: carrierKind }}>
            {say(`全部${carrierKind}`, `All of ${carrierKind}`)}
          </Link>
        </p>
      </div>
      <div>
        <p className="rule-count">
          <strong>
            {covered} / {regions}
          </strong>{' '}
          {minimum === null ? say('已有', 'have one') : say('已达到', 'meet it')} {percent(share)}
        </p>
        <meter min={0} max={regions} value={covered} aria-label={say('已覆盖', 'Covered')} />
        {minimum === null ? (
          <p className="nothing">{say('文件未给数字，无所谓缺', 'The document gives no number: none lacks it')}</p>
        ) : lacking.length === 0 ? (
          <p>
            <span className="tag good">{say('各市（区）均已达到', 'All meet it')}</span>
          </p>
        ) : (
          <ul className="lacking" aria-label={say('尚缺', 'Lacking')}>
            {lacking.map(({ region, name, have, planned }) => (
              <li key={region}>
                <Link to="/lists/$list" params={{ list: 'carriers' }} search={{ home: region, kind: carrierKind }}>
                  {name}
                </Link>{' '}
                <span className="tag bad">{say(`有 ${have}`, `has ${have}`)}</span>{' '}
                {planned > 0 && <span className="tag waits">{say(`筹建 ${planned}`, `${planned} prepared`)}</span>}
              </li>
            ))}
          </ul>
        )}
      </div>
    </section>
  );
}
