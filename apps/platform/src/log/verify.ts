import type { ComparedLog } from './compared-log.js';
import type { Difference } from './difference.js';
import type { EventLog, Head } from './event-log.js';
import type { LogRow } from './log.table.js';

/** A head that somebody wrote down when it was the last entry. */
export interface Noted {
  readonly sequence: number;
  readonly digest: string;
}

export interface Verified {
  /** How many entries, from the first on, are what the log says. */
  readonly entries: number;
  /** The last of the log when the verification began. */
  readonly head: Head;
  /** The first entry that is not. */
  readonly difference: Difference | undefined;
}

/** Entries that are compared at a time. */
const PAGE = 2_000;

/**
 * Reads the log and the store side by side from the first entry to the last, and computes every digest anew. Entries that are
 * added meanwhile are left for another time.
 *
 * @param report told after each page how many entries have been verified, and of how many
 */
export async function verifyLog(
  log: EventLog,
  compared: ComparedLog,
  noted: readonly Noted[],
  report: (entries: number, of: number) => void,
): Promise<Verified> {
  const head = await log.head();
  const pageAfter = async (sequence: number) => compared.whole(await log.linkAt(sequence), head, PAGE);
  let reading = pageAfter(0);
  for (let after = 0; ; after += PAGE) {
    const page = reading;
    // While this one is hashed the server works on the next.
    if (after + PAGE < head.sequence) reading = pageAfter(after + PAGE);
    // It may fail before anybody waits for it.
    reading.catch(() => undefined);
    const { entries, agreed, difference } = await page;
    const other = otherThan(
      noted,
      entries.slice(0, agreed).map(({ row }) => row),
    );
    if (other) return { entries: other.sequence - 1, head, difference: other };
    if (difference) return { entries: after + agreed, head, difference };
    report(after + agreed, head.sequence);
    if (after + agreed === head.sequence) return { entries: head.sequence, head, difference: beyond(noted, head) };
  }
}

/** The first entry that was noted with another digest: whoever changed it, or one before it, has computed the chain anew. */
function otherThan(noted: readonly Noted[], rows: readonly LogRow[]): Difference | undefined {
  const digests = new Map(noted.map(({ sequence, digest }) => [sequence, digest]));
  const other = rows.find((row) => (digests.get(row.sequence) ?? row.digest) !== row.digest);
  return other && { sequence: other.sequence, stream: other.stream, revision: other.revision, what: ['head'] };
}

/** What was noted and is not there any more. */
function beyond(noted: readonly Noted[], head: Head): Difference | undefined {
  const missing = noted.find(({ sequence }) => sequence > head.sequence);
  return missing && { sequence: missing.sequence, stream: null, revision: null, what: ['head-missing'] };
}
