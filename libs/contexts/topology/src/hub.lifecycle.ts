import { List } from 'immutable';
import { lifecycle, notBefore, refusals, unknownRegion } from '#libs/eventing';
import { dependsOnHub, inTheWay, linksAt } from './references.js';
import { stepNames } from './steps.js';
import { gone } from './region-tree.js';
import type { Province } from './topology.decider.js';
import type { HubRow } from './topology.events.js';

export interface Hub {
  /** The region of the 总窗口; null while there is none. */
  readonly region: string | null;
  /** The day on which it was designated, or revoked; null where it never was. */
  readonly since: string | null;
  /** What the list shows after each step, as steps were recorded: a reversal goes back to the one before. */
  readonly rows: List<HubRow>;
}

const refuse = refusals({
  'hub.exists': [
    'conflict',
    '总窗口已设在 {region}；一省只有一个总窗口，须先撤销',
    'The hub is {region}; a province has exactly one, revoke it first',
    'region',
  ],
  'hub.no-step': [
    'missing',
    '总窗口的最近一步不是 {region} 的设立或撤销',
    'The last step of the hub is no designation or revocation of {region}',
    'region',
  ],
  'hub.other-step': [
    'conflict',
    '总窗口的最近一步是{zh}（{last}），只能先冲销这一步',
    'The last step of the hub is {last}: that one is reversed first',
    'reverses',
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
  initial: { region: null, since: null, rows: List() },
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
      const barred = early ?? tiedTo(region, whole, world);
      return barred ?? [{ type: 'hub.revoked.v1', data: { region, basis } }];
    },

    ReverseHubStep: ({ on, region, reverses, reason }, { rows, since }, { whole, world }) => {
      const row = rows.last();
      if (row?.region !== region) return refuse('hub.no-step', { region });
      const last = row.until === null ? 'designated' : 'revoked';
      if (last !== reverses) return refuse('hub.other-step', { last, zh: stepNames[last]! });
      const early = notBefore(on, [[since, '被冲销的一步', 'the step that is reversed']]);
      const barred = early ?? (last === 'designated' ? tiedTo(region, whole, world) : gone(whole.regions, region));
      // What never was ends as it begins.
      const before = rows.pop().findLast((one) => one.region === region) ?? { ...row, until: row.from };
      return barred ?? [{ type: 'hub.step-reversed.v1', data: { ...before, reverses, reason } }];
    },
  },
  evolve: {
    'hub.designated.v1': ({ rows }, { region, basis }, from) => now(rows.push({ region, from, until: null, basis })),
    'hub.revoked.v1': ({ rows }, { basis }, until) => now(rows.push({ ...rows.last()!, until, basis })),
    'hub.step-reversed.v1': ({ rows }) => now(rows.pop()),
  },
});

const now = (rows: Hub['rows']): Hub => {
  const last = rows.last();
  return { rows, region: last?.until === null ? last.region : null, since: last?.until ?? last?.from ?? null };
};

function tiedTo(region: string, whole: Province['state'], world: Province['world']) {
  const tied = linksAt(whole, region).filter((link) => dependsOnHub(link, world));
  return inTheWay([['联动关系', 'links', tied.keys()]]);
}
