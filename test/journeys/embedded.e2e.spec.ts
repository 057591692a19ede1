import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { freePort } from '#libs/local';
import { Embedded } from '../embedded.js';
import { expectAgreement } from '../figures/agreement.js';

const ROOT = join(__dirname, '..', '..');
const MAIN = join(ROOT, 'dist', 'apps', 'embedded', 'src', 'main.js');

jest.setTimeout(240_000);

let embedded: Embedded;

beforeAll(async () => {
  const dir = mkdtempSync(join(tmpdir(), 'liandong-embedded-'));
  embedded = new Embedded(dir, await freePort(), await freePort());
  // The first start is cut short by Ctrl-C in the middle of the sample; every test below then looks at what the second made.
  embedded.launch();
  await embedded.says(/ [1-9]\d{2,3}\/\d+/);
  expect(await embedded.end('SIGINT')).toEqual([0, null]);
  expect(embedded.output).not.toContain('联动已就绪');
  await embedded.start();
});

afterAll(async () => {
  await embedded.end('SIGINT');
  rmSync(embedded.dir, { recursive: true, force: true });
});

it('has a sample that is big enough to look at, and its figures equal their recomputation', async () => {
  const sql = await embedded.database();
  const { rows } = await sql.query<Record<string, number>>(`
    with e as (select type, data::jsonb as d from eventing.events)
    select count(*) filter (where type = 'region.registered.v1' and d->>'level' = 'city')::int as cities,
      count(distinct d->>'carrier')::int as carriers, count(distinct d->>'uscc')::int as firms,
      count(*) filter (where type = 'contract.filed.v2')::int as contracts,
      count(*) filter (where type = 'use.recorded.v2')::int as uses from e`);
  const least = { cities: 10, carriers: 20, firms: 300, contracts: 2000, uses: 5000 };
  for (const [what, n] of Object.entries(least)) expect([what, rows[0]![what]! >= n]).toEqual([what, true]);
  expect(await expectAgreement(embedded.platform, sql, '2023-01-01', '2024-06-01')).toBeGreaterThan(300);
  await sql.end();
});

/** What is typed and what is answered, without the words beside it. */
const blocksOf = (page: string) =>
  [...readFileSync(join(ROOT, page), 'utf8').matchAll(/```(bash|json)\n(.*?)```/gs)].map(([, kind, block]) => [
    kind,
    block!.replaceAll(/ +# .*$/gm, ''),
  ]);

it('both READMEs have the same commands and answers, and name each other first', () => {
  expect(blocksOf('README.zh-CN.md')).toEqual(blocksOf('README.md'));
  const firstLines = (page: string) => readFileSync(join(ROOT, page), 'utf8').split('\n').slice(0, 3).join('\n');
  expect(firstLines('README.md')).toContain('(README.zh-CN.md)');
  expect(firstLines('README.zh-CN.md')).toContain('(README.md)');
});

it('the READMEs\u2019 tour answers as printed', async () => {
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
  const tour = readme.slice(readme.indexOf('## A tour'), readme.indexOf('## Kafka'));
  const steps = [...tour.matchAll(/```bash\n(.*?)```\s+```json\n(.*?)```/gs)];
  expect(steps.length).toBeGreaterThan(5);
  let said = '';
  for (const [, commands, printed] of steps) {
    // The words of the README, but for where this instance listens and keeps its data.
    const script = commands!
      .replaceAll(':3000', `:${embedded.port}`)
      .replaceAll(':3001', `:${embedded.cityPort}`)
      .replace(/(npm run --silent token -- [\w ]+\w)/g, `$1 --data ${embedded.dir}`);
    const { stdout } = await promisify(execFile)('bash', ['-c', `${said}${script}`], { cwd: ROOT });
    said += `${script.match(/^(?:[A-Z]+=.*?)(?=^(?:curl|for|sleep)|(?![\s\S]))/ms)?.[0] ?? ''}`;
    expect(
      stdout
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as unknown),
    ).toEqual(answers(printed!));
  }
});

/** The answers as printed: one JSON text, or one a line; "…" stands for anything. */
function answers(printed: string): unknown[] {
  const read = (text: string): unknown => JSON.parse(text, (_, value) => (value === '…' ? expect.anything() : value));
  try {
    return [read(printed)];
  } catch {
    return printed.trim().split('\n').map(read);
  }
}

it('a second one on the same folder is refused, and told why', async () => {
  const env = { ...process.env, PORT: String(await freePort()), SUB_PLATFORM_PORT: String(await freePort()) };
  const second = promisify(execFile)(process.execPath, [MAIN, '--data', embedded.dir], { env });
  await expect(second).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining('正在被另一个 Liandong 使用'),
  });
});

it('on a taken port it says which variable to set', async () => {
  const env = { ...process.env, PORT: String(embedded.port) };
  const second = promisify(execFile)(process.execPath, [MAIN, '--data', `${embedded.dir}-other`], { env });
  await expect(second).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining(`PORT=${embedded.port + 10}`),
  });
});

it('killed, it starts again: what was left behind is stopped, the data is there, nothing is loaded twice', async () => {
  const before = await embedded.database();
  const count = async (sql: pg.Client) => (await sql.query('select count(*)::int as n from eventing.events')).rows[0];
  const events = await count(before);
  before.on('error', () => undefined);
  expect(await embedded.end('SIGKILL')).toEqual([null, 'SIGKILL']);
  // The fault fired: PostgreSQL has outlived its platform.
  expect(await count(before)).toEqual(events);

  await embedded.start();
  expect(embedded.output).toContain('遗留的 PostgreSQL');
  expect(embedded.output).not.toContain('载入示例');
  const after = await embedded.database();
  expect(await count(after)).toEqual(events);
  await after.end();
  await before.end().catch(() => undefined);
});

it('Ctrl-C stops everything in good order', async () => {
  expect(await embedded.end('SIGINT')).toEqual([0, null]);
  await expect(embedded.database()).rejects.toThrow(/ENOENT|ECONNREFUSED/);
  await embedded.start();
  expect(embedded.output).not.toContain('遗留的 PostgreSQL');
});
