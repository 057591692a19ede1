import {
  assertAppendable,
  assertReadable,
  ConflictError,
  IdReusedError,
  StoreUnavailableError,
  type AllOptions,
  type Appended,
  type Batch,
  type EventStore,
  type Expected,
  type NewEvent,
  type Page,
  type RecordedEvent,
  type StreamOptions,
  type SubscribeOptions,
} from '#libs/eventing';
import type { Host } from './scheduler.js';
import type { Server, Transaction } from './server.js';

/** How long a reader that has seen everything waits for the bell before it looks by itself. */
const LOOK_MS = 300;

/** The event store of one process: the log is in the simulated server, with its positions taken before the commit. */
export class SimulatedStore implements EventStore {
  readonly tellsRepetition = true;

  constructor(
    private readonly server: Server,
    private readonly host: Host,
    /** Events a page at most: few, so that batches end anywhere. */
    private readonly pageSize: number,
  ) {}

  async append(stream: string, expected: Expected, events: readonly NewEvent[]): Promise<Appended> {
    assertAppendable(stream, expected, events);
    const { scheduler } = this.server;
    // Now and then the commit takes its time, with the position taken already.
    const commits = scheduler.strikes(0.1) ? scheduler.int(100, 2_500) : scheduler.int(0, 3);
    const what = `append ${stream} ${String(expected)} ${events.map((e) => e.type).join(' ')}`;
    return this.ask(what, (t) => this.server.append(t, stream, expected, events), commits);
  }

  readStream(stream: string, options: StreamOptions = {}): Promise<RecordedEvent[]> {
    assertReadable(options);
    const { from, direction = 'forwards', limit } = options;
    return this.ask(`read ${stream} ${from ?? ''}`, () => {
      const there = this.server.stream(stream);
      const found =
        direction === 'forwards'
          ? there.filter((e) => e.revision >= (from ?? 0))
          : there.filter((e) => e.revision <= (from ?? Infinity)).reverse();
      return found.slice(0, limit);
    });
  }

  heads(streams: readonly string[]): Promise<ReadonlyMap<string, number>> {
    return this.ask(`heads of ${streams.length}`, () => {
      const ends = streams.map((stream) => [stream, this.server.stream(stream).length - 1] as const);
      return new Map(ends.filter(([, revision]) => revision >= 0));
    });
  }

  readAll({ after, types, limit }: AllOptions): Promise<Page> {
    return this.ask(`read after ${after}`, () => {
      const settled = this.server.settled();
      const news = settled.slice(settled.findLastIndex((s) => s.event.position <= after) + 1).map((s) => s.event);
      const found = news.filter((e) => types?.includes(e.type) ?? true).slice(0, limit);
      const reached = found.length === limit ? found.at(-1)! : news.at(-1);
      return { events: found, position: reached?.position ?? after };
    });
  }

  async *subscribe({ after, types, limit, signal, onDrop }: SubscribeOptions): AsyncGenerator<Batch> {
    const size = Math.min(limit, this.pageSize);
    let position = after;
    for (let reported = false; !signal.aborted;) {
      let page: Page;
      try {
        page = await this.readAll({ after: position, types, limit: size });
      } catch (error) {
        onDrop?.(error);
        await this.bell(50);
        continue;
      }
      if (signal.aborted) return;
      const live = page.events.length < size;
      const news = page.position !== position || !reported;
      position = page.position;
      if (news) {
        reported = live;
        yield { ...page, live };
      }
      if (live) await this.bell(LOOK_MS);
    }
  }

  progress(): Promise<number> {
    return Promise.resolve(1);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  private bell(patienceMs: number): Promise<void> {
    const { server, host } = this;
    return new Promise((ring) => {
      const listener = {
        host,
        ring: () => {
          server.listeners.delete(listener);
          looks.run = undefined;
          ring();
        },
      };
      server.listeners.add(listener);
      const looks = server.scheduler.after(patienceMs, host, 'looks', listener.ring);
    });
  }

  private async ask<T>(what: string, work: (transaction: Transaction) => T, commits = 0): Promise<T> {
    const session = this.server.connect(this.host);
    try {
      return await this.server.ask(session, what, work, commits);
    } catch (error) {
      if (error instanceof ConflictError || error instanceof IdReusedError) throw error;
      throw new StoreUnavailableError(error);
    } finally {
      this.server.disconnect(session);
    }
  }
}
