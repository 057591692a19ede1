import { setTimeout as sleep } from 'node:timers/promises';
import {
  assertAppendable,
  assertReadable,
  isStreamName,
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
import { Appends } from './appends.js';
import { Connection, FIRST_PAUSE_MS, LAST_PAUSE_MS, MAX_SUBSCRIPTIONS } from './connection.js';
import { Ending } from './ending.js';
import { typeOf } from './failures.js';
import { parse, prepare } from './log-events.js';
import { Reads } from './reads.js';
import { Feed } from './subscription.js';

export interface EventStoreDBOptions {
  /**
   * `esdb://user:password@host:2113`, several nodes as `esdb://a,b,c`. TLS is on unless it says `?tls=false`. The user
   * must be allowed to read `$all`. Credentials belong in here: given per call they would take a slower path.
   */
  readonly url: string;
  /** Milliseconds without any answer after which a call counts as failed; the client's own deadline is ignored. */
  readonly timeoutMs?: number;
  /** Milliseconds that one append or read is tried again for, before it fails with StoreUnavailableError. */
  readonly patienceMs?: number;
  /** Milliseconds of silence after which a subscription is checked against the log. */
  readonly idleMs?: number;
}

/** Streams whose ends are looked at side by side: the server is asked for each of them. */
const HEADS_AT_ONCE = 16;

/**
 * The event store on EventStoreDB 22.6 or later, and what speaks its protocol. The oddities that this
 * library works around are those of version 6.2.1 of the client.
 */
export class EventStoreDBStore implements EventStore {
  /** The server recognises a retry and answers it as the first time. */
  readonly tellsRepetition = false;
  private readonly timeoutMs: number;
  private readonly idleMs: number;
  private readonly reads: Reads;
  private readonly appends: Appends;
  private readonly pending = new Set<Promise<unknown>>();
  private readonly subscriptions = new Set<Ending>();
  private closing: Promise<void> | undefined;

  private constructor(
    private readonly connection: Connection,
    { timeoutMs = 2_000, patienceMs = 15_000, idleMs = 1_000 }: EventStoreDBOptions,
  ) {
    this.timeoutMs = timeoutMs;
    this.idleMs = idleMs;
    this.reads = new Reads(connection.reads, timeoutMs, patienceMs);
    this.appends = new Appends(connection.appends, this.reads, timeoutMs, patienceMs);
  }

  /**
   * Stores of one url share their clients. A process appends to one url only.
   *
   * @throws StoreUnavailableError when the server does not answer
   */
  static async open(options: EventStoreDBOptions): Promise<EventStoreDBStore> {
    const store = new EventStoreDBStore(await Connection.open(options.url), options);
    try {
      await store.reads.reach();
      return store;
    } catch (error) {
      await store.close();
      throw error;
    }
  }

  /**
   * As `any` it first reads the whole stream, to see whether the ids stand there: for streams that stay short.
   *
   * @throws AppendTooLargeError, StoreUnavailableError, and what the port names; IdReusedError only for an append as
   *   `any` of which a part stands in the stream
   */
  async append(stream: string, expected: Expected, events: readonly NewEvent[]): Promise<Appended> {
    assertAppendable(stream, expected, events);
    const prepared = prepare(stream, events);
    return this.track(() => this.appends.append(stream, expected, prepared));
  }

  async readStream(stream: string, options: StreamOptions = {}): Promise<RecordedEvent[]> {
    assertReadable(options);
    if (!isStreamName(stream)) return [];
    return this.track(() => this.reads.stream(stream, options));
  }

  async heads(streams: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const heads = new Map<string, number>();
    const left = [...new Set(streams)];
    const worker = async () => {
      for (let stream = left.pop(); stream !== undefined; stream = left.pop()) {
        const [last] = await this.readStream(stream, { direction: 'backwards', limit: 1 });
        if (last) heads.set(stream, last.revision);
      }
    };
    await Promise.all(Array.from({ length: HEADS_AT_ONCE }, worker));
    return heads;
  }

  async readAll(options: AllOptions): Promise<Page> {
    assertReadable(options);
    // Refused here: within an attempt it would be tried again.
    parse(options.after);
    return this.track(() => this.reads.all(options));
  }

  progress(position: Position): Promise<number> {
    return this.track(() => this.reads.progress(position));
  }

  async *subscribe(options: SubscribeOptions): AsyncGenerator<Batch, void, undefined> {
    const { types, limit, signal, onDrop } = options;
    assertReadable(options);
    let position = options.after;
    parse(position);
    if (this.closing) throw new Error('the event store is closed');
    if (this.connection.subscriptions >= MAX_SUBSCRIPTIONS) {
      throw new Error(`more than ${MAX_SUBSCRIPTIONS} subscriptions would leave the reads without a connection`);
    }
    if (signal.aborted) return;
    const ending = new Ending();
    const stop = () => ending.end(new Error('aborted'));
    signal.addEventListener('abort', stop);
    this.subscriptions.add(ending);
    this.connection.subscriptions++;
    let pauseMs = FIRST_PAUSE_MS;
    try {
      while (!ending.over) {
        const session = await ending.unless(this.connection.reads.get());
        if (!session || ending.over) return;
        const probe = (after: Position) => this.reads.page(session, { after, types, limit: 1 });
        const feed = new Feed(session, position, types, ending, {
          timeoutMs: this.timeoutMs,
          idleMs: this.idleMs,
          probe,
        });
        try {
          for (let batch = await feed.next(limit); batch; batch = await feed.next(limit)) {
            position = batch.position;
            pauseMs = FIRST_PAUSE_MS;
            this.connection.reads.worked(session);
            yield batch;
          }
          return;
        } catch (error) {
          if (ending.over) return;
          // A consumer that was too slow for the server says nothing about the client.
          if (typeOf(error) !== 'timeout') this.connection.reads.failed(session, error);
          onDrop?.(error);
        } finally {
          feed.close();
        }
        await ending.unless(sleep(pauseMs));
        pauseMs = Math.min(pauseMs * 2, LAST_PAUSE_MS);
      }
    } finally {
      signal.removeEventListener('abort', stop);
      this.subscriptions.delete(ending);
      this.connection.subscriptions--;
    }
  }

  /** Ends the subscriptions and waits for every append and read under way, so that no answer is lost. */
  close(): Promise<void> {
    this.closing ??= (async () => {
      for (const ending of this.subscriptions) ending.end(new Error('the event store is closed'));
      await Promise.allSettled(this.pending);
      await this.connection.release();
    })();
    return this.closing;
  }

  private async track<T>(work: () => Promise<T>): Promise<T> {
    if (this.closing) throw new Error('the event store is closed');
    const under = work();
    this.pending.add(under);
    try {
      return await under;
    } finally {
      this.pending.delete(under);
    }
  }
}
