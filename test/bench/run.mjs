// `npm run bench`: append and replay against bare PostgreSQL, in alternating rounds on one instance, medians and ratios.
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepare } from '../../scripts/prepare.mjs';

prepare();
const { startPostgres } = await import('#libs/local');
const { PostgresStore } = await import('#libs/eventing-postgres');
const { START, canonicalJson } = await import('#libs/eventing');
const { default: pg } = await import('pg');

const ROUNDS = 5;
const SECONDS = 2;
const REPLAYED = 200_000;

const ID = 'c0ffee00-0000-4000-8000-000000000000';
/** As large as a recognised contract. */
const DATA = {
  contract: 'tc-2023-0001',
  type: 'development',
  output: 'xixian',
  absorbing: 'xianyang',
  amountFen: 50_000_000,
  technicalRevenueFen: 40_000_000,
  registration: 'rec-2023-0001',
  recognisedOn: '2023-05-01',
};
const METADATA = {
  commandId: ID,
  commandDigest: '0'.repeat(64),
  causationId: ID,
  correlationId: ID,
  actor: { id: 'bench', role: 'province' },
  occurredAt: '2023-05-01',
  recordedAt: '2026-01-01T00:00:00.000Z',
  regions: ['xianyang', 'xixian'],
  schemaVersion: 1,
};

const dir = await mkdtemp(join(tmpdir(), 'liandong-bench-'));
const postgres = await startPostgres({ dir, log: console.log });
await postgres.createDatabase('bench');
const url = postgres.url('bench');
const pool = new pg.Pool({ connectionString: url, max: 32 });
const store = await PostgresStore.open({ url, connections: 32 });
try {
  await run();
} finally {
  await store.close();
  await pool.end();
  await postgres.stop();
  await rm(dir, { recursive: true, force: true });
}

async function run() {
  // The limit: the same columns and the same indexes, one prepared INSERT for each event, no rules at all.
  await pool.query(`create table bare (gp bigint generated always as identity, stream text collate "C", revision bigint,
    id uuid unique, type text, data text, metadata text, primary key (gp), unique (stream, revision))`);
  const event = () => ({ id: randomUUID(), type: 'bench.recorded.v1', data: DATA, metadata: METADATA });
  const append = async (client, n) => store.append(`bench-${client}`, n === 0 ? 'no-stream' : n - 1, [event()]);
  const insert = async (client, n) => {
    const { id, type, data, metadata } = event();
    await pool.query({
      name: 'bare',
      text: 'insert into bare (stream, revision, id, type, data, metadata) values ($1, $2, $3, $4, $5, $6)',
      values: [`bare-${client}`, n, id, type, canonicalJson(data), canonicalJson(metadata)],
    });
  };

  console.log(`\n${cpus().length} × ${cpus()[0].model}, Node ${process.versions.node}, ${await version()}, fsync on`);
  console.log(`${ROUNDS} alternating rounds of ${SECONDS} s, medians (lowest–highest)\n`);
  for (const clients of [1, 32]) {
    const [ours, bare] = await alternate(
      (round) => rate(clients, (c, n) => append(`${clients}-${round}-${c}`, n)),
      (round) => rate(clients, (c, n) => insert(`${clients}-${round}-${c}`, n)),
    );
    report(`append, ${clients} client${clients > 1 ? 's' : ''}`, ours, 'bare INSERT', bare);
  }

  console.log(`  filling up to ${REPLAYED} events …`);
  await fill();
  const [ours, bare] = await alternate(replay, copyOut);
  report(`replay of ${REPLAYED} events`, ours, 'COPY OUT + JSON.parse', bare);
}

/** Events a second of so many clients, each awaiting its own. */
async function rate(clients, work) {
  const end = performance.now() + SECONDS * 1000;
  const started = performance.now();
  const counts = await Promise.all(
    Array.from({ length: clients }, async (_, client) => {
      let n = 0;
      while (performance.now() < end) await work(client, n++);
      return n;
    }),
  );
  return counts.reduce((sum, n) => sum + n, 0) / ((performance.now() - started) / 1000);
}

async function fill() {
  const { rows } = await pool.query('select count(*)::int as n from eventing.events');
  for (let n = rows[0].n, i = 0; n < REPLAYED; i++) {
    const events = Array.from({ length: Math.min(1000, REPLAYED - n) }, () => ({
      id: randomUUID(),
      type: 'bench.recorded.v1',
      data: DATA,
      metadata: METADATA,
    }));
    await store.append(`fill-${i}`, 'no-stream', events);
    n += events.length;
  }
}

async function replay() {
  const started = performance.now();
  let seen = 0;
  for (let after = START; ;) {
    const { events, position } = await store.readAll({ after, limit: 5000 });
    seen += events.length;
    if (events.length < 5000) break;
    after = position;
  }
  return seen / ((performance.now() - started) / 1000);
}

async function copyOut() {
  const { default: Copy } = await import('pg-copy-streams');
  const client = await pool.connect();
  const started = performance.now();
  let seen = 0;
  let rest = '';
  try {
    const columns = 'epoch, xid, gp, stream, revision, id, type, data, metadata';
    const rows = client.query(
      Copy.to(`copy (select ${columns} from eventing.events order by epoch, xid, gp) to stdout`),
    );
    for await (const chunk of rows) {
      const lines = (rest + chunk.toString('utf8')).split('\n');
      rest = lines.pop();
      for (const line of lines) {
        const cells = line.split('\t');
        // COPY doubles backslashes; what JSON escapes has to be read back.
        JSON.parse(cells[7].replaceAll('\\\\', '\\'));
        JSON.parse(cells[8].replaceAll('\\\\', '\\'));
        seen++;
      }
    }
  } finally {
    client.release();
  }
  return seen / ((performance.now() - started) / 1000);
}

async function alternate(ours, bare) {
  const results = [[], []];
  for (let round = -1; round < ROUNDS; round++) {
    const pair = [await ours(round), await bare(round)];
    // The first round warms up.
    if (round >= 0) pair.forEach((result, i) => results[i].push(result));
  }
  return results;
}

function report(what, ours, limit, bare) {
  const median = (list) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)];
  const show = (list) =>
    `${Math.round(median(list))}/s (${Math.round(Math.min(...list))}–${Math.round(Math.max(...list))})`;
  console.log(`${what}: ${show(ours)}; ${limit} ${show(bare)}; ratio ${(median(ours) / median(bare)).toFixed(2)}`);
}

async function version() {
  const { rows } = await pool.query('show server_version');
  return `PostgreSQL ${rows[0].server_version}`;
}
