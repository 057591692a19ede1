import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from, to } from 'pg-copy-streams';
import { ConflictError, START, type Appended, type NewEvent } from '#libs/eventing';
import { PostgresStore } from '#libs/eventing-postgres';
import { encode } from '../../libs/eventing-postgres/src/stored-event.js';
import { startTestPlatform } from '../test-platform.js';
import { until } from '../until.js';
import { fault, type Trial } from './fault.js';
import { Follower, settle, wholeLog } from './follower.js';
import { Ledger, seeded, type Writer } from './ledger.js';
import { plant, replaceSql } from './planted.js';
import { connection, database, openStores, Server } from './server.js';

/** Faults that could make a reader skip, double or reorder what stands in the log. */
const WRITERS = 64;
const SETTLED = 'xid < pg_snapshot_xmin(pg_current_snapshot())';
const LOG_ORDER = 'order by events.epoch, events.xid, events.gp limit';

let server: Server;
beforeAll(async () => {
  server = await Server.start({ settings: { track_commit_timestamp: 'on' } });
}, 60_000);
afterAll(() => server.stop());

const times = <T>(n: number, make: (i: number) => T): T[] => Array.from({ length: n }, (_, i) => make(i));
/** Some events in a batch, 1 to `most`. */
const some = ({ random }: Trial, most = 3): NewEvent[] => times(1 + Math.floor(random() * most), () => seeded(random));

/** Readers of pages as prepared statements and, from 500, by COPY. */
function follow(trial: Trial, store: PostgresStore, limits = [7, 100, 600]): Follower[] {
  const followers = limits.map((limit) => new Follower(store, limit));
  trial.defer(() => Promise.all(followers.map((follower) => follower.stop())));
  return followers;
}

const count = async (sql: pg.Client, text: string) => Number((await sql.query<{ n: string }>(text)).rows[0]!.n);

fault({
  id: 'R1',
  what: 'transactions slow between position and commit, 64 writers',
  bugs: ['naive-cursor'],
  async scenario(trial) {
    const { url, sql } = await database(trial, server);
    const stores = await openStores(trial, url, 8);
    // At the commit, after the position was taken: one event in eight holds its transaction open.
    await sql.query(`
      create function public.slow() returns trigger language plpgsql as $$
      begin
        if hashtext(new.id::text) % 8 = 0 then perform pg_sleep(0.06); end if;
        return null;
      end $$;
      create constraint trigger slow after insert on eventing.events deferrable initially deferred
        for each row execute function public.slow()`);
    if (trial.bug === 'naive-cursor') replaceSql(trial, SETTLED, 'true');

    const plans = times(WRITERS, () => times(6 * trial.rounds, () => some(trial)));
    const ledger = new Ledger();
    const followers = follow(trial, stores[0]!);
    await Promise.all(
      plans.map(async (batches, writer) => {
        let revision: number | undefined;
        for (const batch of batches) {
          const store = stores[writer % stores.length]!;
          const answer = await ledger.append(store, `writer-${writer}`, revision ?? 'no-stream', batch);
          revision = answer.revision;
        }
      }),
    );
    const late = `select count(distinct xid) as n from (
        select xid, pg_xact_commit_timestamp(xid::xid) as committed,
          min(pg_xact_commit_timestamp(xid::xid)) over (order by gp desc rows between unbounded preceding and 1 preceding) as later
        from eventing.events) e where later < committed`;
    trial.fired(await count(sql, late));
    return settle(trial, ledger, stores[1]!, followers);
  },
});

const DAY_MS = 86_400_000;

/** A process of its own with its own clock, that puts its time into the events and appends them. */
async function processWithClock(trial: Trial, url: string, shiftMs: number): Promise<Writer> {
  const env = { ...process.env, DATABASE_URL: url, SHIFT_MS: String(shiftMs) };
  const child = fork(join(__dirname, 'shifted-clock.mjs'), { env, execArgv: [] });
  const ended = once(child, 'exit').then(() => Promise.reject(new Error('the process with the other clock has ended')));
  ended.catch(() => undefined);
  trial.defer(async () => {
    child.kill();
    await ended.catch(() => undefined);
  });
  const heard = () => Promise.race([once(child, 'message'), ended]) as Promise<[{ appended: Appended }]>;
  await heard();
  return {
    // One at a time.
    append: async (stream, expected, events) => {
      const answer = heard();
      child.send({ stream, expected, events });
      return (await answer)[0].appended;
    },
  };
}

fault({
  id: 'R9',
  what: 'three processes and the server disagree about the day',
  bugs: ['wall-clock-order'],
  async scenario(trial) {
    const { url, sql } = await database(trial, server);
    // To whoever asks in this database, it is tomorrow.
    await sql.query('create schema shifted');
    for (const clock of ['now', 'clock_timestamp', 'statement_timestamp', 'transaction_timestamp']) {
      await sql.query(`create function shifted.${clock}() returns timestamptz language sql as
        $$ select pg_catalog.${clock}() + interval '1 day' $$`);
    }
    await sql.query(`alter database ${new URL(url).pathname.slice(1)} set search_path = shifted, pg_catalog, public`);
    const asked = await connection(trial, url);
    if (!(await count(asked, `select (now() - pg_catalog.now() = interval '1 day')::int as n`))) {
      throw new Error('the clock of the server is not shifted');
    }
    const [store] = await openStores(trial, url, 1);
    const writers = await Promise.all([-DAY_MS, 0, DAY_MS].map((shift) => processWithClock(trial, url, shift)));
    if (trial.bug === 'wall-clock-order') {
      replaceSql(trial, LOG_ORDER, `order by events.metadata::jsonb->>'recordedAt' limit`);
    }

    const ledger = new Ledger();
    const followers = follow(trial, store!);
    const plans = writers.map(() => times(40 * trial.rounds, () => some(trial)));
    await Promise.all(
      writers.map(async (writer, n) => {
        for (const [i, batch] of plans[n]!.entries()) {
          await ledger.append(writer, i % 2 ? 'of-all' : `of-${n}`, 'any', batch);
        }
      }),
    );
    const backwards = `select count(*) as n from (
        select metadata::jsonb->>'recordedAt' as at,
          lag(metadata::jsonb->>'recordedAt') over (order by epoch, xid, gp) as before from eventing.events) e
        where before::timestamptz - at::timestamptz > interval '12 hours'`;
    trial.fired(await count(sql, backwards));
    return settle(trial, ledger, store!, followers, writers.at(-1));
  },
});

fault({
  id: 'R10',
  what: '64 writers on one stream',
  bugs: ['no-version-check', 'check-before-insert'],
  async scenario(trial) {
    const { url, sql } = await database(trial, server);
    const stores = await openStores(trial, url, 8);
    if (trial.bug === 'no-version-check') {
      plant(trial, (text, values) =>
        text.includes('eventing.append_one(') ? { text, values: values.with(2, -2) } : undefined,
      );
    }
    if (trial.bug === 'check-before-insert') {
      await sql.query(`
        create sequence public.planted;
        alter table eventing.events drop constraint events_of_stream;
        create or replace function eventing.append_one(
          p_epoch integer, p_stream text, p_expected bigint, p_id uuid, p_type text, p_data text, p_metadata text,
          out revision bigint, out xid text, out gp text
        ) language plpgsql as $$
        begin
          perform nextval('public.planted');
          if coalesce((select max(e.revision) from eventing.events e where e.stream = p_stream), -1)
            is distinct from p_expected and p_expected <> -2 then return; end if;
          insert into eventing.events as e (epoch, stream, revision, id, type, data, metadata)
            values (p_epoch, p_stream, p_expected + 1, p_id, p_type, p_data, p_metadata)
            returning e.revision, e.xid::text, e.gp::text into revision, xid, gp;
        end $$`);
    }

    const ledger = new Ledger();
    const violations: string[] = [];
    const followers = follow(trial, stores[0]!);
    for (let race = 0; race < 10 * trial.rounds; race++) {
      const expected = race === 0 ? 'no-stream' : race - 1;
      const outcomes = await Promise.allSettled(
        times(WRITERS, (writer) =>
          ledger.append(stores[writer % stores.length]!, 'contended', expected, [seeded(trial.random)]),
        ),
      );
      const winners = outcomes.filter((o) => o.status === 'fulfilled').length;
      const conflicts = outcomes.filter((o) => o.status === 'rejected' && o.reason instanceof ConflictError).length;
      if (winners !== 1 || conflicts !== WRITERS - 1) {
        violations.push(`revision ${race}: ${winners} winners and ${conflicts} conflicts of ${WRITERS}`);
      }
      trial.fired(winners + conflicts - 1);
      trial.checked(WRITERS);
    }
    if (trial.bug === 'check-before-insert' && (await count(sql, 'select last_value as n from public.planted')) > 1) {
      trial.bugActive();
    }
    return [...violations, ...(await settle(trial, ledger, stores[1]!, followers))];
  },
});

/** A transaction of another program: it has taken its position, and then does nothing until it is told to end. */
function idleWriter(sql: pg.Client, ended: Promise<void>): Writer & { readonly opened: Promise<void> } {
  let open: () => void;
  return {
    opened: new Promise((resolve) => (open = resolve)),
    append: async (stream, _, events) => {
      await sql.query('begin');
      const { rows } = await sql.query<{ revision: string; xid: string; gp: string }>(
        'select revision::text, xid, gp from eventing.append(1, $1, -2, $2, $3, $4, $5)',
        [
          stream,
          events.map((e) => e.id),
          events.map((e) => e.type),
          events.map((e) => JSON.stringify(e.data)),
          events.map((e) => JSON.stringify(e.metadata)),
        ],
      );
      open();
      await ended;
      await sql.query('commit');
      const { revision, xid, gp } = rows[0]!;
      return { revision: Number(revision), position: encode(1, xid, gp) };
    },
  };
}

fault({
  id: 'R12',
  what: 'a transaction that was left open',
  bugs: ['timeout-skip'],
  async scenario(trial) {
    const { url, sql } = await database(trial, server);
    const [store] = await openStores(trial, url, 1);
    const platform = await startTestPlatform({ DATABASE_URL: url });
    trial.defer(() => platform.close());
    const alarm = async () =>
      Number(/^liandong_watermark_age_seconds (\S+)$/m.exec((await platform.send(null, 'GET', '/metrics')).body)?.[1]);
    if (trial.bug === 'timeout-skip') {
      const young = `xid < (select coalesce(min(backend_xid::text::xid8), pg_snapshot_xmax(pg_current_snapshot()))
        from pg_stat_activity where xact_start > clock_timestamp() - interval '100 ms')`;
      replaceSql(trial, SETTLED, young);
    }

    const ledger = new Ledger();
    const violations: string[] = [];
    const followers = follow(trial, store!);
    for (let round = 0; round < trial.rounds; round++) {
      let end!: () => void;
      const idle = idleWriter(sql, new Promise((resolve) => (end = resolve)));
      const before = ledger.acknowledged;
      const held = ledger.append(idle, `idle-${round}`, 'any', some(trial));
      await idle.opened;
      const seen = () => followers.map((follower) => follower.events.length);
      for (const batch of times(20, () => some(trial))) await ledger.append(store!, `busy-${round}`, 'any', batch);

      const age = await until('the age of what holds readers back passes 300 ms', async () => {
        const ms = await store!.watermarkAgeMs();
        return ms > 300 && ms;
      });
      if (!((await alarm()) * 1000 >= age)) violations.push('the metric does not tell of the open transaction');
      trial.fired();
      const log = (await wholeLog(store!)).length;
      if (log > before) violations.push(`${log - before} events were read past an open transaction`);
      if (seen().some((n) => n > before)) violations.push('a reader went past an open transaction');
      trial.checked(2 + followers.length);

      end();
      await held;
    }
    return [...violations, ...(await settle(trial, ledger, store!, followers))];
  },
});

/** What a dump and its restore do: every row of every table as it was, and the sequences go on. */
async function restore(source: pg.Client, target: pg.Client): Promise<void> {
  const { rows } = await target.query<{ name: string }>(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname = 'eventing'`,
  );
  for (const { name } of rows) {
    // What opening the store has left there; a restore begins with nothing. Of events there are none to delete.
    if (name !== 'eventing.events') await target.query(`delete from ${name}`);
    await pipeline(source.query(to(`copy ${name} to stdout`)), target.query(from(`copy ${name} from stdin`)));
  }
  await target.query(`select setval(pg_get_serial_sequence('eventing.events', 'gp'), max(gp)) from eventing.events`);
}

fault({
  id: 'R13',
  what: 'a dump restored into a new cluster, whose transaction ids begin anew',
  bugs: ['no-epoch'],
  async scenario(trial) {
    const old = await database(trial, server);
    const cluster = await Server.start();
    trial.defer(() => cluster.stop());
    const fresh = await database(trial, cluster);
    // A cluster that has lived for a while.
    await old.sql.query('do $$ begin for i in 1..5000 loop perform pg_current_xact_id(); commit; end loop; end $$');
    const [before] = await openStores(trial, old.url, 1);

    const ledger = new Ledger();
    const write = async (store: PostgresStore) => {
      for (const [n, batch] of times(60 * trial.rounds, () => some(trial)).entries()) {
        await ledger.append(store, `stream-${n % 7}`, 'any', batch);
      }
    };
    await write(before!);
    const all = await wholeLog(before!);
    // Readers that stood at the start, in the middle and at the end when the dump was taken.
    const standing = [0, Math.floor(all.length / 2), all.length].map((n) => ({
      events: all.slice(0, n),
      position: all[n - 1]?.position ?? START,
    }));

    await (await PostgresStore.open({ url: fresh.url })).close();
    await restore(old.sql, fresh.sql);
    if (trial.bug === 'no-epoch') {
      replaceSql(trial, 'c.system_identifier::text as known', 's.system_identifier::text as known');
    }
    const [after] = await openStores(trial, fresh.url, 1);
    const followers = standing.map((before, i) => new Follower(after!, [7, 100, 600][i]!, before));
    trial.defer(() => Promise.all(followers.map((follower) => follower.stop())));
    await write(after!);
    const anew = `select count(*) as n from eventing.events e
      where xid < (select max(xid) from eventing.events o where o.gp < e.gp)`;
    trial.fired(await count(fresh.sql, anew));
    return settle(trial, ledger, after!, followers);
  },
});
