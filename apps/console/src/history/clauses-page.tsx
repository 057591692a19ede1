import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { found, useCatalogue } from '../api/catalogue';
import { get } from '../api/http';
import { useLanguage } from '../kit/language';
import { textOf, type Page as Rows, type Row } from '../kit/names';
import { Page } from '../kit/page';
import { Failed } from '../kit/problem';
import { Value } from '../kit/value';
import { useTimes } from '../kit/times';
import { useAsked } from '../shell/search-params';

interface Clause {
  readonly document: string;
  readonly clause: string;
  readonly statements: Row[];
  /** Things that rest on it, by list. */
  readonly things: { readonly list: string; readonly row: Row }[];
}

interface Basis {
  readonly document: string;
  readonly clause: string;
}

/** Lists of few rows whose things rest on a clause; contracts and lettings rest on documents of their own. */
const RESTING = ['hubs', 'zones', 'links', 'coverage-rules', 'carriers', 'region-groups'];

/** The clauses of the documents: what each says, and what in the platform rests on it. */
export default function ClausesPage() {
  const { say, tell } = useLanguage();
  const times = useTimes();
  const search = useAsked();
  const { lists } = useCatalogue();
  const there = RESTING.filter((name) => lists.some((list) => list.name === name));
  const { data, error, refetch } = useQuery({
    queryKey: ['clauses', times],
    queryFn: async ({ signal }) => {
      const ask = (list: string) => get<Rows>(`/api/v1/${list}`, { ...times, limit: 1000 }, signal);
      const [statements, ...rest] = await Promise.all(['statements', ...there].map(ask));
      return clausesOf(
        statements!.items,
        rest.flatMap(({ items }, i) => items.map((row) => ({ list: there[i]!, row }))),
      );
    },
  });
  const shown = data?.filter(({ document }) => search.document === undefined || document === search.document) ?? [];
  const documents = [...new Set(shown.map(({ document }) => document))];
  const modality = found(lists, 'statements').columns.find(({ name }) => name === 'modality');
  return (
    <Page
      title={say('文件与条款', 'Documents and clauses')}
      lead={say(
        '文件怎么说，平台里什么依据它。“要”不等于“已有”。',
        'What the documents say, and what rests on it here. That they want it does not mean that it is there.',
      )}
    >
      {error && <Failed error={error} again={() => void refetch()} />}
      {search.document && (
        <p>
          <Link to="/clauses">{say('看全部文件', 'All documents')}</Link>
        </p>
      )}
      {documents.map((document) => (
        <section key={document} className="card">
          <h2>{document}</h2>
          <dl className="clauses">
            {shown
              .filter((clause) => clause.document === document)
              .map(({ clause, statements, things }) => (
                <div key={clause}>
                  <dt>{clause}</dt>
                  <dd>
                    {statements.map((row) => (
                      <p key={textOf(row.statement)}>
                        {modality && (
                          <span className="tag">
                            <Value column={modality} value={row.modality} />
                          </span>
                        )}{' '}
                        {textOf(row.wording)}
                      </p>
                    ))}
                    {things.length > 0 && (
                      <p className="meta">
                        {say('依据它的', 'Resting on it')}
                        {things.map(({ list, row }) => {
                          const described = found(lists, list);
                          const key = described.key.map((name) => textOf(row[name]));
                          return (
                            <Link
                              key={`${list} ${key.join('/')}`}
                              to="/lists/$list"
                              params={{ list }}
                              search={{
                                ...Object.fromEntries(described.key.map((name, i) => [name, key[i]])),
                                open: key.join('/'),
                              }}
                            >
                              {tell(described)} {textOf(row.name ?? key.join('/'))}
                            </Link>
                          );
                        })}
                      </p>
                    )}
                  </dd>
                </div>
              ))}
          </dl>
        </section>
      ))}
    </Page>
  );
}

function clausesOf(statements: readonly Row[], things: Clause['things']): Clause[] {
  const clauses = new Map<string, Clause>();
  const at = ({ document, clause }: Basis) => {
    const key = JSON.stringify([document, clause]);
    const known = clauses.get(key) ?? { document, clause, statements: [], things: [] };
    clauses.set(key, known);
    return known;
  };
  for (const row of statements) if (row.basis) at(row.basis as Basis).statements.push(row);
  for (const thing of things) if (thing.row.basis) at(thing.row.basis as Basis).things.push(thing);
  return [...clauses.values()].sort((a, b) =>
    `${a.document} ${a.clause}`.localeCompare(`${b.document} ${b.clause}`, 'zh-CN'),
  );
}
