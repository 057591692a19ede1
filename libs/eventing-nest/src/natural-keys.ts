import { randomUUID } from 'node:crypto';
import {
  naturalKey,
  RefusedError,
  RevisionMismatchError,
  type Acting,
  type CommandContext,
  type Executor,
  type Look,
  type Receipt,
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
