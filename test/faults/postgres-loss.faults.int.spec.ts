import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { ConflictError, StoreUnavailableError, type Expected, type NewEvent } from '#libs/eventing';
import { PostgresStore } from '#libs/eventing-postgres';
import { until } from '../until.js';
import { cleaned, fault, type Trial } from './fault.js';
import { Follower, settle, wholeLog } from './follower.js';
import { Ledger, seeded } from './ledger.js';
import { plant } from './planted.js';
import { replyCuttingProxy } from './reply-cutting-proxy.js';
import { connection, database, openStores, Server } from './server.js';
import { smallDisk, way } from './small-disk.js';

/** Faults that could lose what was acknowledged, double what was not, or leave half a batch. */
let server: Server;
beforeAll(async () => {
  // What a start after a kill takes longest for, where the system has a quick way to do it.
  const quick = process.platform === 'linux' ? { recovery_init_sync_method: 'syncfs' } : undefined;
  server = await Server.start({ settings: quick });
}, 60_000);
afterAll(() => server.stop());

const times = <T>(n: number, make: (i: number) => T): T[] => Array.from({ length: n }, (_, i) => make(i));
const some = ({ random }: Trial, most = 3): NewEvent[] => times(1 + Math.floor(random() * most), () => seeded(random));

function follow(trial: Trial, stores: readonly PostgresStore[], limits = [7, 600]): Follower[] {
  const followers = limits.map((limit, i) => new Follower(stores[i % stores.length]!, limit));
  trial.defer(() => Promise.all(followers.map((follower) => follower.stop())));
  return followers;
}

/** Writers, each on a stream of its own, that send again what has no answer, until they are told to stop. */
class Load {
  private stopping = false;
  private working: number;
  private readonly done: Promise<unknown>;
  private failure: unknown;

  constructor(
    trial: Trial,
    private readonly ledger: Ledger,
    stores: readonly PostgresStore[],
    count: number,
    batch: () => NewEvent[],
  ) {
    this.working = count;
    this.done = Promise.all(times(count, (n) => this.write(stores[n % stores.length]!, `writer-${n}`, batch)));
    trial.defer(() => this.end());
  }

  /** Waits while there is somebody at work. */
  async until(what: string, there: () => boolean): Promise<void> {
    await until(what, async () => there() || this.working === 0);
  }

  async stop(): Promise<void> {
    await this.end();
    if (this.failure) throw this.failure;
  }

  private async end(): Promise<void> {
    this.stopping = true;
    await this.done;
  }

  private async write(store: PostgresStore, stream: string, batch: () => NewEvent[]): Promise<void> {
    let expected: Expected = 'no-stream';
    try {
      while (!this.stopping) expected = (await this.ledger.surely(store, stream, expected, batch())).revision;
    } catch (error) {
      // Nobody else writes to its stream: after a conflict something was lost or doubled, and the ledger says what.
      if (!(error instanceof ConflictError)) this.failure = error;
    } finally {
      this.working--;
    }
  }
}

fault({
  id: 'R3',
  what: 'kill −9 of PostgreSQL under load',
  bugs: ['acknowledged-before-disk'],
  async scenario(trial) {
    const { url } = await database(trial, server);
    const writing = new URL(url);
    // The schema is on the disk in any case.
    await (await PostgresStore.open({ url })).close();
    if (trial.bug === 'acknowledged-before-disk') writing.searchParams.set('options', '-c synchronous_commit=off');
    const stores = await openStores(trial, writing.href, 2);
    const { rows } = await stores[0]!['pool'].query('show synchronous_commit');
    if (rows[0].synchronous_commit === 'off') trial.bugActive();

    const ledger = new Ledger();
    const followers = follow(trial, stores);
    const load = new Load(trial, ledger, stores, 16, () => some(trial));
    for (let kill = 0; kill < 3 * trial.rounds; kill++) {
      const enough = ledger.acknowledged + 200 + Math.floor(trial.random() * 200);
      await load.until('enough of a load', () => ledger.acknowledged >= enough && ledger.unanswered > 0);
      const underWay = ledger.unanswered;
      const failed = ledger.failures.length;
      await server.kill();
      if (underWay > 0) trial.fired();
      // Every other time it is away for longer than the store tries by itself.
      if (kill % 2) await load.until('appends give up', () => ledger.failures.length > failed);
      await server.restart();
    }
    await load.stop();
    return settle(trial, ledger, stores[0]!, followers);
  },
});

/** Gives every append that is sent a second time ids of its own. */
function plantIdsAnew(trial: Trial): void {
  const sent = new Set<unknown>();
  plant(trial, (text, values) => {
    const [, name] = / from eventing\.(append|append_one|append_many)\(/.exec(text) ?? [];
    if (!name) return undefined;
    const at = name === 'append_many' ? 5 : 3;
    // Once it was sent, pg has put an array literal in the place of an array.
    const ids = JSON.stringify(values[at]).match(/[0-9a-f-]{36}/g)!;
    const again = ids.some((id) => sent.has(id));
    for (const id of ids) sent.add(id);
    if (!again) return undefined;
    return { text, values: values.with(at, name === 'append_one' ? randomUUID() : ids.map(() => randomUUID())) };
  });
}

fault({
  id: 'R4',
  what: 'the answer is lost after the commit',
  bugs: ['ids-anew'],
  async scenario(trial) {
    const { url } = await database(trial, server);
    const ledger = new Ledger();
    const [other] = await openStores(trial, url, 1);
    /** How many answers in a row are to be lost, of so many appends at least. */
    let losses = 0;
    let shared = 0;
    /** Batches behind which somebody else appends, once they are committed and before their answer is lost. */
    const overtaken = new Map<string, NewEvent[]>();
    const overtake = async () => {
      for (const [stream, batch] of overtaken) {
        const [last] = await other!.readStream(stream, { direction: 'backwards', limit: 1 });
        if (last?.id !== batch.at(-1)!.id) continue;
        overtaken.delete(stream);
        await ledger.append(other!, stream, 'any', some(trial));
      }
    };
    const proxied = await replyCuttingProxy(trial, url, async (stored) => {
      if (losses <= 0 || stored < shared) return false;
      losses--;
      await overtake();
      trial.fired(stored);
      return true;
    });
    const [store] = await openStores(trial, proxied, 1);
    const followers = follow(trial, [other!, store!]);
    if (trial.bug === 'ids-anew') plantIdsAnew(trial);

    const violations: string[] = [];
    const answered = async (stream: string, expected: Expected, batch: NewEvent[], moved: boolean) => {
      if (expected === 0) await ledger.append(other!, stream, 'no-stream', [seeded(trial.random)]);
      if (moved) overtaken.set(stream, batch);
      await ledger.surely(store!, stream, expected, batch).catch((error: unknown) => {
        violations.push(`${stream} at ${expected} was not answered: ${String(error)}`);
      });
    };
    for (let round = 0; round < trial.rounds; round++) {
      for (const expected of ['no-stream', 0, 'any'] as const) {
        // Alone, one event and several, on a stream that rests and one that moves on. Once in ten times the answer is
        // lost more often than the store tries by itself.
        for (const [events, moved] of [
          [1, false],
          [1, true],
          [3, false],
          [3, true],
        ] as const) {
          shared = 0;
          losses = trial.random() < 0.1 ? 6 : 1 + Math.floor(trial.random() * 2);
          const batch = times(events, () => seeded(trial.random));
          await answered(`alone-${round}-${expected}-${events}-${moved}`, expected, batch, moved);
        }
        // Shared: most of these leave in one transaction, whose answer is lost for all of them at once.
        shared = 2;
        losses = 1;
        const streams = times(40, (n) => `shared-${round}-${expected}-${n}`);
        await Promise.all(streams.map((s) => answered(s, expected, some(trial), trial.random() < 0.5)));
        losses = 0;
      }
    }
    return [...violations, ...(await settle(trial, ledger, other!, followers))];
  },
});

/** What stores a batch event by event, each in a transaction of its own. */
function plantSeveralTransactions(trial: Trial): void {
  type Whole = Record<'ids' | 'types' | 'data' | 'metadata', string[]> & { stream: string; expected: Expected };
  const prototype = PostgresStore.prototype as unknown as { appendAlone(request: Whole): Promise<unknown> };
  const { appendAlone } = prototype;
  trial.defer(() => (prototype.appendAlone = appendAlone));
  prototype.appendAlone = async function ({ stream, expected, ids, types, data, metadata }) {
    if (ids.length > 1) trial.bugActive();
    let outcome: unknown;
    for (const [i, id] of ids.entries()) {
      const at = i === 0 || expected === 'any' ? expected : expected === 'no-stream' ? i - 1 : expected + i;
      const one = { stream, expected: at, ids: [id], types: [types[i]!], data: [data[i]!], metadata: [metadata[i]!] };
      outcome = await appendAlone.call(this, one);
    }
    return outcome;
  };
}

/** Fits into 64 MB, which may be where PostgreSQL would keep shared memory, too. */
const SMALL = { dynamic_shared_memory_type: 'mmap', min_wal_size: '32MB', max_wal_size: '32MB' };

const diskFull = (error: unknown) =>
  error instanceof StoreUnavailableError && error.cause instanceof pg.DatabaseError && error.cause.code === '53100';

fault({
  id: 'R8',
  what: 'the disk is full: for tables, then for the log of transactions',
  bugs: ['batch-in-several-transactions'],
  lacks: way
    ? undefined
    : 'no small file system can be had: it takes the right to mount, or a container’s small /dev/shm',
  async scenario(trial) {
    const violations: string[] = [];
    // Each with a disk of its own, and none beside another: where it is the container's there is only one.
    for (let round = 0; round < trial.rounds; round++) violations.push(...(await cleaned(trial, fillTheDisk)));
    return violations;
  },
});

async function fillTheDisk(trial: Trial): Promise<string[]> {
  const disk = await smallDisk(trial);
  const full = await Server.start({ dir: disk.dir, settings: SMALL });
  trial.defer(() => full.stop());
  // The database that is there: a further one would take up space.
  const stores = await openStores(trial, full.url(), 2);
  if (trial.bug === 'batch-in-several-transactions') plantSeveralTransactions(trial);

  const ledger = new Ledger();
  const violations: string[] = [];
  const followers = follow(trial, stores);
  // Text that does not compress: 25 kB a batch, so that what is written is known, and what is left over is enough.
  const text = () => times(330, () => Math.floor(trial.random() * 2 ** 32).toString(36)).join('');
  const batch = () => times(12, () => seeded(trial.random, 'fault.tried.v1', { text: text() }));
  const at: Expected[] = times(4, () => 'no-stream');
  const write = async (batches: number) => {
    const writing = at.map(async (_, n) => {
      for (let i = 0; i < batches; i++) {
        at[n] = (await ledger.surely(stores[n % 2]!, `writer-${n}`, at[n]!, batch())).revision;
      }
    });
    for (const outcome of await Promise.allSettled(writing)) {
      if (outcome.status === 'rejected') violations.push(`a writer came to an end: ${String(outcome.reason)}`);
    }
  };
  await write(3);

  // Tables cannot grow, the current piece of the log has room: PostgreSQL refuses, and lives.
  await disk.fill(256 * 1024);
  const refused = ledger.failures.length;
  const tables = write(10);
  const errors = () => ledger.failures.slice(refused).filter(diskFull).length;
  await until('each writer is refused', async () => errors() >= at.length);
  trial.fired(errors());
  violations.push(...ledger.halves(await wholeLog(stores[0]!), 'while the disk is full'));
  await disk.free();
  await tables;

  // Tables can grow, but the next piece of the log, of 16 MB, has no room: PostgreSQL dies of it, and cannot start
  // until there is.
  await disk.fill(4 * 2 ** 20);
  const sql = await connection(trial, full.url());
  // It may be what PostgreSQL dies of.
  await sql.query('select pg_switch_wal()').catch(() => undefined);
  const log = write(1);
  await until('PostgreSQL dies', async () => !full.alive);
  trial.fired();
  await disk.free();
  await full.restart();
  await log;
  await write(1);

  const untyped = ledger.failures.filter((error) => !(error instanceof StoreUnavailableError));
  if (untyped.length > 0) violations.push(`${untyped.length} refused without saying so: ${String(untyped[0])}`);
  return [...violations, ...(await settle(trial, ledger, stores[0]!, followers))];
}
