import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { v5 as uuidV5 } from 'uuid';
import { canonicalJson } from './canonical.js';
import { evolve, isRefusal, type AnyDecider, type Command, type Refusal } from './decider.js';
import { START, type Actor, type DomainEvent, type Metadata, type NewEvent, type Position } from './event.js';
import { ConflictError, IdReusedError, type EventStore } from './event-store.js';

/** The clock outside; deciders and folds never see it. */
export type Clock = () => Date;

/** What comes with a command from the door. */
export interface CommandContext {
  /** Unique to the command; the same again is a retry. */
  readonly commandId: string;
  readonly by: Actor;
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

/** How many streams keep their folded state in memory. */
const REMEMBERED_STREAMS = 2_000;

/** How often a command is decided anew because others were faster, before the caller is told to try again. */
const MAX_ATTEMPTS = 20;

/**
 * Carries out commands: load, decide, append at the revision the decision was made on, and again when another was
 * faster. Commands to one stream queue up inside the process, so that they contend with other processes only.
 */
export class Executor {
  private readonly tails = new Map<string, Promise<unknown>>();
  private readonly remembered = new LRUCache<string, Loaded>({ max: REMEMBERED_STREAMS });

  constructor(
    private readonly store: EventStore,
    private readonly clock: Clock,
  ) {}

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
    const turn = (this.tails.get(stream) ?? Promise.resolve()).then(() =>
      this.attempt(decider, name, command, context, world, stream),
    );
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
    const digest = createHash('sha256')
      .update(canonicalJson([name, command]))
      .digest('hex');
    for (let attempt = 1; ; attempt++) {
      const loaded = await this.load(decider, stream);
      const before = loaded.commands.get(context.commandId);
      if (before) {
        if (before.digest !== digest) throw new CommandIdReusedError(context.commandId);
        return { ...before.receipt, repeated: true };
      }
      if (context.revision !== undefined && context.revision !== loaded.revision) {
        throw new RevisionMismatchError(stream, context.revision, loaded.revision);
      }
      const decision = decider.decide[name]!(command, loaded.state, { by: context.by, world });
      if (isRefusal(decision)) throw new RefusedError(decision);
      if (decision.length === 0) {
        return { stream, revision: loaded.revision, position: loaded.position, events: [], repeated: false };
      }
      const events = this.envelopes(decider, decision as DomainEvent[], loaded.state, command.on, context, digest);
      try {
        const expected = loaded.revision < 0 ? 'no-stream' : loaded.revision;
        const { revision, position } = await this.store.append(stream, expected, events);
        const receipts = events.map(({ id, type }) => ({ id, type }));
        return { stream, revision, position, events: receipts, repeated: false };
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
      state = evolve(decider, state, fact);
      const metadata: Metadata = {
        commandId: context.commandId,
        commandDigest,
        causationId: context.causationId ?? context.commandId,
        correlationId: context.correlationId ?? context.commandId,
        actor: context.by,
        occurredAt,
        recordedAt,
        regions: [...new Set(decider.concerns(fact, state))].sort(),
        schemaVersion: 1,
      };
      return { id: uuidV5(String(index), context.commandId), type: fact.type, data: fact.data, metadata };
    });
  }

  /** What is remembered is only a start: the tail is read every time, and the append is checked against its revision. */
  private async load(decider: AnyDecider, stream: string): Promise<Loaded> {
    const fresh = { state: decider.initial, revision: -1, position: START, commands: new Map() };
    const loaded: Loaded = this.remembered.get(stream) ?? fresh;
    this.remembered.set(stream, loaded);
    for (const event of await this.store.readStream(stream, { from: loaded.revision + 1 })) {
      const { id, type, revision, position, metadata } = event;
      loaded.state = evolve(decider, loaded.state, event);
      loaded.revision = revision;
      loaded.position = position;
      const events = [...(loaded.commands.get(metadata.commandId)?.receipt.events ?? []), { id, type }];
      loaded.commands.set(metadata.commandId, {
        digest: metadata.commandDigest,
        receipt: { stream, revision, position, events, repeated: false },
      });
    }
    return loaded;
  }
}
