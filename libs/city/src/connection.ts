import type { FeedPage, FeedSource } from '#libs/messages';

export type Transport = 'kafka' | 'http';

/** The province over HTTP, which fills holes and settles doubts whatever the transport. */
export interface Province {
  /** The records after a sequence, at once; fewer than the limit where the feed ends. */
  fetchRange(after: number, limit: number, signal?: AbortSignal): Promise<FeedPage>;
  /** The last record of each thing, as far as they come after a sequence. */
  fetchLatest(after: number, limit: number, signal?: AbortSignal): Promise<FeedPage>;
}

/** How a feed comes. */
export interface Connection {
  readonly source: FeedSource;
  readonly province: Province;
}
