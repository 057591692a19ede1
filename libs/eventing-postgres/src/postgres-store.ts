import { setTimeout as delay } from 'node:timers/promises';
import { types } from 'node:util';
import pg from 'pg';
import {
  assertAppendable,
  assertReadable,
  canonicalJson,
  ConflictError,
  IdReusedError,
  isStreamName,
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
import { AppendQueue, type Outcome, type Request } from './append-queue.js';
import { Bell } from './bell.js';
import { copied } from './copy.js';
import { schemaSteps } from './schema.js';
import { COLUMNS, decode, encode, StoredEvent, type Cells } from './stored-event.js';

export interface PostgresStoreOptions {
  /** Connection URL. */
  readonly url: string;
  /** Connections for appends and reads; subscriptions share one more. */
  readonly connections?: number;
}

/** How often an append or a read is tried again when the connection was lost. */
const RETRIES = 5;
/** A page of so many is read by COPY; below that, what COPY saves is less than what planning it anew costs. */
const LARGE = 500;

/** What one read of the log asks for, as SQL: parameters of a prepared statement, or literals for COPY. */
interface PageSql {
  readonly current: string;
  readonly epoch: string;
  readonly xid: string;
  readonly gp: string;
  readonly limit: string;
  readonly types?: string;
}

/**
 * The head is taken in the same snapshot: with fewer rows than asked for, the reader has seen all that is before it,
 * whatever the filter dropped. Its row is the one without a stream.
 */
function pageSql({ current, epoch, xid, gp, limit, types }: PageSql): string {
  // Everything below this can no longer gain events (schema.ts).
  const settled = `(epoch < ${current} or xid < pg_snapshot_xmin(pg_current_snapshot()))`;
  return `(select ${COLUMNS} from eventing.events
      where (epoch, xid, gp) > (${epoch}, ${xid}::text::xid8, ${gp}::bigint) and ${settled}
        ${types ? `and type = any(${types}::text[])` : ''}
      order by events.epoch, events.xid, events.gp limit ${limit})
    union all
    (select epoch, xid::text, gp::text, '', '0', id::text, '', '', '' from eventing.events where ${settled}
      order by events.epoch desc, events.xid desc, events.gp desc limit 1)`;
}

/** The event store on PostgreSQL. */
export class PostgresStore implements EventStore {
  readonly tellsRepetition = true;
  private readonly appends = new AppendQueue((requests) =>
    requests.length > 1 ? this.appendMany(requests) : this.appendAlone(requests[0]!).then((outcome) => [outcome]),
  );

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
      return new PostgresStore(pool, new Bell(url), epoch);
    } catch (error) {
      await pool.end();
      throw error;
    }
  }

  async append(stream: string, expected: Expected, events: readonly NewEvent[]): Promise<Appended> {
    assertAppendable(stream, expected, events);
    const request: Request = {
      stream,
      expected,
      ids: events.map((e) => e.id),
      types: events.map((e) => e.type),
      data: events.map((e) => canonicalJson(e.data)),
      metadata: events.map((e) => canonicalJson(e.metadata)),
    };
    try {
      const done = await this.appends.append(request);
      if (done) {
        this.bell.ring();
        return { revision: Number(done.revision), position: encode(this.epoch, done.xid, done.gp), repeated: false };
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
    const rows = await this.query<Cells>({
      name: `stream-${direction}`,
      rowMode: 'array',
      text: `select ${COLUMNS} from eventing.events where stream = $1 and events.revision ${forwards ? '>=' : '<='} $2
        order by events.revision ${forwards ? 'asc' : 'desc'} limit $3`,
      values: [stream, from ?? (forwards ? 0 : Number.MAX_SAFE_INTEGER), limit ?? null],
    });
    return rows.map((cells) => new StoredEvent(cells));
  }

  async heads(streams: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const rows = await this.query<[stream: string, revision: string | null]>({
      name: 'heads',
      rowMode: 'array',
      text: `select stream, (select revision from eventing.events where events.stream = asked.stream
          order by events.revision desc limit 1) from unnest($1::text[]) as asked (stream)`,
      values: [streams.filter(isStreamName)],
    });
    return new Map(rows.flatMap(([stream, revision]) => (revision === null ? [] : [[stream, Number(revision)]])));
  }

  async readAll(options: AllOptions): Promise<Page> {
    assertReadable(options);
    return this.page(options, options.limit >= LARGE);
  }

  async *subscribe(options: SubscribeOptions): AsyncGenerator<Batch> {
    // An idle subscription has no query that could fail: the loss of what wakes it is told too.
    const silence = this.bell.whenLost((error) => options.onDrop?.(error));
    try {
      yield* this.follow(options);
    } finally {
      silence();
    }
  }

  private async *follow({ after, types, limit, signal, onDrop }: SubscribeOptions): AsyncGenerator<Batch> {
    let position = after;
    let reported = false;
    let failures = 0;
    const look = (large: boolean) => {
      const heard = this.bell.listen();
      const page = this.page({ after: position, types, limit }, large && limit >= LARGE);
      // It may fail before anybody waits for it.
      page.catch(() => undefined);
      return { heard, page };
    };
    let next = look(true);
    while (!signal.aborted) {
      const { heard, page: reading } = next;
      let page: Page;
      try {
        page = await reading;
        failures = 0;
      } catch (error) {
        if (signal.aborted) return;
        onDrop?.(error);
        await delay(Math.min(50 * 2 ** failures++, 5_000), undefined, { signal }).catch(() => undefined);
        next = look(true);
        continue;
      }
      const live = page.events.length < limit;
      if (signal.aborted) return;
      const news = page.position !== position || !reported;
      position = page.position;
      // While the consumer works on a full page the server works on the next; never more than that one.
      if (!live) next = look(true);
      if (news) {
        reported = live;
        yield { ...page, live };
      }
      if (live) {
        await heard.wait(signal);
        next = look(false);
      }
    }
  }

  async progress(position: Position): Promise<number> {
    // gp counts events, but for the few that were rolled back.
    const [row] = await this.query<{ last: string | null }>({
      text: 'select gp::text as last from eventing.events order by epoch desc, xid desc, gp desc limit 1',
      values: [],
    });
    return row?.last ? Math.min(Number(decode(position)[2]) / Number(row.last), 1) : 1;
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
    const rows = await this.query<Cells>({
      name: 'by-ids',
      rowMode: 'array',
      text: `select ${COLUMNS} from eventing.events where id = any($1) and stream = $2 order by events.revision`,
      values: [events.map((e) => e.id), stream],
    });
    const found = rows.map((cells) => new StoredEvent(cells));
    const first = expected === 'any' ? found[0]?.revision : expected === 'no-stream' ? 0 : expected + 1;
    const same =
      found.length === events.length && found.every((e, i) => e.id === events[i]!.id && e.revision === first! + i);
    const last = found.at(-1);
    return same && last ? { revision: last.revision, position: last.position, repeated: true } : undefined;
  }

  private async page({ after, types, limit }: AllOptions, large: boolean): Promise<Page> {
    const [epoch, xid, gp] = decode(after);
    let rows: Cells[];
    if (large) {
      const sql = pageSql({
        current: String(this.epoch),
        epoch: String(epoch),
        xid: `'${xid}'`,
        gp: `'${gp}'`,
        limit: String(limit),
        types: types && `array[${types.map((type) => pg.escapeLiteral(type)).join(', ')}]`,
      });
      rows = await this.attempt(() => this.copy(sql));
    } else {
      const sql = pageSql({ current: '$1', epoch: '$2', xid: '$3', gp: '$4', limit: '$5', types: types && '$6' });
      rows = await this.query<Cells>({
        name: types ? 'all-of-types' : 'all',
        rowMode: 'array',
        text: sql,
        values: [this.epoch, epoch, xid, gp, limit, ...(types ? [types] : [])],
      });
    }
    const head = rows.at(-1)?.[3] === '' ? new StoredEvent(rows.pop()!).position : undefined;
    const events = rows.map((cells) => new StoredEvent(cells));
    const reached = events.length === limit ? events.at(-1)!.position : head;
    return { events, position: reached !== undefined && reached > after ? reached : after };
  }

  private async copy(sql: string): Promise<Cells[]> {
    const client = await this.pool.connect();
    let failure: Error | undefined;
    try {
      return await copied(client, sql);
    } catch (error) {
      failure = error as Error;
      throw error;
    } finally {
      // What is left of a COPY that broke must not be read as the answer to the next query.
      client.release(failure);
    }
  }

  private async appendAlone({ stream, expected, ids, types, data, metadata }: Request): Promise<Outcome> {
    const of = [this.epoch, stream, wanted(expected)];
    const [outcome] = await this.query<NonNullable<Outcome>>(
      ids.length === 1
        ? {
            name: 'append-one',
            text: 'select revision::text, xid, gp from eventing.append_one($1, $2, $3, $4, $5, $6, $7)',
            values: [...of, ids[0], types[0], data[0], metadata[0]],
          }
        : {
            name: 'append',
            text: `select revision::text, xid, gp from eventing.append($1, $2, $3, $4, $5, ${texts('$6')}, ${texts('$7')})`,
            values: [...of, plain(ids), types, data.join(SEPARATOR), metadata.join(SEPARATOR)],
          },
    );
    return outcome?.xid ? outcome : undefined;
  }

  private async appendMany(requests: readonly Request[]): Promise<Outcome[]> {
    const rows = await this.query<NonNullable<Outcome> & { request: number }>({
      name: 'append-many',
      text: `select request, revision::text, xid, gp
        from eventing.append_many($1, $2, $3, $4, $5, $6, $7, ${texts('$8')}, ${texts('$9')})`,
      values: [
        this.epoch,
        requests.map((r) => r.stream),
        plain(requests.map((r) => wanted(r.expected))),
        plain(requests.map((r) => r.ids.length)),
        plain(requests.flatMap((r, i) => r.ids.map(() => i + 1))),
        plain(requests.flatMap((r) => r.ids)),
        requests.flatMap((r) => r.types),
        requests.flatMap((r) => r.data).join(SEPARATOR),
        requests.flatMap((r) => r.metadata).join(SEPARATOR),
      ],
    });
    const outcomes: Outcome[] = requests.map(() => undefined);
    for (const row of rows) outcomes[row.request - 1] = row;
    return outcomes;
  }

  private query<R>(config: { name?: string; rowMode?: 'array'; text: string; values: unknown[] }): Promise<R[]> {
    return this.attempt(async () => (await this.pool.query(config)).rows as R[]);
  }

  /** Outlives a lost connection. Appends may be sent again too: their ids make them idempotent. */
  private async attempt<T>(work: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await work();
      } catch (error) {
        if (!connectionLost(error)) throw error;
        if (attempt >= RETRIES) throw new StoreUnavailableError(error);
        await delay(20 * 2 ** attempt);
      }
    }
  }
}

/** Stands between JSON texts, none of which holds it: JSON escapes it. Quoting each for an array took a third of an append. */
const SEPARATOR = '\n';
const texts = (parameter: string) => `string_to_array(${parameter}, E'\\n')`;

/** An array of numbers or UUIDs, which need no quotes. */
const plain = (values: readonly (number | string)[]) => `{${values.join(',')}}`;

/** What `eventing.append…` calls the expectation. */
const wanted = (expected: Expected) => (expected === 'no-stream' ? -1 : expected === 'any' ? -2 : expected);

/** Whether the error speaks of the connection or the server's state, not of the statement. */
function connectionLost(error: unknown): boolean {
  if (error instanceof pg.DatabaseError) {
    // 08 connection exception, 53 disk or connections run out, 57P shutdown, crash, starting up, 58 I/O, 40 retry.
    return /^(08|53|57P|58|40001|40P01)/.test(error.code ?? '');
  }
  // Errors of sockets may be of another realm than ours.
  return types.isNativeError(error) && !(error instanceof TypeError);
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
