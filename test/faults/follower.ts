import { START, type EventStore, type Position, type RecordedEvent } from '#libs/eventing';
import { until } from '../until.js';
import type { Trial } from './fault.js';
import { seeded, type Ledger, type Writer } from './ledger.js';

/** A reader that follows the log, and goes on where another one stood. */
export class Follower {
  readonly events: RecordedEvent[];
  position: Position;
  private readonly stopping = new AbortController();
  private readonly reading: Promise<void>;

  constructor(
    store: EventStore,
    readonly limit: number,
    before?: Pick<Follower, 'events' | 'position'>,
  ) {
    this.events = [...(before?.events ?? [])];
    this.position = before?.position ?? START;
    this.reading = this.follow(store);
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.reading;
  }

  private async follow(store: EventStore): Promise<void> {
    const { limit, position: after } = this;
    for await (const batch of store.subscribe({ after, limit, signal: this.stopping.signal })) {
      this.events.push(...batch.events);
      this.position = batch.position;
    }
  }
}

/** The log as somebody sees it who reads it now, from its start. */
export async function wholeLog(store: EventStore, limit = 500): Promise<RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  for (let after = START; ;) {
    const page = await store.readAll({ after, limit });
    events.push(...page.events);
    if (page.position === after) return events;
    after = page.position;
  }
}

/** Appends a last event, with `writer`, lets the readers come to it, and compares with the ledger what they and a new reader saw. */
export async function settle(
  trial: Trial,
  ledger: Ledger,
  store: EventStore,
  followers: readonly Follower[],
  writer: Writer = store,
): Promise<string[]> {
  const last = await ledger.surely(writer, 'the-end', 'any', [seeded(trial.random)]);
  const violations: string[] = [];
  for (const follower of followers) {
    const name = `the reader of pages of ${follower.limit}`;
    if (!(await comes(async () => follower.position >= last.position)))
      violations.push(`${name}: did not come to the end`);
    violations.push(...ledger.compare(follower.events, name));
    trial.checked(follower.events.length);
  }
  let log: RecordedEvent[] = [];
  const read = async () => ((log = await wholeLog(store)).at(-1)?.position ?? START) >= last.position;
  if (!(await comes(read))) violations.push('a new reader did not come to the end');
  trial.checked(log.length);
  return [...violations, ...ledger.compare(log)];
}

const comes = (there: () => Promise<boolean>) =>
  until('the reader comes to the end', there, 10_000).then(
    () => true,
    () => false,
  );
