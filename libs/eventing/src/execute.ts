import { hash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { v5 as uuidV5 } from 'uuid';
import type { Acting } from './authority.js';
import { canonicalJson } from './canonical.js';
import { evolve, isRefusal, type AnyDecider, type Command, type Evolve, type Refusal } from './decider.js';
import {
  START,
  type Actor,
  type DomainEvent,
  type Metadata,
  type NewEvent,
  type Position,
  type RecordedEvent,
} from './event.js';
import { ConflictError, IdReusedError, type EventStore } from './event-store.js';
import { RehearsalStore } from './rehearsal.js';

/** The clock outside; deciders and folds never see it. */
export type Clock = () => Date;

/** What comes with a command from the door. */
export interface CommandContext {
  /** Unique to the command; the same again is a retry. */
  readonly commandId: string;
  readonly by: Actor;
  /** The regions that it may act for, where they are more than its own. */
  readonly actsFor?: Acting['actsFor'];
  readonly correlationId?: string;
  readonly causationId?: string;
  /** The caller's If-Match: refuse unless the stream stands at this revision. */
  readonly revision?: number;
}

export interface Receipt {
  readonly stream: string;
  /** The stream's revision after the command; -1 when it has no events. */
  readonly revision: number;
  /** Hand it to a query to read your own write. */
  readonly position: Position;
  readonly events: readonly { readonly id: string; readonly type: string }[];
  /** The command had been carried out before; this is its first answer again. */
  readonly repeated: boolean;
}

/** Reads a stream's state as of now, straight from the log: a decision may rely on it, where a read model might lag. */
export type Look = <State, E extends DomainEvent>(
  decider: { readonly category: string; readonly initial: State; readonly evolve: Evolve<State, E> },
  id: string,
) => Promise<State>;

/** A command that the rules refuse. Nothing was recorded. */
export class RefusedError extends Error {
  constructor(readonly refusal: Refusal) {
    super(`${refusal.code}: ${refusal.en}`);
    this.name = 'RefusedError';
  }
}

/** A command id, or an Idempotency-Key, that was used before for another command. */
export class CommandIdReusedError extends Error {
  constructor(readonly commandId: string) {
    super(`command id ${commandId} was used for another command`);
    this.name = 'CommandIdReusedError';
  }
}

/** The caller's If-Match does not hold. */
export class RevisionMismatchError extends Error {
  constructor(
    readonly stream: string,
    readonly expected: number,
    readonly actual: number,
  ) {
    super(`${stream} is at revision ${actual}, not ${expected}`);
    this.name = 'RevisionMismatchError';
  }
}

interface Loaded {
  state: unknown;
  revision: number;
  position: Position;
  /** The receipts of this stream's commands, to answer a retry after the stream has moved on. */
  commands: Map<string, { digest: string; receipt: Receipt }>;
}

/** An event as far as the fold of a stream looks at it. */
type Seen = Omit<RecordedEvent, 'stream'>;

/** How many streams keep their folded state in memory, and how many commands all of them together. */
const REMEMBERED_STREAMS = 2_000;
const REMEMBERED_COMMANDS = 250_000;

/** How often a command is decided anew because others were faster, before the caller is told to try again. */
const MAX_ATTEMPTS = 20;

/**
 * Carries out commands: load, decide, append at the revision the decision was made on, and again when another was
 * faster. Commands to one stream queue up inside the process, so that they contend with other processes only.
 */
export class Executor {
  private readonly tails = new Map<string, Promise<unknown>>();
  /** Looks at a stream that have not begun: they may be shared. */
  private readonly looks = new Map<string, Promise<unknown>>();
  private readonly remembered = new LRUCache<string, Loaded>({
    max: REMEMBERED_STREAMS,
    maxSize: REMEMBERED_COMMANDS,
    sizeCalculation: ({ commands }) => 1 + commands.size,
  });

  constructor(
    private readonly store: EventStore,
    private readonly clock: Clock,
  ) {}

  /** One that carries commands out on what is there now, each after those before it, and records nothing; with its store. */
  rehearsing(): { readonly executor: Executor; readonly store: RehearsalStore } {
    const store = new RehearsalStore(this.store);
    return { executor: new Executor(store, this.clock), store };
  }

  /**
   * @throws RefusedError, CommandIdReusedError, RevisionMismatchError, NotCanonicalError; ConflictError after
   *   MAX_ATTEMPTS lost races
   */
  async execute(
    decider: AnyDecider,
    name: string,
    command: Command,
    context: CommandContext,
    world: unknown,
  ): Promise<Receipt> {
    const stream = `${decider.category}-${decider.id(command)}`;
    return this.inTurn(stream, () => this.attempt(decider, name, command, context, world, stream));
  }

  /** The state of a stream as it is now; what rules may know of the world outside their own stream. */
  readonly look: Look = async (decider, id) => {
    const stream = `${decider.category}-${id}`;
    const waiting = this.looks.get(stream);
    if (waiting) return waiting as never;
    const looking = this.inTurn(stream, async () => {
      // A read that has begun may miss what a later caller knows.
      this.looks.delete(stream);
      return (await this.load(decider as AnyDecider, stream)).state;
    });
    this.looks.set(stream, looking);
    return looking as never;
  };

  /** Works on a stream one after the other, so that this process contends with others only. */
  private async inTurn<T>(stream: string, work: () => Promise<T>): Promise<T> {
    const turn = (this.tails.get(stream) ?? Promise.resolve()).then(work);
    const tail = turn.catch(() => undefined);
    this.tails.set(stream, tail);
    try {
      return await turn;
    } finally {
      if (this.tails.get(stream) === tail) this.tails.delete(stream);
    }
  }

  private async attempt(
    decider: AnyDecider,
    name: string,
    command: Command,
    context: CommandContext,
    world: unknown,
    stream: string,
  ): Promise<Receipt> {
    const digest = hash('sha256', canonicalJson([name, command]));
    // What is remembered is good enough to record on: the append is checked against its revision. It is not good enough
    // to refuse on, nor where the store would take a command for a repetition without saying so.
    let current = !this.store.tellsRepetition;
    let loaded = current ? await this.load(decider, stream) : this.recall(decider, stream);
    for (let attempt = 1; ; attempt++, loaded = await this.load(decider, stream), current = true) {
      const before = loaded.commands.get(context.commandId);
      if (before) {
        if (before.digest !== digest) throw new CommandIdReusedError(context.commandId);
        return { ...before.receipt, repeated: true };
      }
      const { state, revision, position } = loaded;
      if (context.revision !== undefined && context.revision !== revision) {
        if (!current) continue;
        throw new RevisionMismatchError(stream, context.revision, revision);
      }
      const decision = decider.decide[name]!(command, state, {
        by: { ...context.by, actsFor: context.actsFor },
        world,
      });
      if (isRefusal(decision) || decision.length === 0) {
        if (!current) continue;
        if (isRefusal(decision)) throw new RefusedError(decision);
        return { stream, revision, position, events: [], repeated: false };
      }
      const events = this.envelopes(decider, decision, state, command.on, context, digest);
      try {
        const place = await this.store.append(stream, revision < 0 ? 'no-stream' : revision, events);
        if (place.repeated) continue;
        const at = (event: NewEvent, i: number) => ({ ...event, revision: revision + 1 + i, position: place.position });
        this.learn(decider, stream, loaded, events.map(at));
        return loaded.commands.get(context.commandId)!.receipt;
      } catch (error) {
        if (error instanceof IdReusedError) throw new CommandIdReusedError(context.commandId);
        if (!(error instanceof ConflictError) || attempt >= MAX_ATTEMPTS) throw error;
      }
    }
  }

  private envelopes(
    decider: AnyDecider,
    facts: readonly DomainEvent[],
    state: unknown,
    occurredAt: string,
    context: CommandContext,
    commandDigest: string,
  ): NewEvent[] {
    const recordedAt = this.clock().toISOString();
    return facts.map((fact, index) => {
      state = evolve(decider, state, fact, occurredAt);
      // In alphabetical order, which makes its canonical text cheap.
      const metadata: Metadata = {
        actor: context.by,
        causationId: context.causationId ?? context.commandId,
        commandDigest,
        commandId: context.commandId,
        correlationId: context.correlationId ?? context.commandId,
        occurredAt,
        recordedAt,
        regions: [...new Set(decider.concerns(fact, state))].sort(),
        schemaVersion: 1,
      };
      return { id: uuidV5(String(index), context.commandId), type: fact.type, data: fact.data, metadata };
    });
  }

  /** The stream as it was last seen; one that was never seen counts as empty. */
  private recall(decider: AnyDecider, stream: string): Loaded {
    return (
      this.remembered.get(stream) ?? { state: decider.initial, revision: -1, position: START, commands: new Map() }
    );
  }

  /** The stream as it is: only the tail is read. */
  private async load(decider: AnyDecider, stream: string): Promise<Loaded> {
    const loaded = this.recall(decider, stream);
    const tail = await this.store.readStream(stream, { from: loaded.revision + 1 });
    this.learn(decider, stream, loaded, tail);
    return loaded;
  }

  private learn(decider: AnyDecider, stream: string, loaded: Loaded, events: Iterable<Seen>): void {
    for (const { id, type, data, revision, position, metadata } of events) {
      loaded.state = evolve(decider, loaded.state, { type, data }, metadata.occurredAt);
      loaded.revision = revision;
      loaded.position = position;
      const before = loaded.commands.get(metadata.commandId)?.receipt.events ?? [];
      loaded.commands.set(metadata.commandId, {
        digest: metadata.commandDigest,
        receipt: { stream, revision, position, events: [...before, { id, type }], repeated: false },
      });
    }
    // A copy, so that the cache takes its new size into account.
    this.remembered.set(stream, { ...loaded });
  }
}
