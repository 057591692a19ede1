import { setTimeout as sleep } from 'node:timers/promises';
import { EventStoreDBClient } from '@eventstore/db-client';
import { Ending } from './ending.js';
import { NoAnswerError } from './failures.js';

/** What the streams of a client that is given up may take to end. */
const DISCARD_MS = 5_000;

type Reject = (error: unknown) => void;

/** A client as long as it is in use. What waits for it is told when it is given up. */
export class Session {
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
    // `handleError` awaits the channel, which may be a discovery under way, and nothing in the client awaits
    // `handleError`: when that discovery fails, it would be an unhandled rejection.
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
