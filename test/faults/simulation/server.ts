import type pg from 'pg';
import { getMetadataArgsStorage, QueryFailedError, type DataSource } from 'typeorm';
import {
  ConflictError,
  IdReusedError,
  type Appended,
  type Expected,
  type NewEvent,
  type Page,
  type RecordedEvent,
} from '#libs/eventing';
import type { Host, Scheduler } from './scheduler.js';
import { failure } from './statement.js';
import { perform } from './statements.js';

export type Row = Readonly<Record<string, unknown>>;

/** One connection. Its transaction, if it has one, and its locks end with it. */
export interface Session {
  readonly host: Host;
  alive: boolean;
  transaction?: Transaction;
}

interface Stored {
  readonly xid: number;
  readonly gp: number;
  readonly event: RecordedEvent;
}

/** A statement meets a row that another transaction has locked: it is done from its beginning when that has ended. */
class Blocked {
  constructor(readonly by: Transaction) {}
}

const idOf = (table: string, key: string) => `${table}\u0000${key}`;

/** Read committed, with row locks: it sees what is committed and what it has written itself. */
export class Transaction {
  xid: number | undefined;
  synchronous = true;
  ended = false;
  readonly appended: Stored[] = [];
  readonly waiting: (() => void)[] = [];
  writes = new Map<string, { readonly table: string; readonly key: string; readonly row: Row | undefined }>();
  savepoint = this.writes;
  private waitsFor: Transaction | undefined;

  constructor(
    readonly server: Server,
    readonly session: Session,
  ) {}

  get(table: string, key: string): Row | undefined {
    const written = this.writes.get(idOf(table, key));
    return written ? written.row : this.server.table(table).get(key);
  }

  rows(table: string): Row[] {
    return this.entries(table).map(([, row]) => row);
  }

  entries(table: string): [key: string, row: Row][] {
    const rows = new Map(this.server.table(table));
    for (const { table: of, key, row } of this.writes.values()) {
      if (of !== table) continue;
      if (row) rows.set(key, row);
      else rows.delete(key);
    }
    return [...rows];
  }

  put(table: string, key: string, row: Row | undefined): void {
    this.lock(table, key);
    this.writes.set(idOf(table, key), { table, key, row });
  }

  /** @throws Blocked */
  lock(table: string, key: string): void {
    const holder = this.server.locks.get(idOf(table, key));
    if (holder && holder !== this) {
      this.waitsFor = holder;
      for (let of = holder.waitsFor; of; of = of.waitsFor) if (of === this) throw failure('40P01', 'deadlock detected');
      throw new Blocked(holder);
    }
    this.xid ??= this.server.nextXid++;
    this.server.locks.set(idOf(table, key), this);
  }

  /** Whether it could be locked without a wait. */
  locked(table: string, key: string): boolean {
    const holder = this.server.locks.get(idOf(table, key));
    if (holder && holder !== this) return false;
    this.lock(table, key);
    return true;
  }

  /** A statement has its whole effect or none. */
  attempt<T>(work: () => T): T {
    const before = new Map(this.writes);
    this.waitsFor = undefined;
    try {
      return work();
    } catch (error) {
      this.writes = before;
      throw error;
    }
  }
}

/**
 * As much of a PostgreSQL server as the statements of the product need: transactions, row locks, transaction ids and the
 * snapshot's xmin, advisory locks of sessions, commits that are not flushed, and a clock that can be set.
 */
export class Server {
  nextXid = 1;
  /** How far its clock is off, in milliseconds. */
  skewMs = 0;
  readonly locks = new Map<string, Transaction>();
  readonly advisory = new Map<string, Session>();
  readonly listeners = new Set<{ readonly host: Host; ring(): void }>();
  /** What is committed, in the order of positions. */
  readonly events: Stored[] = [];
  private readonly streams = new Map<string, RecordedEvent[]>();
  private readonly ids = new Set<string>();
  /** Changes statements on their way: a planted bug. */
  rewrite: (sql: string) => string = (sql) => sql;
  /** Readers go by the order in which positions were taken, as if that were the order of commits: a planted bug. */
  naive: (() => void) | undefined;
  /** Of tables whose rows have no key. */
  nextLine = 1;
  private nextGp = 1;
  private readonly open = new Set<Transaction>();
  private readonly sessions = new Set<Session>();
  private readonly tables = new Map<string, Map<string, Row>>();
  private unflushed: { readonly table: string; readonly key: string; readonly before: Row | undefined }[] = [];

  constructor(
    readonly name: string,
    readonly scheduler: Scheduler,
    /** How often a statement fails, or its connection breaks. */
    private readonly mishaps: number,
  ) {}

  get clockMs(): number {
    return 1e12 + this.scheduler.now + this.skewMs;
  }

  /** Below it no event can appear any more. */
  get xmin(): number {
    return Math.min(this.nextXid, ...[...this.open].map((t) => t.xid ?? Infinity));
  }

  table(name: string): Map<string, Row> {
    let table = this.tables.get(name);
    if (!table) this.tables.set(name, (table = new Map()));
    return table;
  }

  connect(host: Host): Session {
    const session = { host, alive: true };
    this.sessions.add(session);
    return session;
  }

  disconnect(session: Session): void {
    this.sessions.delete(session);
    session.alive = false;
    if (session.transaction) this.end(session.transaction, false);
    for (const [lock, holder] of this.advisory) if (holder === session) this.advisory.delete(lock);
  }

  begin(session: Session): Transaction {
    session.transaction = new Transaction(this, session);
    this.open.add(session.transaction);
    return session.transaction;
  }

  /** The connections of a process that is no more, or that a network has cut off. */
  drop(host: Host): number {
    const dropped = [...this.sessions].filter((s) => s.host === host);
    for (const session of dropped) this.disconnect(session);
    return dropped.length;
  }

  /** Ends as a power cut ends it, and starts again: what was committed without waiting for the disk is gone. */
  crash(): void {
    for (const session of this.sessions) this.disconnect(session);
    for (const { table, key, before } of this.unflushed.reverse()) {
      if (before) this.table(table).set(key, before);
      else this.table(table).delete(key);
    }
    if (this.unflushed.length > 0) this.scheduler.fire('commits that a crash took back');
    this.unflushed = [];
  }

  end(transaction: Transaction, commit: boolean): void {
    if (transaction.ended) return;
    transaction.ended = true;
    this.open.delete(transaction);
    delete transaction.session.transaction;
    const { writes, appended, synchronous, waiting } = transaction;
    if (commit && writes.size + appended.length > 0) {
      for (const { table, key, row } of writes.values()) {
        const rows = this.table(table);
        this.unflushed.push({ table, key, before: rows.get(key) });
        if (row) rows.set(key, row);
        else rows.delete(key);
      }
      if (synchronous) this.unflushed = [];
    }
    for (const [id, holder] of this.locks) if (holder === transaction) this.locks.delete(id);
    if (commit && appended.length > 0) this.publish(appended);
    const { scheduler, name } = this;
    for (const again of waiting) scheduler.after(scheduler.int(0, 2), undefined, `${name} goes on`, again);
  }

  /**
   * Sends a statement, and answers what the server answers. What is on its way arrives even if its sender dies meanwhile.
   *
   * @param alone a transaction of its own, which commits after so many milliseconds
   */
  ask<T>(session: Session, what: string, work: (transaction: Transaction) => T, alone?: number): Promise<T> {
    const { scheduler, name, mishaps } = this;
    const { host } = session;
    return new Promise((resolve, reject) => {
      const reply = (how: string, tell: () => void) =>
        scheduler.after(scheduler.latency(), host, `${name}: ${what}: ${how}`, tell);
      const lost = (how: string) => reply(how, () => reject(failure('', 'Connection terminated unexpectedly')));
      const cut = () => {
        scheduler.fire('connections cut');
        this.disconnect(session);
        lost('cut');
      };
      const arrive = () => {
        if (!session.alive) return lost('no connection');
        const mishap = scheduler.strikes(mishaps)
          ? scheduler.pick(['fails', 'cut', 'answer lost'] as const)
          : undefined;
        if (mishap === 'cut') return cut();
        if (mishap === 'fails') {
          scheduler.fire('statements that fail');
          if (session.transaction) this.end(session.transaction, false);
          const state = scheduler.pick(['57P01', '40001', '53100']);
          return reply(state, () => reject(failure(state, 'planted')));
        }
        const transaction = session.transaction ?? this.begin(session);
        const attempt = () => {
          if (!session.alive || transaction.ended) return lost('no connection');
          let value: T;
          try {
            value = transaction.attempt(() => work(transaction));
          } catch (error) {
            if (error instanceof Blocked) return void error.by.waiting.push(attempt);
            if (alone !== undefined || !(error instanceof QueryFailedError)) this.end(transaction, false);
            return reply(String(error), () => reject(error));
          }
          const done = () => {
            if (!session.alive) return lost('no connection');
            if (alone !== undefined) this.end(transaction, true);
            if (mishap !== 'answer lost') return reply(summary(value), () => resolve(value));
            if (transaction.ended && transaction.xid !== undefined) scheduler.fire('answers lost after the commit');
            cut();
          };
          if (alone) scheduler.after(alone, undefined, `${name}: ${what} commits`, done);
          else done();
        };
        attempt();
      };
      scheduler.after(scheduler.latency(), undefined, `${name}: ${host.name}: ${what}`, arrive);
    });
  }

  append(transaction: Transaction, stream: string, expected: Expected, events: readonly NewEvent[]): Appended {
    transaction.lock('streams', stream);
    const there = this.stream(stream);
    const first = there.findIndex((e) => e.id === events[0]!.id);
    const asked = expected === 'any' ? first : expected === 'no-stream' ? 0 : expected + 1;
    const last = there[first + events.length - 1];
    if (first >= 0 && first === asked && events.every((e, i) => e.id === there[first + i]?.id)) {
      return { revision: last!.revision, position: last!.position, repeated: true };
    }
    const reused = events.find((e) => this.ids.has(e.id));
    if (reused) throw new IdReusedError(stream, reused.id);
    const actual = there.length - 1;
    if (expected !== 'any' && expected !== (actual < 0 ? 'no-stream' : actual)) {
      throw new ConflictError(stream, expected, actual < 0 ? null : actual);
    }
    for (const [i, event] of events.entries()) {
      const [xid, gp] = [transaction.xid!, this.nextGp++];
      const position = `${this.naive ? '' : hex(xid)}${hex(gp)}`;
      const recorded = JSON.parse(
        JSON.stringify({ ...event, stream, revision: actual + 1 + i, position }),
      ) as RecordedEvent;
      transaction.appended.push({ xid, gp, event: recorded });
    }
    const { revision, position } = transaction.appended.at(-1)!.event;
    return { revision, position };
  }

  stream(name: string): readonly RecordedEvent[] {
    return this.streams.get(name) ?? [];
  }

  /** What readers of the log may see. */
  settled(): readonly Stored[] {
    const { xmin, naive } = this;
    const settled = this.events.filter((s) => s.xid < xmin);
    if (settled.length === this.events.length) return settled;
    if (!naive) this.scheduler.fire('readers held back by an open transaction');
    naive?.();
    return naive ? this.events : settled;
  }

  private publish(appended: readonly Stored[]): void {
    const { events, scheduler } = this;
    if (appended.some((a) => events.some((e) => e.gp > a.gp))) scheduler.fire('commits that another overtook');
    for (const stored of appended) {
      const { event } = stored;
      events.splice(events.findLastIndex((e) => e.event.position < event.position) + 1, 0, stored);
      this.streams.set(event.stream, [...this.stream(event.stream), event]);
      this.ids.add(event.id);
    }
    for (const listener of this.listeners) {
      const { host } = listener;
      if (host.state === 'gone') this.listeners.delete(listener);
      else if (!scheduler.strikes(0.05)) scheduler.after(scheduler.latency(), host, 'bell', () => listener.ring());
    }
  }
}

/** As much of pg's pool as a city uses, on behalf of one process. */
export class Pool {
  constructor(
    private readonly server: Server,
    private readonly host: Host,
  ) {}

  get pool(): pg.Pool {
    return this as unknown as pg.Pool;
  }

  async connect(): Promise<object> {
    const session = this.server.connect(this.host);
    return {
      on: () => undefined,
      off: () => undefined,
      release: () => this.server.disconnect(session),
      query: async (sql: string, parameters: unknown[] = []) => {
        const alone = session.transaction || sql === 'begin' ? undefined : 0;
        return { rows: await send(this.server, session, sql, parameters, alone) };
      },
    };
  }
}

function send(server: Server, session: Session, sql: string, parameters: unknown[], alone?: number): Promise<unknown> {
  const { text, name, run } = known(server, sql);
  return server.ask(session, name, (transaction) => run(transaction, parameters, text), alone);
}

/** A statement that nobody has taught the simulation is its own fault, and ends the run. */
function known({ rewrite, scheduler }: Server, sql: string) {
  try {
    return perform(rewrite(sql));
  } catch (error) {
    scheduler.broken = error as Error;
    throw error;
  }
}

const hex = (n: number) => n.toString(16).padStart(6, '0');

/** Enough of an answer to follow a trace by. */
function summary(value: unknown): string {
  if (Array.isArray(value)) return value.length === 1 ? 'a row' : `${value.length} rows`;
  const { events, position, revision } = (value ?? {}) as Partial<Page & Appended>;
  if (revision !== undefined) return `${revision} at ${position}`;
  return events ? `${events.length} events to ${position}` : 'done';
}

/** As much of a TypeORM data source as the product uses, on behalf of one process. */
export class Database {
  constructor(
    private readonly server: Server,
    private readonly host: Host,
  ) {}

  get source(): DataSource {
    return this as unknown as DataSource;
  }

  async query(sql: string, parameters: unknown[] = []): Promise<unknown> {
    const session = this.server.connect(this.host);
    const answer = await send(this.server, session, sql, parameters, 0);
    this.server.disconnect(session);
    return answer;
  }

  async transaction<T>(work: (tx: object) => Promise<T>): Promise<T> {
    const { server } = this;
    const session = server.connect(this.host);
    server.begin(session);
    const query = (sql: string, parameters: unknown[] = []) => send(server, session, sql, parameters);
    try {
      const result = await work({ query, connection: this });
      await server.ask(session, 'commit', (transaction) => server.end(transaction, true));
      return result;
    } catch (error) {
      await server.ask(session, 'rollback', (transaction) => server.end(transaction, false)).catch(() => undefined);
      throw error;
    } finally {
      server.disconnect(session);
    }
  }

  createQueryRunner(): object {
    const session = this.server.connect(this.host);
    return {
      manager: { query: (sql: string, parameters: unknown[] = []) => send(this.server, session, sql, parameters, 0) },
      release: async () => this.server.disconnect(session),
    };
  }

  getMetadata(of: abstract new () => object): object {
    const { tables, columns } = getMetadataArgsStorage();
    const name = tables.find((t) => t.target === of)!.name!;
    const own = columns
      .filter(({ target }) => target === of || (typeof target === 'function' && of.prototype instanceof target))
      .map(({ propertyName, options }) => ({ databaseName: propertyName, primary: options.primary }));
    return { tableName: name, tablePath: name, columns: own, primaryColumns: own.filter((c) => c.primary) };
  }
}
