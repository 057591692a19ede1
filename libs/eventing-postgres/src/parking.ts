import { QueryFailedError, type EntityManager } from 'typeorm';
import type { RecordedEvent } from '#libs/eventing';
import type { Claim, Part } from './claim.js';
import type { Parked, Work } from './projected.js';

/**
 * Applies what can be applied, in its order: the keys at fault are found by halving, tried and undone, before anything stays.
 *
 * @returns for each of them the event at fault and all after it
 * @throws what `poisons` does not take for the fault of an event
 */
export async function applyOthers(tx: EntityManager, part: Part): Promise<Parked[]> {
  const { claim, projected } = part;
  const fault = (work: readonly Work[]) => attempt(tx, () => projected.apply(tx, work, claim.build), true);
  const faults = async (keys: readonly (readonly Work[])[]): Promise<Parked[]> => {
    if ((await fault(keys.flat())) === undefined) return [];
    if (keys.length > 1) {
      const half = keys.length >> 1;
      return [...(await faults(keys.slice(0, half))), ...(await faults(keys.slice(half)))];
    }
    const ofKey = keys[0]!;
    for (let i = 0; i < ofKey.length; i++) {
      const reason = await fault(ofKey.slice(0, i + 1));
      if (reason !== undefined) return [{ ...ofKey[i]!, reason }, ...ofKey.slice(i + 1)];
    }
    return [];
  };
  const parked = await faults([...byKey(part.work).values()]);
  const waits = new Set(parked.map(({ key, event }) => `${event.position} ${key}`));
  const others = part.work.filter(({ key, event }) => !waits.has(`${event.position} ${key}`));
  if (others.length > 0) await projected.apply(tx, others, claim.build);
  return parked;
}

/** Keeps work for when its key resumes. */
export async function park(tx: EntityManager, claim: Claim, work: readonly Parked[]): Promise<void> {
  if (work.length === 0) return;
  await tx.query(
    `insert into projection_parked (name, build, key, position, stream, revision, reason)
        select $1, $2, w.* from unnest($3::text[], $4::text[], $5::text[], $6::bigint[], $7::text[]) w on conflict do nothing`,
    [
      claim.name,
      claim.build,
      work.map((w) => w.key),
      work.map((w) => w.event.position),
      work.map((w) => w.event.stream),
      work.map((w) => w.event.revision),
      work.map((w) => w.reason ?? null),
    ],
  );
}

/** The key of an event that does not say what it touches. */
export const streamKey = (event: RecordedEvent) => `stream ${event.stream}`;

function byKey(work: readonly Work[]): Map<string, Work[]> {
  const keys = new Map<string, Work[]>();
  for (const one of work) {
    const of = keys.get(one.key);
    if (of) of.push(one);
    else keys.set(one.key, [one]);
  }
  return keys;
}

/** Does the work, or leaves nothing of it when it cannot be done, or is to be undone; returns the reason why it cannot. */
export async function attempt(tx: EntityManager, work: () => Promise<void>, undo = false): Promise<string | undefined> {
  await tx.query('savepoint attempt');
  try {
    await work();
    await tx.query(undo ? 'rollback to savepoint attempt' : 'release savepoint attempt');
    return undefined;
  } catch (error) {
    if (!poisons(error)) throw error;
    await tx.query('rollback to savepoint attempt');
    return error instanceof Error ? error.message : String(error);
  }
}

const sqlState = (error: unknown) =>
  error instanceof QueryFailedError ? ((error.driverError as { code?: string }).code ?? '') : undefined;

/** The server is not there, or in no state to answer: it will be the same for every projection. */
export function unreachable(error: unknown): boolean {
  const state = sqlState(error);
  return state === undefined
    ? error instanceof Error && 'code' in error
    : state === '' || /^(08|53|57|58|40|25)/.test(state);
}

/** An event's fault: its fold throws, or what it folds to does not fit its columns. */
export function poisons(error: unknown): boolean {
  const state = sqlState(error);
  return state === undefined ? !unreachable(error) : /^2[23]/.test(state);
}
