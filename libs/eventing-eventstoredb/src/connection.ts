import { setTimeout as sleep } from 'node:timers/promises';
import { StoreUnavailableError } from '#libs/eventing';
import { ANSWERS, typeOf } from './failures.js';
import { Session } from './session.js';

/**
 * The client writes all appends to one gRPC stream with a buffer of 16. What waits behind a full buffer is rejected
 * without a handler when that stream breaks, which ends the process: no more than it holds is ever under way.
 */
const APPENDS_UNDER_WAY = 16;

/** A connection has about 100 HTTP/2 streams, and the 101st waits for ever: reads and subscriptions share them out. */
const READS_UNDER_WAY = 48;
export const MAX_SUBSCRIPTIONS = 48;

export const FIRST_PAUSE_MS = 25;
export const LAST_PAUSE_MS = 1_000;
/** From one new client to the next. */
const RENEWAL_MS = 500;

/**
 * The clients of a process. One appends and does nothing else: the replies to all appending clients are kept in one
 * place, so that when the stream of one breaks, the others' appends are rejected and their late replies end the process.
 */
export class Connection {
  private static shared: Connection | undefined;

  readonly appends: ReconnectingClient;
  readonly reads: ReconnectingClient;
  subscriptions = 0;
  private users = 0;
  private closing: Promise<void> | undefined;

  private constructor(private readonly url: string) {
    this.appends = new ReconnectingClient(url, APPENDS_UNDER_WAY);
    this.reads = new ReconnectingClient(url, READS_UNDER_WAY);
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
export class ReconnectingClient {
  private session: Session;
  private renewing: Promise<void> | undefined;
  private failures = 0;
  private renewedAt = 0;
  private later: NodeJS.Timeout | undefined;

  constructor(
    private readonly url: string,
    private readonly slots: number,
  ) {
    this.session = new Session(url, slots);
  }

  async get(): Promise<Session> {
    while (this.renewing) await this.renewing;
    return this.session;
  }

  /**
   * Again and again until there is an answer, with new clients where the old do not recover.
   *
   * @throws StoreUnavailableError when the deadline has passed
   */
  async attempt<T>(deadline: number, action: (session: Session) => Promise<T>): Promise<T> {
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LAST_PAUSE_MS)) {
      const session = await this.get();
      try {
        const answer = await action(session);
        this.worked(session);
        return answer;
      } catch (error) {
        if (ANSWERS.has(typeOf(error))) {
          this.worked(session);
          throw error;
        }
        this.failed(session, error);
        if (Date.now() + pauseMs > deadline) throw new StoreUnavailableError(error);
        await sleep(pauseMs * (0.5 + Math.random() / 2));
      }
    }
  }

  worked(session: Session): void {
    if (session === this.session) this.failures = 0;
  }

  /**
   * A client that failed to discover its cluster, or whose first question to the server failed, never appends again;
   * one whose appends go unanswered has ever fewer places for others. Twice is enough; but while the server is down, a
   * new client each time would only be more work.
   */
  failed(session: Session, error: unknown): void {
    if (session !== this.session) return;
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
    return this.failures >= 2 || this.session.stuck >= 2;
  }

  private renew(cause: unknown): void {
    this.renewedAt = Date.now();
    this.renewing = this.session.discard(new Error('the client was replaced', { cause })).then(() => {
      this.failures = 0;
      this.session = new Session(this.url, this.slots);
      this.renewing = undefined;
    });
  }

  async close(): Promise<void> {
    clearTimeout(this.later);
    await (await this.get()).discard(new Error('the event store is closed'));
  }
}
