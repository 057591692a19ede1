import { eventTypeFilter, type AllStreamResolvedEvent, type AllStreamSubscription } from '@eventstore/db-client';
import type { Batch, Page, Position, RecordedEvent } from '#libs/eventing';
import type { Ending } from './ending.js';
import { NoAnswerError } from './failures.js';
import type { Session } from './session.js';
import { escaped, format, parse, positionOf, wanted } from './log-events.js';

/** How many events the server drops by the filter before it reports progress. */
const SEARCH_WINDOW = 256;
/** How many events the client may hold ready, so that there is a batch to take when the consumer is done with one. */
const EVENTS_AHEAD = 512;

interface Waits {
  /** Milliseconds until the server must have confirmed the subscription. */
  readonly timeoutMs: number;
  /** Milliseconds of silence before the log is looked at. */
  readonly idleMs: number;
  readonly probe: (after: Position) => Promise<Page>;
}

/** What the server says between the events: how far it has come, or that it is (no longer) at the end. */
interface Mark {
  /** How many events it has sent before. */
  readonly after: number;
  readonly position?: Position;
  readonly live?: boolean;
}

/** One subscription of the client, from its start to its drop. */
export class Feed {
  private readonly stream: AllStreamSubscription;
  private readonly types: ReadonlySet<string> | undefined;
  private readonly forget: (() => void)[] = [];
  private taken = 0;
  private readonly marks: Mark[] = [];
  private confirmed = false;
  private live = false;
  private toldLive = false;
  private owed: Position | undefined;
  private error: Error | undefined;
  private wake: () => void = () => undefined;

  constructor(
    session: Session,
    private position: Position,
    types: readonly string[] | undefined,
    private readonly ending: Ending,
    private readonly waits: Waits,
  ) {
    this.types = types && new Set(types);
    const filter = eventTypeFilter({
      regex: types ? `^(?:${types.map(escaped).join('|')})$` : '^[^$]',
      maxSearchWindow: SEARCH_WINDOW,
      checkpointReached: (_, reached) => this.mark({ position: format(reached) }),
    });
    const options = { fromPosition: parse(position), filter };
    this.stream = session.client.subscribeToAll(options, { highWaterMark: EVENTS_AHEAD });
    this.stream.on('error', (error) => this.fail(error));
    this.stream.on('end', () => this.fail(new Error('the server ended the subscription')));
    this.stream.on('close', () => this.fail(new Error('the subscription was closed')));
    this.stream.on('readable', () => this.wake());
    this.stream.on('confirmation', () => {
      this.confirmed = true;
      this.wake();
    });
    this.stream.on('caughtUp', () => this.mark({ live: true }));
    this.stream.on('fellBehind', () => this.mark({ live: false }));
    this.forget.push(session.ending.whenOver((why) => this.fail(why)));
    this.forget.push(ending.whenOver(() => this.close()));
  }

  /**
   * What has come since, at most `limit` events, without waiting for more; or nothing when the subscription is over.
   *
   * @throws the reason of a drop, once everything that came before it was taken
   */
  async next(limit: number): Promise<Batch | undefined> {
    for (;;) {
      if (this.ending.over) return undefined;
      const before = this.position;
      const events = this.take(limit);
      const live = this.live && this.stream.readableLength === 0;
      if (events.length > 0 || this.position !== before || (live && !this.toldLive)) {
        this.toldLive = live;
        return { events, position: this.position, live };
      }
      if (this.error) throw this.error;
      if (await this.silence()) await this.ending.unless(this.look());
    }
  }

  /** What still comes flows into nothing, for the reason given at `Reads.each`. */
  close(): void {
    for (const forget of this.forget) forget();
    this.stream.removeAllListeners('readable');
    this.stream.resume();
    this.stream.unsubscribe().catch(() => undefined);
    this.wake();
  }

  private take(limit: number): RecordedEvent[] {
    const events: RecordedEvent[] = [];
    this.pass();
    while (events.length < limit) {
      const resolved = this.stream.read() as AllStreamResolvedEvent | null;
      if (!resolved) break;
      this.taken++;
      const at = positionOf(resolved);
      if (at !== undefined && at > this.position) {
        this.position = at;
        const event = wanted(resolved, this.types);
        if (event) events.push(event);
      }
      this.pass();
    }
    return events;
  }

  /**
   * The client speaks of progress as soon as it hears of it, while the events before it are still in its buffers: it
   * counts only once those are taken, or they would be skipped after a drop.
   */
  private mark(mark: Omit<Mark, 'after'>): void {
    this.marks.push({ ...mark, after: this.taken + this.stream.readableLength });
    this.wake();
  }

  private pass(): void {
    while (this.marks[0] && this.marks[0].after <= this.taken) {
      const { position, live } = this.marks.shift()!;
      if (position !== undefined && position > this.position) this.position = position;
      if (live !== undefined) this.live = live;
    }
  }

  private fail(error: Error): void {
    this.error ??= error;
    this.wake();
  }

  /** Waits for anything to happen; true when nothing did. */
  private silence(): Promise<boolean> {
    return new Promise((resolve) => {
      const { timeoutMs, idleMs } = this.waits;
      const timer = setTimeout(() => resolve(true), this.confirmed ? idleMs : timeoutMs);
      this.wake = () => {
        clearTimeout(timer);
        // What came in the same packet is still being taken apart: it belongs in the same batch.
        setImmediate(() => resolve(false));
      };
    });
  }

  /**
   * A subscription that says nothing has nothing to say, or is dead. The log tells: where it holds no event that is
   * wanted, the position moves on; where it holds one that does not come, the subscription is given up.
   */
  private async look(): Promise<void> {
    if (!this.confirmed) throw new NoAnswerError(this.waits.timeoutMs);
    const { events, position } = await this.waits.probe(this.position);
    // What is wanted may just have come, or be on its way.
    if (events.length === 0) {
      if (position > this.position) this.position = position;
      else this.live = true;
      this.owed = undefined;
    } else if (this.owed !== undefined && this.owed > this.position && this.stream.readableLength === 0) {
      throw new Error(`the subscription fell silent: the event at ${this.owed} did not come`);
    } else {
      this.owed = events[0]!.position;
    }
  }
}
