import type { NewEvent, Position, RecordedEvent } from './event.js';

/** What the appender believes of the stream: the revision of its last event, or that it has none, or no belief. */
export type Expected = number | 'no-stream' | 'any';

export interface Appended {
  /** The revision of the last event appended. */
  readonly revision: number;
  /** The position of the last event appended: a reader that has reached it has seen them all. */
  readonly position: Position;
  /** The same events stood there before, or a lost connection hides whether they did. Only of stores that tell. */
  readonly repeated?: boolean;
}

export interface StreamOptions {
  /** First revision to read; backwards from the end when absent. */
  readonly from?: number;
  readonly direction?: 'forwards' | 'backwards';
  /** At most so many events; all of them when absent. */
  readonly limit?: number;
}

export interface AllOptions {
  /** Exclusive: the position that was seen last. */
  readonly after: Position;
  /** Only events of these types; all when absent. */
  readonly types?: readonly string[];
  /** At most so many events a page. */
  readonly limit: number;
}

/** Events in order, and how far the reader has come; `position` moves on also where the filter dropped everything. */
export interface Page {
  readonly events: readonly RecordedEvent[];
  readonly position: Position;
}

export interface Batch extends Page {
  /** The reader has seen all that was there when this batch was read. */
  readonly live: boolean;
}

export interface SubscribeOptions extends AllOptions {
  /** Ends the subscription. */
  readonly signal: AbortSignal;
  /** Told of each drop; the subscription itself goes on after the last batch that was taken. */
  readonly onDrop?: (error: unknown) => void;
}

/**
 * The event store. Two adapters, PostgreSQL and EventStoreDB, pass one contract suite (`libs/testing`).
 *
 * Never skips: once a reader has seen a position, no event appears at or before it.
 */
export interface EventStore {
  /** Whether an append says that it found its events in place; a store that does not makes deciders read first. */
  readonly tellsRepetition: boolean;
  /**
   * All or nothing, to one stream. The same event ids at the same place again are the same answer and no second event.
   * The answer to an append that failed with anything but the errors below is unknown: append the same again.
   *
   * @throws ConflictError when the stream is not where `expected` says
   * @throws IdReusedError when an event id already stands elsewhere
   * @throws NotCanonicalError when data or metadata would not survive the round trip
   */
  append(stream: string, expected: Expected, events: readonly NewEvent[]): Promise<Appended>;
  /** A stream that does not exist is an empty history. */
  readStream(stream: string, options?: StreamOptions): Promise<RecordedEvent[]>;
  /** The revision of the last event of each of these streams, at once; one without events is not in it. */
  heads(streams: readonly string[]): Promise<ReadonlyMap<string, number>>;
  readAll(options: AllOptions): Promise<Page>;
  /** Catch-up, then live. At most one batch is read ahead of what the consumer has asked for: that is the back-pressure. */
  subscribe(options: SubscribeOptions): AsyncIterable<Batch>;
  /** What share of the log lies at or before the position, from 0 to 1; an estimate, for those who wait. */
  progress(position: Position): Promise<number>;
  close(): Promise<void>;
}

/** The stream has moved on, or is not there. `actual` is null for a stream without events. */
export class ConflictError extends Error {
  constructor(
    readonly stream: string,
    readonly expected: Expected,
    readonly actual: number | null,
  ) {
    super(`${stream}: expected ${expected}, is ${actual ?? 'without events'}`);
    this.name = 'ConflictError';
  }
}

/** An event id that already stands in another place: one command id was used for two commands. */
export class IdReusedError extends Error {
  constructor(
    readonly stream: string,
    readonly id: string,
  ) {
    super(`${stream}: event id ${id} already stands elsewhere`);
    this.name = 'IdReusedError';
  }
}

/** The store cannot be reached, or did not answer in time; whether the append took place is unknown. Send the same again. */
export class StoreUnavailableError extends Error {
  constructor(cause: unknown) {
    super(`the event store is not available: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    this.name = 'StoreUnavailableError';
  }
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** A name that no store may hold has no events: a read of it is empty. `$` names belong to EventStoreDB itself. */
export function isStreamName(stream: string): boolean {
  return stream !== '' && !stream.startsWith('$') && !stream.includes('\0') && stream.isWellFormed();
}

/**
 * What both adapters check before anything goes to a server, so that both refuse the same.
 *
 * @throws RangeError
 */
export function assertAppendable(stream: string, expected: Expected, events: readonly NewEvent[]): void {
  if (!isStreamName(stream)) throw new RangeError(`"${stream}" is not a stream name`);
  if (typeof expected === 'number' && !(Number.isSafeInteger(expected) && expected >= 0)) {
    throw new RangeError(`${expected} is not a revision`);
  }
  if (events.length === 0) throw new RangeError('an append needs at least one event');
  for (const { id, type } of events) {
    if (!UUID.test(id)) throw new RangeError(`"${id}" is not a lower-case UUID`);
    if (!isStreamName(type)) throw new RangeError(`"${type}" is not an event type`);
  }
  if (new Set(events.map((e) => e.id)).size < events.length)
    throw new RangeError('an event id stands twice in the batch');
}

/** @throws RangeError */
export function assertReadable({ from, limit }: Pick<StreamOptions, 'from' | 'limit'>): void {
  if (from !== undefined && !(Number.isSafeInteger(from) && from >= 0))
    throw new RangeError(`${from} is not a revision`);
  if (limit !== undefined && !(Number.isSafeInteger(limit) && limit > 0))
    throw new RangeError(`${limit} is not a limit`);
}
