import type { Identity } from './carrier.lifecycle.js';
import type { CarrierEvent } from './carriers.events.js';
import { overlap, type Period } from './space.js';
import { suspensionsOf, type Suspensions } from './timelines.js';

/** What is offered and let, each with its period, by its id. */
interface Things {
  readonly units?: Iterable<readonly [string, Period]>;
  readonly allocations?: Iterable<readonly [string, Period]>;
}

/**
 * That the carrier is suspended on days of what it offers and lets: of each thing that reaches into one of these periods all such
 * days are told, as they are known now. Nothing where nothing does.
 */
export function suspendedDays(
  identity: Identity,
  { units = [], allocations = [] }: Things,
  suspensions: Suspensions,
  reaching: readonly Period[] = suspensionsOf(suspensions),
): CarrierEvent[] {
  const within = (things: Iterable<readonly [string, Period]>) =>
    [...things].filter(([, at]) => reaching.some((period) => overlap(at, period))).map(([id]) => id);
  const things = { units: within(units), allocations: within(allocations) };
  if (things.units.length + things.allocations.length === 0) return [];
  return [{ type: 'space.suspended.v1', data: { ...identity, suspended: suspensionsOf(suspensions), ...things } }];
}
