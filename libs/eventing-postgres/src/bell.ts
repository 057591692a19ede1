import pg from 'pg';

const CHANNEL = 'eventing_appended';
/** Waits between looks when nothing rings, in milliseconds: short after a ring, since a watermark may hold events back. */
const SHORTEST = 4;
const LONGEST = 500;

/**
 * Wakes subscriptions when something was appended, in this process and in others. A lost ring costs time, never events:
 * waits end by themselves.
 *
 * NOTIFY is sent after the append's commit, not inside it, and for many appends at once: inside, it would make every
 * commit of the cluster queue for one lock.
 */
export class Bell {
  private rings = 0;
  private lastRing = 0;
  private readonly waiting = new Set<() => void>();
  private listener: pg.Client | undefined;
  private connecting = false;
  private notifying = false;
  private closed = false;

  constructor(
    private readonly url: string,
    private readonly pool: pg.Pool,
  ) {}

  /** Something was appended here. */
  ring(): void {
    this.wake();
    if (this.notifying || this.closed) return;
    this.notifying = true;
    setImmediate(() => {
      this.notifying = false;
      if (!this.closed) this.pool.query(`notify ${CHANNEL}`).catch(() => undefined);
    });
  }

  /** Call it before looking; a ring after that ends the wait at once. */
  listen(): { wait(signal: AbortSignal): Promise<void> } {
    void this.connect();
    const heard = this.rings;
    return {
      wait: (signal) =>
        new Promise((done) => {
          if (heard !== this.rings || signal.aborted || this.closed) return done();
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

  async close(): Promise<void> {
    this.closed = true;
    this.wake();
    await this.listener?.end().catch(() => undefined);
  }

  private wake(): void {
    this.rings++;
    this.lastRing = performance.now();
    for (const finish of this.waiting) finish();
  }

  private async connect(): Promise<void> {
    if (this.listener || this.connecting || this.closed) return;
    this.connecting = true;
    const client = new pg.Client({ connectionString: this.url, keepAlive: true, connectionTimeoutMillis: 5_000 });
    const gone = () => {
      if (this.listener === client) this.listener = undefined;
    };
    client.on('error', gone);
    client.on('end', gone);
    client.on('notification', () => this.wake());
    try {
      await client.connect();
      await client.query(`listen ${CHANNEL}`);
      this.listener = client;
      if (this.closed) await client.end();
    } catch {
      // The next look tries again; until then the pauses between looks do the work.
    } finally {
      this.connecting = false;
    }
  }
}
