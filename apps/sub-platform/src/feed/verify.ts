import { checkData, nextDigest, type FeedHead, type FeedRecord } from '#libs/contracts';

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

/** Why records were not applied: some before them are missing, or the first of them is not what it should be. */
export type Obstacle = 'gap' | Error;

/** What of a delivery follows from a head. */
export interface Verified {
  /** New, without a hole, with the digest that they should have and data of the contract's form. */
  readonly records: readonly FeedRecord[];
  readonly head: FeedHead;
  readonly duplicates: number;
  /** Where it ended before the end, and why. */
  readonly stopped?: { readonly at: FeedRecord; readonly because: Obstacle; readonly rest: readonly FeedRecord[] };
}

/**
 * Follows records, sorted by sequence, from where the city is. A record whose data is not of its form stops it too: what
 * is not understood can neither be applied nor be passed over without a word.
 */
export function verify(from: FeedHead, delivered: readonly FeedRecord[]): Verified {
  const records: FeedRecord[] = [];
  let head = from;
  let duplicates = 0;
  for (const [index, record] of delivered.entries()) {
    if (record.feedsequence <= head.sequence) {
      duplicates++;
      continue;
    }
    const digest = nextDigest(head.digest, record);
    const because = obstacle(head, record, digest);
    if (because) return { records, head, duplicates, stopped: { at: record, because, rest: delivered.slice(index) } };
    records.push(record);
    head = { sequence: record.feedsequence, digest };
  }
  return { records, head, duplicates };
}

function obstacle({ sequence }: FeedHead, record: FeedRecord, digest: string): Obstacle | undefined {
  if (record.feedsequence > sequence + 1) return 'gap';
  if (record.digest !== digest) return new DigestMismatchError(record.feedsequence, record.digest, digest);
  try {
    checkData(record.type, record.data);
  } catch (error) {
    return error as Error;
  }
  return undefined;
}
