import { lifecycle, notBefore, refusals, unknownRegion } from '#libs/eventing';
import { dependsOnHub, inTheWay, linksAt } from './references.js';
import { gone } from './region-tree.js';
import type { Province } from './topology.decider.js';

export interface Hub {
  /** The region of the 总窗口; null while there is none. */
  readonly region: string | null;
  /** The day on which it was designated, or revoked; null where it never was. */
  readonly since: string | null;
}

const refuse = refusals({
  'hub.exists': [
    'conflict',
    '总窗口已设在 {region}；一省只有一个总窗口，须先撤销',
    'The hub is {region}; a province has exactly one, revoke it first',
    'region',
  ],
  'hub.not-there': [
    'conflict',
    '{region} 不是总窗口，无须撤销',
    '{region} is not the hub: nothing to revoke',
    'region',
  ],
});

/** 总窗口: one at a time. What is tied to it is settled before it is revoked. */
export const hub = lifecycle<Hub, Province>()({
  refuses: refuse,
  initial: { region: null, since: null },
  decide: {
    DesignateHub: ({ on, region, basis }, hub, { whole: { regions } }) => {
      const at = regions.get(region);
      if (!at) return unknownRegion(region, 'region');
      if (hub.region !== null) return refuse('hub.exists', { region: hub.region });
      const early = notBefore(on, [
        [at.since, '区域登记', 'the registration of the region'],
        [hub.since, '前一总窗口撤销', 'the revocation of the hub before'],
      ]);
      return gone(regions, region) ?? early ?? [{ type: 'hub.designated.v1', data: { region, basis } }];
    },

    RevokeHub: ({ on, region, basis }, hub, { whole, world }) => {
      if (hub.region !== region) return refuse('hub.not-there', { region });
      const early = notBefore(on, [[hub.since, '总窗口设立', 'its designation']]);
      const tied = linksAt(whole, region).filter((link) => dependsOnHub(link, world));
      const barred = early ?? inTheWay([['联动关系', 'links', tied.keys()]]);
      return barred ?? [{ type: 'hub.revoked.v1', data: { region, basis } }];
    },
  },
  evolve: {
    'hub.designated.v1': (_, { region }, since) => ({ region, since }),
    'hub.revoked.v1': (_, __, since) => ({ region: null, since }),
  },
});
