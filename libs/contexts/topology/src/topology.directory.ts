import type { Look } from '#libs/eventing';
import { topology, within, type CoverageRule, type Topology } from './topology.decider.js';

/** What other contexts may ask of the structure. */
export interface Regions {
  has(region: string): boolean;
  /** The hub, or a region inside it. */
  inHub(region: string): boolean;
  readonly rules: readonly CoverageRule[];
  atLevel(level: string): readonly { region: string; name: string }[];
}

/** The structure as of now: a decision may rely on it. */
export const regionsNow = async (look: Look): Promise<Regions> => regionsOf(await look(topology, 'topology'));

export function regionsOf({ regions, hub, rules }: Topology): Regions {
  return {
    has: (region) => regions.has(region),
    inHub: (region) => hub !== null && within(regions, region, hub),
    rules: [...rules.values()],
    atLevel: (level) =>
      regions
        .filter((r) => r.level === level)
        .entrySeq()
        .map(([region, { name }]) => ({ region, name }))
        .toArray(),
  };
}
