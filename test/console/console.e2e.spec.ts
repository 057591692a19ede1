import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { axe, CHROMIUM, signIn, visitor } from './browser.js';
import { openWorld, type World } from './world.js';
import { until } from '../until.js';

jest.setTimeout(600_000);

const ROOT = join(__dirname, '..', '..');
/** Where people meet what the platform answers, beside lists, figures and commands, whose pages follow from the catalogue. */
const PLACES: Readonly<Record<string, string>> = {
  GetCatalogue: '/lists/carriers',
  GetNews: '/waiting',
  GetStructure: '/',
  GetStructureDifference: '/difference?from=2023-01-01&to=2024-01-01',
  GetCoverage: '/coverage',
  GetFlowMatrix: '/matrix?period=2023',
  Search: '/search?text=咸阳',
  GetWaiting: '/waiting',
  ListFeeds: '/feeds',
  GetFeed: '/feeds?open=region.xianyang',
  GetStream: '/streams/carrier-example-xianyang-enclave',
  GetEvents: '/events',
  GetProjections: '/operations',
  GetDifferences: '/operations',
  GetReady: '/operations',
  GetProcesses: '/processes',
  GetProcess: '/processes',
  GetImports: '/imports',
  GetImportTemplate: '/imports?command=admit-firm',
  GetImport: '/imports/{id}',
  GetImportRows: '/imports/{id}',
  GetImportReceipts: '/imports/{id}',
};

/** Told to programs only: whether a process lives, which who looks at a page knows. */
const NO_PLACE = new Set(['GetLive']);

interface Operation {
  readonly operationId: string;
  readonly tags?: readonly string[];
  readonly requestBody?: { readonly content: Record<string, { schema: { $ref: string } }> };
}

interface Api {
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { readonly schemas: Record<string, { properties?: Record<string, unknown> }> };
}

const test = CHROMIUM === undefined ? it.skip : it;
let world: World;
let api: Api;

beforeAll(async () => {
  if (CHROMIUM === undefined) return;
  world = await openWorld();
  api = (await fetch(`${world.url}/openapi.json`).then((response) => response.json())) as Api;
});

afterAll(() => world?.close());

const operations = () =>
  Object.entries(api.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, ...operation })),
  );

const isCommand = ({ method, path, tags }: { method: string; path: string; tags?: readonly string[] }) =>
  method === 'POST' && path.startsWith(`/api/v1/${tags?.[0]}/`) && !/operations|imports/.test(path);

test('what the console asks by name has the types that the platform has', async () => {
  const file = join(ROOT, 'apps', 'console', 'src', 'api', 'openapi.d.ts');
  const types = execFileSync(process.execPath, [join(__dirname, 'api-types.mjs')], { input: JSON.stringify(api) });
  if (process.env.RECORD_API === '1') writeFileSync(file, types);
  expect(types.toString()).toBe(readFileSync(file, 'utf8'));
});

test('nothing but its own scripts and styles comes with a page, and no other site can frame it', async () => {
  const { headers } = await fetch(world.url);
  const policy = headers.get('content-security-policy')!;
  expect(policy).toContain("default-src 'none'");
  expect(policy).toMatch(/script-src 'self';/);
  expect(policy).toMatch(/style-src 'self' 'nonce-[\w+/=]{20,}'/);
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toMatch(/unsafe/);
  const again = (await fetch(world.url)).headers.get('content-security-policy');
  expect(again).not.toBe(policy);
});

test('the first page needs no more than 240 kB of script and 70 of style, with a form 320', async () => {
  const manifest = JSON.parse(readFileSync(join(ROOT, 'dist', 'console', 'manifest.json'), 'utf8')) as Manifest;
  const [first, form] = [
    sizeOf(manifest, 'src/overview/overview-page.tsx'),
    sizeOf(manifest, 'src/commands/command-page.tsx'),
  ];
  expect(first.script).toBeLessThanOrEqual(240_000);
  expect(first.style).toBeLessThanOrEqual(70_000);
  expect(form.script).toBeLessThanOrEqual(320_000);
});

type Manifest = Record<string, { file: string; css?: string[]; imports?: string[] }>;

/** Bytes, gzip, of what a page needs: the entry, the page, and all that these import. */
function sizeOf(manifest: Manifest, page: string): { script: number; style: number } {
  const [scripts, styles] = [new Set<string>(), new Set<string>()];
  const take = (name: string): void => {
    const { file, css = [], imports = [] } = manifest[name]!;
    if (scripts.has(file)) return;
    scripts.add(file);
    for (const one of css) styles.add(one);
    for (const one of imports) take(one);
  };
  for (const name of ['index.html', page]) take(name);
  const bytes = (files: Set<string>) =>
    [...files].reduce((sum, file) => sum + gzipSync(readFileSync(join(ROOT, 'dist', 'console', file))).length, 0);
  return { script: bytes(scripts), style: bytes(styles) };
}

test('every route of the API has its place, and its page asks for it without a fault', async () => {
  const who = await visitor(world.browser);
  await signIn(who, world.url, { role: 'province' }, '/do');
  const generic = (path: string) => path.replace('/api/v1/figures/', '/figures/').replace('/api/v1/', '/lists/');
  const { id } = await who.page.evaluate(async () => {
    const body = await fetch('/api/v1/imports/templates/end-coverage-rule').then((template) => template.text());
    const headers = { 'X-Requested-With': 'liandong', 'Content-Type': 'text/csv' };
    const answer = await fetch('/api/v1/imports?command=end-coverage-rule', { method: 'POST', headers, body });
    return (await answer.json()) as { id: string };
  });
  const missing: string[] = [];
  for (const { operationId, method, path, tags } of operations()) {
    if (method !== 'GET' || NO_PLACE.has(operationId)) continue;
    const declared = tags?.[0] === 'lists' || tags?.[0] === 'figures';
    const place = declared ? generic(path) : PLACES[operationId];
    who.asked.clear();
    await world.open(who, `${place?.replace('{id}', id)}`);
    if (operationId === 'GetProcess') await who.page.locator('[role=row]').nth(1).click();
    const pattern = new RegExp(`^GET ${path.replaceAll(/\{\w+\}/g, '[^/?]+')}(?:$|[?])`);
    const isAsked = async () => {
      const links = await who.page
        .locator('main a[href]')
        .evaluateAll((all) => all.map((link) => link.getAttribute('href')!));
      return [...who.asked, ...links.map((href) => `GET ${href}`)].some((one) => pattern.test(one));
    };
    await until(`${operationId} is asked at ${place}`, isAsked, 10_000).catch(() =>
      missing.push(`${operationId} at ${place}`),
    );
  }
  expect(missing).toEqual([]);
  expect(who.faults).toEqual([]);
  await who.context.close();
});

test('every command of the API is a form with all of its fields', async () => {
  const who = await visitor(world.browser);
  await signIn(who, world.url, { role: 'operator', region: 'xianyang' }, '/do');
  const lacking: string[] = [];
  for (const { path, requestBody, ...rest } of operations().filter(isCommand)) {
    const name = path.split('/').at(-1)!;
    await world.open(who, `/do/${name}`);
    const schema = api.components.schemas[requestBody!.content['application/json']!.schema.$ref.split('/').at(-1)!]!;
    const shownFields = await who.page
      .locator('[data-field]')
      .evaluateAll((nodes) => nodes.map((node) => node.getAttribute('data-field')!));
    const fields = Object.keys(schema.properties ?? {});
    for (const field of fields) {
      if (!shownFields.some((one) => one === field || one.startsWith(`${field}.`)))
        lacking.push(`${rest.operationId}.${field}`);
    }
  }
  expect(lacking).toEqual([]);
  expect(who.faults).toEqual([]);
  await who.context.close();
});

test('a number leads to the events that it is the sum of', async () => {
  const who = await visitor(world.browser);
  const { page } = who;
  await signIn(who, world.url, { role: 'auditor' }, '/matrix?period=2023');
  await page.locator('.figure-note .tag.good').waitFor();
  await page.locator('table.heat tbody a').first().click();
  await page.waitForURL(/\/figures\/flows\/explanation\?.*output=/);
  const agreed = page.locator('.arithmetic .tag.good');
  await agreed.nth(2).waitFor();
  expect(await agreed.count()).toBe(3);
  expect(who.faults).toEqual([]);
  await who.context.close();
});

test('one goes along the flows with arrows, and with Enter to what one of them is made of', async () => {
  const who = await visitor(world.browser);
  const { page } = who;
  await signIn(who, world.url, { role: 'auditor' }, '/matrix?period=2023&view=sankey');
  await page.locator('.sankey [tabindex="0"]').focus();
  await page.keyboard.press('ArrowRight');
  const name = await page.locator(':focus').getAttribute('aria-label');
  expect(name).toMatch(/^西安市 → .+：[\d,]+\.\d\d 元$/);
  await page.keyboard.press('Enter');
  await page.waitForURL(/output=xian&absorbing=/);
  expect(who.faults).toEqual([]);
  await who.context.close();
});

test('the picture of the province is of any day, and tells of each region', async () => {
  const who = await visitor(world.browser);
  const { page } = who;
  await signIn(who, world.url, { role: 'auditor' }, '/?asOf=2023-03-15');
  await page.locator('.graph .node.hub').waitFor();
  expect(await page.locator('.graph .tie').count()).toBe(0);
  await world.open(who, '/?asOf=2023-12-31');
  await page.locator('.graph .tie').first().waitFor();
  expect(await page.locator('.legend').textContent()).toContain('飞地孵化器 11');
  await page.locator('.graph [tabindex="0"]').focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await page.waitForURL(/region=/);
  await page.locator('.region-panel h2').waitFor();
  expect(who.faults).toEqual([]);
  await who.context.close();
});

const LOOKED_AT = [
  '/',
  '/waiting',
  '/do',
  '/do/file-contract',
  '/lists/contracts',
  '/figures/capacity',
  '/figures/flows?period=2023&by=output&per=quarter&output=xianyang',
  '/figures/flows/explanation?period=2023&output=xianyang',
  '/matrix?period=2023',
  '/matrix?period=2023&view=sankey',
  '/difference?a=2023-03-01&b=2024-01-01',
  '/difference?a=2023-06-30&b=2024-01-01&view=true',
  '/coverage',
  '/enclaves/example-xianyang-enclave',
  '/streams/carrier-example-xianyang-enclave',
  '/events',
  '/clauses',
  '/search?text=咸阳',
];

test.each([
  ['zh', false],
  ['en', true],
] as const)('axe finds nothing on a page in %s, dark: %s', async (language, dark) => {
  const who = await visitor(world.browser, { dark });
  await signIn(who, world.url, { role: 'operator', region: 'xianyang' }, '/do');
  if (language === 'en') await who.page.getByRole('button', { name: 'English' }).click();
  const found: string[] = [];
  for (const path of LOOKED_AT) {
    await world.open(who, path);
    found.push(...(await axe(who.page)).map((line) => `${path} ${line}`));
  }
  expect(found).toEqual([]);
  expect(who.faults).toEqual([]);
  await who.context.close();
});
