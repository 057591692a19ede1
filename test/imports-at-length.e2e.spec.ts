import pg from 'pg';
import { csv, sent, settled, upload } from './imports.js';
import { operator, platformProcesses, province, withRegions, type PlatformProcess } from './test-platform.js';
import { until } from './until.js';

/** One sheet of 20 000 rows, and what happens to it when the platform is killed in the middle. */

const home = operator('xianyang');
const N = 20_000;
const PATIENCE_MS = 240_000;

const HEADER = ['事实发生日期', '技术合同', '合同名称', '类型', '输出区域', '吸纳区域', '合同成交额（万元）'];
const sheetOf = (prefix: string, rows: number) =>
  csv(
    HEADER,
    ...Array.from({ length: rows }, (_, n) => [
      '2023/6/1',
      `${prefix}-${n}`,
      `合同${n}`,
      '开发',
      'xianyang',
      'xixian',
      50,
    ]),
  );

const processes = platformProcesses();
let platform: PlatformProcess;
let database: pg.Client;

beforeAll(async () => {
  platform = await (await processes).start();
  await withRegions(platform);
  database = new pg.Client(platform.databaseUrl);
  await database.connect();
}, 60_000);
afterAll(async () => {
  await database.end();
  await (await processes).end();
});

/** How often each contract of these was filed, by the log itself. */
async function filed(prefix: string): Promise<{ streams: number; events: number }> {
  const { rows } = await database.query<{ streams: number; events: number }>(
    `select count(distinct stream)::int as streams, count(*)::int as events from eventing.events where stream like $1`,
    [`contract-${prefix}-%`],
  );
  return rows[0]!;
}

/** The longest that somebody else waits for a small answer, while work goes on. */
async function longestWait<T>(work: Promise<T>): Promise<[T, number]> {
  let isOver = false;
  let longest = 0;
  const asking = (async () => {
    while (!isOver) {
      const begun = performance.now();
      await platform.send(null, 'GET', '/health/live');
      longest = Math.max(longest, performance.now() - begun);
    }
  })();
  const done = await work.finally(() => (isOver = true));
  await asking;
  return [done, longest];
}

it(
  '20 000 rows are checked and sent, each once, while others are answered; again they change nothing',
  async () => {
    const file = sheetOf('many', N);
    const checkedAt = performance.now();
    const [checked, whileChecked] = await longestWait(
      upload(platform, home, 'file-contract', file).then(({ body }) => settled(platform, home, body.id, PATIENCE_MS)),
    );
    expect([checked.state, checked.counts.accepted, checked.faulty]).toEqual(['checked', N, []]);
    expect(await filed('many')).toEqual({ streams: 0, events: 0 });
    const sentAt = performance.now();
    const [done, whileSent] = await longestWait(sent(platform, home, checked.id, PATIENCE_MS));
    const end = performance.now();
    expect([done.state, done.counts.recorded, done.progress]).toEqual(['sent', N, { done: N, of: N }]);
    expect(await filed('many')).toEqual({ streams: N, events: N });
    // A loop over rows that never let others have their turn would keep them for seconds.
    expect(Math.max(whileChecked, whileSent)).toBeLessThan(2_500);
    const again = await upload(platform, home, 'file-contract', file);
    const repeated = await settled(platform, home, again.body.id, PATIENCE_MS);
    expect(repeated.counts).toMatchObject({ repeated: N, accepted: 0, faulty: 0 });
    expect(await filed('many')).toEqual({ streams: N, events: N });
    process.stdout.write(
      `imports: ${N} rows, checked ${Math.round(N / ((sentAt - checkedAt) / 1000))} and sent ` +
        `${Math.round(N / ((end - sentAt) / 1000))} a second; others waited ${Math.round(whileChecked)} and ` +
        `${Math.round(whileSent)} ms at most\n`,
    );
  },
  3 * PATIENCE_MS,
);

it(
  'a platform that is killed while it sends goes on after its restart, and no row is recorded twice',
  async () => {
    const rows = 4_000;
    const { body } = await upload(platform, home, 'file-contract', sheetOf('killed', rows));
    await settled(platform, home, body.id, PATIENCE_MS);
    await platform.send(home, 'POST', `/api/v1/imports/${body.id}/send`);
    await until('some rows are recorded', async () => (await filed('killed')).events > 300);
    await platform.kill('SIGKILL');
    const before = await filed('killed');
    expect(before.events).toBeLessThan(rows);
    platform = await (await processes).start();
    // Nobody asks it to.
    const done = await settled(platform, home, body.id, PATIENCE_MS);
    expect([done.state, done.counts.recorded + done.counts.repeated]).toEqual(['sent', rows]);
    expect(await filed('killed')).toEqual({ streams: rows, events: rows });
    const { body: kept } = await platform.send(home, 'GET', `/api/v1/imports/${body.id}/rows?limit=1000`);
    for (const { receipt } of kept.rows)
      expect(receipt).toMatchObject({ revision: 0, events: [{ id: expect.any(String) }] });
  },
  2 * PATIENCE_MS,
);

it(
  'one that is killed while it checks begins the check anew',
  async () => {
    const rows = 6_000;
    const uploading = upload(platform, home, 'file-contract', sheetOf('checked', rows)).catch(() => undefined);
    const id = await until('some rows are checked', async () => {
      const { body } = await platform.send(home, 'GET', '/api/v1/imports?limit=1');
      const [latest] = body.imports;
      return latest.rows === rows && latest.state === 'checking' && latest.counts.accepted > 0 && (latest.id as string);
    });
    await platform.kill('SIGKILL');
    await uploading;
    platform = await (await processes).start();
    expect(await settled(platform, home, id, PATIENCE_MS)).toMatchObject({
      state: 'checked',
      counts: { accepted: rows },
    });
  },
  2 * PATIENCE_MS,
);

it('what is cancelled stops, keeps what it has recorded, and goes on when it is sent again', async () => {
  const rows = 3_000;
  const { body } = await upload(platform, home, 'file-contract', sheetOf('stopped', rows));
  await settled(platform, home, body.id, PATIENCE_MS);
  const early = await platform.send(home, 'POST', `/api/v1/imports/${body.id}/send`);
  expect([early.status, early.body.state]).toEqual([202, 'sending']);
  // Sent twice is sent once.
  expect((await platform.send(home, 'POST', `/api/v1/imports/${body.id}/send`)).status).toBe(202);
  const touched = await platform.send(home, 'DELETE', `/api/v1/imports/${body.id}/rows/2`);
  expect([touched.status, touched.body.code]).toEqual([409, 'import.busy']);
  const { body: cancelled } = await platform.send(home, 'POST', `/api/v1/imports/${body.id}/cancel`);
  expect(cancelled.state).toBe('cancelled');
  // Nothing is under way any more, once it is answered.
  const stopped = await filed('stopped');
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  expect(await filed('stopped')).toEqual(stopped);
  expect(stopped.events).toBeLessThan(rows);
  const done = await sent(platform, home, body.id, PATIENCE_MS);
  expect([done.state, done.counts.accepted]).toEqual(['sent', 0]);
  expect(await filed('stopped')).toEqual({ streams: rows, events: rows });
  const over = await platform.send(home, 'POST', `/api/v1/imports/${body.id}/cancel`);
  expect([over.status, over.body.code]).toEqual([409, 'import.over']);
  expect((await platform.send(province, 'GET', `/api/v1/imports/${body.id}`)).body.state).toBe('sent');
}, 120_000);
