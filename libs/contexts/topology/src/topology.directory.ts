import type { Look } from '#libs/eventing';
import { inside } from '#libs/messages';
import { within } from './region-tree.js';
import { topology, type Topology } from './topology.decider.js';
import type { Beyond } from './topology.events.js';

/** What other contexts may ask of the structure. */
export interface Regions {
  has(region: string): boolean;
  /** The hub, or a region inside it. */
  inHub(region: string): boolean;
}

/** The same, beyond the province too. */
export interface Places extends Regions {
  /** A region, or a registered place beyond the province: what a contract, a use or a centre may name as its other side. */
  knows(place: string): boolean;
  /** Where a registered place lies; undefined of a region of the province, and of what is not registered. */
  lies(place: string): Beyond | undefined;
}

/** The structure as of now: a decision may rely on it. */
export const regionsNow = async (look: Look): Promise<Places> => regionsOf(await look(topology, 'topology'));

/** A region and all that lie inside it, now. */
export const regionsInside = async (look: Look, region: string): Promise<ReadonlySet<string>> =>
  inside(region, (await look(topology, 'topology')).regions);

export function regionsOf({ regions, places, hub }: Topology): Places {
  return {
    has: (region) => regions.has(region),
    inHub: (region) => hub.region !== null && within(regions, region, hub.region),
    knows: (place) => regions.has(place) || places.has(place),
    lies: (place) => places.get(place)?.lies,
  };
}
