import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { catalogueQuery, type Catalogue } from '../api/catalogue';
import { VIEW, type SignedIn } from '../api/session';
import { useLanguage } from '../kit/language';

/** What each may go to. Lists and figures come from the catalogue: a context that is added has its place here. */
export function Navigation({ actor }: { readonly actor: SignedIn }) {
  const { say, tell } = useLanguage();
  const { data: catalogue } = useQuery(catalogueQuery);
  const platform = VIEW === 'platform';
  const writes = actor.role === 'operator' || actor.role === 'province';
  return (
    <nav className="side" aria-label={say('导航', 'Navigation')}>
      <ul>
        <Item to="/">{say('总览', 'Overview')}</Item>
        {platform && <Item to="/waiting">{say('待办', 'Waiting')}</Item>}
        {writes && <Item to="/do">{say('办理', 'Do')}</Item>}
        {writes && <Item to="/imports">{say('批量导入', 'Import')}</Item>}
        {platform && <Item to="/enclaves">{say('飞地登记', 'Enclaves')}</Item>}
        {platform && <Item to="/matrix">{say('流向矩阵', 'Flow matrix')}</Item>}
      </ul>
      <h2>{say('统计', 'Figures')}</h2>
      <ul>
        {catalogue?.figures.map((figure) => (
          <li key={figure.name}>
            <Link to="/figures/$figure" params={{ figure: figure.name }} activeProps={{ 'aria-current': 'page' }}>
              {tell(figure)}
            </Link>
          </li>
        ))}
      </ul>
      {catalogue && (platform ? <Lists catalogue={catalogue} /> : null)}
      {platform && (
        <>
          <h2>{say('审计与运行', 'Audit and operation')}</h2>
          <ul>
            <Item to="/difference">{say('两个时点之间', 'Between two points')}</Item>
            <Item to="/coverage">{say('覆盖要求', 'Coverage')}</Item>
            <Item to="/clauses">{say('文件与条款', 'Documents')}</Item>
            <Item to="/events">{say('全部事件', 'All events')}</Item>
            <Item to="/feeds">{say('分平台', 'Sub-platforms')}</Item>
            <Item to="/processes">{say('流程', 'Processes')}</Item>
            <Item to="/operations">{say('运行', 'Operation')}</Item>
            <li>
              <a href="/docs">{say('接口文档', 'API')}</a>
            </li>
          </ul>
        </>
      )}
    </nav>
  );
}

type Place =
  | '/'
  | '/waiting'
  | '/do'
  | '/imports'
  | '/enclaves'
  | '/matrix'
  | '/difference'
  | '/coverage'
  | '/clauses'
  | '/events'
  | '/feeds'
  | '/processes'
  | '/operations';

const Item = ({ to, children }: { readonly to: Place; readonly children: string }) => (
  <li>
    <Link to={to} activeOptions={{ exact: true, includeSearch: false }} activeProps={{ 'aria-current': 'page' }}>
      {children}
    </Link>
  </li>
);

function Lists({ catalogue }: { readonly catalogue: Catalogue }) {
  const { tell } = useLanguage();
  const contexts = catalogue.contexts.map((context) => ({
    ...context,
    lists: catalogue.lists.filter((list) => list.context === context.name),
  }));
  return contexts
    .filter(({ lists }) => lists.length > 0)
    .map((context) => (
      <section key={context.name}>
        <h2>{tell(context)}</h2>
        <ul>
          {context.lists.map((list) => (
            <li key={list.name}>
              <Link
                to="/lists/$list"
                params={{ list: list.name }}
                activeOptions={{ includeSearch: false }}
                activeProps={{ 'aria-current': 'page' }}
              >
                {tell(list)}
              </Link>
            </li>
          ))}
        </ul>
      </section>
    ));
}
