import { hash } from 'node:crypto';
import { configure } from 'safe-stable-stringify';

/**
 * One record of a feed: a CloudEvents 1.0 event with extension attributes, which carries the whole state of one thing. The
 * same record goes over Kafka (binary mode: attributes as `ce_` headers, `data` as the value) and over HTTP (structured mode:
 * this object as JSON).
 */
export interface FeedRecord<Data extends object = object> {
  readonly specversion: '1.0';
  /** Of the province's event, and which of its changes this is: `<event id>.<n>`. */
  readonly id: string;
  readonly source: '/liandong/province';
  /** `cn.liandong.<noun>.changed.v<n>`; what `data` looks like is in `lists`. */
  readonly type: string;
  /** The thing, `<list>/<key>…`; the Kafka key. */
  readonly subject: string;
  /** When the fact was true, as an instant in UTC. SDKs write it in their own way: `occurredon` says the same and stays. */
  readonly time: string;
  readonly datacontenttype: 'application/json';
  readonly data: Data;
  /** Extension: the feed that the record belongs to, `reference` or `region.<region>`. */
  readonly feed: string;
  /** Extension: 1, 2, 3 … per feed without a hole. */
  readonly feedsequence: number;
  /** Extension: the `feedsequence` of the record that this one takes the place of, the last of the same thing; 0 for the first. */
  readonly replaces: number;
  /** Extension: the day on which the fact was true, in China Standard Time. */
  readonly occurredon: string;
  /** Extension: when the province recorded the fact, an instant in UTC. */
  readonly recordedat: string;
  /** Extension: by whose authority, a role and where it has one its region: `operator@xianyang`. */
  readonly actor: string;
  /** Extension: the type of the province's event. */
  readonly cause: string;
  /** Extension: the stream of the province's event. */
  readonly stream: string;
  /** Extension: `nextDigest` over this feed up to and including this record. */
  readonly digest: string;
}

/** The RFC 8785 text of what came from JSON, or can go there unchanged: its keys in the order of their UTF-16 units. */
export const canonicalText = configure({ deterministic: true, circularValue: Error });

/** The digest of an empty feed. */
export const EMPTY_FEED = '0'.repeat(64);

/** What a digest is taken over: all that an SDK hands on as it came. `time` is not among it, `occurredon` is. */
export const digested = [
  'actor',
  'cause',
  'data',
  'feed',
  'feedsequence',
  'id',
  'occurredon',
  'recordedat',
  'replaces',
  'source',
  'stream',
  'subject',
  'type',
] as const satisfies readonly (keyof FeedRecord)[];

/**
 * The chained digest of a feed: SHA-256 (hex) over the digest so far and the RFC 8785 text of the `digested` attributes of the
 * next record. Province and city compute it independently; equal digests mean equal feeds, record for record.
 */
export function nextDigest(digest: string, record: Pick<FeedRecord, (typeof digested)[number]>): string {
  const content = Object.fromEntries(digested.map((name) => [name, record[name]]));
  return hash('sha256', digest + canonicalText(content));
}

/** What everyone must know of the province: regions, zones, links, rules. */
export const REFERENCE_FEED = 'reference';

/** What concerns one region. */
export const regionFeed = (region: string): string => `region.${region}`;

/** The topic that carries a feed; one partition, so that its order is total. */
export const eventsTopic = (feed: string): string => `liandong.${feed}.messages`;

/** The first instant of a day in China Standard Time, in UTC. */
export const startOfDayUtc = (day: string): string => new Date(`${day}T00:00:00+08:00`).toISOString();

/** What `GET /api/v1/feeds/{feed}` answers. */
export interface FeedPage {
  readonly feed: string;
  readonly records: readonly FeedRecord[];
  /** The feed's last sequence and digest at the time of the answer, to reconcile with. */
  readonly last: FeedHead;
}

export interface FeedHead {
  /** 0 when the feed is empty. */
  readonly sequence: number;
  readonly digest: string;
}

/** A record, or a page, that does not have the form of its schema. */
export class MessageError extends Error {
  constructor(
    readonly at: string,
    readonly problem: string,
  ) {
    super(`${at}: ${problem}`);
    this.name = 'MessageError';
  }
}
