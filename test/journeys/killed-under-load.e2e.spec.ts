import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { issueToken, localKey } from '#libs/auth';
import { createTestDatabase, type TestDatabase } from '#libs/testing';
import { expectAgreement } from '../figures/agreement.js';
import { basis, withRegions, type TestPlatform } from '../test-platform.js';
import { until } from '../until.js';

const MAIN = join(__dirname, '..', '..', 'dist', 'apps', 'platform', 'src', 'main.js');
const CLIENTS = 16;
const KILLS = 3;

/** What the clients know, kept outside the system: what was acknowledged, and what has no answer yet. */
interface Ledger {
  readonly acknowledged: Map<string, number>;
  readonly unanswered: Set<string>;
}

let dir: string;
let keyFile: string;
let database: TestDatabase;
let child: ChildProcess | undefined;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'liandong-kill-'));
  keyFile = join(dir, 'issuer.jwk.json');
  database = await createTestDatabase();
});

afterAll(async () => {
  child?.kill('SIGKILL');
  await database.drop();
  await rm(dir, { recursive: true, force: true });
});

async function start(): Promise<string> {
  // No broker: what this platform tells the cities would mix with what another suite's does.
  const env = { ...process.env, DATABASE_URL: database.url, AUTH_LOCAL_KEY: keyFile, PORT: '0', KAFKA_BROKERS: '' };
  child = fork(MAIN, { env, execArgv: [] });
  const [message] = (await once(child, 'message')) as [{ url: string }];
  return message.url;
}

function client(url: string): TestPlatform {
  const send: TestPlatform['send'] = async (by, method, path, body, headers) => {
    const response = await fetch(url + path, {
      method,
      headers: {
        authorization: `Bearer ${await issueToken(await localKey(keyFile), { id: `${by!.role}@${by!.region}`, ...by! })}`,
        ...(body ? { 'content-type': 'application/json' } : {}),
        ...headers,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    return { status: response.status, headers: response.headers, body: await response.json() };
  };
  return {
    url,
    databaseUrl: database.url,
    token: () => Promise.reject(new Error('not needed')),
    send,
    async done(by, path, body, headers) {
      const answer = await send(by, 'POST', `/api/v1/${path}`, body, headers);
      expect([path, answer.status, answer.body]).toEqual([path, 200, answer.body]);
      return answer;
    },
    close: () => Promise.resolve(),
  };
}

const use = (id: string) => ({
  on: '2023-05-05',
  instrument: `sem-${id.split('-')[1]}`,
  use: id,
  using: 'xixian',
  hours: 1.25,
  sharing: 'external',
});
const record = (platform: TestPlatform, id: string) =>
  platform.send({ role: 'operator', region: 'xianyang' }, 'POST', '/api/v1/sharing/record-use', use(id), {
    'idempotency-key': id,
  });

it('killed three times under load, it has every acknowledged command once, and the figures agree', async () => {
  const ledger: Ledger = { acknowledged: new Map(), unanswered: new Set() };
  let platform = client(await start());
  await withRegions(platform);
  for (let n = 0; n < CLIENTS; n++) {
    const instrument = { on: '2023-01-01', instrument: `sem-${n}`, name: 'n', owner: 'xianyang', originalValueFen: 1 };
    await platform.done({ role: 'operator', region: 'xianyang' }, 'sharing/network-instrument', {
      ...instrument,
      basis,
    });
  }

  let cut = 0;
  for (let round = 0; round < KILLS; round++) {
    const before = ledger.acknowledged.size;
    const load = Array.from({ length: CLIENTS }, async (_, n) => {
      for (let i = 0; ; i++) {
        const id = `u-${n}-${round}-${i}`;
        ledger.unanswered.add(id);
        const answer = await record(platform, id).catch(() => undefined);
        if (answer === undefined) return;
        expect(answer.status).toBe(200);
        ledger.acknowledged.set(id, answer.body.revision);
        ledger.unanswered.delete(id);
      }
    });
    await until('enough of a load', async () => ledger.acknowledged.size >= before + 150);
    const gone = once(child!, 'exit');
    child!.kill('SIGKILL');
    expect(await gone).toEqual([null, 'SIGKILL']);
    await Promise.all(load);
    cut += ledger.unanswered.size;
    platform = client(await start());
    // Nobody knows whether these were recorded: the same key again settles it.
    for (const id of ledger.unanswered) {
      const answer = await record(platform, id);
      expect(answer.status).toBe(200);
      ledger.acknowledged.set(id, answer.body.revision);
    }
    ledger.unanswered.clear();
  }
  // The fault fired: every kill cut requests off.
  expect(cut).toBeGreaterThanOrEqual(KILLS);

  const sql = new pg.Client({ connectionString: database.url });
  await sql.connect();
  const { rows } = await sql.query<{ use: string; revision: string }>(
    `select data::jsonb->>'use' as use, revision from eventing.events where type = 'use.recorded.v1'`,
  );
  const stored = new Map(rows.map((r) => [r.use, Number(r.revision)]));
  expect(rows).toHaveLength(stored.size);
  expect([...stored].sort()).toEqual([...ledger.acknowledged].sort());

  await until('the projection is there', async () => {
    const { body } = await platform.send(
      { role: 'auditor' },
      'GET',
      '/api/v1/figures/sharing?from=2023-01-01&to=2024-01-01',
    );
    return body.total.uses === stored.size;
  });
  await expectAgreement(platform, sql, '2023-01-01', '2024-01-01');
  await sql.end();
  const gone = once(child!, 'exit');
  child!.kill('SIGTERM');
  expect(await gone).toEqual([0, null]);
}, 180_000);
