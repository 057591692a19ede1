import type { PoolClient } from 'pg';
import type { EntityManager } from 'typeorm';

type Turn = <T>(work: () => Promise<T>) => Promise<T>;

const turnsOf = new WeakMap<EntityManager, Turn>();

/** Does what is no statement of TypeORM's on the transaction's connection, in its turn where several share it. */
export async function onConnection<T>(tx: EntityManager, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = (await tx.queryRunner!.connect()) as PoolClient;
  const turn = turnsOf.get(tx);
  return turn ? turn(() => work(client)) : work(client);
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
  work: (turns: EntityManager, one: T) => Promise<void>,
): Promise<void> {
  let last: Promise<unknown> = Promise.resolve();
  let failure: { readonly error: unknown } | undefined;
  const turn: Turn = (statement) => {
    const done = last.then(() => {
      // Nothing comes of the transaction any more.
      if (failure) throw failure.error;
      return statement();
    });
    last = done.catch(() => undefined);
    return done;
  };
  const turns = Object.create(tx, {
    query: { value: (...statement: Parameters<EntityManager['query']>) => turn(() => tx.query(...statement)) },
  }) as EntityManager;
  turnsOf.set(turns, turn);
  await Promise.all(
    all.map((one) =>
      work(turns, one).catch((error: unknown) => {
        failure ??= { error };
      }),
    ),
  );
  if (failure) throw (failure as { error: unknown }).error;
}
