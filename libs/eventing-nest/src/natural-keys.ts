import { randomUUID } from 'node:crypto';
import { v5 as uuidV5 } from 'uuid';
import {
  CommandIdReusedError,
  evolve,
  isProcess,
  naturalKey,
  RefusedError,
  RevisionMismatchError,
  type Acting,
  type Actor,
  type CommandContext,
  type EventStore,
  type Executor,
  type Look,
  type NaturalKeyState,
  type Receipt,
  type RecordedEvent,
  type Refusal,
} from '#libs/eventing';

/** A key that a command gives to its thing, and that no other may have. */
export interface NaturalKey {
  readonly kind: string;
  readonly value: string;
  /** The thing, as refusals name it. */
  readonly holder: string;
  /** Why a command is refused that would give the key to another. */
  readonly held: (holder: string) => Refusal;
  /** How often facts have given the key to a holder, and whether it has it now. */
  readonly uses: (holder: string) => Promise<{ readonly times: number; readonly isInForce: boolean }>;
  /** The caller knows whose it is, and takes it over. */
  readonly isConfirmed?: boolean;
}

/** The keys that a command gives, by its name and fields; none to who may not send it, so that nobody learns of others' things. */
export type NaturalKeysOf = (command: string, fields: object, look: Look, by: Acting) => readonly NaturalKey[];

/**
 * Carries a command out with its keys claimed. A key is taken over from a holder that does not have it any more, if each of
 * its claims led to a fact: none of them is still under way. A claim whose command is refused is given back.
 *
 * A process that ends between claim and command leaves the key with its holder, who may claim it again.
 */
export async function withKeys(
  executor: Executor,
  keys: readonly NaturalKey[],
  sent: CommandContext,
  on: string,
  work: () => Promise<Receipt>,
): Promise<Receipt> {
  const claimed: NaturalKey[] = [];
  const context = () => ({ commandId: randomUUID(), causationId: sent.commandId, by: sent.by });
  const release = async () => {
    for (const { kind, value, holder } of claimed) {
      const fields = { on, kind, value, holder };
      await executor.execute(naturalKey, 'ReleaseKey', fields, context(), undefined);
    }
  };
  try {
    for (const key of keys) if (await claim(executor, key, on, context())) claimed.push(key);
    const receipt = await work();
    // Carried out before, with a claim of its own.
    if (receipt.repeated) await release();
    return receipt;
  } catch (error) {
    if (error instanceof RefusedError || error instanceof RevisionMismatchError) await release();
    throw error;
  }
}

/** @returns false where the holder has the key already, and nothing was to be claimed */
async function claim(executor: Executor, key: NaturalKey, on: string, context: CommandContext): Promise<boolean> {
  const { kind, value, holder, held, uses, isConfirmed = false } = key;
  const at = await executor.look(naturalKey, `${kind}-${value}`);
  const { times, isInForce } = at.holder === null ? { times: 0, isInForce: false } : await uses(at.holder);
  if (at.holder === holder && isInForce) return false;
  const after = isConfirmed || (!isInForce && times === at.claims) ? { after: at.claims } : {};
  try {
    const fields = { on, kind, value, holder, ...after };
    await executor.execute(naturalKey, 'ClaimKey', fields, context, undefined);
    return true;
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    const { holder: other } = await executor.look(naturalKey, `${kind}-${value}`);
    throw new RefusedError(held(other ?? holder));
  }
}

/** What earlier releases have recorded has its keys, or is about to. */
export abstract class RecordedKeys {
  /** @throws ProblemException where that takes longer than a caller may wait */
  abstract claimed(): Promise<void>;
}

const CLAIMING: Actor = { id: 'process:recorded-keys', role: 'province' };

/**
 * Claims the keys that a fact gives, if the command which it came from has not: what is recorded by an earlier release keeps
 * its numbers too. Again, or by several at once, is the same claim. Of facts that gave one key to several things, as was
 * possible then, the last has it, unless one before it is in force still; a claim made by a command stands.
 */
export async function claimOf(
  fact: RecordedEvent,
  keysOf: NaturalKeysOf,
  command: string,
  store: EventStore,
  executor: Executor,
): Promise<void> {
  const { actor, commandId, occurredAt: on } = fact.metadata;
  // A process carries on what was claimed.
  if (isProcess(actor)) return;
  const said = Object.entries(fact.data).filter(([, value]) => value !== null);
  const fields = { ...Object.fromEntries(said), nameConfirmed: true };
  for (const { kind, value, holder, isConfirmed = false, uses } of keysOf(command, fields, executor.look, actor)) {
    const claims = await store.readStream(`${naturalKey.category}-${kind}-${value}`);
    if (claims.some(({ metadata }) => metadata.causationId === commandId)) continue;
    const at = claims.reduce<NaturalKeyState>((s, event) => evolve(naturalKey, s, event, on), naturalKey.initial);
    const isOthers = at.holder !== null && at.holder !== holder;
    if (isOthers && claims.some(({ metadata }) => metadata.actor.id !== CLAIMING.id)) continue;
    if (isOthers && !isConfirmed && (await uses(at.holder)).isInForce) continue;
    const claim = { on, kind, value, holder, ...(isOthers ? { after: at.claims } : {}) };
    const sent = { commandId: uuidV5(`${kind}-${value}`, fact.id), causationId: commandId, by: CLAIMING };
    try {
      await executor.execute(naturalKey, 'ClaimKey', claim, sent, undefined);
    } catch (error) {
      // Another process was faster with the same.
      if (!(error instanceof RefusedError || error instanceof CommandIdReusedError)) throw error;
    }
  }
}
