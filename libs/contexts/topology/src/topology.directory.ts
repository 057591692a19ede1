import type { Look, Refusal } from '#libs/eventing';
import { inside } from '#libs/messages';
import { misplaced, OF_CARRIERS, type Tying } from './links.lifecycle.js';
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

/** The same, and what two regions can be to each other. */
export interface Grounds extends Places {
  /** Why a carrier of these two could not be a link of that kind on that day, if so. */
  misplaced(kind: Tying, between: { readonly home: string; readonly host: string }, on: string): Refusal | undefined;
}

/** A region and all that lie inside it, now. */
export const regionsInside = async (look: Look, region: string): Promise<ReadonlySet<string>> =>
  inside(region, (await look(topology, 'topology')).regions);

/** The structure as of now: a decision may rely on it. */
export const regionsNow = async (look: Look): Promise<Grounds> => regionsOf(await look(topology, 'topology'));

export function regionsOf(whole: Topology): Grounds {
  const { regions, places, hub } = whole;
  return {
    has: (region) => regions.has(region),
    inHub: (region) => hub.region !== null && within(regions, region, hub.region),
    knows: (place) => regions.has(place) || places.has(place),
    lies: (place) => places.get(place)?.lies,
    misplaced: (kind, { home, host }, on) => misplaced(kind, { from: home, to: host }, on, whole, OF_CARRIERS),
  };
}
