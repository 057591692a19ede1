import { hash } from 'node:crypto';
import { configure } from 'safe-stable-stringify';

/**
 * One record of a region's feed: a CloudEvents 1.0 event with four extension attributes. The same record goes over Kafka
 * (binary mode: attributes as `ce_` headers, `data` as the value) and over HTTP (structured mode: this object as JSON).
 */
export interface FeedRecord<Data extends object = object> {
  readonly specversion: '1.0';
  /** The id of the event in the province's store. Deduplicate by `feedsequence`, trace by this. */
  readonly id: string;
  readonly source: string;
  /** `cn.liandong.<noun>.<past tense>.v<n>`; what `data` looks like is in `contractTypes`. */
  readonly type: string;
  /** The stream of the event, and the Kafka key. */
  readonly subject: string;
  /** When the fact was true. */
  readonly time: string;
  readonly datacontenttype: 'application/json';
  readonly data: Data;
  /** Extension: the region that this feed belongs to. */
  readonly region: string;
  /** Extension: 1, 2, 3 … per region without a hole. */
  readonly feedsequence: number;
  /** Extension: when the province recorded the fact, an instant in UTC. */
  readonly recordedat: string;
  /** Extension: `nextDigest` over this region's feed up to and including this record. */
  readonly digest: string;
}

/** The RFC 8785 text of what came from JSON, or can go there unchanged: its keys in the order of their UTF-16 units. */
export const canonicalText = configure({ deterministic: true, circularValue: Error });

/** The digest of an empty feed. */
export const EMPTY_FEED = '0'.repeat(64);

/**
 * The chained digest of a feed: SHA-256 (hex) over the digest so far and the RFC 8785 text of the next record without its
 * own digest. Province and city compute it independently; equal digests mean equal feeds, record for record.
 */
export function nextDigest(digest: string, record: Omit<FeedRecord, 'digest'>): string {
  const { digest: _, ...content } = { digest: '', ...record };
  return hash('sha256', digest + canonicalText(content));
}

/** The topic that carries a region's feed; one partition, so that its order is total. */
export const eventsTopic = (region: string): string => `liandong.region.${region}.events`;

/** What `GET /api/v1/regions/{region}/feed` answers. */
export interface FeedPage {
  readonly region: string;
  readonly records: readonly FeedRecord[];
  /** The feed's last sequence and digest at the time of the answer, to reconcile with. */
  readonly last: FeedHead;
}

export interface FeedHead {
  /** 0 when the feed is empty. */
  readonly sequence: number;
  readonly digest: string;
}

/** A record, or a page, that does not have the form of this contract. */
export class ContractError extends Error {
  constructor(
    readonly at: string,
    readonly problem: string,
  ) {
    super(`${at}: ${problem}`);
    this.name = 'ContractError';
  }
}
