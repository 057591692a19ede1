import { hash } from 'node:crypto';

/** An event as the log counts it. */
export interface LoggedEvent {
  /** The RFC 8785 texts of data and metadata, byte for byte as they are stored. */
  readonly data: string;
  readonly metadata: string;
  readonly id: string;
  /** Its place in the order of all events, as its store writes it. */
  readonly position: string;
  /** 0 for the first event of its stream. */
  readonly revision: number;
  readonly stream: string;
  readonly type: string;
}

/** The digest of a log without entries. */
export const EMPTY_LOG = '0'.repeat(64);

/**
 * The RFC 8785 text of one entry, put together from the stored texts; with its own digest, as entries are exported, or
 * without, as the digest is taken over it. Keys stand in alphabetical order.
 */
export function entryText(sequence: number, event: LoggedEvent, digest?: string): string {
  const { data, metadata, id, position, revision, stream, type } = event;
  const own = digest === undefined ? '' : `,"digest":${JSON.stringify(digest)}`;
  return (
    `{"data":${data}${own},"id":${JSON.stringify(id)},"metadata":${metadata},"position":${JSON.stringify(position)}` +
    `,"revision":${revision},"sequence":${sequence},"stream":${JSON.stringify(stream)},"type":${JSON.stringify(type)}}`
  );
}

/**
 * The chained digest of the log of all events: SHA-256 (hex) over the digest so far and the RFC 8785 text of the next entry,
 * `{data, id, metadata, position, revision, sequence, stream, type}`. Entries are numbered 1, 2, 3 … without a hole.
 *
 * Who takes an exported line apart and writes it again must come to the same bytes. Python's
 * `json.dumps(entry, sort_keys=True, separators=(',', ':'), ensure_ascii=False)` does: 60.0 is stored as `60` and read as an
 * int; `1e+21` is what both write; every integer of 分 is exact. It does not for numbers between 0 and ±0.0001, which JSON
 * writes `0.00001` where Python has `1e-05`, nor for keys that differ first in a character above U+FFFF, which RFC 8785
 * sorts by its surrogates. No event of this system has either: quantities have two decimals, keys are names.
 */
export function nextLogDigest(digest: string, sequence: number, event: LoggedEvent): string {
  return hash('sha256', digest + entryText(sequence, event));
}
