import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { createTestDatabase } from '#libs/testing';
import { logged, openLog, type TestLog } from '../../../test/test-log.js';

const MAIN = join(__dirname, '..', '..', '..', 'dist', 'apps', 'embedded', 'src', 'verify.js');

jest.setTimeout(60_000);

let under: TestLog;
let head: string;

beforeAll(async () => {
  under = await openLog();
  under.start();
  const { position } = await under.store.append('use-a', 'any', [logged(1), logged(2), logged(3)]);
  const { sequence, digest } = await under.numbered(position);
  head = `${sequence}:${digest}`;
});

afterAll(() => under.close());

interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function verify(url: string | undefined, ...args: string[]): Promise<Run> {
  const env = { ...process.env, DATABASE_URL: url, EVENT_STORE: undefined };
  return promisify(execFile)(process.execPath, [MAIN, ...args], { env }).then(
    (done) => ({ code: 0, ...done }),
    (failed: Run) => failed,
  );
}

async function schemas(url: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ nspname: string }>('select nspname from pg_namespace');
  await client.end();
  return rows.map(({ nspname }) => nspname);
}

it('says how many it has verified and the head, which verifies what comes after it', async () => {
  expect(await verify(under.url)).toMatchObject({
    code: 0,
    stdout: `已核对 verified  3\n末条 head        ${head}\n`,
  });
  expect(await verify(under.url, '--head', head, '--head', head)).toMatchObject({ code: 0 });
});

it('names the first entry that is not what was recorded, in both languages, and ends with 1', async () => {
  const other = head.replace(/:.*/, `:${'f'.repeat(64)}`);
  expect(await verify(under.url, '--head', other)).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(
      /第 3 条 use-a@2：与先前记下的摘要不符.*\n.*entry 3, use-a@2: it is not the digest noted/,
    ),
  });
  await under.harm(`update eventing.events set data = '{}' where revision = 1`);
  const { code, stdout } = await verify(under.url, '--head', head);
  expect(code).toBe(1);
  expect(stdout).toContain('第 2 条 use-a@1：数据被改\n');
  expect(stdout).toContain('(entry 2, use-a@1: its data were edited)\n');
  expect(stdout).toContain('此前已核对 verified before it  1\n');
});

it('ends with 2, and says why, where it cannot tell', async () => {
  const empty = await createTestDatabase();
  const dir = await mkdtemp(join(tmpdir(), 'liandong-verify-'));
  const nowhere = 'postgres://liandong:secret@127.0.0.1:1/liandong';
  expect(await verify(under.url, '--head', '3')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('用法 usage'),
  });
  expect(await verify(empty.url)).toMatchObject({ code: 2, stderr: expect.stringContaining('此库中没有日志') });
  expect(await schemas(empty.url)).not.toContain('eventing');
  expect(await verify(undefined, '--data', dir)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('npm start'),
  });
  const unreachable = await verify(nowhere);
  expect(unreachable).toMatchObject({ code: 2, stderr: expect.stringContaining('无法连接') });
  expect(unreachable.stderr).not.toContain('secret');
  await empty.drop();
  await rm(dir, { recursive: true });
});
