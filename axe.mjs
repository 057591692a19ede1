import { chromium } from 'playwright-core'; import { readFileSync } from 'node:fs';
const AXE = readFileSync('node_modules/axe-core/axe.min.js', 'utf8');
const [role, region, scheme, ...paths] = process.argv.slice(2);
const B = 'http://127.0.0.1:3000';
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
const context = await browser.newContext({ viewport: { width: 1366, height: 768 }, locale: 'zh-CN', colorScheme: scheme });
const page = await context.newPage();
page.on('pageerror', (e) => console.log('pageerror', String(e).slice(0, 600)));
await page.goto(`${B}/auth/login?returnTo=/`);
await page.locator('input[name=role][value=' + role + ']').check();
if (role === 'operator') await page.selectOption('select[name=region]', region);
await page.click('button[type=submit]'); await page.waitForSelector('main h1');
let n = 0;
for (const path of paths) {
  await page.goto(B + path); await page.waitForSelector('main h1'); await page.waitForTimeout(800);
  await page.screenshot({ path: `/tmp/a${n++}.png` });
  const v = await page.evaluate(`${AXE}; axe.run(document, { runOnly: ['wcag2a','wcag2aa','wcag21a','wcag21aa','wcag22aa'] }).then(r => r.violations)`);
  console.log(path, v.length); for (const x of v) { console.log('  ', x.id, x.nodes.length); for (const nn of x.nodes.slice(0, 3)) console.log('      ', nn.html.slice(0, 200), '|', (nn.failureSummary ?? '').split('\n')[1]?.slice(0, 160)); }
}
await browser.close();
