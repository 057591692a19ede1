import { nextDigest, type FeedHead, type FeedRecord } from '#libs/messages';

/** A record that does not follow from what this city has; the message is for people. */
export class DigestMismatchError extends Error {
  constructor(
    readonly sequence: number,
    told: string,
    computed: string,
  ) {
    super(
      `第 ${sequence} 条记录的摘要不符：省平台为 ${told.slice(0, 12)}…，本市算得 ${computed.slice(0, 12)}…；` +
        `已停在第 ${sequence - 1} 条 (digest mismatch at record ${sequence}: nothing beyond it is applied)`,
    );
    this.name = 'DigestMismatchError';
  }
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

/** Why records were not applied: some before them are missing, or the first of them is not what it should be. */
export type Obstacle = 'gap' | DigestMismatchError;

/** What of a delivery follows from a head. */
export interface Verified {
  /** New, without a hole, with the digest that they should have. */
  readonly records: readonly FeedRecord[];
  readonly head: FeedHead;
  readonly duplicates: number;
  /** Where it ended before the end, and why. */
  readonly stopped?: Stopped;
}

export interface Stopped {
  readonly at: FeedRecord;
  readonly because: Obstacle;
  /** What was delivered from there on. */
  readonly rest: readonly FeedRecord[];
}

/** Why nothing beyond the head was applied. */
export const errorOf = ({ sequence }: FeedHead, { at, because }: Stopped): Error =>
  because === 'gap' ? new MissingRecordsError(sequence, at.feedsequence) : because;

/** Follows records, sorted by sequence, from where the city is. */
export function verify(from: FeedHead, delivered: readonly FeedRecord[]): Verified {
  const records: FeedRecord[] = [];
  let head = from;
  let duplicates = 0;
  for (const [index, record] of delivered.entries()) {
    if (record.feedsequence <= head.sequence) {
      duplicates++;
      continue;
    }
    const isGap = record.feedsequence > head.sequence + 1;
    const digest = nextDigest(head.digest, record);
    if (isGap || record.digest !== digest) {
      const because = isGap ? 'gap' : new DigestMismatchError(record.feedsequence, record.digest, digest);
      return { records, head, duplicates, stopped: { at: record, because, rest: delivered.slice(index) } };
    }
    records.push(record);
    head = { sequence: record.feedsequence, digest };
  }
  return { records, head, duplicates };
}
