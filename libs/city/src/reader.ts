import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { EMPTY_FEED, type FeedHead, type FeedRecord } from '#libs/messages';
import type { ReadModel } from '#libs/read-models';
import { applyRecords } from './apply.js';
import type { Connection, Transport } from './connection.js';
import { lockCursor, moveCursor } from './cursor.js';
import { onClient, transaction } from './database.js';
import { join } from './join.js';
import { modelOf } from './tables.js';
import { DigestMismatchError, errorOf, verify, type Verified } from './verify.js';

export interface FeedReaderOptions extends Connection {
  readonly feed: string;
  /** What `source` is. */
  readonly transport: Transport;
  readonly log: (line: string) => void;
}

export interface FeedStatus {
  readonly sequence: number;
  readonly digest: string;
  /** The feed's end as the province last told it; null before it has. */
  readonly province: FeedHead | null;
  /** Equal digests: this city has the province's feed, record for record, as far as it was told. */
  readonly inSync: boolean;
  readonly trouble: string | null;
}

/** What has happened since the start. */
export interface FeedCounts {
  applied: number;
  /** Of those, what was put aside. */
  skipped: number;
  duplicates: number;
  /** Holes in a delivery that were filled over HTTP. */
  gaps: number;
  /** Failures to get or to apply records, by kind. */
  readonly troubles: Map<string, number>;
}

/** What a transport last reported, and the reasons it has given so far. */
interface Trouble {
  readonly text: string;
  readonly at: number;
  readonly told: Set<string>;
}

/** Records asked for at once over HTTP. */
const PAGE = 500;
/** How often a city that listens to Kafka asks the province over HTTP where the feed ends, in milliseconds. */
const RECONCILE_MS = 30_000;
/** The same while Kafka is in trouble: HTTP then carries the feed. */
const STAND_IN_MS = 1_000;
/** Sources that are still in trouble say so again well within this time, in milliseconds. */
const TROUBLE_LASTS_MS = 60_000;
/** Of one trouble, how many reasons are logged. */
const TOLD = 10;
/** Pause before a source that has ended by itself is started again, in milliseconds. */
const RESTART_MS = 1000;
/** Pauses after a failure to join, in milliseconds: the first, then doubled up to the longest. */
const SHORTEST_PAUSE = 100;
const LONGEST_PAUSE = 10_000;

/**
 * Follows a feed into this city's tables. Delivery is at least once and in any order; the effect is exactly once and in feed
 * order, because rows, sums and cursor move in one transaction that holds the cursor's row.
 */
export class FeedReader {
  readonly counts: FeedCounts = { applied: 0, skipped: 0, duplicates: 0, gaps: 0, troubles: new Map() };
  private readonly model: ReadModel;
  private readonly stopping = new AbortController();
  private readonly troubles = new Map<Transport, Trouble>();
  private running: Promise<unknown> = Promise.resolve();
  private cursor: FeedHead = { sequence: 0, digest: EMPTY_FEED };
  private province: FeedHead | null = null;
  private mismatch: DigestMismatchError | undefined;
  private lost: string | undefined;
  /** The divergence that was last told of. */
  private told: string | null = null;

  constructor(
    private readonly pool: pg.Pool,
    private readonly options: FeedReaderOptions,
  ) {
    this.model = modelOf(options.feed);
  }

  get status(): FeedStatus {
    const { cursor, province, divergence } = this;
    const inSync = divergence === null && province !== null && province.sequence === cursor.sequence;
    const trouble = divergence ?? this.troubleOf('kafka')?.text ?? this.troubleOf('http')?.text ?? null;
    return { ...cursor, province, inSync, trouble };
  }

  /** Why what the province says does not follow from what this city has; null while it does. */
  get divergence(): string | null {
    const { cursor, province } = this;
    if (this.mismatch) return this.mismatch.message;
    if (this.lost !== undefined) return this.lost;
    if (province?.sequence === cursor.sequence && province.digest !== cursor.digest) {
      return `第 ${cursor.sequence} 条处的摘要与省平台不同 (the digests at record ${cursor.sequence} differ)`;
    }
    return null;
  }

  /** Finds the place in the feed, in tables that `openTables` has made. */
  async open(): Promise<void> {
    await this.apply([]);
  }

  /** Call once, after `open`. */
  start(): void {
    this.running = this.run();
  }

  /** Resolves when the batch in hand is through. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  /** What the province says of the feed's end; `after` is what it was asked from. */
  tell(head: FeedHead, after: number): void {
    this.lost =
      head.sequence < after
        ? `省平台的数据流止于第 ${head.sequence} 条，而本市已有第 ${after} 条，省平台可能丢失了数据 ` +
          `(the province's feed ends at ${head.sequence}, before record ${after} that this city has)`
        : undefined;
    // An answer that was under way while records came by Kafka is older than they are.
    if (this.lost !== undefined || head.sequence >= this.cursor.sequence) this.province = head;
    this.measure();
    if (head.sequence <= this.cursor.sequence) this.recovered('http');
  }

  /**
   * Applies what is new of a delivery. A hole is filled over HTTP first, and a record that does not follow is fetched
   * again, in case it was spoilt on its way.
   *
   * @throws when that does not help; the same records must then come again
   */
  async take(delivered: readonly FeedRecord[], via = this.options.transport): Promise<void> {
    const { province } = this.options;
    let waiting = delivered.toSorted((a, b) => a.feedsequence - b.feedsequence);
    let fetchedTo = 0;
    for (;;) {
      const { head, stopped } = await this.apply(waiting);
      if (!stopped) break;
      const { at, because, rest } = stopped;
      const isGap = because === 'gap';
      const error = errorOf(head, stopped);
      if (error instanceof DigestMismatchError) this.found(error);
      if (at.feedsequence <= fetchedTo) throw error;

      const wanted = (isGap ? at.feedsequence - 1 : rest.at(-1)!.feedsequence) - head.sequence;
      const { signal } = this.stopping;
      const { records } = await province.fetchRange(head.sequence, Math.min(wanted, PAGE), signal);
      if (records.length === 0) throw error;
      fetchedTo = records.at(-1)!.feedsequence;
      if (isGap && fetchedTo >= at.feedsequence - 1) this.counts.gaps++;
      waiting = [...records, ...rest];
    }
    this.recovered(via);
  }

  /** One transaction: what follows from the cursor is applied, and the cursor moves with it. */
  private async apply(delivered: readonly FeedRecord[]): Promise<Verified> {
    const { feed } = this.options;
    const { verified, skipped } = await onClient(this.pool, (client) =>
      transaction(client, async (sql) => {
        const from = await lockCursor(sql, feed);
        const followed = verify(from, delivered);
        if (followed.records.length === 0) return { verified: followed, skipped: 0 };
        const aside = await applyRecords(sql, this.model, 'live', followed.records);
        await moveCursor(sql, feed, followed.head);
        return { verified: followed, skipped: aside };
      }),
    );
    this.counts.applied += verified.records.length;
    this.counts.skipped += skipped;
    this.counts.duplicates += verified.duplicates;
    this.reached(verified.head);
    return verified;
  }

  private reached(head: FeedHead): void {
    // Kafka and HTTP may deliver at the same time; what committed first may be told of last.
    if (head.sequence >= this.cursor.sequence) this.cursor = head;
    if (this.province && this.province.sequence < this.cursor.sequence && this.lost === undefined) {
      this.province = this.cursor;
    }
    if (this.mismatch && this.mismatch.sequence <= this.cursor.sequence) this.mismatch = undefined;
    this.measure();
  }

  private async run(): Promise<void> {
    await this.joined();
    await Promise.all([this.follow(), this.options.transport === 'kafka' ? this.reconcile() : undefined]);
  }

  /** A city that has nothing yet builds everything from the last record of each thing. */
  private async joined(): Promise<void> {
    const { signal } = this.stopping;
    for (let failures = 0; this.cursor.sequence === 0 && !signal.aborted; failures++) {
      try {
        const { head, applied, skipped } = await join(this.pool, { ...this.options, model: this.model, signal });
        this.counts.applied += applied;
        this.counts.skipped += skipped;
        this.reached(head);
        this.recovered('http');
        return;
      } catch (error) {
        if (error instanceof DigestMismatchError) this.found(error);
        this.note('http', error);
        await this.pause(Math.min(LONGEST_PAUSE, SHORTEST_PAUSE * 2 ** failures));
      }
    }
  }

  private async follow(): Promise<void> {
    const { source, transport } = this.options;
    const { signal } = this.stopping;
    while (!signal.aborted) {
      try {
        await source.run(this.cursor.sequence, (records) => this.take(records), {
          signal,
          onTrouble: (error) => this.note(transport, error),
        });
      } catch (error) {
        this.note(transport, error);
      }
      // A source is not meant to end by itself; if one does, the feed must not stand still in silence.
      await this.pause(RESTART_MS);
    }
  }

  /** Kafka does not tell where the feed ends, and what it passed over last is missed by nobody: HTTP tells and brings both. */
  private async reconcile(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      let more = false;
      try {
        const { records } = await this.options.province.fetchRange(this.cursor.sequence, PAGE, signal);
        await this.take(records, 'http');
        more = records.length === PAGE;
      } catch (error) {
        this.note('http', error);
      }
      const standsIn = () => this.troubleOf('kafka') !== undefined;
      if (more && standsIn()) continue;
      for (let waited = 0; waited === 0 || (waited < RECONCILE_MS && !standsIn()); waited += STAND_IN_MS) {
        await this.pause(STAND_IN_MS);
        if (signal.aborted) return;
      }
    }
  }

  private async pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.stopping.signal }).catch(() => undefined);
  }

  private found(mismatch: DigestMismatchError): void {
    this.mismatch = mismatch;
    this.measure();
  }

  /** A mismatch is told of as long as it lasts, not each time it is met; what the end cuts short is no trouble. */
  private note(transport: Transport, error: unknown): void {
    if (error instanceof DigestMismatchError || this.stopping.signal.aborted) return;
    const { kind, text } = described(error);
    this.count(kind);
    // Retries fail for the same few reasons in turn: each is logged once, until it is over.
    const told = this.troubleOf(transport)?.told ?? new Set();
    if (!told.has(text) && told.size < TOLD) {
      told.add(text);
      this.options.log(text);
    }
    this.troubles.set(transport, { text, at: performance.now(), told });
  }

  private count(kind: string): void {
    const { troubles } = this.counts;
    troubles.set(kind, (troubles.get(kind) ?? 0) + 1);
  }

  private recovered(transport: Transport): void {
    if (this.troubles.delete(transport)) this.options.log(`数据流恢复正常 (the feed goes on), ${transport}`);
  }

  private troubleOf(transport: Transport): Trouble | undefined {
    const trouble = this.troubles.get(transport);
    return trouble && performance.now() - trouble.at < TROUBLE_LASTS_MS ? trouble : undefined;
  }

  private measure(): void {
    const { divergence } = this;
    if (divergence === this.told) return;
    if (divergence === null) this.options.log('数据流与省平台恢复一致 (the feed follows again)');
    else {
      this.count('digest');
      this.options.log(divergence);
    }
    this.told = divergence;
  }
}

/** By the names of the errors that transports and reader have of their own. */
const KINDS: Readonly<Record<string, string>> = {
  MissingRecordsError: 'missing',
  ProvinceError: 'province',
  MessageError: 'message',
};

/** A failure by kind, for who counts them, and in words for people. */
function described(error: unknown): { readonly kind: string; readonly text: string } {
  const { name, message } = error instanceof Error ? error : { name: '', message: String(error) };
  const kind = KINDS[name] ?? 'other';
  if (kind === 'missing') return { kind, text: message };
  if (kind === 'province') return { kind, text: `${message}，将继续重试` };
  if (kind === 'message') {
    return { kind, text: `省平台的数据不合约定：${message} (not of the form that was agreed)`.slice(0, 500) };
  }
  return { kind, text: `数据流出现问题，将继续重试：${message} (goes on trying)`.slice(0, 500) };
}
