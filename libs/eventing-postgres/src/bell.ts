import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';

const CHANNEL = 'eventing_appended';
/** Waits between looks when nothing rings, in milliseconds: short after a ring, since a watermark may hold events back. */
const SHORTEST = 4;
const LONGEST = 500;
/** Between notifications to other processes, in milliseconds; one that was rung lately looks at least as often by itself. */
const APART = 20;

/**
 * Wakes subscriptions when something was appended, in this process and in others. A lost ring costs time, never events:
 * waits end by themselves.
 *
 * NOTIFY is sent after the append's commit, not inside it, for all appends since the last: inside, it would make every
 * commit of the cluster queue for one lock, and one for each append would cost as much as the append. It has a connection of its own that does not wait for the
 * disk, since a notification takes a transaction id and would cost as much as the append.
 */
export class Bell {
  private readonly name = randomUUID();
  private rings = 0;
  private lastRing = 0;
  private readonly waiting = new Set<() => void>();
  private readonly listeners = new Set<(error: unknown) => void>();
  private client: pg.Client | undefined;
  private connecting: Promise<void> | undefined;
  private notifying = false;
  private unheard = false;
  private readonly closing = new AbortController();

  constructor(private readonly url: string) {}

  /** Something was appended here. */
  ring(): void {
    this.wake();
    this.unheard = true;
    if (!this.notifying) void this.notify();
  }

  /** Call it before looking; a ring after that ends the wait at once. */
  listen(): { wait(signal: AbortSignal): Promise<void> } {
    void this.connect();
    const heard = this.rings;
    return {
      wait: (signal) =>
        new Promise((done) => {
          if (heard !== this.rings || signal.aborted || this.closing.signal.aborted) return done();
          const finish = () => {
            clearTimeout(timer);
            this.waiting.delete(finish);
            signal.removeEventListener('abort', finish);
            done();
          };
          const quiet = (performance.now() - this.lastRing) / 2;
          const timer = setTimeout(finish, Math.min(Math.max(quiet, SHORTEST), LONGEST));
          this.waiting.add(finish);
          signal.addEventListener('abort', finish);
        }),
    };
  }

  /** Tells of each loss of the connection, until the function that is returned is called. */
  whenLost(tell: (error: unknown) => void): () => void {
    this.listeners.add(tell);
    return () => this.listeners.delete(tell);
  }

  async close(): Promise<void> {
    this.closing.abort();
    this.wake();
    await this.connecting;
    await this.client?.end().catch(() => undefined);
  }

  private async notify(): Promise<void> {
    this.notifying = true;
    while (this.unheard && !this.closing.signal.aborted) {
      await this.connect();
      this.unheard = false;
      // Not sent: the others' pauses between looks do the work.
      await this.client?.query(`notify ${CHANNEL}, '${this.name}'`).catch(() => undefined);
      await delay(APART, undefined, { signal: this.closing.signal }).catch(() => undefined);
    }
    this.notifying = false;
  }

  private wake(): void {
    this.rings++;
    this.lastRing = performance.now();
    for (const finish of this.waiting) finish();
  }

  private connect(): Promise<void> {
    if (this.client || this.closing.signal.aborted) return Promise.resolve();
    this.connecting ??= this.open().finally(() => (this.connecting = undefined));
    return this.connecting;
  }

  private async open(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.url,
      keepAlive: true,
      connectionTimeoutMillis: 5_000,
      options: '-c synchronous_commit=off',
    });
    const gone = (error: unknown) => {
      if (this.client !== client) return;
      this.client = undefined;
      if (!this.closing.signal.aborted) for (const tell of this.listeners) tell(error);
    };
    client.on('error', gone);
    client.on('end', () => gone(new Error('the server has closed the connection')));
    // One's own has been heard already, when it was rung.
    client.on('notification', ({ payload }) => payload === this.name || this.wake());
    try {
      await client.connect();
      await client.query(`listen ${CHANNEL}`);
      this.client = client;
    } catch {
      // The next look tries again; until then the pauses between looks do the work.
    }
  }
}
