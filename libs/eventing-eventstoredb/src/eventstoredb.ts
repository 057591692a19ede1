import { setTimeout as sleep } from 'node:timers/promises';
import {
  BACKWARDS,
  END,
  EventStoreDBClient,
  eventTypeFilter,
  FORWARDS,
  jsonEvent,
  NO_STREAM,
  START as FIRST,
  type AllStreamResolvedEvent,
  type AllStreamSubscription,
  type AppendResult,
  type EventData,
  type JSONType,
  type Position as LogPosition,
  type RecordedEvent as LogEvent,
  type StreamingRead,
} from '@eventstore/db-client';
import {
  assertAppendable,
  assertReadable,
  canonicalJson,
  ConflictError,
  IdReusedError,
  START,
  StoreUnavailableError,
  type AllOptions,
  type Appended,
  type Batch,
  type EventStore,
  type Expected,
  type Metadata,
  type NewEvent,
  type Page,
  type Position,
  type RecordedEvent,
  type StreamOptions,
  type SubscribeOptions,
} from '#libs/eventing';

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

/** The server takes 1 MiB in one append. */
export class AppendTooLargeError extends RangeError {
  constructor(
    readonly stream: string,
    readonly bytes: number,
  ) {
    super(`${stream}: an append of ${bytes} bytes; ${MAX_APPEND_BYTES} is the limit`);
    this.name = 'AppendTooLargeError';
  }
}

const MAX_APPEND_BYTES = 1024 * 1024;
/** More than the server counts for an event beside its data, metadata and type: better refused here than there. */
const EVENT_OVERHEAD_BYTES = 100;

/**
 * The client writes all appends to one gRPC stream with a buffer of 16. What waits behind a full buffer is rejected
 * without a handler when that stream breaks, which ends the process: no more than it holds is ever under way.
 */
const APPENDS_UNDER_WAY = 16;

/** A connection has about 100 HTTP/2 streams, and the 101st waits for ever: reads and subscriptions share them out. */
const READS_UNDER_WAY = 48;
const MAX_SUBSCRIPTIONS = 48;

/** How many events the server drops by the filter before it reports progress. */
const SEARCH_WINDOW = 256;
/** How many events the client may hold ready, so that there is a batch to take when the consumer is done with one. */
const EVENTS_AHEAD = 512;
/** How many events a filtered page looks through at most. */
const PAGE_WINDOW = 512;

const FIRST_PAUSE_MS = 25;
const LAST_PAUSE_MS = 1_000;
/** From one new client to the next. */
const RENEWAL_MS = 500;
/** What the streams of a client that is given up may take to end. */
const DISCARD_MS = 5_000;

/**
 * The event store on EventStoreDB 22.6 or later, and what speaks its protocol. The oddities that are worked around
 * here are those of version 6.2.1 of the client.
 *
 * - Nothing but a conflict says whether an append took place: everything else is tried again, the same ids at the same
 *   revision, which the server recognises.
 * - Nothing is appended as "any": such a retry would be doubled once the server has forgotten the ids.
 * - An id that stands in another stream cannot be noticed, since the server has no index of ids.
 */
export class EventStoreDBStore implements EventStore {
  private readonly timeoutMs: number;
  private readonly patienceMs: number;
  private readonly idleMs: number;
  private readonly pending = new Set<Promise<unknown>>();
  private readonly subscriptions = new Set<Ending>();
  /** The last append as any of each stream: they would otherwise only race each other. */
  private readonly turns = new Map<string, Promise<unknown>>();
  private closing: Promise<void> | undefined;

  private constructor(
    private readonly connection: Connection,
    options: EventStoreDBOptions,
  ) {
    this.timeoutMs = options.timeoutMs ?? 2_000;
    this.patienceMs = options.patienceMs ?? 15_000;
    this.idleMs = options.idleMs ?? 1_000;
  }

  /**
   * Stores of one url share their clients. A process appends to one url only.
   *
   * @throws StoreUnavailableError when the server does not answer
   */
  static async open(options: EventStoreDBOptions): Promise<EventStoreDBStore> {
    const store = new EventStoreDBStore(await Connection.open(options.url), options);
    try {
      const end = { direction: BACKWARDS, fromPosition: END, maxCount: 1 } as const;
      await store.attempt(store.connection.reads, (hold) =>
        store.each(
          hold,
          () => hold.client.readAll(end),
          () => true,
        ),
      );
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
    if (expected === 'any') return this.track(() => this.inTurn(stream, () => this.appendAny(stream, prepared)));
    return this.track(() => this.appendAt(stream, expected === 'no-stream' ? 0 : expected + 1, expected, prepared));
  }

  async readStream(stream: string, options: StreamOptions = {}): Promise<RecordedEvent[]> {
    if (!stream || stream.startsWith('$')) throw new RangeError(`"${stream}" is not a stream name`);
    assertReadable(options);
    return this.track(() => this.read(stream, options));
  }

  async readAll(options: AllOptions): Promise<Page> {
    assertReadable(options);
    const from = parse(options.after);
    return this.track(() => this.attempt(this.connection.reads, (hold) => this.page(hold, from, options)));
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
    const ending = new Ending();
    const stop = () => ending.end(new Error('aborted'));
    if (signal.aborted) return;
    signal.addEventListener('abort', stop);
    this.subscriptions.add(ending);
    this.connection.subscriptions++;
    let pauseMs = FIRST_PAUSE_MS;
    try {
      while (!ending.over) {
        const hold = await ending.unless(this.connection.reads.get());
        if (!hold || ending.over) return;
        const probe = (after: Position) => this.page(hold, parse(after), { after, types, limit: 1 });
        const feed = new Feed(hold, position, types, ending, { ...this.waits, probe });
        try {
          for (let batch = await feed.next(limit); batch; batch = await feed.next(limit)) {
            position = batch.position;
            pauseMs = FIRST_PAUSE_MS;
            this.connection.reads.worked(hold);
            yield batch;
          }
          return;
        } catch (error) {
          if (ending.over) return;
          // A consumer that was too slow for the server says nothing about the client.
          if (typeOf(error) !== 'timeout') this.connection.reads.failed(hold, error);
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

  private get waits(): { readonly timeoutMs: number; readonly idleMs: number } {
    return { timeoutMs: this.timeoutMs, idleMs: this.idleMs };
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

  private async inTurn<T>(stream: string, work: () => Promise<T>): Promise<T> {
    const turn = (this.turns.get(stream) ?? Promise.resolve()).then(work);
    const tail = turn.catch(() => undefined);
    this.turns.set(stream, tail);
    try {
      return await turn;
    } finally {
      if (this.turns.get(stream) === tail) this.turns.delete(stream);
    }
  }

  /** Again and again until there is an answer, with new clients where the old do not recover. */
  private async attempt<T>(
    line: Line,
    action: (hold: Hold) => Promise<T>,
    deadline = Date.now() + this.patienceMs,
  ): Promise<T> {
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LAST_PAUSE_MS)) {
      const hold = await line.get();
      try {
        const answer = await action(hold);
        line.worked(hold);
        return answer;
      } catch (error) {
        if (ANSWERS.has(typeOf(error))) {
          line.worked(hold);
          throw error;
        }
        line.failed(hold, error);
        if (Date.now() + pauseMs > deadline) throw new StoreUnavailableError(error);
        await sleep(pauseMs * (0.5 + Math.random() / 2));
      }
    }
  }

  /** `at` is the revision that the first event is to have. */
  private async appendAt(stream: string, at: number, expected: Expected, events: Prepared): Promise<Appended> {
    const deadline = Date.now() + this.patienceMs;
    for (;;) {
      let actual: bigint | string;
      try {
        const answer = await this.attempt(
          this.connection.appends,
          (hold) => this.send(hold, stream, at, events),
          deadline,
        );
        const revision = Number(answer.nextExpectedRevision);
        if (answer.position) return { revision, position: format(answer.position) };
        const [last] = await this.read(stream, { from: revision, limit: 1 });
        return { revision, position: last!.position };
      } catch (error) {
        if (typeOf(error) === 'maximum-append-size-exceeded') throw new AppendTooLargeError(stream, events.bytes);
        if (typeOf(error) !== 'wrong-expected-version') throw error;
        actual = (error as { actualVersion: bigint | string }).actualVersion;
      }
      const before = await this.settle(stream, at, expected, events, actual === NO_STREAM ? -1 : Number(actual));
      if (before) return before;
      if (Date.now() > deadline) throw new StoreUnavailableError(`${stream}: the stream's end does not stand still`);
      await sleep(FIRST_PAUSE_MS);
    }
  }

  private async send(hold: Hold, stream: string, at: number, events: Prepared): Promise<AppendResult> {
    await hold.slot();
    const expectedRevision = at === 0 ? NO_STREAM : BigInt(at - 1);
    const call = hold.client.appendToStream(stream, events.data, { expectedRevision, requiresLeader: true });
    // Not when we give up on it: until the client has done with it, it may take up room in the client's buffer.
    call.then(hold.free, hold.free);
    try {
      return await hold.bounded(this.timeoutMs, (resolve, reject) => call.then(resolve, reject));
    } catch (error) {
      if (error instanceof NoAnswerError) hold.stuck++;
      throw error;
    }
  }

  /**
   * What a conflict means, as the leader sees the stream: the first answer when the events stand where they should;
   * nothing when the conflict was with an end of the stream that is not there, because it is not yet, or no longer.
   *
   * @throws ConflictError
   */
  private async settle(
    stream: string,
    at: number,
    expected: Expected,
    events: Prepared,
    told: number,
  ): Promise<Appended | undefined> {
    const there = await this.read(stream, { from: at, limit: events.ids.length });
    if (there.length === events.ids.length && there.every(({ id }, i) => id === events.ids[i])) {
      const { revision, position } = there.at(-1)!;
      return { revision, position };
    }
    const [last] = await this.read(stream, { direction: 'backwards', limit: 1 });
    const actual = last?.revision ?? -1;
    if (actual < told || actual === at - 1) return undefined;
    throw new ConflictError(stream, expected, last?.revision ?? null);
  }

  private async appendAny(stream: string, events: Prepared): Promise<Appended> {
    const deadline = Date.now() + this.patienceMs;
    for (;;) {
      const history = await this.read(stream, {});
      const wanted = new Set(events.ids);
      const first = history.findIndex(({ id }) => wanted.has(id));
      if (first >= 0) {
        const there = history.slice(first, first + events.ids.length);
        const last = there.at(-1)!;
        if (there.length === events.ids.length && there.every(({ id }, i) => id === events.ids[i])) {
          return { revision: last.revision, position: last.position };
        }
        throw new IdReusedError(stream, history[first]!.id);
      }
      try {
        return await this.appendAt(stream, history.length === 0 ? 0 : history.at(-1)!.revision + 1, 'any', events);
      } catch (error) {
        if (!(error instanceof ConflictError)) throw error;
        if (Date.now() > deadline) throw new StoreUnavailableError(error);
      }
    }
  }

  /** From the leader: a follower may not have the write that was just made, and decisions rest on it. */
  private async read(stream: string, { from, limit, direction = 'forwards' }: StreamOptions): Promise<RecordedEvent[]> {
    const options = {
      direction: direction === 'forwards' ? FORWARDS : BACKWARDS,
      fromRevision: from !== undefined ? BigInt(from) : direction === 'forwards' ? FIRST : END,
      maxCount: limit,
      requiresLeader: true,
    } as const;
    const found = await this.attempt(this.connection.reads, async (hold) => {
      const events: LogEvent[] = [];
      try {
        await this.each(
          hold,
          () => hold.client.readStream(stream, options),
          ({ event }) => {
            if (event) events.push(event);
            return true;
          },
        );
      } catch (error) {
        if (typeOf(error) === 'stream-not-found') return [];
        throw error;
      }
      return events;
    });
    return found.map((event) => {
      const recorded = ours(event);
      if (!recorded) throw new Error(`${stream}: the event at ${event.revision} was not written by this system`);
      return recorded;
    });
  }

  /** The server filters subscriptions only: here everything is fetched and what is not wanted is dropped. */
  private async page(hold: Hold, from: LogPosition | typeof FIRST, { after, types, limit }: AllOptions): Promise<Page> {
    const events: RecordedEvent[] = [];
    let position = after;
    // One more, since the server begins with the event at the position itself.
    const maxCount = Math.max(limit, types ? PAGE_WINDOW : 0) + 1;
    const filter = types && new Set(types);
    await this.each(
      hold,
      () => hold.client.readAll({ fromPosition: from, maxCount }),
      (resolved) => {
        const at = positionOf(resolved);
        if (at === undefined || at <= position) return true;
        position = at;
        const event = wanted(resolved, filter);
        if (event) events.push(event);
        return events.length < limit;
      },
    );
    return { events, position };
  }

  /**
   * Until `take` answers false. However it ends, the stream is given back: 99 that are not would hang the process. What
   * is not wanted any more still flows, into nothing: the client keeps a stream that was not read to its end for ever.
   */
  private async each<E>(hold: Hold, begin: () => StreamingRead<E>, take: (item: E) => boolean): Promise<void> {
    await hold.slot();
    try {
      const stream = begin();
      await hold
        .bounded<void>(this.timeoutMs, (resolve, reject, heard) => {
          let over = false;
          stream.on('error', reject);
          stream.on('end', resolve);
          stream.on('data', (item) => {
            heard();
            if (over) return;
            try {
              over = !take(item);
            } catch (error) {
              over = true;
              reject(error);
            }
            if (over) resolve();
          });
        })
        .finally(() => {
          // Not awaited: a client that is still looking for its cluster would be waited for.
          stream.cancel().catch(() => undefined);
        });
    } finally {
      hold.free();
    }
  }
}

interface Waits {
  /** Milliseconds until the server must have confirmed the subscription. */
  readonly timeoutMs: number;
  /** Milliseconds of silence before the log is looked at. */
  readonly idleMs: number;
  readonly probe: (after: Position) => Promise<Page>;
}

/** What the server says between the events: how far it has come, or that it is (no longer) at the end. */
interface Mark {
  /** How many events it has sent before. */
  readonly after: number;
  readonly position?: Position;
  readonly live?: boolean;
}

/** One subscription of the client, from its start to its drop. */
class Feed {
  private readonly stream: AllStreamSubscription;
  private readonly types: ReadonlySet<string> | undefined;
  private readonly forget: (() => void)[] = [];
  private taken = 0;
  private marks: Mark[] = [];
  private confirmed = false;
  private live = false;
  private toldLive = false;
  private owed: Position | undefined;
  private error: Error | undefined;
  private wake: () => void = () => undefined;

  constructor(
    hold: Hold,
    private position: Position,
    types: readonly string[] | undefined,
    private readonly ending: Ending,
    private readonly waits: Waits,
  ) {
    this.types = types && new Set(types);
    const filter = eventTypeFilter({
      regex: types ? `^(?:${types.map(escaped).join('|')})$` : '^[^$]',
      maxSearchWindow: SEARCH_WINDOW,
      checkpointReached: (_, reached) => this.mark({ position: format(reached) }),
    });
    const options = { fromPosition: parse(position), filter };
    this.stream = hold.client.subscribeToAll(options, { highWaterMark: EVENTS_AHEAD });
    this.stream.on('error', (error) => this.fail(error));
    this.stream.on('end', () => this.fail(new Error('the server ended the subscription')));
    this.stream.on('close', () => this.fail(new Error('the subscription was closed')));
    this.stream.on('readable', () => this.wake());
    this.stream.on('confirmation', () => {
      this.confirmed = true;
      this.wake();
    });
    this.stream.on('caughtUp', () => this.mark({ live: true }));
    this.stream.on('fellBehind', () => this.mark({ live: false }));
    this.forget.push(hold.ending.whenOver((why) => this.fail(why)));
    this.forget.push(ending.whenOver(() => this.close()));
  }

  /**
   * What has come since, at most `limit` events, without waiting for more; or nothing when the subscription is over.
   *
   * @throws the reason of a drop, once everything that came before it was taken
   */
  async next(limit: number): Promise<Batch | undefined> {
    for (;;) {
      if (this.ending.over) return undefined;
      const before = this.position;
      const events = this.take(limit);
      const live = this.live && this.stream.readableLength === 0;
      if (events.length > 0 || this.position !== before || (live && !this.toldLive)) {
        this.toldLive = live;
        return { events, position: this.position, live };
      }
      if (this.error) throw this.error;
      if (await this.silence()) await this.ending.unless(this.look());
    }
  }

  /** What still comes flows into nothing, for the reason given at `each`. */
  close(): void {
    for (const forget of this.forget) forget();
    this.stream.removeAllListeners('readable');
    this.stream.resume();
    this.stream.unsubscribe().catch(() => undefined);
    this.wake();
  }

  private take(limit: number): RecordedEvent[] {
    const events: RecordedEvent[] = [];
    this.pass();
    while (events.length < limit) {
      const resolved = this.stream.read() as AllStreamResolvedEvent | null;
      if (!resolved) break;
      this.taken++;
      const at = positionOf(resolved);
      if (at !== undefined && at > this.position) {
        this.position = at;
        const event = wanted(resolved, this.types);
        if (event) events.push(event);
      }
      this.pass();
    }
    return events;
  }

  /**
   * The client speaks of progress as soon as it hears of it, while the events before it are still in its buffers: it
   * counts only once those are taken, or they would be skipped after a drop.
   */
  private mark(mark: Omit<Mark, 'after'>): void {
    this.marks.push({ ...mark, after: this.taken + this.stream.readableLength });
    this.wake();
  }

  private pass(): void {
    while (this.marks[0] && this.marks[0].after <= this.taken) {
      const { position, live } = this.marks.shift()!;
      if (position !== undefined && position > this.position) this.position = position;
      if (live !== undefined) this.live = live;
    }
  }

  private fail(error: Error): void {
    this.error ??= error;
    this.wake();
  }

  /** Waits for anything to happen; true when nothing did. */
  private silence(): Promise<boolean> {
    return new Promise((resolve) => {
      const { timeoutMs, idleMs } = this.waits;
      const timer = setTimeout(() => resolve(true), this.confirmed ? idleMs : timeoutMs);
      this.wake = () => {
        clearTimeout(timer);
        // What came in the same packet is still being taken apart: it belongs in the same batch.
        setImmediate(() => resolve(false));
      };
    });
  }

  /**
   * A subscription that says nothing has nothing to say, or is dead. The log tells: where it holds no event that is
   * wanted, the position moves on; where it holds one that does not come, the subscription is given up.
   */
  private async look(): Promise<void> {
    if (!this.confirmed) throw new NoAnswerError(this.waits.timeoutMs);
    const { events, position } = await this.waits.probe(this.position);
    // What is wanted may just have come, or be on its way.
    if (events.length === 0) {
      if (position > this.position) this.position = position;
      else this.live = true;
      this.owed = undefined;
    } else if (this.owed !== undefined && this.owed > this.position && this.stream.readableLength === 0) {
      throw new Error(`the subscription fell silent: the event at ${this.owed} did not come`);
    } else {
      this.owed = events[0]!.position;
    }
  }
}

/**
 * The clients of a process. One appends and does nothing else: the replies to all appending clients are kept in one
 * place, so that when the stream of one breaks, the others' appends are rejected and their late replies end the process.
 */
class Connection {
  private static shared: Connection | undefined;

  readonly appends: Line;
  readonly reads: Line;
  subscriptions = 0;
  private users = 0;
  private closing: Promise<void> | undefined;

  private constructor(private readonly url: string) {
    this.appends = new Line(url, APPENDS_UNDER_WAY);
    this.reads = new Line(url, READS_UNDER_WAY);
  }

  static async open(url: string): Promise<Connection> {
    while (Connection.shared?.closing) await Connection.shared.closing;
    if (Connection.shared && Connection.shared.url !== url) {
      throw new Error('a process appends to one EventStoreDB only: two appending clients reject each other’s appends');
    }
    Connection.shared ??= new Connection(url);
    Connection.shared.users++;
    return Connection.shared;
  }

  async release(): Promise<void> {
    if (--this.users > 0) return;
    this.closing = Promise.all([this.appends.close(), this.reads.close()]).then(() => {
      Connection.shared = undefined;
    });
    await this.closing;
  }
}

/** A client, replaced by a new one when it does not recover by itself. */
class Line {
  private hold: Hold;
  private renewing: Promise<void> | undefined;
  private failures = 0;
  private renewedAt = 0;
  private later: NodeJS.Timeout | undefined;

  constructor(
    private readonly url: string,
    private readonly slots: number,
  ) {
    this.hold = new Hold(url, slots);
  }

  async get(): Promise<Hold> {
    while (this.renewing) await this.renewing;
    return this.hold;
  }

  worked(hold: Hold): void {
    if (hold === this.hold) this.failures = 0;
  }

  /**
   * A client that failed to discover its cluster, or whose first question to the server failed, never appends again;
   * one whose appends go unanswered has ever fewer places for others. Twice is enough; but while the server is down, a
   * new client each time would only be more work.
   */
  failed(hold: Hold, error: unknown): void {
    if (hold !== this.hold) return;
    this.failures++;
    if (error instanceof Error && error.message.startsWith('Failed to discover')) this.failures++;
    if (!this.broken || this.renewing || this.later) return;
    const wait = this.renewedAt + RENEWAL_MS - Date.now();
    if (wait <= 0) return this.renew(error);
    this.later = setTimeout(() => {
      this.later = undefined;
      if (this.broken) this.renew(error);
    }, wait);
  }

  private get broken(): boolean {
    return this.failures >= 2 || this.hold.stuck >= 2;
  }

  private renew(cause: unknown): void {
    this.renewedAt = Date.now();
    this.renewing = this.hold.discard(new Error('the client was replaced', { cause })).then(() => {
      this.failures = 0;
      this.hold = new Hold(this.url, this.slots);
      this.renewing = undefined;
    });
  }

  async close(): Promise<void> {
    clearTimeout(this.later);
    await (await this.get()).discard(new Error('the event store is closed'));
  }
}

/** A client as long as it is in use. What waits for it is told when it is given up. */
class Hold {
  readonly client: EventStoreDBClient;
  readonly ending = new Ending();
  /** How many calls were given up without an answer. */
  stuck = 0;
  private readonly channels = new Set<{ close(): void }>();
  private readonly waiting: (() => void)[] = [];

  constructor(
    url: string,
    private slots: number,
  ) {
    this.client = EventStoreDBClient.connectionString(apart(url));
    // The client does not wait for this: a discovery that fails meanwhile would be an unhandled rejection.
    const handleError = this.client['handleError'];
    this.client['handleError'] = (...failed) => handleError(...failed).catch(() => undefined);
    // An append that was still finding out about the server must not begin on a client that is given up.
    const getChannel = this.client['getChannel'];
    this.client['getChannel'] = async () => {
      if (this.ending.reason) throw this.ending.reason;
      const channel = await getChannel();
      this.channels.add(channel);
      if (!this.ending.reason) return channel;
      channel.close();
      throw this.ending.reason;
    };
  }

  /** Waits for a place among the calls under way; every one is to be given back by `free`. */
  async slot(): Promise<void> {
    if (this.ending.reason) throw this.ending.reason;
    if (this.slots > 0) {
      this.slots--;
      return;
    }
    const turn = new Promise<true>((resolve) => this.waiting.push(() => resolve(true)));
    if (!(await this.ending.unless(turn))) throw this.ending.reason;
  }

  readonly free = (): void => {
    const next = this.waiting.shift();
    if (next) next();
    else this.slots++;
  };

  /** The answer, unless the client is given up before, or nothing is heard for so many milliseconds. */
  bounded<T>(ms: number, begin: (resolve: (answer: T) => void, reject: Reject, heard: () => void) => void): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    let forget: () => void = () => undefined;
    const answer = new Promise<T>((resolve, reject) => {
      timer = setTimeout(() => reject(new NoAnswerError(ms)), ms);
      forget = this.ending.whenOver(reject);
      begin(resolve, reject, () => timer?.refresh());
    });
    return answer.finally(() => {
      clearTimeout(timer);
      forget();
    });
  }

  /** First tells its users, or a read that is cut short would pass for a whole one; then lets nothing new begin. */
  async discard(why: Error): Promise<void> {
    this.ending.end(why);
    for (const channel of this.channels) channel.close();
    await Promise.race([this.client.dispose().catch(() => undefined), sleep(DISCARD_MS, undefined, { ref: false })]);
  }
}

let clients = 0;

/**
 * Clients whose settings are the same share a connection, and a new client would go on with the one that does not
 * answer, until its keep-alive gives up after 20 seconds. A millisecond more or less of patience tells them apart.
 */
function apart(url: string): string {
  const [, ms = '10000'] = /[?&]keepAliveTimeout=(-?\d+)/i.exec(url) ?? [];
  if (Number(ms) < 0) return url;
  return `${url}${url.includes('?') ? '&' : '?'}keepAliveTimeout=${Number(ms) + (clients++ % 1_000)}`;
}

type Reject = (error: unknown) => void;

/** Something that ends once. Unlike a promise it forgets those who no longer wait for it. */
class Ending {
  reason: Error | undefined;
  private readonly waiting = new Set<(why: Error) => void>();

  get over(): boolean {
    return this.reason !== undefined;
  }

  end(why: Error): void {
    if (this.reason) return;
    this.reason = why;
    for (const tell of this.waiting) tell(why);
    this.waiting.clear();
  }

  /** Answers how to forget it again. */
  whenOver(tell: (why: Error) => void): () => void {
    if (this.reason) tell(this.reason);
    else this.waiting.add(tell);
    return () => this.waiting.delete(tell);
  }

  /** The promise's value, or undefined as soon as it has ended. */
  async unless<T>(promise: Promise<T>): Promise<T | undefined> {
    let forget: () => void = () => undefined;
    const ended = new Promise<undefined>((resolve) => {
      forget = this.whenOver(() => resolve(undefined));
    });
    try {
      return await Promise.race([promise, ended]);
    } finally {
      forget();
    }
  }
}

class NoAnswerError extends Error {
  constructor(ms: number) {
    super(`no answer within ${ms} ms`);
    this.name = 'NoAnswerError';
  }
}

/** The errors that say for certain what happened. After all others an append may have taken place. */
const ANSWERS = new Set<string | undefined>([
  'wrong-expected-version',
  'maximum-append-size-exceeded',
  'stream-deleted',
  'access-denied',
  'invalid-argument',
]);

/** The message of a conflict is empty, and some errors are not of the client's classes: only the type tells. */
function typeOf(error: unknown): string | undefined {
  return typeof error === 'object' && error !== null && 'type' in error ? String(error.type) : undefined;
}

interface Prepared {
  readonly ids: readonly string[];
  readonly data: EventData[];
  readonly bytes: number;
}

/** @throws NotCanonicalError, AppendTooLargeError, RangeError */
function prepare(stream: string, events: readonly NewEvent[]): Prepared {
  let bytes = 0;
  const data = events.map(({ id, type, data, metadata }) => {
    if (type.startsWith('$') || !type.isWellFormed()) throw new RangeError(`"${type}" is not an event type`);
    const text = canonicalJson(data);
    const about = Buffer.from(canonicalJson(metadata));
    bytes += Buffer.byteLength(text) + about.length + 2 * type.length + EVENT_OVERHEAD_BYTES;
    return jsonEvent({ id, type, data: inOrder(text) as JSONType, metadata: about });
  });
  if (bytes > MAX_APPEND_BYTES) throw new AppendTooLargeError(stream, bytes);
  return { ids: events.map(({ id }) => id), data, bytes };
}

const INTEGER_KEY = /"(?:0|[1-9]\d*)":/;

/**
 * A value that the client's JSON.stringify writes as exactly this canonical text. Objects keep the order of their
 * members, but for keys like "430100", which would be sorted by number and come first.
 */
function inOrder(canonical: string): unknown {
  if (!INTEGER_KEY.test(canonical)) return JSON.parse(canonical);
  const ownKeys = (target: object) => Object.keys(target).sort((a, b) => (a < b ? -1 : 1));
  return JSON.parse(canonical, (_, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value) ? new Proxy(value, { ownKeys }) : value,
  );
}

const escaped = (type: string) => type.replace(/[\\^$.|?*+(){}[\]]/g, '\\$&');

/** Only what this system wrote: JSON with metadata, neither of the server's own types nor in its own streams. */
function ours(event: LogEvent): RecordedEvent | undefined {
  const { id, type, streamId: stream, isJson, data, metadata, position } = event;
  if (type.startsWith('$') || stream.startsWith('$') || !isJson) return undefined;
  if (!data || typeof data !== 'object' || !metadata || typeof metadata !== 'object') return undefined;
  if (!position || position.commit > MAX_POSITION) throw new Error('the server is older than 22.6: no positions');
  return {
    id,
    type,
    data,
    metadata: metadata as unknown as Metadata,
    stream,
    revision: Number(event.revision),
    position: format(position),
  };
}

function wanted({ event }: AllStreamResolvedEvent, types: ReadonlySet<string> | undefined): RecordedEvent | undefined {
  return event && (!types || types.has(event.type)) ? ours(event) : undefined;
}

function positionOf({ event, link }: AllStreamResolvedEvent): Position | undefined {
  const position = (link ?? event)?.position;
  return position && format(position);
}

const MAX_POSITION = 2n ** 63n - 1n;

/** Fixed width, so that positions compare as strings. */
function format({ commit, prepare }: LogPosition): Position {
  return `${hex(commit)}-${hex(prepare)}`;
}

const hex = (n: bigint) => n.toString(16).padStart(16, '0');

/** @throws RangeError for what is not a position of this adapter */
function parse(position: Position): LogPosition | typeof FIRST {
  if (position === START) return FIRST;
  const [, commit, prepare] = /^([0-9a-f]{16})-([0-9a-f]{16})$/.exec(position) ?? [];
  if (!commit || !prepare) throw new RangeError(`"${position}" is not a position of EventStoreDB`);
  return { commit: BigInt(`0x${commit}`), prepare: BigInt(`0x${prepare}`) };
}
