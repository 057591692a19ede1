import type { FeedRecord } from './feed-record.js';

/** Where a city's records come from: Kafka or HTTP pull. */
export interface FeedSource {
  /**
   * Hands over records until the signal aborts, the next batch when `take` has resolved; when `take` rejects, the same
   * records come again. Losses of connection are the source's own business: it goes on by itself and tells `onTrouble`.
   *
   * Delivery is at least once: a reader drops a `feedsequence` it has, and refills one that it misses.
   *
   * @param after the last `feedsequence` that the reader has; a source that keeps its own place may ignore it
   */
  run(
    after: number,
    take: (records: readonly FeedRecord[]) => Promise<void>,
    options: { readonly signal: AbortSignal; readonly onTrouble?: (error: unknown) => void },
  ): Promise<void>;
}

/** Where the province's relay writes a region's feed to. */
export interface FeedSink {
  /**
   * Resolves when every record is stored durably on the other side. Any rejection means *unknown*: publish the same again.
   * Records of one region keep their order.
   */
  publish(records: readonly FeedRecord[]): Promise<void>;
  close(): Promise<void>;
}
