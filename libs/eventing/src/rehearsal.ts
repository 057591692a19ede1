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

/** What a stream is in a rehearsal: how far it had come when it was first looked at, and what was appended since. */
interface Stream {
  readonly head: number;
  readonly appended: RecordedEvent[];
}

/**
 * A store on top of another: it reads what is there, and keeps what is appended to itself. Whoever decides on it sees what would
 * have come of the decisions before, and nothing is recorded. What others append meanwhile to a stream that it has looked at it
 * does not see.
 */
export class RehearsalStore implements EventStore {
  readonly tellsRepetition = true;
  private readonly streams = new Map<string, Promise<Stream>>();

  constructor(private readonly store: EventStore) {}

  async append(stream: string, expected: Expected, events: readonly NewEvent[]): Promise<Appended> {
    const { head, appended } = await this.stream(stream);
    const last = head + appended.length;
    const matches = expected === 'any' || last === (expected === 'no-stream' ? -1 : expected);
    if (!matches) throw new ConflictError(stream, expected, last < 0 ? null : last);
    events.forEach((event, i) => {
      canonicalJson(event.data);
      appended.push({ ...event, stream, revision: last + 1 + i, position: START });
    });
    return { revision: last + events.length, position: START };
  }

  async readStream(stream: string, { from = 0, direction, limit }: StreamOptions = {}): Promise<RecordedEvent[]> {
    const { head, appended } = await this.stream(stream);
    if (direction === 'backwards') {
      const kept = appended.toReversed().slice(0, limit);
      if (kept.length === limit || head < 0) return kept;
      const rest = limit === undefined ? undefined : limit - kept.length;
      return [...kept, ...(await this.store.readStream(stream, { from: head, direction, limit: rest }))];
    }
    const there = from > head ? [] : await this.store.readStream(stream, { from, limit: limit ?? head - from + 1 });
    const known = there.filter(({ revision }) => revision <= head);
    return [...known, ...appended.slice(Math.max(0, from - head - 1))].slice(0, limit);
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

  private stream(name: string): Promise<Stream> {
    const known = this.streams.get(name);
    if (known) return known;
    const looked = this.store
      .readStream(name, { direction: 'backwards', limit: 1 })
      .then(([last]) => ({ head: last?.revision ?? -1, appended: [] }));
    // One that could not be read is looked at again.
    looked.catch(() => this.streams.delete(name));
    this.streams.set(name, looked);
    return looked;
  }
}
