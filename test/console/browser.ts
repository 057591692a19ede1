import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';

const PLACES = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Where a browser is that can be driven; undefined where there is none. */
export const CHROMIUM = PLACES.find((path) => path !== undefined && existsSync(path));

export const openBrowser = (): Promise<Browser> =>
  chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-dev-shm-usage'] });

export interface Visitor {
  readonly context: BrowserContext;
  readonly page: Page;
  /** What the page should not have done: errors in its script, breaches of its policy. */
  readonly faults: string[];
  /** The paths of the platform that its pages have asked, as `GET /api/v1/carriers`. */
  readonly asked: Set<string>;
}

interface Who {
  readonly role: 'province' | 'operator' | 'auditor';
  readonly region?: string;
}

/** A browser of one person's own, of the size of an office's smaller screens. */
export async function visitor(browser: Browser, options: { dark?: boolean; locale?: string } = {}): Promise<Visitor> {
  const context = await browser.newContext({
    viewport: { width: 1366, height: 768 },
    locale: options.locale ?? 'zh-CN',
    colorScheme: options.dark ? 'dark' : 'light',
  });
  const page = await context.newPage();
  const faults: string[] = [];
  const asked = new Set<string>();
  await context.addInitScript(`document.addEventListener('securitypolicyviolation', (event) =>
    console.error('policy: ' + event.violatedDirective + ' ' + event.blockedURI + ' ' + event.sourceFile))`);
  page.on('console', (message) => {
    // A refusal of the platform is an answer; what the browser says of it is not the page's fault.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      faults.push(message.text());
  });
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('request', (request) => asked.add(`${request.method()} ${new URL(request.url()).pathname}`));
  return { context, page, faults, asked };
}

/** Signs in by the local issuer's page, and arrives at the console. */
export async function signIn({ page }: Visitor, url: string, { role, region }: Who, path = '/'): Promise<void> {
  await page.goto(`${url}/auth/login?${new URLSearchParams({ returnTo: path }).toString()}`);
  await page.locator(`input[name=role][value=${role}]`).check();
  if (region !== undefined) await page.selectOption('select[name=region]', region);
  await page.click('button[type=submit]');
  await shown(page);
}

/** Waits until the page has what it asked for. */
export async function shown(page: Page): Promise<void> {
  await page.waitForSelector('main h1');
  await page
    .locator('main')
    .filter({ hasNotText: /读取中|搜索中|Loading…|Reading…/ })
    .waitFor();
}

const AXE = readFileSync(join(__dirname, '..', '..', 'node_modules', 'axe-core', 'axe.min.js'), 'utf8');

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

/** What axe finds against WCAG 2.2 AA, a line each. */
export async function axe(page: Page): Promise<string[]> {
  const found = await page.evaluate<Violation[]>(`${AXE}
    axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }).then(({ violations }) => violations)`);
  return found.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`));
}
