import { setTimeout as sleep } from 'node:timers/promises';
import { NO_STREAM, type AppendResult } from '@eventstore/db-client';
import {
  ConflictError,
  IdReusedError,
  StoreUnavailableError,
  type Appended,
  type Expected,
  type RecordedEvent,
} from '#libs/eventing';
import { FIRST_PAUSE_MS, type ReconnectingClient } from './connection.js';
import { NoAnswerError, typeOf } from './failures.js';
import type { Session } from './session.js';
import { AppendTooLargeError, format, type Prepared } from './log-events.js';
import type { Reads } from './reads.js';

/**
 * The appends of one store.
 *
 * - Nothing but a conflict says whether an append took place: everything else is tried again, the same ids at the same
 *   revision, which the server recognises.
 * - Nothing is appended as "any": such a retry would be doubled once the server has forgotten the ids.
 * - An id that stands in another stream cannot be noticed, since the server has no index of ids.
 */
export class Appends {
  /** The last append as any of each stream: they would otherwise only race each other. */
  private readonly turns = new Map<string, Promise<unknown>>();

  constructor(
    private readonly reconnecting: ReconnectingClient,
    private readonly reads: Reads,
    private readonly timeoutMs: number,
    private readonly patienceMs: number,
  ) {}

  append(stream: string, expected: Expected, events: Prepared): Promise<Appended> {
    if (expected === 'any') return this.inTurn(stream, () => this.appendAny(stream, events));
    return this.appendAt(stream, expected === 'no-stream' ? 0 : expected + 1, expected, events);
  }

  private async inTurn<T>(stream: string, work: () => Promise<T>): Promise<T> {
    const turn = (this.turns.get(stream) ?? Promise.resolve()).then(work);
    const tail = turn.catch(() => undefined);
    this.turns.set(stream, tail);
    try {
      return await turn;
    } finally {
      if (this.turns.get(stream) === tail) this.turns.delete(stream);
    }
  }

  private async appendAny(stream: string, events: Prepared): Promise<Appended> {
    const deadline = Date.now() + this.patienceMs;
    for (;;) {
      const history = await this.reads.stream(stream, {});
      const wanted = new Set(events.ids);
      const first = history.findIndex(({ id }) => wanted.has(id));
      if (first >= 0) {
        const before = answer(history.slice(first, first + events.ids.length), events);
        if (before) return before;
        throw new IdReusedError(stream, history[first]!.id);
      }
      try {
        return await this.appendAt(stream, history.length === 0 ? 0 : history.at(-1)!.revision + 1, 'any', events);
      } catch (error) {
        if (!(error instanceof ConflictError)) throw error;
        if (Date.now() > deadline) throw new StoreUnavailableError(error);
      }
    }
  }

  /** `at` is the revision that the first event is to have. */
  private async appendAt(stream: string, at: number, expected: Expected, events: Prepared): Promise<Appended> {
    const deadline = Date.now() + this.patienceMs;
    for (;;) {
      let actual: bigint | string;
      try {
        const result = await this.reconnecting.attempt(deadline, (session) => this.send(session, stream, at, events));
        const revision = Number(result.nextExpectedRevision);
        if (result.position) return { revision, position: format(result.position) };
        const [last] = await this.reads.stream(stream, { from: revision, limit: 1 });
        return { revision, position: last!.position };
      } catch (error) {
        if (typeOf(error) === 'maximum-append-size-exceeded') throw new AppendTooLargeError(stream, events.bytes);
        if (typeOf(error) !== 'wrong-expected-version') throw error;
        actual = (error as { actualVersion: bigint | string }).actualVersion;
      }
      const before = await this.settle(stream, at, expected, events, actual === NO_STREAM ? -1 : Number(actual));
      if (before) return before;
      if (Date.now() > deadline) throw new StoreUnavailableError(`${stream}: the stream's end does not stand still`);
      await sleep(FIRST_PAUSE_MS);
    }
  }

  private async send(session: Session, stream: string, at: number, events: Prepared): Promise<AppendResult> {
    await session.slot();
    const expectedRevision = at === 0 ? NO_STREAM : BigInt(at - 1);
    const call = session.client.appendToStream(stream, events.data, { expectedRevision, requiresLeader: true });
    // Not when we give up on it: until the client has done with it, it may take up room in the client's buffer.
    call.then(session.free, session.free);
    try {
      return await session.bounded(this.timeoutMs, (resolve, reject) => call.then(resolve, reject));
    } catch (error) {
      if (error instanceof NoAnswerError) session.stuck++;
      throw error;
    }
  }

  /**
   * What a conflict means, as the leader sees the stream: the first answer when the events stand where they should;
   * nothing when the conflict was with an end of the stream that is not there, because it is not yet, or no longer.
   *
   * @throws ConflictError
   */
  private async settle(
    stream: string,
    at: number,
    expected: Expected,
    events: Prepared,
    told: number,
  ): Promise<Appended | undefined> {
    const there = await this.reads.stream(stream, { from: at, limit: events.ids.length });
    const before = answer(there, events);
    if (before) return before;
    const [last] = await this.reads.stream(stream, { direction: 'backwards', limit: 1 });
    const actual = last?.revision ?? -1;
    if (actual < told || actual === at - 1) return undefined;
    throw new ConflictError(stream, expected, last?.revision ?? null);
  }
}

/** What the append of these events was answered, when it is they that stand there. */
function answer(there: readonly RecordedEvent[], { ids }: Prepared): Appended | undefined {
  if (there.length !== ids.length || there.some(({ id }, i) => id !== ids[i])) return undefined;
  const { revision, position } = there.at(-1)!;
  return { revision, position };
}
