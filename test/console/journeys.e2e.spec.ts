import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { gb18030 } from '#libs/testing';
import { until } from '../until.js';
import { axe, CHROMIUM, shown, signIn, visitor, type Visitor } from './browser.js';
import { openWorld, type World } from './world.js';

jest.setTimeout(600_000);

const test = CHROMIUM === undefined ? it.skip : it;
const BASIS = { 'basis.document': '示例数据', 'basis.clause': '仅供测试' };
let world: World;

beforeAll(async () => {
  if (CHROMIUM !== undefined) world = await openWorld();
});

afterAll(() => world?.close());

const operator = (region: string) => ({ role: 'operator', region }) as const;

async function arrive(by: Parameters<typeof signIn>[2], path: string): Promise<Visitor> {
  const who = await visitor(world.browser);
  await signIn(who, world.url, by, path);
  return who;
}

/** The input of a field, by its name in the API. */
const input = (page: Page, field: string) => page.locator(`[data-field="${field}"]`).locator('input, textarea').first();

async function fill(page: Page, values: Readonly<Record<string, string>>): Promise<void> {
  for (const [field, value] of Object.entries(values)) {
    await input(page, field).fill(value);
    await page.keyboard.press('Escape');
  }
}

const submit = (page: Page) => page.getByRole('button', { name: '提交', exact: true }).click();

async function done(page: Page): Promise<void> {
  await submit(page);
  await page.getByText(/^已记录/).waitFor();
}

const step = (page: Page, title: string) => page.locator('.steps li').filter({ hasText: title });

/** Goes from the step of a registration to its form, and sends it as it is. */
async function act(
  who: Visitor,
  carrier: string,
  title: string,
  more: Readonly<Record<string, string>> = {},
): Promise<void> {
  await world.open(who, `/enclaves/${carrier}`);
  await step(who.page, title).getByRole('link', { name: '办理' }).click();
  await shown(who.page);
  await fill(who.page, { on: '2026-11-02', ...more });
  await done(who.page);
}

test('an enclave is proposed, signed by both, filed and opened, and each is told that it is their turn', async () => {
  const home = await arrive(operator('xianyang'), '/enclaves');
  const host = await arrive(operator('xixian'), '/waiting');
  const province = await arrive({ role: 'province' }, '/waiting');

  await home.page.getByRole('link', { name: '飞出地提出设立双方共建的载体' }).click();
  await fill(home.page, {
    on: '2026-11-01',
    carrier: 'journey',
    name: '旅程飞地',
    kind: '飞地孵化器',
    home: 'xianyang',
    host: 'xixian',
    ...BASIS,
  });
  await done(home.page);
  // The host's open page hears of it by itself.
  await host.page.getByText('“旅程飞地”待飞入地 xixian 签署').waitFor();

  await act(home, 'journey', '飞出地签署');
  await act(host, 'journey', '飞入地签署');
  await province.page.getByText('“旅程飞地”双方均已签署').waitFor();
  await act(province, 'journey', '省级备案', { filing: '旅程-1' });
  await act(host, 'journey', '开园');
  await world.open(home, '/enclaves/journey');
  expect(await step(home.page, '开园').textContent()).toContain('2026-11-02');

  await home.page.getByRole('link', { name: '增加空间单元' }).click();
  await fill(home.page, { on: '2026-11-02', unit: 'hall', areaSquareMetres: '100', desks: '10', from: '2026-11-02' });
  await done(home.page);
  for (const who of [home, host, province]) {
    expect(who.faults).toEqual([]);
    await who.context.close();
  }
});

test('a firm is admitted by dragging over free space, and settles on the open plan by itself', async () => {
  const who = await arrive(operator('xianyang'), '/enclaves/journey');
  const free = who.page.locator('.plan-time.lets').first();
  const box = (await free.boundingBox())!;
  await who.page.mouse.move(box.x + box.width * 0.4, box.y + box.height / 2);
  await who.page.mouse.down();
  await who.page.mouse.move(box.x + box.width * 0.8, box.y + box.height / 2, { steps: 5 });
  await who.page.mouse.up();
  await who.page.waitForURL(/\/do\/admit-firm/);
  await shown(who.page);
  expect(await input(who.page, 'unit').inputValue()).toBe('hall');
  expect(await input(who.page, 'until').inputValue()).toMatch(/^\d{4}-\d\d-\d\d$/);

  // A form that refuses says why, at the field, as one types.
  await fill(who.page, { uscc: '9161' });
  await who.page.keyboard.press('Tab');
  await who.page.locator('[data-field=uscc].faulty').waitFor();
  await fill(who.page, {
    on: '2026-11-10',
    from: '2026-11-10',
    uscc: '91610400MA6Y0A0065',
    firm: '旅程企业',
    field: '新材料',
    founded: '2026-01-05',
    areaSquareMetres: '30',
    desks: '3',
  });

  // What was typed survives the browser.
  await who.page.reload();
  await shown(who.page);
  expect(await input(who.page, 'firm').inputValue()).toBe('旅程企业');
  await done(who.page);
  await world.open(who, '/do');
  await who.page
    .getByRole('region', { name: '最近办理' })
    .getByRole('link', { name: /^incubatee-journey/ })
    .waitFor();
  await world.open(who, '/enclaves/journey');
  await who.page.getByRole('button', { name: /旅程企业 · 30/ }).waitFor();

  // More than there is: the refusal names the day and the numbers, and nothing that was typed is lost.
  await world.open(who, '/do/admit-firm?carrier=journey&unit=hall&home=xianyang');
  await fill(who.page, {
    on: '2026-11-10',
    from: '2026-11-10',
    uscc: '91610400MA6Y0A0145',
    firm: '旅程企业二',
    field: '新材料',
    founded: '2026-01-05',
    areaSquareMetres: '500',
    desks: '3',
  });
  await submit(who.page);
  await who.page.locator('[role=alert], .next-steps').first().waitFor();
  expect(who.faults).toEqual([]);
  await who.context.close();
});

test('sent twice it is recorded once, and who was faster is shown before it is built upon', async () => {
  const staff = { role: 'province' } as const;
  const [first, second] = [await arrive(staff, '/do'), await arrive(staff, '/do')];
  const form = '/do/suspend-carrier?carrier=journey&stream=carrier-journey';
  await world.open(first, form);
  await fill(first.page, { on: '2026-11-20', reason: '检修' });
  await world.open(second, form);
  await fill(second.page, { on: '2026-11-20', reason: '检修' });
  const posts: string[] = [];
  first.page.on(
    'request',
    (request) => request.method() === 'POST' && posts.push(request.headers()['idempotency-key']!),
  );
  await first.page.getByRole('button', { name: '提交', exact: true }).dblclick();
  await first.page.getByText(/^已记录/).waitFor();
  expect(new Set(posts).size).toBe(1);

  await submit(second.page);
  const note = second.page.locator('[role=alert]').filter({ hasText: '他人已先改动此事' });
  await note.waitFor();
  await note
    .getByText(/ · province/)
    .first()
    .waitFor();
  expect(await input(second.page, 'reason').inputValue()).toBe('检修');
  await note.getByRole('button').click();
  await submit(second.page);
  await second.page
    .locator('[role=alert], [role=status]')
    .filter({ hasText: /暂停|与现状相同/ })
    .first()
    .waitFor();
  for (const who of [first, second]) await who.context.close();
});

test('a sheet in GBK is tried, mended in its grid, sent, and the same sheet again changes nothing', async () => {
  const who = await arrive(operator('xianyang'), '/imports?command=add-space-unit');
  const header = ['事实发生日期', '载体', '空间单元', '可出租面积', '工位数', '可用起始日'].join(',');
  const rows = ['2026/11/3,journey,room-1,"1,200.5",12,2026年11月3日', '2026.11.3,journey,room-2,八十,４,2026-11-03'];
  const buffer = gb18030(`${header}\n${rows.join('\n')}\n`);
  const uploaded = async () => {
    await who.page.locator('input[type=file]').setInputFiles({ name: '空间.csv', mimeType: 'text/csv', buffer });
    await who.page.waitForURL(/\/imports\/[0-9a-f-]{36}/);
    await who.page.locator('main .tag').filter({ hasText: '已试办' }).waitFor();
  };
  await uploaded();
  await who.page.getByRole('button', { name: /^有误 1/ }).click();
  await who.page.getByLabel('第 3 行 可出租面积').fill('80');
  await who.page.getByRole('button', { name: '改好，再试' }).click();
  await who.page.getByRole('button', { name: /^提交 2 行/ }).click();
  await who.page.getByRole('button', { name: /^已记录 2/ }).waitFor();
  await world.open(who, '/lists/units?carrier=journey');
  await who.page.getByText('room-2').waitFor();

  await world.open(who, '/imports?command=add-space-unit');
  await uploaded();
  expect(await who.page.locator('main').textContent()).toMatch(/先前已办|有误|已记录/);
  expect(who.faults).toEqual([]);
  await who.context.close();
});

test('an auditor goes from a number to its events, at both times, and to the whole log', async () => {
  const who = await arrive({ role: 'auditor' }, '/matrix?period=2023');
  await who.page.locator('table td a').first().click();
  await who.page.waitForURL(/explanation/);
  await shown(who.page);
  const line = who.page.locator('[role=grid] a[href^="/streams/"]').first();
  await line.click();
  await who.page.waitForURL(/\/streams\/contract-/);
  await who.page.locator('.event').first().waitFor();
  expect(await who.page.locator('.event').first().textContent()).toMatch(/为真.*记录.*由/s);

  // Both times stay from page to page, and what was not true yet is not shown.
  await world.open(who, '/lists/carriers?asOf=2023-02-28');
  expect(await who.page.locator('.times').textContent()).toContain('所见是过去的样子');
  await who.page.getByText('没有记录').waitFor();
  await who.page.getByRole('link', { name: '孵化容量' }).first().click();
  await who.page.waitForURL(/asOf=2023-02-28/);

  await world.open(who, '/events?stream=carrier-journey');
  await who.page.getByText('carrier-journey').first().waitFor();
  const saving = who.page.waitForEvent('download');
  await who.page
    .getByRole('button', { name: '导出 JSON 行' })
    .or(who.page.getByRole('link', { name: '导出 JSON 行' }))
    .click();
  const lines = readFileSync(await (await saving).path(), 'utf8')
    .trim()
    .split('\n');
  expect(lines.length).toBeGreaterThan(5);
  expect(lines.every((one) => (JSON.parse(one) as { stream: string }).stream === 'carrier-journey')).toBe(true);
  // Nothing may be done by an auditor, and nothing is offered.
  await world.open(who, '/lists/carriers?carrier=journey&open=journey');
  await who.page.getByText('来历').waitFor();
  expect(await who.page.locator('.ant-drawer a[href^="/do/"]').count()).toBe(0);
  expect(who.faults).toEqual([]);
  await who.context.close();
});

test('the province rebuilds, parks, resumes and compares where it sees how things run', async () => {
  const { page, asked, faults, context } = await arrive({ role: 'province' }, '/operations');
  const row = page.locator('tr').filter({ has: page.getByRole('rowheader', { name: 'organisations', exact: true }) });
  await row.first().getByRole('button', { name: '从头重建' }).click();
  await page.locator('.ant-popover').getByRole('button', { name: '从头重建' }).click();
  await until('the rebuild is asked for', async () => asked.has('POST /api/v1/operations/projections/rebuild'));
  await page.getByLabel('投影', { exact: true }).last().fill('organisations');
  await page.getByLabel('键', { exact: true }).fill('["journey"]');
  await page.getByRole('button', { name: '暂停', exact: true }).click();
  await page.getByRole('button', { name: '重试', exact: true }).first().click();
  await page.getByRole('button', { name: '现在核对' }).click();
  await page.getByText('全部相符').waitFor();
  for (const path of ['park', 'resume']) expect(asked).toContain(`POST /api/v1/operations/projections/${path}`);
  expect(asked).toContain('POST /api/v1/operations/figures/compare');
  expect(faults).toEqual([]);
  await context.close();
});

test('the last row of a long list is reached by the keyboard', async () => {
  const who = await arrive({ role: 'auditor' }, '/lists/uses');
  const count = await who.page.evaluate(async () => {
    let rows = 0;
    for (let after = ''; ;) {
      const answer = await fetch(`/api/v1/uses?limit=1000${after && `&after=${after}`}`);
      const { items, next } = (await answer.json()) as { items: object[]; next: string | null };
      rows += items.length;
      if (next === null) return rows;
      after = next;
    }
  });
  expect(count).toBeGreaterThan(5000);
  const grid = who.page.getByRole('grid');
  await grid.focus();
  await until('the last row is reached', async () => {
    await who.page.keyboard.press('End');
    return Number(await grid.locator('[aria-selected=true]').first().getAttribute('aria-rowindex')) === count + 1;
  });
  await who.context.close();
});

test('a page without a mouse: to the page, along the menu, into a table and out of it', async () => {
  const who = await arrive(operator('xianyang'), '/lists/incubatees');
  await who.page.locator('body').press('Tab');
  await who.page.keyboard.press('Tab');
  const grid = who.page.getByRole('grid');
  await grid.focus();
  await who.page.keyboard.press('ArrowDown');
  await who.page.keyboard.press('Enter');
  await who.page.getByText('来历').waitFor();
  expect(await axe(who.page)).toEqual([]);
  await who.page.keyboard.press('Escape');
  await until('the drawer is closed', async () => (await who.page.locator('.ant-drawer-open').count()) === 0);
  await who.context.close();
});

test('a slow network shows that it reads, and a platform that was killed is waited for with nothing lost', async () => {
  const who = await arrive(operator('xianyang'), '/do/add-space-unit?carrier=example-xianyang-offshore');
  await fill(who.page, { on: '2026-11-21', unit: 'annex', areaSquareMetres: '20', desks: '2', from: '2026-11-21' });
  await world.embedded.end('SIGKILL');
  await who.page.getByText('已断开，重连中').waitFor();
  await submit(who.page);
  await who.page.locator('[role=alert]').filter({ hasText: '无法连接平台' }).waitFor();
  await world.embedded.start();
  await who.page.getByText('实时').waitFor({ timeout: 60_000 });
  expect(await input(who.page, 'unit').inputValue()).toBe('annex');
  await done(who.page);

  await who.page.route('**/api/v1/**', async (route) => {
    await new Promise((go) => setTimeout(go, 400));
    await route.continue();
  });
  await who.page.goto(`${world.url}/lists/contracts`);
  await who.page
    .getByText(/读取中/)
    .first()
    .waitFor();
  await shown(who.page);
  await who.context.close();
});

test('the city has its own view of the same build', async () => {
  const who = await visitor(world.browser);
  await who.page.goto(world.cityUrl);
  await who.page.getByText('与省平台一致').waitFor();
  await who.page.getByRole('heading', { name: /咸阳市/ }).waitFor();
  await who.page.getByRole('link', { name: '技术合同' }).click();
  await shown(who.page);
  await who.page.getByRole('gridcell').first().waitFor();
  expect(await axe(who.page)).toEqual([]);
  expect(who.faults).toEqual([]);
  await who.context.close();
});
