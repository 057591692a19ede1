import type { FastifyReply } from 'fastify';
import type { Actor, Look } from '#libs/eventing';
import type { Scope, Sql } from '#libs/read-models';
import { isRegional, type AuthenticatedRequest } from './access.js';
import type { Gateway } from './gateway.js';

/** The injection token of the `EventStore`. */
export const EVENT_STORE = Symbol('EventStore');

/** Where projections stand when they are read. */
export interface Reached {
  /** Of the slowest. */
  readonly position: string;
  /** It is before what was asked for. */
  readonly stale: boolean;
  /** What is left out of the answer, and why. */
  readonly parked: readonly { projection: string; key: string; events: number; reason: string | null; since: string }[];
}

/** Whether what concerns these regions is for the asker to see. */
export const isSeen = (scope: Scope, regions: readonly string[]): boolean =>
  scope === 'all' || regions.some((region) => scope.includes(region));

/** What a read stands on. */
export abstract class Reads {
  /** The read models' database. */
  abstract readonly sql: Sql;
  /** Streams as they are now, straight from the log. */
  abstract readonly look: Look;
  /** Whose things the caller may see: those of its region, and of all that lie inside it now. */
  abstract scopeOf(caller: Actor): Promise<Scope>;
  /** Resolves when all the projections are at the position, or when the wait has run out. */
  abstract reach(projections: readonly string[], position: string | undefined): Promise<Reached>;
  /** Several statements that see one state of the read models. */
  abstract transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T>;
  /** What was known at a moment: the position of the last event that was recorded by then, and its day. Of a position, itself. */
  abstract known(asAt: string): Promise<{ readonly position: string; readonly day: string }>;
}

/**
 * Answers a read once the projections have come to the caller's own last write, or to the token that is handed back; says
 * where they stand, and what is left out of them.
 */
export async function answered(
  reads: Reads,
  gateway: Gateway,
  projections: readonly string[],
  request: AuthenticatedRequest,
  reply: FastifyReply,
  answer: () => Promise<object>,
): Promise<object> {
  const token = request.headers['consistency-token'];
  const own = gateway.lastWriteOf(request.actor);
  const wanted = typeof token === 'string' && token > (own ?? '') ? token : own;
  const { position, stale, parked } = await reads.reach(projections, wanted);
  reply
    .header('Projection-Position', position)
    .header('Consistency', wanted === undefined ? 'eventual' : stale ? 'stale' : 'current');
  return { ...(await answer()), ...leftOut(parked, request.actor) };
}

/**
 * What an answer leaves out, as far as the caller may know. A key names things of others, and a reason may quote them: whoever
 * sees one region only is told of which projection how many keys wait (of 20 or more, 20), and since when.
 */
export function leftOut(parked: Reached['parked'], actor: Actor): { incomplete?: readonly object[] } {
  if (parked.length === 0) return {};
  if (!isRegional(actor)) return { incomplete: parked };
  const projections = [...new Set(parked.map(({ projection }) => projection))];
  return {
    incomplete: projections.map((projection) => {
      const waiting = parked.filter((one) => one.projection === projection);
      return { projection, keys: waiting.length, since: waiting.map(({ since }) => since).sort()[0] };
    }),
  };
}
