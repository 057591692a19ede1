import { chromium } from 'playwright-core';
const [role, region, lang, ...paths] = process.argv.slice(2);
const B = process.env.B ?? 'http://127.0.0.1:3000';
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
const context = await browser.newContext({ viewport: { width: 1366, height: 768 } });
const page = await context.newPage();
page.on('console', (m) => { if (['error', 'warning'].includes(m.type())) console.log('console', m.type(), m.text().slice(0, 400)); });
page.on('pageerror', (e) => console.log('pageerror', String(e).slice(0, 600)));
page.on('requestfailed', (r) => console.log('failed', r.url(), r.failure()?.errorText));
page.on('response', (r) => { if (r.status() >= 400) console.log(r.status(), r.url()); });
if (role !== 'city') {
  await page.goto(`${B}/auth/login?returnTo=/`);
  await page.locator('input[name=role][value=' + role + ']').check().catch(async () => { await page.selectOption('select[name=role]', role); });
  if (role === 'operator') await page.selectOption('select[name=region]', region);
  await page.click('button[type=submit]');
  await page.waitForSelector('main');
}
if (lang === 'en') { await page.getByRole('button', { name: 'English' }).click(); }
let n = 0;
for (const path of paths) {
  const t = Date.now();
  await page.goto(B + path);
  await page.waitForLoadState('networkidle').catch(() => {});
  await page.waitForTimeout(300);
  console.log(path, Date.now() - t, 'ms', await page.title());
  await page.screenshot({ path: `/tmp/s${n++}.png` });
}
await browser.close();
