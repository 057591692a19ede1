// `node test/console/pictures.mjs [address]`: the pictures of docs/console.md, from a platform with the sample, freshly started.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const ADDRESS = process.argv[2] ?? 'http://127.0.0.1:3000';
const FOLDER = join(import.meta.dirname, '..', '..', 'docs', 'images');
const PICTURES = {
  overview: ['province', '/?asOf=2023-12-31'],
  waiting: ['xianyang', '/waiting'],
  matrix: ['province', '/matrix?period=2023'],
  sankey: ['province', '/matrix?period=2023&view=sankey'],
  figure: ['province', '/figures/capacity?period=2023&by=home&per=month'],
  explanation: ['auditor', '/figures/flows/explanation?period=2023&output=xixian&absorbing=xianyang'],
  enclave: ['xianyang', '/enclaves/example-xianyang-enclave'],
  form: ['xianyang', '/do/propose-carrier'],
  import: ['xianyang', '/imports?command=admit-firm'],
  story: ['auditor', '/streams/carrier-example-xianyang-enclave'],
};

const executablePath = [process.env.CHROMIUM, '/usr/bin/chromium'].find((path) => path && existsSync(path));
// What the browser itself writes, such as a day in its field, follows the environment.
const env = { ...process.env, LANGUAGE: 'zh_CN' };
const browser = await chromium.launch({ executablePath, env, args: ['--no-sandbox', '--lang=zh-CN'] });
for (const [name, [who, path]] of Object.entries(PICTURES)) {
  const context = await browser.newContext({ viewport: { width: 1366, height: 768 }, locale: 'zh-CN' });
  const page = await context.newPage();
  await page.goto(`${ADDRESS}/auth/login?${new URLSearchParams({ returnTo: path })}`);
  await page.locator(`input[name=role][value=${who === 'xianyang' ? 'operator' : who}]`).check();
  if (who === 'xianyang') await page.selectOption('select[name=region]', who);
  await page.click('button[type=submit]');
  await page.waitForSelector('main h1');
  for (const language of ['zh', 'en']) {
    if (language === 'en') await page.getByRole('button', { name: 'English' }).click();
    await page.waitForTimeout(2_500);
    await page.screenshot({ path: join(FOLDER, `console-${name}${language === 'en' ? '.en' : ''}.png`) });
  }
  await context.close();
  console.log(name);
}
await browser.close();
