import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  retainSearchParams,
} from '@tanstack/react-router';
import { catalogueQuery } from '../api/catalogue';
import { VIEW } from '../api/session';
import { openApiQuery } from '../commands/form';
import { Broken, Missing } from './broken';
import { parseSearch, stringifySearch, type Search } from './search-params';
import { Shell } from './shell';

interface Context {
  readonly queries: QueryClient;
}

const root = createRootRouteWithContext<Context>()({
  component: Shell,
  errorComponent: Broken,
  notFoundComponent: Missing,
  validateSearch: (search: Record<string, unknown>): Search => search as Search,
  // Both times stay while one goes from page to page.
  search: { middlewares: [retainSearchParams(['asOf', 'asAt'])] },
});

const page = <const Path extends string>(path: Path, load: () => Promise<{ default: () => React.ReactNode }>) =>
  createRoute({ getParentRoute: () => root, path, component: lazyRouteComponent(load), errorComponent: Broken });

const list = createRoute({
  getParentRoute: () => root,
  path: '/lists/$list',
  component: lazyRouteComponent(() => import('../lists/list-page')),
  errorComponent: Broken,
  loader: ({ context }) => context.queries.ensureQueryData(catalogueQuery),
});

const command = createRoute({
  getParentRoute: () => root,
  path: '/do/$command',
  component: lazyRouteComponent(() => import('../commands/command-page')),
  errorComponent: Broken,
  loader: ({ context }) =>
    Promise.all([context.queries.ensureQueryData(catalogueQuery), context.queries.ensureQueryData(openApiQuery)]),
});

const tree = root.addChildren([
  page('/', () => (VIEW === 'city' ? import('../city/city-page') : import('../overview/overview-page'))),
  list,
  command,
  page('/do', () => import('../commands/commands-page')),
  page('/waiting', () => import('../waiting/waiting-page')),
  page('/search', () => import('../search/search-page')),
  page('/figures/$figure', () => import('../figures/figure-page')),
  page('/figures/$figure/explanation', () => import('../figures/explanation-page')),
  page('/matrix', () => import('../figures/matrix-page')),
  page('/difference', () => import('../overview/difference-page')),
  page('/coverage', () => import('../overview/coverage-page')),
  page('/clauses', () => import('../history/clauses-page')),
  page('/streams/$stream', () => import('../history/story-page')),
  page('/events', () => import('../history/events-page')),
  page('/enclaves', () => import('../enclaves/enclaves-page')),
  page('/enclaves/$carrier', () => import('../enclaves/enclave-page')),
  page('/feeds', () => import('../operations/feeds-page')),
  page('/operations', () => import('../operations/operations-page')),
  page('/processes', () => import('../operations/processes-page')),
  page('/imports', () => import('../imports/imports-page')),
  page('/imports/$id', () => import('../imports/import-page')),
]);

export const routerWith = (queries: QueryClient) =>
  createRouter({
    routeTree: tree,
    context: { queries },
    parseSearch,
    stringifySearch,
    defaultPreload: 'intent',
    defaultPendingMs: 400,
    scrollRestoration: true,
  });

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof routerWith>;
  }
}
