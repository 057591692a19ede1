import { canonicalJson } from './canonical.js';
import { START, type NewEvent, type RecordedEvent } from './event.js';
import {
  ConflictError,
  type Appended,
  type Batch,
  type EventStore,
  type Expected,
  type Page,
  type StreamOptions,
} from './event-store.js';

/** What a stream is in a rehearsal. */
interface Stream {
  /** How far it had come when it was first looked at; -1 where it was not there. */
  readonly head: number;
  /** What was appended since, in the rehearsal. */
  readonly appended: RecordedEvent[];
}

/**
 * A store on top of another: it reads what is there, and keeps what is appended to itself. Whoever decides on it sees what would
 * have come of the decisions before, and nothing is recorded. What others append meanwhile to a stream that it has looked at it
 * does not see.
 */
export class RehearsalStore implements EventStore {
  readonly tellsRepetition = true;
  private readonly streams = new Map<string, Stream>();

  constructor(private readonly store: EventStore) {}

  /** Looks at all of these at once, which are about to be decided on: each for itself would be a journey of its own. */
  async expect(streams: readonly string[]): Promise<void> {
    const unknown = [...new Set(streams)].filter((stream) => !this.streams.has(stream));
    if (unknown.length === 0) return;
    const heads = await this.store.heads(unknown);
    for (const stream of unknown) {
      if (!this.streams.has(stream)) this.streams.set(stream, { head: heads.get(stream) ?? -1, appended: [] });
    }
  }

  async append(stream: string, expected: Expected, events: readonly NewEvent[]): Promise<Appended> {
    const { head, appended } = await this.stream(stream);
    const last = head + appended.length;
    const matches = expected === 'any' || last === (expected === 'no-stream' ? -1 : expected);
    if (!matches) throw new ConflictError(stream, expected, last < 0 ? null : last);
    for (const { data } of events) canonicalJson(data);
    appended.push(...events.map((event, i) => ({ ...event, stream, revision: last + 1 + i, position: START })));
    return { revision: last + events.length, position: START };
  }

  async readStream(stream: string, { from, direction, limit }: StreamOptions = {}): Promise<RecordedEvent[]> {
    const { head, appended } = await this.stream(stream);
    const isForwards = direction !== 'backwards';
    const first = from ?? (isForwards ? 0 : Infinity);
    const isAsked = ({ revision }: RecordedEvent) => (isForwards ? revision >= first : revision <= first);
    const own = appended.filter(isAsked);
    // Nothing of the store's is asked for.
    if (head < 0 || (isForwards && first > head)) return (isForwards ? own : own.toReversed()).slice(0, limit);
    const there = await this.store.readStream(stream, { from: Math.min(first, head), direction, limit });
    const known = there.filter(({ revision }) => revision <= head);
    return (isForwards ? [...known, ...own] : [...own.toReversed(), ...known]).slice(0, limit);
  }

  async heads(streams: readonly string[]): Promise<ReadonlyMap<string, number>> {
    await this.expect(streams);
    const ends = streams.map((stream) => [stream, this.endOf(stream)] as const);
    return new Map(ends.filter(([, end]) => end >= 0));
  }

  /** Nobody follows a rehearsal: what decides reads streams. */
  readAll(): Promise<Page> {
    return Promise.reject(new Error('a rehearsal has no order of all events'));
  }

  subscribe(): AsyncIterable<Batch> {
    throw new Error('a rehearsal is not followed');
  }

  progress(): Promise<number> {
    return Promise.resolve(1);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  private async stream(name: string): Promise<Stream> {
    if (!this.streams.has(name)) await this.expect([name]);
    return this.streams.get(name)!;
  }

  private endOf(name: string): number {
    const { head, appended } = this.streams.get(name)!;
    return head + appended.length;
  }
}
