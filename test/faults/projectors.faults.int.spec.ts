import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { Feeds1764000000042 } from '../../apps/platform/src/feed/feed.migrations.js';
import { START, type Position, type RecordedEvent } from '#libs/eventing';
import { Checkpoints1764000000000, Ownership1764000000020, PostgresStore } from '#libs/eventing-postgres';
import { EMPTY_FEED, nextDigest, type FeedRecord } from '#libs/messages';
import { createTestDatabase } from '#libs/testing';
import { until } from '../until.js';
import { fault, type Trial } from './fault.js';
import { wholeLog } from './follower.js';
import { seeded } from './ledger.js';

const TYPE = 'contract.filed.v2';
const REGION = 'xianyang';
const contract = {
  contract: 'x',
  title: '示例技术开发合同',
  type: 'development',
  output: REGION,
  absorbing: REGION,
  amountFen: 50_000_000,
  filedOn: '2023-05-01',
  seller: null,
  buyer: null,
};

const DOUBLED = `select from journal
  where jsonb_array_length(events) > (select count(distinct id) from jsonb_array_elements_text(events) id)`;

/** A process that keeps the figures, as the test sees it. */
interface Keeper {
  readonly name: string;
  readonly lines: string[];
  readonly gone: Promise<unknown>;
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void;
}

interface World {
  readonly sql: pg.Client;
  readonly store: PostgresStore;
  start(env?: NodeJS.ProcessEnv): Promise<Keeper>;
  /** The one that the projections belong to, when they all do. */
  owner(): Promise<string | undefined>;
  /** Appends so many events, one after the other; they go on coming while something else happens. */
  /** Where the last of them stands. */
  write(count: number): Promise<Position>;
}

async function world(trial: Trial): Promise<World> {
  const { url, drop } = await createTestDatabase();
  trial.defer(drop);
  const migrations = [Checkpoints1764000000000, Feeds1764000000042, Ownership1764000000020];
  const source = await new DataSource({ type: 'postgres', url, migrations }).initialize();
  await source.runMigrations();
  await source.query('create table journal (stream text primary key, events jsonb, "occurredAt" text, position text)');
  await source.destroy();
  const store = await PostgresStore.open({ url, connections: 2 });
  trial.defer(() => store.close());
  const sql = new pg.Client({ connectionString: url });
  await sql.connect();
  trial.defer(() => sql.end());
  let started = 0;
  return {
    sql,
    store,
    async start(env = {}) {
      const name = `keeper-${++started}`;
      const own = { DATABASE_URL: url, NAME: name, PGAPPNAME: name, TYPE, PLANT: trial.bug };
      const all = { ...process.env, ...own, ...env };
      const child = fork(join(__dirname, 'projectors.mjs'), { env: all, execArgv: [] });
      const gone = once(child, 'exit');
      trial.defer(async () => {
        child.kill('SIGKILL');
        await gone;
      });
      const lines: string[] = [];
      let ready = false;
      child.on('message', (told: { line?: string; planted?: boolean; ready?: boolean }) => {
        if (told.line !== undefined) lines.push(told.line);
        if (told.planted) trial.bugActive();
        ready ||= told.ready === true;
      });
      await until(`${name} has started`, async () => ready || child.exitCode !== null || child.signalCode !== null);
      return { name, lines, gone, signal: (signal) => child.kill(signal) };
    },
    async owner() {
      const { rows } = await sql.query<{ owner: string | null }>('select distinct owner from projection_checkpoints');
      return rows.length === 1 ? (rows[0]!.owner ?? undefined) : undefined;
    },
    async write(count) {
      let last = START;
      for (let n = 0; n < count; n++) {
        const event = seeded(trial.random, TYPE, contract);
        const metadata = { ...event.metadata, regions: [REGION] };
        const stream = `contract-x-${Math.floor(trial.random() * 3)}`;
        last = (await store.append(stream, 'any', [{ ...event, metadata }])).position;
        await delay(5);
      }
      return last;
    },
  };
}

/** What is wrong with the figures once they have seen everything: each event once and in order, the feed 1, 2, 3 … */
async function compare(trial: Trial, { sql, store, write }: World): Promise<string[]> {
  const last = await write(1);
  let log: readonly RecordedEvent[] = [];
  // What is in flight elsewhere holds back what was just written.
  const isThere = async () => ((log = await wholeLog(store)).at(-1)?.position ?? START) >= last;
  await until('the log shows what was written last', isThere);
  const reached = async () => {
    const { rows } = await sql.query<{ position: string | null }>(
      'select min(position) as position from projection_checkpoints',
    );
    return (rows[0]!.position ?? '') >= log.at(-1)!.position;
  };
  const arrives = await until('the figures have seen everything', reached, 20_000).catch(() => false);
  trial.checked(log.length);
  return [
    ...(arrives ? [] : ['the figures do not come to the end of the log']),
    ...(await journalOf(sql, log)),
    ...(await feedOf(sql, log)),
  ];
}

async function journalOf(sql: pg.Client, log: readonly RecordedEvent[]): Promise<string[]> {
  const { rows } = await sql.query<{ stream: string; events: string[] }>('select stream, events from journal');
  const streams = new Set([...rows.map((r) => r.stream), ...log.map((e) => e.stream)]);
  return [...streams].flatMap((stream) => {
    const there = rows.find((r) => r.stream === stream)?.events ?? [];
    const events = log.filter((e) => e.stream === stream).map((e) => e.id);
    const wrong = `the figure of ${stream} has ${there.length} events, ${new Set(there).size} of them different`;
    return there.join() === events.join() ? [] : [`${wrong}; the log has ${events.length}, or in another order`];
  });
}

async function feedOf(sql: pg.Client, log: readonly RecordedEvent[]): Promise<string[]> {
  const { rows } = await sql.query<{ record: FeedRecord }>('select record from feeds order by sequence');
  const records = rows.map((row) => row.record);
  const ids = log.map((e) => `${e.id}.0`);
  const chain = records.reduce((digest, record) => nextDigest(digest, record), EMPTY_FEED);
  return [
    ...(records.every((r, i) => r.feedsequence === i + 1) ? [] : ['the feed is not numbered 1, 2, 3 …']),
    ...(records.map((r) => r.id).join() === ids.join()
      ? []
      : [`the feed has ${rows.length} records of ${ids.length} events`]),
    ...(records.at(-1)?.digest === chain ? [] : ['the feed\u2019s chain of digests is broken']),
  ];
}

/** Stops the owner between two transactions while events flow, and lets them flow until another has taken over. */
async function takeOver({ owner, write, sql }: World, keepers: readonly Keeper[]): Promise<Keeper> {
  const stop = async () => {
    const name = await owner();
    const stopped = keepers.find((k) => k.name === name);
    if (!stopped) return undefined;
    await write(1);
    stopped.signal('SIGSTOP');
    // What it sent last is through: whoever is in a transaction still keeps what it has locked, and nobody can take over.
    await delay(100);
    const { rows } = await sql.query(
      `select from pg_stat_activity where application_name = $1 and state like 'idle in transaction%'`,
      [name],
    );
    if (rows.length === 0) return stopped;
    stopped.signal('SIGCONT');
    return undefined;
  };
  const stopped = await until('the owner is stopped between two transactions', stop);
  await until('another takes over', async () => {
    await write(3);
    const now = await owner();
    return now !== undefined && now !== stopped.name;
  });
  return stopped;
}

fault({
  id: 'R11',
  what: 'a projector stopped past its lease wakes up',
  bugs: ['no-fencing'],
  async scenario(trial) {
    const all = await world(trial);
    const keepers = [await all.start(), await all.start()];
    await all.write(20);
    let violations: string[] = [];
    for (let round = 0; round < trial.rounds && violations.length === 0; round++) {
      const sleeper = await takeOver(all, keepers);
      await all.write(20);
      const told = sleeper.lines.length;
      sleeper.signal('SIGCONT');
      const fenced = () => sleeper.lines.slice(told).some((line) => line.includes('another process'));
      const doubled = async () => (await all.sql.query(DOUBLED)).rows.length > 0;
      await until('the stale write is refused or stands', async () => {
        await all.write(1);
        return fenced() || (await doubled());
      });
      if (fenced()) trial.fired();
      violations = await compare(trial, all);
    }
    return violations;
  },
});

fault({
  id: 'R2',
  what: 'kill −9 of a projector between rows and checkpoint',
  bugs: ['checkpoint-outside-the-transaction'],
  async scenario(trial) {
    const all = await world(trial);
    for (let round = 0; round <= trial.rounds; round++) {
      const dying = await all.start({ DIE_AT: String(1 + Math.floor(trial.random() * 5)) });
      let dead = false;
      void dying.gone.then(() => (dead = true));
      await until('it is killed', async () => (await all.write(1), dead));
      trial.fired();
    }
    await all.start();
    return compare(trial, all);
  },
});
