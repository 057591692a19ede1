import {
  ConflictError,
  IdReusedError,
  type Appended,
  type EventStore,
  type Expected,
  type NewEvent,
  type RecordedEvent,
} from '#libs/eventing';
import { anEvent } from '#libs/testing';
import { until } from '../until.js';

/** What the ledger asks of a store. */
export type Writer = Pick<EventStore, 'append'>;

interface Entry {
  readonly stream: string;
  readonly expected: Expected;
  readonly ids: readonly string[];
  outcome: Appended | 'refused' | undefined;
}

/** What the writers know, kept outside the system: what was acknowledged, what was refused, and what has no answer. */
export class Ledger {
  private readonly entries: Entry[] = [];
  /** What attempts ended with that had no answer. */
  readonly failures: unknown[] = [];

  /** Writes down an append before it is sent, and what became of it; settled with the answer when there is one. */
  async append(store: Writer, stream: string, expected: Expected, events: readonly NewEvent[]): Promise<Appended> {
    const entry: Entry = { stream, expected, ids: events.map((e) => e.id), outcome: undefined };
    this.entries.push(entry);
    return this.send(store, entry, events);
  }

  /** As `append`; what gets no answer is sent again, the same, until it has one. */
  async surely(
    store: Writer,
    stream: string,
    expected: Expected,
    events: readonly NewEvent[],
    patienceMs?: number,
  ): Promise<Appended> {
    const entry: Entry = { stream, expected, ids: events.map((e) => e.id), outcome: undefined };
    this.entries.push(entry);
    let answer: { appended: Appended } | { error: unknown } | undefined;
    const ask = async () => {
      answer = await this.send(store, entry, events).then(
        (appended) => ({ appended }),
        (error: unknown) => (entry.outcome ? { error } : undefined),
      );
      return answer;
    };
    const settled = await until(`an answer to the append to ${stream}`, ask, patienceMs);
    if ('error' in settled) throw settled.error;
    return settled.appended;
  }

  /** Events acknowledged. */
  get acknowledged(): number {
    return this.entries.filter((e) => typeof e.outcome === 'object').reduce((sum, e) => sum + e.ids.length, 0);
  }

  /** Appends that have no answer yet. */
  get unanswered(): number {
    return this.entries.filter((e) => e.outcome === undefined).length;
  }

  /**
   * Compares what a reader of the whole log saw, in the order it saw it. Answers what is wrong: lost, doubled, out of
   * order, half a batch, in another place than acknowledged, or never sent.
   */
  compare(seen: readonly RecordedEvent[], reader = 'the log'): string[] {
    const at = new Map(seen.map((event) => [event.id, event]));
    const found: string[] = [];
    const wrong = (what: string, ids: readonly string[]) => {
      if (ids.length > 0) found.push(`${reader}: ${ids.length} ${what}, ${ids.slice(0, 3).join(', ')}`);
    };
    const stood = (entry: Entry) => entry.ids.filter((id) => at.has(id));
    const of = (outcome: (o: Entry['outcome']) => boolean) => this.entries.filter((e) => outcome(e.outcome));
    const acknowledged = of((o) => typeof o === 'object');

    wrong(
      'acknowledged and lost',
      acknowledged.flatMap((e) => e.ids.filter((id) => !at.has(id))),
    );
    wrong('refused and there', of((o) => o === 'refused').flatMap(stood));
    wrong(
      'in another place than acknowledged',
      acknowledged.flatMap(({ stream, expected, ids, outcome }) => {
        const { revision, position } = outcome as Appended;
        const first = expected === 'any' ? revision - ids.length + 1 : expected === 'no-stream' ? 0 : expected + 1;
        const last = at.get(ids.at(-1)!);
        const moved = last !== undefined && last.position !== position;
        return ids.filter((id, i) => {
          const event = at.get(id);
          return event && (moved || event.stream !== stream || event.revision !== first + i);
        });
      }),
    );
    const sent = new Set(this.entries.flatMap((e) => e.ids));
    wrong(
      'never sent',
      seen.map((e) => e.id).filter((id) => !sent.has(id)),
    );
    wrong(
      'seen twice',
      seen.filter((e) => at.get(e.id) !== e).map((e) => e.id),
    );
    wrong(
      'not after the one before',
      seen.filter((e, i) => i > 0 && e.position <= seen[i - 1]!.position).map((e) => e.id),
    );
    const revisions = new Map<string, number>();
    const jumped = seen.filter(({ stream, revision }) => {
      const before = revisions.get(stream) ?? -1;
      revisions.set(stream, revision);
      return revision !== before + 1;
    });
    wrong(
      'not at the next revision of its stream',
      jumped.map((e) => `${e.stream}@${e.revision}`),
    );
    return [...found, ...this.halves(seen, reader)];
  }

  /** Batches of which some events are there and some are not; to be asked also while writers are at work. */
  halves(seen: readonly RecordedEvent[], reader = 'the log'): string[] {
    const there = new Set(seen.map((event) => event.id));
    const parts = this.entries.map(({ ids }) => ids.filter((id) => there.has(id)));
    const halves = parts.filter((part, i) => part.length > 0 && part.length < this.entries[i]!.ids.length);
    return halves.length > 0
      ? [`${reader}: ${halves.length} batches in part, ${halves.flat().slice(0, 3).join(', ')}`]
      : [];
  }

  private async send(store: Writer, entry: Entry, events: readonly NewEvent[]): Promise<Appended> {
    try {
      const appended = await store.append(entry.stream, entry.expected, events);
      entry.outcome = appended;
      return appended;
    } catch (error) {
      if (error instanceof ConflictError || error instanceof IdReusedError) entry.outcome = 'refused';
      else this.failures.push(error);
      throw error;
    }
  }
}

/** An event whose id comes from the trial's seed. */
export function seeded(random: () => number, type = 'fault.tried.v1', data: object = {}): NewEvent {
  const hex = Array.from({ length: 4 }, () =>
    Math.floor(random() * 2 ** 32)
      .toString(16)
      .padStart(8, '0'),
  ).join('');
  const id = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  return { ...anEvent(type, data), id };
}
