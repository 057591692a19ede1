import pg from 'pg';
import { tell } from '../faults/fault.js';
import { expectAgreement } from '../figures/agreement.js';
import { auditor, basis, operator, platformProcesses, withRegions, type TestPlatform } from '../test-platform.js';
import { until } from '../until.js';

const CLIENTS = 16;
const KILLS = 3;

/** What the clients know, kept outside the system: what was acknowledged, and what has no answer yet. */
interface Ledger {
  readonly acknowledged: Map<string, number>;
  readonly unanswered: Set<string>;
}

let processes: Awaited<ReturnType<typeof platformProcesses>>;
beforeAll(async () => {
  processes = await platformProcesses();
});
afterAll(() => processes.end());

// No broker: what this platform tells the cities would mix with what another suite's does.
const start = () => processes.start({ KAFKA_BROKERS: '' });

const use = (id: string) => ({
  on: '2023-05-05',
  instrument: `sem-${id.split('-')[1]}`,
  use: id,
  using: 'xixian',
  hours: 1.25,
  sharing: 'external',
});
const record = (platform: TestPlatform, id: string) =>
  platform.send(operator('xianyang'), 'POST', '/api/v1/sharing/record-use', use(id), {
    'idempotency-key': id,
  });

it('killed three times under load, it has every acknowledged command once, and the figures agree', async () => {
  const ledger: Ledger = { acknowledged: new Map(), unanswered: new Set() };
  let platform = await start();
  await withRegions(platform);
  for (let n = 0; n < CLIENTS; n++) {
    // As many units as have hours for all of the load on one day.
    const instrument = { on: '2023-01-01', instrument: `sem-${n}`, name: 'n', owner: 'xianyang', units: 1000 };
    await platform.done(operator('xianyang'), 'sharing/network-instrument', {
      ...instrument,
      originalValueFen: 1,
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
    expect(await platform.kill('SIGKILL')).toEqual([null, 'SIGKILL']);
    await Promise.all(load);
    cut += ledger.unanswered.size;
    platform = await start();
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

  const sql = new pg.Client({ connectionString: platform.databaseUrl });
  await sql.connect();
  const { rows } = await sql.query<{ use: string; revision: string }>(
    `select data::jsonb->>'use' as use, revision from eventing.events where type = 'use.recorded.v2'`,
  );
  const stored = new Map(rows.map((r) => [r.use, Number(r.revision)]));
  expect(rows).toHaveLength(stored.size);
  expect([...stored].sort()).toEqual([...ledger.acknowledged].sort());

  await until('the projection is there', async () => {
    const { body } = await platform.send(auditor, 'GET', '/api/v1/figures/sharing?from=2023-01-01&to=2024-01-01');
    return body.total.uses === stored.size;
  });
  await expectAgreement(platform, sql, '2023-01-01', '2024-01-01');
  await sql.end();
  await platform.close();
  tell({ id: 'R3', journey: 'killed-under-load', fired: KILLS, checked: stored.size });
}, 180_000);
