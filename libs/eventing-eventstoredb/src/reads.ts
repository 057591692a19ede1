import {
  BACKWARDS,
  END,
  FORWARDS,
  START as FIRST,
  type RecordedEvent as LogEvent,
  type StreamingRead,
} from '@eventstore/db-client';
import type { AllOptions, Page, Position, RecordedEvent, StreamOptions } from '#libs/eventing';
import type { ReconnectingClient } from './connection.js';
import { typeOf } from './failures.js';
import type { Session } from './session.js';
import { ours, parse, positionOf, wanted } from './log-events.js';

/** How many events a filtered page looks through at most. */
const PAGE_WINDOW = 512;

/** The reads of one store. What its methods are given has been checked. */
export class Reads {
  constructor(
    private readonly reconnecting: ReconnectingClient,
    private readonly timeoutMs: number,
    private readonly patienceMs: number,
  ) {}

  /** @throws StoreUnavailableError when the server does not answer */
  async reach(): Promise<void> {
    const end = { direction: BACKWARDS, fromPosition: END, maxCount: 1 } as const;
    await this.attempt((session) =>
      this.each(
        session,
        () => session.client.readAll(end),
        () => true,
      ),
    );
  }

  /** From the leader: a follower may not have the write that was just made, and decisions rest on it. */
  async stream(stream: string, { from, limit, direction = 'forwards' }: StreamOptions): Promise<RecordedEvent[]> {
    const options = {
      direction: direction === 'forwards' ? FORWARDS : BACKWARDS,
      fromRevision: from !== undefined ? BigInt(from) : direction === 'forwards' ? FIRST : END,
      maxCount: limit,
      requiresLeader: true,
    } as const;
    const found = await this.attempt(async (session) => {
      const events: LogEvent[] = [];
      try {
        await this.each(
          session,
          () => session.client.readStream(stream, options),
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

  all(options: AllOptions): Promise<Page> {
    return this.attempt((session) => this.page(session, options));
  }

  /** The server filters subscriptions only: here everything is fetched and what is not wanted is dropped. */
  async page(session: Session, { after, types, limit }: AllOptions): Promise<Page> {
    const events: RecordedEvent[] = [];
    let position = after;
    // One more, since the server begins with the event at the position itself.
    const maxCount = Math.max(limit, types ? PAGE_WINDOW : 0) + 1;
    const filter = types && new Set(types);
    await this.each(
      session,
      () => session.client.readAll({ fromPosition: parse(after), maxCount }),
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

  /** By bytes: the log's positions are places in its files. */
  async progress(position: Position): Promise<number> {
    const at = parse(position);
    let head = 0n;
    const end = { direction: BACKWARDS, fromPosition: END, maxCount: 1 } as const;
    await this.attempt((session) =>
      this.each(
        session,
        () => session.client.readAll(end),
        ({ event, link }) => {
          head = (link ?? event)?.position?.commit ?? head;
          return true;
        },
      ),
    );
    return head === 0n ? 1 : typeof at === 'string' ? 0 : Math.min(Number(at.commit) / Number(head), 1);
  }

  private attempt<T>(action: (session: Session) => Promise<T>): Promise<T> {
    return this.reconnecting.attempt(Date.now() + this.patienceMs, action);
  }

  /**
   * Until `take` answers false. However it ends, the stream is given back: 99 that are not would hang the process. What
   * is not wanted any more still flows, into nothing: the client keeps a stream that was not read to its end for ever.
   */
  private async each<E>(session: Session, begin: () => StreamingRead<E>, take: (item: E) => boolean): Promise<void> {
    await session.slot();
    try {
      const stream = begin();
      await session
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
      session.free();
    }
  }
}
