import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { freePort } from '#libs/local';
import { createTestDatabase } from '#libs/testing';
import { startTestPlatform, withRegions } from '../test-platform.js';
import { until } from '../until.js';

const MAIN = join(__dirname, '..', '..', 'dist', 'apps', 'embedded', 'src', 'main.js');

let dir: string;
beforeAll(async () => void (dir = await mkdtemp(join(tmpdir(), 'liandong-unreachable-'))));
afterAll(() => rm(dir, { recursive: true, force: true }));

/** What `npm start` says before it ends with code 1. */
async function failed(settings: Record<string, string>): Promise<{ stdout: string; stderr: string }> {
  const [port, cityPort] = [String(await freePort()), String(await freePort())];
  const env = { ...process.env, PORT: port, SUB_PLATFORM_PORT: cityPort, KAFKA_BROKERS: '', ...settings };
  const start = promisify(execFile)(process.execPath, [MAIN, '--empty', '--data', dir], { env });
  const end = await start.catch((error: unknown) => error as { code: number; stdout: string; stderr: string });
  expect(end).toMatchObject({ code: 1 });
  return end;
}

it('an event store that cannot be reached stops npm start, which says which it is and what to do', async () => {
  const url = `esdb://admin:hunter2@127.0.0.1:${await freePort()}?tls=false`;
  const { stdout, stderr } = await failed({ EVENT_STORE: 'eventstoredb', EVENTSTOREDB_URL: url });
  expect(stdout).toMatch(/事件库 event store: EventStoreDB 127\.0\.0\.1:\d+/);
  expect(stderr).toContain('请检查 EVENTSTOREDB_URL');
  expect(stderr).toContain('Cannot connect to EventStoreDB');
  expect(stdout + stderr).not.toContain('hunter2');
}, 120_000);

it.each([
  ['without its URL', { EVENT_STORE: 'eventstoredb', EVENTSTOREDB_URL: '' }, 'needs EVENTSTOREDB_URL'],
  ['of another kind', { EVENT_STORE: 'mongodb' }, 'EVENT_STORE=postgres'],
])(
  'an event store %s stops it too',
  async (_, settings, advice) => {
    expect((await failed(settings)).stderr).toContain(advice);
  },
  120_000,
);

it('a store that the read models were not built from stops the platform, before it shows their figures', async () => {
  const database = await createTestDatabase();
  const sql = new pg.Client({ connectionString: database.url });
  await sql.connect();
  const settings = { DATABASE_URL: database.url };
  const platform = await startTestPlatform(settings);
  await withRegions(platform);
  await until('a region is told', async () => (await sql.query('select from feeds')).rowCount! > 0);
  await platform.close();

  await (await startTestPlatform(settings)).close();
  await sql.query('alter table eventing.events disable trigger append_only; delete from eventing.events');
  await expect(startTestPlatform(settings)).rejects.toThrow('was built from another event store');
  await sql.end();
  await database.drop();
}, 60_000);
