import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { canonicalJson, START, type EventStore, type Position, type RecordedEvent } from '#libs/eventing';

export type Phase = 'comparing' | 'copying' | 'verifying';

/** What of a store a copy needs. */
export type Source = Pick<EventStore, 'readAll'>;
export type Target = Pick<EventStore, 'readAll' | 'append'>;

/** Told again and again how many events both stores have in common by now. */
export type Report = (phase: Phase, events: number) => void;

export interface Copied {
  /** How many events both stores hold now. */
  readonly events: number;
  /** How many of them this run has copied. */
  readonly copied: number;
  /** SHA-256 over all events in order: stream, revision, id, type, data and metadata, as canonical JSON, a line each. */
  readonly digest: string;
}

/** The target holds something else than the source at the same place, or more than it. */
export class TargetDiffersError extends Error {
  constructor(
    /** 1 for the first event of the target. */
    readonly number: number,
    there: RecordedEvent,
    expected: RecordedEvent | undefined,
  ) {
    const parts = expected && PARTS.filter((part) => canonicalJson(there[part]) !== canonicalJson(expected[part]));
    super(
      `#${number} ${there.stream}@${there.revision} ${there.id}: ` +
        (expected
          ? `${parts!.join(', ')} ≠ ${expected.stream}@${expected.revision} ${expected.id}`
          : 'the source has no event there'),
    );
    this.name = 'TargetDiffersError';
  }
}

const PARTS = ['stream', 'revision', 'id', 'type', 'data', 'metadata'] as const;

const PAGE = 1_000;
/** What one append holds at most: EventStoreDB takes 1 MiB, and a character may be three bytes. */
const APPEND_EVENTS = 500;
const APPEND_CHARACTERS = 250_000;
/** How long others' transactions may hold back from readers what was appended, in milliseconds. */
const VISIBLE_MS = 60_000;

/**
 * Copies every event, in the order of all events, so that a reader of the target sees the same history in the same order.
 * What an earlier run has copied is compared first, and the copy goes on behind it. At the end both stores are read from
 * the beginning and compared event by event.
 *
 * Nobody else may write to the target. What is appended to the source meanwhile may be left for another run.
 *
 * @throws TargetDiffersError, before anything is appended when the target holds other events; ConflictError when somebody
 *   else writes to it
 */
export async function copyEvents(from: Source, to: Target, report: Report): Promise<Copied> {
  const source = allOf(from);
  const before = await compare(source, allOf(to), (events) => report('comparing', events));
  let end = START;
  let events = before.events;
  for await (const batch of batches(source)) {
    const { stream, revision } = batch[0]!;
    const copies = batch.map(({ id, type, data, metadata }) => ({ id, type, data, metadata }));
    ({ position: end } = await to.append(stream, revision === 0 ? 'no-stream' : revision - 1, copies));
    events += batch.length;
    report('copying', events);
  }
  const after = await compare(allOf(from), allOf(to, end), (n) => report('verifying', n));
  if (after.events !== events)
    throw new Error(`the target holds ${after.events} events, not the ${events} of the source`);
  return { events, copied: events - before.events, digest: after.digest };
}

/** All events in sight, in order; it waits until those up to `least` are. */
async function* allOf(store: Source, least = START): AsyncGenerator<RecordedEvent, undefined> {
  let deadline = Date.now() + VISIBLE_MS;
  for (let after: Position = START; ;) {
    const { events, position } = await store.readAll({ after, limit: PAGE });
    yield* events;
    if (position !== after) deadline = Date.now() + VISIBLE_MS;
    else if (position >= least) return undefined;
    else if (Date.now() > deadline) throw new Error('open transactions of others hold back what was copied last');
    else await delay(100);
    after = position;
  }
}

/** Reads the target to its end, and the source as far. */
async function compare(
  source: AsyncGenerator<RecordedEvent, undefined>,
  target: AsyncGenerator<RecordedEvent, undefined>,
  report: (events: number) => void,
): Promise<{ readonly events: number; readonly digest: string }> {
  const digest = createHash('sha256');
  let events = 0;
  for await (const there of target) {
    const { value: expected } = await source.next();
    const text = textOf(there);
    if (!expected || text !== textOf(expected)) throw new TargetDiffersError(events + 1, there, expected);
    digest.update(`${text}\n`);
    if (++events % PAGE === 0) report(events);
  }
  report(events);
  return { events, digest: digest.digest('hex') };
}

function textOf({ stream, revision, id, type, data, metadata }: RecordedEvent): string {
  return canonicalJson([stream, revision, id, type, data, metadata]);
}

/** Consecutive events of one stream together, each at least one. */
async function* batches(events: AsyncIterable<RecordedEvent>): AsyncGenerator<readonly RecordedEvent[]> {
  let batch: RecordedEvent[] = [];
  let characters = 0;
  for await (const event of events) {
    const more = textOf(event).length;
    const full = batch.length === APPEND_EVENTS || characters + more > APPEND_CHARACTERS;
    if (batch.length > 0 && (full || batch[0]!.stream !== event.stream)) {
      yield batch;
      batch = [];
      characters = 0;
    }
    batch.push(event);
    characters += more;
  }
  if (batch.length > 0) yield batch;
}
