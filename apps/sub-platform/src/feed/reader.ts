import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import { ContractError, EMPTY_FEED, type FeedHead, type FeedRecord, type FeedSource } from '#libs/contracts';
import { StartupError } from '#libs/local';
import { ProvinceError, type HttpFeedSource } from '#libs/transport-http';
import type { FeedMetrics } from '../metrics.js';
import { applyRecords } from './apply.js';
import { DigestMismatchError, verify, type Verified } from './verify.js';

export type Transport = 'kafka' | 'http';

export interface FeedReaderOptions {
  readonly region: string;
  /** What `source` is. */
  readonly transport: Transport;
  readonly source: FeedSource;
  /** The province over HTTP, which fills holes and settles doubts whatever the transport. */
  readonly province: Pick<HttpFeedSource, 'fetchRange'>;
  readonly metrics: FeedMetrics;
  readonly log: (line: string) => void;
}

export interface FeedStatus {
  readonly region: string;
  readonly transport: Transport;
  readonly sequence: number;
  readonly digest: string;
  /** The feed's end as the province last told it; null before it has. */
  readonly province: FeedHead | null;
  /** Equal digests: this city has the province's feed, record for record, as far as it was told. */
  readonly inSync: boolean;
  readonly trouble: string | null;
}

/** Records were delivered, but some before them were not, and the province has none to fill the hole with. */
export class MissingRecordsError extends Error {
  constructor(after: number, next: number) {
    super(
      `收到第 ${next} 条，但缺第 ${after + 1}—${next - 1} 条，省平台也未能补发 ` +
        `(records ${after + 1} to ${next - 1} are missing, and the province did not give them)`,
    );
    this.name = 'MissingRecordsError';
  }
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
/** Pause before a source that has ended by itself is started again, in milliseconds. */
const RESTART_MS = 1000;

/**
 * Follows the region's feed into this city's tables. Delivery is at least once and in any order; the effect is exactly
 * once and in feed order, because rows and cursor move in one transaction that holds the cursor's row.
 */
export class FeedReader {
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
    private readonly database: DataSource,
    private readonly options: FeedReaderOptions,
  ) {}

  get status(): FeedStatus {
    const { cursor, province, divergence } = this;
    const { region, transport } = this.options;
    const inSync = divergence === null && province !== null && province.sequence === cursor.sequence;
    const trouble = divergence ?? this.troubleOf('kafka')?.text ?? this.troubleOf('http')?.text ?? null;
    return { region, transport, ...cursor, province, inSync, trouble };
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

  /**
   * Finds the place in the feed, and makes it the first time.
   *
   * @throws StartupError when the database is another city's
   */
  async open(): Promise<void> {
    const { region } = this.options;
    const [other] = await this.database.query<{ region: string }[]>(
      'select region from feed_cursor where region <> $1 limit 1',
      [region],
    );
    if (other) {
      throw new StartupError(
        `DATABASE_URL 的数据库属于 ${other.region} 的分平台，不是 ${region} 的；请为每个分平台各用一个数据库。`,
        `The database of DATABASE_URL belongs to the sub-platform of ${other.region}, not of ${region}: give each its own.`,
      );
    }
    await this.database.query('insert into feed_cursor values ($1, 0, $2, now()) on conflict do nothing', [
      region,
      EMPTY_FEED,
    ]);
    await this.apply([]);
  }

  /** Call once, after `open`. */
  start(): void {
    const reconciling = this.options.transport === 'kafka' ? this.reconcile() : undefined;
    this.running = Promise.all([this.follow(), reconciling]);
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
    const { province, metrics } = this.options;
    let waiting = delivered.toSorted((a, b) => a.feedsequence - b.feedsequence);
    let fetchedTo = 0;
    for (;;) {
      const { head, stopped } = await this.apply(waiting);
      if (!stopped) break;
      const { at, because, rest } = stopped;
      const isGap = because === 'gap';
      const error = isGap ? new MissingRecordsError(head.sequence, at.feedsequence) : because;
      if (error instanceof DigestMismatchError) this.found(error);
      else if (!isGap) throw error;
      if (at.feedsequence <= fetchedTo) throw error;

      const wanted = (isGap ? at.feedsequence - 1 : rest.at(-1)!.feedsequence) - head.sequence;
      const { signal } = this.stopping;
      const { records } = await province.fetchRange(head.sequence, Math.min(wanted, PAGE), signal);
      if (records.length === 0) throw error;
      fetchedTo = records.at(-1)!.feedsequence;
      if (isGap && fetchedTo >= at.feedsequence - 1) metrics.gaps.inc();
      waiting = [...records, ...rest];
    }
    this.recovered(via);
  }

  /** One transaction: what follows from the cursor is applied, and the cursor moves with it. */
  private async apply(delivered: readonly FeedRecord[]): Promise<Verified> {
    const { region, metrics } = this.options;
    const verified = await this.database.transaction(async (tx) => {
      const [row] = await tx.query<{ sequence: string; digest: string }[]>(
        'select sequence, digest from feed_cursor where region = $1 for update',
        [region],
      );
      if (!row) throw new Error(`feed_cursor has no row for ${region}`);
      const followed = verify({ sequence: Number(row.sequence), digest: row.digest }, delivered);
      if (followed.records.length > 0) {
        await applyRecords(tx, followed.records);
        const { sequence, digest } = followed.head;
        await tx.query('update feed_cursor set sequence = $2, digest = $3, "updatedAt" = now() where region = $1', [
          region,
          sequence,
          digest,
        ]);
      }
      return followed;
    });
    metrics.applied.inc(verified.records.length);
    metrics.duplicates.inc(verified.duplicates);
    // Kafka and HTTP may deliver at the same time; what committed first may be told of last.
    if (verified.head.sequence >= this.cursor.sequence) this.cursor = verified.head;
    if (this.province && this.province.sequence < this.cursor.sequence && this.lost === undefined) {
      this.province = this.cursor;
    }
    if (this.mismatch && this.mismatch.sequence <= this.cursor.sequence) this.mismatch = undefined;
    this.measure();
    return verified;
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
    this.options.metrics.troubles.inc({ kind });
    // Retries fail for the same few reasons in turn: each is logged once, until it is over.
    const told = this.troubleOf(transport)?.told ?? new Set();
    if (!told.has(text) && told.size < 10) this.options.log(text);
    this.troubles.set(transport, { text, at: performance.now(), told: told.add(text) });
  }

  private recovered(transport: Transport): void {
    if (this.troubles.delete(transport)) this.options.log(`数据流恢复正常 (the feed goes on), ${transport}`);
  }

  private troubleOf(transport: Transport): Trouble | undefined {
    const trouble = this.troubles.get(transport);
    return trouble && performance.now() - trouble.at < TROUBLE_LASTS_MS ? trouble : undefined;
  }

  private measure(): void {
    const { metrics, log } = this.options;
    metrics.sequence.set(this.cursor.sequence);
    if (this.province) metrics.provinceSequence.set(this.province.sequence);
    const { divergence } = this;
    metrics.diverged.set(divergence === null ? 0 : 1);
    if (divergence === this.told) return;
    if (divergence === null) log('数据流与省平台恢复一致 (the feed follows again)');
    else {
      metrics.troubles.inc({ kind: 'digest' });
      log(divergence);
    }
    this.told = divergence;
  }
}

/** A failure by kind, for the metrics, and in words for people. */
function described(error: unknown): { kind: string; text: string } {
  const message = (error as Error | undefined)?.message ?? String(error);
  if (error instanceof MissingRecordsError) return { kind: 'missing', text: message };
  if (error instanceof ProvinceError) return { kind: 'province', text: `${message}，将继续重试` };
  if (error instanceof ContractError) {
    return { kind: 'contract', text: `省平台的数据不合约定：${message} (not of the contract)`.slice(0, 500) };
  }
  return { kind: 'other', text: `数据流出现问题，将继续重试：${message} (goes on trying)`.slice(0, 500) };
}
