// The three that are compared on one database: the store, Emmett's, and bare PostgreSQL.
import { randomUUID } from 'node:crypto';
import { dumbo } from '@event-driven-io/dumbo';
import { getPostgreSQLEventStore } from '@event-driven-io/emmett-postgresql';
import pg from 'pg';
import { PostgresStore } from '../../dist/libs/eventing-postgres/src/index.js';

/** Of each side, all opened before the clock starts. */
export const CONNECTIONS = 32;

export const TYPE = 'bench.recorded.v1';
const ID = 'c0ffee00-0000-4000-8000-000000000000';
export const REGIONS =
  'baoji hancheng hanzhong shangluo tongchuan weinan xian xianyang xixian yanan yangling yulin'.split(' ');

// Keys in alphabetical order, so that JSON.stringify writes the same bytes as the canonical JSON that the store keeps.
const METADATA = {
  actor: { id: 'bench', role: 'province' },
  causationId: ID,
  commandDigest: '0'.repeat(64),
  commandId: ID,
  correlationId: ID,
  occurredAt: '2023-05-01',
  recordedAt: '2026-01-01T00:00:00.000Z',
  regions: ['xianyang', 'xixian'],
  schemaVersion: 1,
};

/** As many contracts a day as Shaanxi registers, of ten years; then from the start again. */
export const CONTRACTS_A_DAY = 274;
const DAYS = 3_652;
const dayOf = (n) =>
  new Date(Date.UTC(2014, 0, 1 + (Math.floor(n / CONTRACTS_A_DAY) % DAYS))).toISOString().slice(0, 10);

/**
 * What every side stores: as large as a recognised contract, of one of 144 pairs of regions.
 *
 * @param n which pair
 * @param contract which contract, and so the day on which it counts
 */
export const fact = (n = 0, contract = n) => ({
  type: TYPE,
  data: {
    absorbing: REGIONS[Math.floor(n / REGIONS.length) % REGIONS.length],
    amountFen: 50_000_000,
    contract: `tc-${String(contract).padStart(9, '0')}`,
    output: REGIONS[n % REGIONS.length],
    recognisedOn: dayOf(contract),
    registration: 'rec-2023-0001',
    technicalRevenueFen: 40_000_000,
    type: 'development',
  },
  metadata: METADATA,
});

/** The same as an event of the store. Emmett gives its events their ids itself. */
export const event = (n, contract) => ({ id: randomUUID(), ...fact(n, contract) });

export const facts = (count, from = 0) => Array.from({ length: count }, (_, i) => fact(from + i));
export const events = (count, from = 0) => Array.from({ length: count }, (_, i) => event(from + i));

/** What the store expects of a stream of so many events, and what Emmett does. */
export const ours = (length) => (length === 0 ? 'no-stream' : length - 1);
export const emmetts = (length) => ({
  expectedStreamVersion: length === 0 ? 'STREAM_DOES_NOT_EXIST' : BigInt(length),
});

/** Opens all three on the database, each with CONNECTIONS connections. */
export async function openSides(url, connections = CONNECTIONS) {
  const store = await PostgresStore.open({ url, connections });
  const pool = () => {
    const opened = new pg.Pool({ connectionString: url, max: connections, idleTimeoutMillis: 0 });
    // A query that fails reports for itself; an idle connection that ends with the server has nothing to tell.
    return opened.on('error', () => undefined);
  };
  const bare = pool();
  const emmettPool = pool();
  const emmettDatabase = dumbo({ connectionString: url, pool: emmettPool });
  const emmett = getPostgreSQLEventStore(url, { connectionOptions: { dumbo: emmettDatabase } });
  await emmett.schema.migrate();
  // The limit writes the store's own columns and indexes, without its rules.
  await bare.query('create table bare (like eventing.events including all)');
  return {
    store,
    emmett,
    emmettDatabase,
    bare,
    /** Opens every connection: a pool opens one only when it is needed. */
    warm: () =>
      Promise.all(
        Array.from({ length: connections }, () =>
          Promise.all([store.readStream('none'), emmett.readStream('none'), bare.query('select pg_sleep(0.01)')]),
        ),
      ),
    async close() {
      await store.close();
      await emmett.close();
      await emmettPool.end();
      await bare.end();
    },
  };
}
