import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import {
  assertAppendable,
  assertReadable,
  canonicalJson,
  ConflictError,
  IdReusedError,
  isStreamName,
  START,
  StoreUnavailableError,
  type AllOptions,
  type Appended,
  type Batch,
  type EventStore,
  type Expected,
  type NewEvent,
  type Page,
  type Position,
  type RecordedEvent,
  type StreamOptions,
  type SubscribeOptions,
} from '#libs/eventing';
import { Bell } from './bell.js';
import { schemaSteps } from './schema.js';

export interface PostgresStoreOptions {
  /** Connection URL. */
  readonly url: string;
  /** Connections for appends and reads; subscriptions share one more. */
  readonly connections?: number;
}

interface Row {
  epoch: number;
  xid: string;
  gp: string;
  stream: string;
  revision: string;
  id: string;
  type: string;
  data: string;
  metadata: string;
}

const COLUMNS = 'epoch, xid::text as xid, gp::text as gp, stream, revision::text as revision, id, type, data, metadata';
/** How often an append or a read is tried again when the connection was lost. */
const RETRIES = 5;
/** Everything below this can no longer gain events (schema.ts). */
const SETTLED = '(epoch < $1 or xid < pg_snapshot_xmin(pg_current_snapshot()))';

/** The event store on PostgreSQL. */
export class PostgresStore implements EventStore {
  private constructor(
    private readonly pool: pg.Pool,
    private readonly bell: Bell,
    private readonly epoch: number,
  ) {}

  /** Connects, and brings the schema up to date. */
  static async open({ url, connections = 10 }: PostgresStoreOptions): Promise<PostgresStore> {
    const pool = new pg.Pool({ connectionString: url, max: connections, connectionTimeoutMillis: 5_000 });
    // An idle connection that breaks is replaced by the pool; the query that needed it reports for itself.
    pool.on('error', () => undefined);
    try {
      const epoch = await migrate(pool);
      return new PostgresStore(pool, new Bell(url, pool), epoch);
    } catch (error) {
      await pool.end();
      throw error;
    }
  }

  async append(stream: string, expected: Expected, events: readonly NewEvent[]): Promise<Appended> {
    assertAppendable(stream, expected, events);
    const revision = expected === 'no-stream' ? -1 : expected === 'any' ? -2 : expected;
    const values = [
      this.epoch,
      stream,
      revision,
      events.map((e) => e.id),
      events.map((e) => e.type),
      events.map((e) => canonicalJson(e.data)),
      events.map((e) => canonicalJson(e.metadata)),
    ];
    try {
      const [row] = await this.query<{ revision: string; xid: string; gp: string }>({
        name: 'append',
        text: 'select * from eventing.append($1, $2, $3, $4, $5, $6, $7)',
        values,
      });
      if (row) {
        this.bell.ring();
        return { revision: Number(row.revision), position: encode(this.epoch, row.xid, row.gp) };
      }
    } catch (error) {
      if (!(error instanceof pg.DatabaseError) || error.constraint !== 'events_by_id') throw error;
      const appended = await this.alreadyAppended(stream, expected, events);
      if (appended) return appended;
      // Key (id)=(…) already exists.
      throw new IdReusedError(stream, /=\(([0-9a-f-]{36})\)/.exec(error.detail ?? '')?.[1] ?? events[0]!.id);
    }
    const appended = await this.alreadyAppended(stream, expected, events);
    if (appended) return appended;
    const [last] = await this.readStream(stream, { direction: 'backwards', limit: 1 });
    throw new ConflictError(stream, expected, last?.revision ?? null);
  }

  async readStream(stream: string, options: StreamOptions = {}): Promise<RecordedEvent[]> {
    assertReadable(options);
    if (!isStreamName(stream)) return [];
    const { from, direction = 'forwards', limit } = options;
    const forwards = direction === 'forwards';
    const rows = await this.query<Row>({
      name: `stream-${direction}`,
      text: `select ${COLUMNS} from eventing.events where stream = $1 and events.revision ${forwards ? '>=' : '<='} $2
        order by events.revision ${forwards ? 'asc' : 'desc'} limit $3`,
      values: [stream, from ?? (forwards ? 0 : Number.MAX_SAFE_INTEGER), limit ?? null],
    });
    return rows.map(recorded);
  }

  async readAll({ after, types, limit }: AllOptions): Promise<Page> {
    assertReadable({ limit });
    // The head is taken in the same snapshot: with fewer rows than asked for, the reader has seen all that is before it,
    // whatever the filter dropped.
    const [epoch, xid, gp] = decode(after);
    const rows = await this.query<Row & { head: boolean }>({
      name: types ? 'all-of-types' : 'all',
      text: `(select ${COLUMNS}, false as head from eventing.events
          where (epoch, xid, gp) > ($2, $3::text::xid8, $4::bigint) and ${SETTLED} ${types ? 'and type = any($6)' : ''}
          order by events.epoch, events.xid, events.gp limit $5)
        union all
        (select epoch, xid::text, gp::text, '', '0', id, '', '', '', true from eventing.events where ${SETTLED}
          order by events.epoch desc, events.xid desc, events.gp desc limit 1)`,
      values: [this.epoch, epoch, xid, gp, limit, ...(types ? [types] : [])],
    });
    const head = rows.at(-1)?.head ? rows.pop() : undefined;
    const events = rows.map(recorded);
    const reached = events.length === limit ? events.at(-1)!.position : head && encode(head.epoch, head.xid, head.gp);
    return { events, position: reached && reached > after ? reached : after };
  }

  async *subscribe({ after, types, limit, signal, onDrop }: SubscribeOptions): AsyncGenerator<Batch> {
    let position = after;
    let reported = false;
    let failures = 0;
    while (!signal.aborted) {
      const heard = this.bell.listen();
      let page: Page;
      try {
        page = await this.readAll({ after: position, types, limit });
        failures = 0;
      } catch (error) {
        if (signal.aborted) return;
        onDrop?.(error);
        await delay(Math.min(50 * 2 ** failures++, 5_000), undefined, { signal }).catch(() => undefined);
        continue;
      }
      const live = page.events.length < limit;
      if (signal.aborted) return;
      if (page.position !== position || !reported) {
        position = page.position;
        reported = live;
        yield { ...page, live };
      }
      if (live) await heard.wait(signal);
    }
  }

  /** How long the oldest open transaction has held readers back, in milliseconds. */
  async watermarkAgeMs(): Promise<number> {
    const [row] = await this.query<{ age: string }>({
      text: `select coalesce(max(extract(epoch from clock_timestamp() - xact_start)) * 1000, 0)::bigint::text as age
        from pg_stat_activity where backend_xid is not null`,
      values: [],
    });
    return Number(row!.age);
  }

  async close(): Promise<void> {
    await this.bell.close();
    await this.pool.end();
  }

  private async alreadyAppended(
    stream: string,
    expected: Expected,
    events: readonly NewEvent[],
  ): Promise<Appended | undefined> {
    const rows = await this.query<Row>({
      name: 'by-ids',
      text: `select ${COLUMNS} from eventing.events where id = any($1) and stream = $2 order by events.revision`,
      values: [events.map((e) => e.id), stream],
    });
    const found = rows.map(recorded);
    const first = expected === 'any' ? found[0]?.revision : expected === 'no-stream' ? 0 : expected + 1;
    const same =
      found.length === events.length && found.every((e, i) => e.id === events[i]!.id && e.revision === first! + i);
    const last = found.at(-1);
    return same && last ? { revision: last.revision, position: last.position } : undefined;
  }

  /** A query that outlives a lost connection. Appends may be sent again too: their ids make them idempotent. */
  private async query<R>(config: { name?: string; text: string; values: unknown[] }): Promise<R[]> {
    for (let attempt = 1; ; attempt++) {
      try {
        return (await this.pool.query(config)).rows as R[];
      } catch (error) {
        if (!connectionLost(error)) throw error;
        if (attempt >= RETRIES) throw new StoreUnavailableError(error);
        await delay(20 * 2 ** attempt);
      }
    }
  }
}

/** Whether the error speaks of the connection or the server's state, not of the statement. */
function connectionLost(error: unknown): boolean {
  if (error instanceof pg.DatabaseError) {
    // 08 connection exception, 53 disk or connections run out, 57P shutdown, crash, starting up, 58 I/O, 40 retry.
    return /^(08|53|57P|58|40001|40P01)/.test(error.code ?? '');
  }
  return error instanceof Error && !(error instanceof TypeError);
}

async function migrate(pool: pg.Pool): Promise<number> {
  const client = await pool.connect();
  // The statement under way reports a connection that breaks; the event alone would end the process.
  client.on('error', () => undefined);
  try {
    await client.query('begin');
    // Several processes may open the store at once; the lock ends with the transaction.
    await client.query(`select pg_advisory_xact_lock(hashtext('eventing.schema'))`);
    await client.query('create schema if not exists eventing');
    await client.query('create table if not exists eventing.schema_steps (step integer primary key)');
    const { rows: done } = await client.query<{ n: string }>('select count(*)::text as n from eventing.schema_steps');
    for (let step = Number(done[0]!.n); step < schemaSteps.length; step++) {
      await client.query(schemaSteps[step]!);
      await client.query('insert into eventing.schema_steps values ($1)', [step]);
    }
    const { rows } = await client.query<{ here: string; epoch: number | null; known: string | null }>(
      `select s.system_identifier::text as here, c.epoch, c.system_identifier::text as known
         from pg_control_system() s left join eventing.cluster c on true`,
    );
    const { here, epoch, known } = rows[0]!;
    const current = epoch === null ? 1 : here === known ? epoch : epoch + 1;
    if (current !== epoch) {
      await client.query('delete from eventing.cluster');
      await client.query('insert into eventing.cluster values ($1, $2)', [current, here]);
    }
    await client.query('commit');
    return current;
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw error;
  } finally {
    client.release();
  }
}

const hex = (value: string | number, width: number) => BigInt(value).toString(16).padStart(width, '0');

function encode(epoch: number, xid: string, gp: string): Position {
  return `${hex(epoch, 4)}-${hex(xid, 16)}-${hex(gp, 16)}`;
}

function decode(position: Position): [epoch: number, xid: string, gp: string] {
  if (position === START) return [0, '0', '0'];
  const parts = /^([0-9a-f]{4})-([0-9a-f]{16})-([0-9a-f]{16})$/.exec(position);
  if (!parts) throw new RangeError(`"${position}" is not a position of this store`);
  return [parseInt(parts[1]!, 16), BigInt(`0x${parts[2]}`).toString(), BigInt(`0x${parts[3]}`).toString()];
}

function recorded(row: Row): RecordedEvent {
  return {
    id: row.id,
    type: row.type,
    data: JSON.parse(row.data) as object,
    metadata: JSON.parse(row.metadata) as RecordedEvent['metadata'],
    stream: row.stream,
    revision: Number(row.revision),
    position: encode(row.epoch, row.xid, row.gp),
  };
}
