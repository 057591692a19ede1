import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { BeforeApplicationShutdown } from '@nestjs/common';
import { ProblemException } from '#libs/eventing-nest';

export interface Pace {
  /** Between looks while nothing happens, and at least between two news, in milliseconds. */
  readonly lookMs: number;
  readonly apartMs: number;
  /** A proxy takes a connection for dead on which nothing is said. */
  readonly heartbeatMs: number;
  /** It ends then, and whoever reads on is asked anew who it is. */
  readonly longestMs: number;
  /** Streams of one actor: a page each, in a few browsers. */
  readonly most: number;
}

export const PACE: Pace = { lookMs: 250, apartMs: 1_000, heartbeatMs: 15_000, longestMs: 15 * 60_000, most: 12 };

/** How long a reader that does not read may hold the shutdown up, in milliseconds. */
const GRACE_MS = 500;
/** What a reader may leave unread before it is let go, in bytes. */
const MOST_UNREAD = 16_384;

interface Reader {
  readonly actor: string;
  readonly stream: Readable;
  readonly response: ServerResponse;
  readonly since: number;
  /** How far it was told that the read models are. */
  told: string;
}

/**
 * Tells whoever listens how far the read models have come. One look for all of this process, and none while nobody listens: it
 * reads the checkpoints, and so is right whichever process projects, from whichever store. Inside their transactions a NOTIFY would
 * make every commit of the cluster queue for one lock.
 */
export class News implements BeforeApplicationShutdown {
  private readonly readers = new Set<Reader>();
  private watch: AbortController | undefined;
  private watching = Promise.resolve();
  private closing = false;

  /** @param reached how far all read models have come */
  constructor(
    private readonly reached: () => Promise<string>,
    private readonly pace: Pace = PACE,
  ) {}

  /** How many listen. */
  get listeners(): number {
    return this.readers.size;
  }

  /**
   * A stream of server-sent events that ends with the response.
   *
   * @param after what the reader was told last, where it comes again
   */
  async open(actor: string, response: ServerResponse, after?: string): Promise<Readable> {
    // Before it is answered: what is recorded after that is news.
    const told = after ?? (await this.reached());
    // After that, since others may have come meanwhile.
    this.assertRoom(actor);
    const stream = new Readable({ read: () => undefined });
    stream.push(':\n\n');
    if (this.closing || response.destroyed) {
      stream.push(null);
      return stream;
    }
    const reader = { actor, stream, response, since: performance.now(), told };
    this.readers.add(reader);
    response.once('close', () => this.left(reader));
    if (this.readers.size === 1) this.begin();
    return stream;
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.closing = true;
    const open = [...this.readers];
    for (const { stream } of open) stream.push(null);
    setTimeout(() => open.forEach(({ response }) => response.destroy()), GRACE_MS).unref();
    this.watch?.abort();
    await this.watching;
  }

  private assertRoom(actor: string): void {
    const { most } = this.pace;
    if ([...this.readers].filter((reader) => reader.actor === actor).length < most) return;
    throw new ProblemException(
      429,
      'news.too-many',
      `您已有 ${most} 个连接在等消息：请先关闭一些页面`,
      `You have ${most} connections waiting for news: close some of the pages first`,
    );
  }

  private left(reader: Reader): void {
    this.readers.delete(reader);
    reader.stream.destroy();
    if (this.readers.size === 0) this.watch?.abort();
  }

  private begin(): void {
    const { signal } = (this.watch = new AbortController());
    const before = this.watching;
    this.watching = (async () => {
      await before;
      await this.look(signal);
    })();
  }

  private async look(signal: AbortSignal): Promise<void> {
    const { lookMs, apartMs, heartbeatMs, longestMs } = this.pace;
    const pause = (ms: number) => delay(ms, undefined, { signal }).catch(() => undefined);
    for (let beaten = performance.now(); !signal.aborted;) {
      // While the database is away there is no news, and readers stay.
      const position = await this.reached().catch(() => undefined);
      const now = performance.now();
      const beat = now - beaten >= heartbeatMs;
      if (beat) beaten = now;
      let said = false;
      for (const reader of this.readers) {
        const isNews = position !== undefined && position > reader.told;
        if (isNews) tell(reader, position);
        else if (beat) reader.stream.push(':\n\n');
        said ||= isNews;
        if (now - reader.since >= longestMs) reader.stream.push(null);
        else if (reader.stream.readableLength > MOST_UNREAD) reader.response.destroy();
      }
      await pause(said ? apartMs : lookMs);
    }
  }
}

/** The event's id is what the reader sends when it comes again, as Last-Event-ID. */
function tell(reader: Reader, position: string): void {
  reader.told = position;
  reader.stream.push(`event: recorded\nid: ${position}\ndata: ${JSON.stringify({ position })}\n\n`);
}
