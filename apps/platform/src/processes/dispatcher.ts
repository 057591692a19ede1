import { setTimeout as delay } from 'node:timers/promises';
import type { DataSource, QueryRunner } from 'typeorm';
import {
  ConflictError,
  deadlinePassed,
  outcomeOf,
  processStream,
  RefusedError,
  stepContext,
  StoreUnavailableError,
  type Clock,
  type EventStore,
  type Expected,
  type PendingStep,
  type ProcessInstance,
  type Refusal,
} from '#libs/eventing';
import { ProblemException, Submit } from '#libs/eventing-nest';

/** Instances a round; they are worked on side by side, the steps of each in their order. */
const INSTANCES = 50;
const IDLE_MS = 100;
const LOOK_FOR_LOCK_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;
/** How long a stop waits for the steps under way. */
const STOP_MS = 2_000;

interface Parts {
  readonly database: DataSource;
  readonly store: EventStore;
  /** The gateway. */
  readonly send: (submit: Submit) => Promise<unknown>;
  readonly clock: Clock;
  /** Whether the rows have seen the whole log: on half of it, steps stand as unanswered and deadlines as not replaced. */
  readonly live: () => boolean;
  readonly log: (line: string) => void;
}

/** An instance that cannot go on for now. */
export interface Trouble {
  readonly failures: number;
  readonly message: string;
  /** On the clock of the process, which no time server sets. */
  readonly pauseUntilMs: number;
}

/**
 * Carries out the steps that processes wait for, and tells them of deadlines that have passed.
 *
 * Killed anywhere, it does the same again: ids are derived, so that a command is carried out once and an answer recorded
 * once. One dispatcher at a time works, by an advisory lock; one that has lost its lock unnoticed cannot record a second
 * answer, since answers are appended at the revision that the instance was read at.
 */
export class Dispatcher {
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;
  private readonly troubles = new Map<string, Trouble>();
  private outage: string | undefined;

  constructor(private readonly parts: Parts) {}

  start(): void {
    this.running ??= this.run();
  }

  /** Waits for the steps under way, but not for a store that does not answer: what has no answer yet is tried again. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await Promise.race([this.running, delay(STOP_MS, undefined, { ref: false })]);
  }

  /** Why an instance does not go on, as far as this dispatcher has tried. */
  troubleOf(instance: Pick<ProcessInstance, 'process' | 'key'>): Trouble | undefined {
    return this.troubles.get(processStream(instance));
  }

  get troubled(): number {
    return this.troubles.size;
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    for (let failures = 0; !signal.aborted; await pause(IDLE_MS, signal)) {
      if (!this.parts.live()) continue;
      const session = this.parts.database.createQueryRunner();
      try {
        await this.work(session, () => {
          if (this.outage !== undefined) this.parts.log('流程恢复执行 (processes go on)');
          this.outage = undefined;
          failures = 0;
        });
      } catch (error) {
        // Told once, not at every attempt.
        if (this.outage === undefined) {
          this.parts.log(`流程暂停，将自动重试 (processes pause and will be tried again): ${messageOf(error)}`);
        }
        this.outage = messageOf(error);
        await pause(Math.min(100 * 2 ** failures++, 5_000), signal);
      } finally {
        // Ends the lock with the session; a connection that broke has lost it already.
        await session.manager.query('select pg_advisory_unlock_all()').catch(() => undefined);
        await session.release();
        // Another may have mended them by the time that this one works again.
        this.troubles.clear();
      }
    }
  }

  /** Works while it has the lock and its rows are live: where another process has taken the projection over, it lets go. */
  private async work(session: QueryRunner, worked: () => void): Promise<void> {
    const { signal } = this.stopping;
    const goesOn = () => !signal.aborted && this.parts.live();
    while (goesOn()) {
      const [row] = await session.manager.query<{ mine: boolean }[]>(
        `select pg_try_advisory_lock(hashtext('liandong.processes')) as mine`,
      );
      if (row!.mine) break;
      await pause(LOOK_FOR_LOCK_MS, signal);
    }
    while (goesOn()) {
      const recorded = await this.round(session);
      worked();
      if (recorded === 0) await pause(IDLE_MS, signal);
    }
  }

  /**
   * One round, without an open transaction while commands are carried out. That the session still answers is the sign
   * that the lock is still held.
   *
   * @returns how many answers and deadlines it has recorded
   */
  private async round(session: QueryRunner): Promise<number> {
    const pausing = [...this.troubles].filter(([, t]) => t.pauseUntilMs > performance.now()).map(([stream]) => stream);
    const rows = await session.manager.query<ProcessInstance[]>(
      `select * from processes where (pending <> '[]'::jsonb or due <= $1)
        and not ('process-' || process || '-' || key = any($2)) order by position limit $3`,
      [this.parts.clock().toISOString(), pausing, INSTANCES],
    );
    const rounds = await Promise.allSettled(rows.map((row) => this.attempt(row)));
    const failed = rounds.find((r) => r.status === 'rejected');
    if (failed) throw failed.reason;
    return rounds.reduce((sum, r) => sum + (r.status === 'fulfilled' ? r.value : 0), 0);
  }

  /** What goes wrong with one instance keeps no other waiting. */
  private async attempt(row: ProcessInstance): Promise<number> {
    const stream = processStream(row);
    try {
      const recorded = await this.advance(row, stream);
      this.troubles.delete(stream);
      return recorded;
    } catch (error) {
      if (error instanceof StoreUnavailableError) throw error;
      // Others were faster: the row is read again, and says what is left to do.
      if (error instanceof ConflictError) return 0;
      const failures = (this.troubles.get(stream)?.failures ?? 0) + 1;
      const pauseUntilMs = performance.now() + Math.min(100 * 2 ** failures, LONGEST_PAUSE_MS);
      this.troubles.set(stream, { failures, message: messageOf(error), pauseUntilMs });
      this.parts.log(
        `流程 ${row.process} ${row.key} 第 ${failures} 次未能继续，将自动重试 (could not go on, will be tried again): ${messageOf(error)}`,
      );
      return 0;
    }
  }

  private async advance(row: ProcessInstance, stream: string): Promise<number> {
    const { store, clock } = this.parts;
    // Its own stream has gone on, and the row has not seen it yet: what it waits for may have been answered.
    const [unseen] = await store.readStream(stream, { from: row.revision + 1, limit: 1 });
    if (unseen) return 0;
    let expected: Expected = row.revision < 0 ? 'no-stream' : row.revision;
    if (row.pending.length === 0) {
      await store.append(stream, expected, [deadlinePassed(row, clock())]);
      return 1;
    }
    let recorded = 0;
    for (const pending of row.pending) {
      if (this.stopping.signal.aborted) break;
      const refusal = await this.carryOut(row, pending);
      expected = (await store.append(stream, expected, [outcomeOf(row, pending, refusal, clock())])).revision;
      recorded++;
    }
    return recorded;
  }

  /** The refusal, if it is refused: by the rules, or because its fields are not what the command takes. */
  private async carryOut(
    row: ProcessInstance,
    pending: PendingStep,
  ): Promise<Pick<Refusal, 'code' | 'zh' | 'en'> | undefined> {
    const { send, log } = this.parts;
    const { context, command, fields } = pending;
    try {
      await send(new Submit(context, command, fields, stepContext(row, pending), 'process'));
      return undefined;
    } catch (error) {
      if (error instanceof RefusedError) return error.refusal;
      if (!(error instanceof ProblemException)) throw error;
      log(
        `流程 ${row.process} ${row.key} 的步骤 ${pending.step} 内容有误 (the fields of the step are wrong): ${error.en}`,
      );
      return error;
    }
  }
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

const pause = (milliseconds: number, signal: AbortSignal) =>
  delay(milliseconds, undefined, { signal }).catch(() => undefined);
