import type { EntityManager } from 'typeorm';

/** A transaction that several share. Its statements wait for their turn by themselves; what goes around them asks for one. */
export interface Turns extends EntityManager {
  turn<T>(work: () => Promise<T>): Promise<T>;
}

/**
 * Does all of it in one transaction, so that some fold while the server works for others. A connection does one thing at a
 * time: each statement waits for its turn.
 *
 * @throws what failed first, once nobody uses the transaction any more
 */
export async function together<T>(
  tx: EntityManager,
  all: readonly T[],
  work: (turns: Turns, one: T) => Promise<void>,
): Promise<void> {
  let last: Promise<unknown> = Promise.resolve();
  let failure: { readonly error: unknown } | undefined;
  const turn = <R>(statement: () => Promise<R>): Promise<R> => {
    const done = last.then(() => {
      // Nothing comes of the transaction any more.
      if (failure) throw failure.error;
      return statement();
    });
    last = done.catch(() => undefined);
    return done;
  };
  const turns = Object.create(tx, {
    turn: { value: turn },
    query: { value: (...statement: Parameters<EntityManager['query']>) => turn(() => tx.query(...statement)) },
  }) as Turns;
  await Promise.all(
    all.map((one) =>
      work(turns, one).catch((error: unknown) => {
        failure ??= { error };
      }),
    ),
  );
  if (failure) throw (failure as { error: unknown }).error;
}
