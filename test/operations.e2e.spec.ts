import pg from 'pg';
import {
  auditor,
  operator,
  province,
  startTestPlatform,
  withEnclave,
  withRegions,
  type TestPlatform,
} from './test-platform.js';
import { until } from './until.js';

const PROJECTIONS = '/api/v1/operations/projections';

interface Build {
  readonly projection: string;
  readonly build: string;
  readonly owner: string | null;
  readonly progress: number;
  readonly lagSeconds: number;
  readonly outcome: { was: string; is: string } | null;
}

let platform: TestPlatform;
let sql: pg.Client;
beforeAll(async () => {
  platform = await startTestPlatform();
  sql = new pg.Client({ connectionString: platform.databaseUrl });
  await sql.connect();
  await withRegions(platform);
  await withEnclave(platform);
}, 60_000);
afterAll(async () => {
  await sql.end();
  await platform.close();
});

const builds = async () => (await platform.send(auditor, 'GET', PROJECTIONS)).body.builds as Build[];
const ask = (what: string, body: object) => platform.send(province, 'POST', `${PROJECTIONS}/${what}`, body);
const metric = async (line: RegExp) => Number(line.exec((await platform.send(null, 'GET', '/metrics')).body)?.[1]);
const caughtUp = async () => (await builds()).every((b) => b.lagSeconds === 0 && b.progress === 1 && b.owner !== null);

it('tells how far behind each projection is, while it cannot go on and after', async () => {
  await until('all are there', caughtUp);
  // Holds the projectors up, and not the readers of the log: a lock on rows would have a transaction id.
  await sql.query('begin');
  await sql.query('lock table projection_checkpoints in exclusive mode');
  const on = { on: '2023-03-01', carrier: 'enclave' };
  await platform.done(operator('xianyang'), 'carriers/add-space-unit', {
    ...on,
    unit: 'floor-2',
    areaSquareMetres: 10,
    desks: 1,
    from: '2023-03-01',
  });
  const lag = /^liandong_projection_lag_seconds\{projection="carriers",build="live"\} (\S+)$/m;
  await until('it is told', async () => (await builds()).every((b) => b.lagSeconds > 0.3) && (await metric(lag)) > 0.3);
  expect((await builds()).every((b) => b.progress < 1)).toBe(true);
  await sql.query('rollback');
  await until('all are there again', caughtUp);
  expect(await metric(lag)).toBe(0);
}, 60_000);

it('builds a figure anew when it is asked to, and refuses what has been sent to cities', async () => {
  expect((await ask('rebuild', { projection: 'carriers' })).status).toBe(202);
  const placed = await until('it is in its place', async () =>
    (await builds()).find((b) => b.projection === 'carriers' && b.build === 'live' && b.outcome !== null),
  );
  expect(placed.outcome!.is).toBe(placed.outcome!.was);
  const refused = await ask('rebuild', { projection: 'feeds' });
  expect([refused.status, refused.body.code]).toEqual([409, 'projection.given-away']);
  const unknown = await ask('rebuild', { projection: 'nothing' });
  expect([unknown.status, unknown.body.code]).toEqual([404, 'projection.unknown']);
}, 60_000);

it('holds a key back when it is asked to, says that the figure is incomplete, and resumes it', async () => {
  const key = '["units","enclave","floor-9"]';
  expect((await ask('park', { projection: 'carriers', key })).status).toBe(202);
  const figure = async () =>
    (await platform.send(auditor, 'GET', '/api/v1/figures/capacity?from=2023-01-01&to=2024-01-01')).body;
  const parked = await until('the figure says so', async () => (await figure()).incomplete);
  expect(parked).toMatchObject([{ projection: 'carriers', key, events: 0 }]);
  expect(await metric(/^liandong_projection_parked_keys\{projection="carriers",build="live"\} (\S+)$/m)).toBe(1);
  expect((await ask('resume', { projection: 'carriers', key })).status).toBe(202);
  await until('it is whole again', async () => (await figure()).incomplete === undefined);
  expect((await ask('resume', { projection: 'carriers', key })).status).toBe(404);
}, 60_000);

it('tells how far each city has come by what its sub-platform says it has, and nobody else', async () => {
  const feed = '/api/v1/feeds/region.xianyang';
  const xianyang = async () => {
    const { body } = await platform.send(auditor, 'GET', '/api/v1/feeds');
    return (body.feeds as Record<string, unknown>[]).find((one) => one.feed === 'region.xianyang')!;
  };
  const { body } = await platform.send(operator('xianyang'), 'GET', `${feed}?after=2`);
  const { last } = body;
  // Its operator looks at the feed, and has taken nothing over.
  expect(await xianyang()).toEqual({ feed: 'region.xianyang', region: 'xianyang', ...last, reader: null });

  const subPlatform = { role: 'sub-platform', region: 'xianyang' } as const;
  const before = Date.now();
  await platform.send(subPlatform, 'GET', `${feed}?after=2`);
  const { reader } = (await xianyang()) as { reader: { sequence: number; heardAt: string; behind: number } };
  expect(reader).toMatchObject({ sequence: 2, behind: last.sequence - 2 });
  expect(Date.parse(reader.heardAt)).toBeGreaterThanOrEqual(before - 1_000);
  // The last of each thing are asked for page by page: that is not what it has.
  await platform.send(subPlatform, 'GET', `${feed}?after=3&records=latest`);
  expect((await xianyang()).reader).toMatchObject({ sequence: 2 });
  await platform.send(subPlatform, 'GET', `${feed}?after=${last.sequence}`);
  expect((await xianyang()).reader).toMatchObject({ sequence: last.sequence, behind: 0 });
});
