import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { START } from '#libs/eventing';
import { PostgresStore } from '#libs/eventing-postgres';
import { createTestDatabase, type TestDatabase } from '#libs/testing';
import { journey } from '../../../test/histories/journey.js';
import { operator, startTestPlatform, type TestPlatform } from '../../../test/test-platform.js';
import { until } from '../../../test/until.js';
import { anEvent, record } from './copy.fixture.js';
import { copyEvents, TargetDiffersError, type Source, type Target } from './copy.js';

const MAIN = join(__dirname, '..', '..', '..', 'dist', 'apps', 'store', 'src', 'main.js');
const EVENTS = 3_000;
const quiet = () => undefined;

jest.setTimeout(120_000);

let databases: [TestDatabase, TestDatabase];
let from: PostgresStore;
let to: PostgresStore;

beforeEach(async () => {
  databases = [await createTestDatabase(), await createTestDatabase()];
  from = await PostgresStore.open({ url: databases[0].url });
  to = await PostgresStore.open({ url: databases[1].url });
});

afterEach(async () => {
  await Promise.all([from.close(), to.close()]);
  await Promise.all(databases.map((database) => database.drop()));
});

/** All events, once others' transactions on the server let them be seen. */
const history = (store: Source, length: number) =>
  until(`${length} events`, async () => {
    const { events } = await store.readAll({ after: START, limit: length + 1 });
    return (
      events.length === length &&
      events.map(({ id, type, data, metadata, stream, revision }) => ({ id, type, data, metadata, stream, revision }))
    );
  });

async function sql(database: TestDatabase, statement: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  const { rows } = await client.query<Record<string, unknown>>(statement).finally(() => client.end());
  return rows;
}

const count = async (database: TestDatabase) =>
  Number((await sql(database, 'select count(*) as n from eventing.events'))[0]!['n']);

const arguments_ = () => [MAIN, 'copy', '--from', databases[0].url, '--to', databases[1].url];
const run = () => promisify(execFile)(process.execPath, arguments_());

it('copies every event in order, those of one stream that follow one another together', async () => {
  await record(from, 300, 7);
  await history(from, 300);
  let appends = 0;
  const counting: Target = {
    append: (...append) => (appends++, to.append(...append)),
    readAll: (options) => to.readAll(options),
  };
  const told = new Map<string, number>();
  const first = await copyEvents(from, counting, (phase, events) => void told.set(phase, events));
  expect(first).toMatchObject({ events: 300, copied: 300 });
  expect(await history(to, 300)).toEqual(await history(from, 300));
  expect([appends > 7, appends < 200]).toEqual([true, true]);
  expect([...told]).toEqual([
    ['comparing', 0],
    ['copying', 300],
    ['verifying', 300],
  ]);

  // Again, there is nothing to do; with more, the rest.
  expect(await copyEvents(from, to, quiet)).toEqual({ ...first, copied: 0 });
  await from.append('use-new', 'no-stream', [anEvent(300)]);
  await history(from, 301);
  const third = await copyEvents(from, to, quiet);
  expect(third).toMatchObject({ events: 301, copied: 1 });
  expect(third.digest).not.toBe(first.digest);
});

it('killed in the middle, a second run goes on and ends with the count and digest of both', async () => {
  await record(from, EVENTS, 40);
  await history(from, EVENTS);
  const child = spawn(process.execPath, arguments_(), { stdio: 'ignore' });
  const gone = once(child, 'exit');
  await until('a part has been copied', async () => (await count(databases[1])) > EVENTS / 20);
  child.kill('SIGKILL');
  expect(await gone).toEqual([null, 'SIGKILL']);
  const part = await count(databases[1]);
  // The fault fired: it was cut short, and not before it had begun.
  expect([part > 0, part < EVENTS]).toEqual([true, true]);

  const { stdout, stderr } = await run();
  expect(await history(to, EVENTS)).toEqual(await history(from, EVENTS));
  const [, copied, held, digest] = /copied\s+(\d+)\n.*holds\s+(\d+)\n.*sha256:([0-9a-f]{64})/.exec(stdout) ?? [];
  expect([Number(copied) <= EVENTS - part, Number(held)]).toEqual([true, EVENTS]);
  expect(digest).toBe((await copyEvents(from, to, quiet)).digest);
  for (const phase of ['comparing', 'copying', 'verifying']) expect(stderr).toContain(phase);
  expect(stderr).toMatch(new RegExp(`\\d+/${EVENTS} \\(\\d+ events/s`));
});

it.each([
  ['data', `data = '{"n":1}'`, 'data'],
  ['metadata', `metadata = replace(metadata, 'tester', 'forger')`, 'metadata'],
  ['type', `type = 'use.reversed.v1'`, 'type'],
])('a target whose %s was tampered with is told, and left as it is', async (_, change, part) => {
  await record(from, 60, 3);
  await history(from, 60);
  await copyEvents(from, to, quiet);
  await from.append('use-new', 'no-stream', [anEvent(60)]);
  await history(from, 61);
  await sql(
    databases[1],
    `alter table eventing.events disable trigger append_only;
     update eventing.events set ${change} where stream = 'use-1' and revision = 2`,
  );
  const { id } = (await from.readStream('use-1', { from: 2, limit: 1 }))[0]!;
  await expect(run()).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringMatching(new RegExp(`目标库的内容与源库不同.*use-1@2 ${id}: ${part} ≠`, 's')),
  });
  expect(await count(databases[1])).toBe(60);
});

it('what a target has made of an event is found at the end', async () => {
  await record(from, 60, 3);
  await history(from, 60);
  const forgetful: Target = {
    append: (stream, expected, events) =>
      to.append(
        stream,
        expected,
        events.map((event) => (event.id === anEvent(40).id ? { ...event, data: {} } : event)),
      ),
    readAll: (options) => to.readAll(options),
  };
  await expect(copyEvents(from, forgetful, quiet)).rejects.toThrow(/#41 .* data ≠/);
});

it.each([
  ['other events', 1, 3],
  ['more events', 60, 1],
])('a target that holds %s is refused before anything is written', async (_, same, others) => {
  await record(from, 60, 3);
  await record(to, same === 60 ? 60 : 0, 3);
  await to.append(
    'use-foreign',
    'no-stream',
    Array.from({ length: others }, (_, n) => anEvent(1000 + n)),
  );
  await history(from, 60);
  const before = await count(databases[1]);
  await history(to, before);
  await expect(copyEvents(from, to, quiet)).rejects.toThrow(TargetDiffersError);
  expect(await count(databases[1])).toBe(before);
});

it('a platform on the copy gives the city the feed it had, record for record', async () => {
  const feedOf = async (database: TestDatabase, work: (platform: TestPlatform) => Promise<void>) => {
    const platform = await startTestPlatform({ DATABASE_URL: database.url });
    await work(platform);
    const page = await until('the end of the journey', async () => {
      const { body } = await platform.send(operator('xianyang'), 'GET', '/api/v1/feeds/region.xianyang?limit=1000');
      return JSON.stringify(body.records).includes('contract.filing-reversed.v1') && body;
    });
    await platform.close();
    return page;
  };
  const original = await feedOf(databases[0], journey);
  await copyEvents(from, to, quiet);
  expect(await feedOf(databases[1], () => Promise.resolve())).toEqual(original);
});

it('says what is wrong with its arguments, and with a store that is not there or empty', async () => {
  const fail = async (...args: string[]) => {
    const failed = await promisify(execFile)(process.execPath, [MAIN, ...args]).catch((error: object) => error);
    expect(failed).toMatchObject({ code: 1 });
    return (failed as { stderr: string }).stderr;
  };
  const nowhere = 'postgres://liandong:secret@127.0.0.1:1/liandong';
  expect(await fail('copy', '--from', databases[0].url)).toContain('用法 usage');
  expect(await fail('copy', '--from', 'esdb://a', '--to', 'esdb://b')).toContain('go by way of PostgreSQL');
  expect(await fail('copy', '--from', databases[0].url, '--to', 'mysql://a/b')).toContain('--to');
  expect(await fail('copy', '--from', databases[0].url, '--to', databases[1].url)).toContain('源库没有事件');
  const unreachable = await fail('copy', '--from', databases[0].url, '--to', nowhere);
  expect(unreachable).toContain('无法打开 --to 的事件库');
  expect(unreachable).not.toContain('secret');
});
