import { Map } from 'immutable';
import { lifecycle, notBefore, refusals, unknownRegion } from '#libs/eventing';
import { gone } from './region-tree.js';
import type { Province, Topology } from './topology.decider.js';

/** Since when a region acts for itself alone, and until when; null while it does. */
interface Authority {
  readonly from: string;
  readonly until: string | null;
}
/** Of each region the last. */
export type Authorities = Map<string, Authority>;

const refuse = refusals({
  'authority.granted': [
    'conflict',
    '{region} 已自 {from} 起自主办理，无须再办',
    '{region} has had an authority of its own since {from}: nothing is left to grant',
    'region',
  ],
  'authority.none': [
    'conflict',
    '{region} 未自主办理，无须终止',
    '{region} has no authority of its own: nothing to end',
    'region',
  ],
});

/** 自主办理: a region that is given an authority of its own is acted for by nobody that it lies in (docs/domain.md §4a). */
export const authorities = lifecycle<Authorities, Province>()({
  refuses: refuse,
  initial: Map(),
  decide: {
    GrantAuthority: ({ on, region, basis }, authorities, { whole: { regions } }) => {
      const at = regions.get(region);
      const before = authorities.get(region);
      if (!at) return unknownRegion(region, 'region');
      if (before?.until === null) return refuse('authority.granted', { region, from: before.from });
      const early = notBefore(on, [
        [at.since, '区域登记', 'its registration'],
        [before?.until ?? null, '前次自主办理终止', 'the end of the authority before'],
      ]);
      return (
        gone(regions, region) ?? early ?? [{ type: 'region.authority-granted.v1', data: { region, from: on, basis } }]
      );
    },

    EndAuthority: ({ on, region, basis }, authorities) => {
      const at = authorities.get(region);
      if (at?.until !== null) return refuse('authority.none', { region });
      const early = notBefore(on, [[at.from, '自主办理', 'its authority']]);
      return early ?? [{ type: 'region.authority-ended.v1', data: { region, from: at.from, basis } }];
    },
  },
  evolve: {
    'region.authority-granted.v1': (all, { region, from }) => all.set(region, { from, until: null }),
    'region.authority-ended.v1': (all, { region }, until) => all.update(region, (at) => ({ ...at!, until })),
  },
});

/**
 * Whether an operator of `by` acts for a region now: its own, or one that lies inside it with no authority of its own, nor any
 * between the two. What another region administers, or has taken over, is acted for by that. Lying in the province makes nobody
 * act for all of it: that is what the province's role is for.
 */
export function actsFor({ regions, authorities }: Topology, by: string, region: string): boolean {
  const seen = new Set([region]);
  for (const one of seen) {
    if (one === by) return true;
    const at = regions.get(one);
    if (!at || authorities.get(one)?.until === null) continue;
    for (const next of at.endedOn !== null ? at.into : [at.administeredBy ?? at.parent]) {
      if (next !== null && regions.get(next)?.level !== 'province') seen.add(next);
    }
  }
  return false;
}
