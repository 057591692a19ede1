import { Map } from 'immutable';
import { lifecycle, refusals, unknownRegion } from '#libs/eventing';
import type { Province } from './topology.decider.js';
import type { LinkKind } from './topology.events.js';

interface Link {
  readonly kind: LinkKind;
  readonly from: string;
  readonly to: string;
  readonly open: boolean;
}
export type Links = Map<string, Link>;

const refuse = refusals({
  'hub.exists': [
    'conflict',
    '总窗口已设在 {region}；一省只有一个总窗口，须先撤销',
    'The hub is {region}; a province has exactly one, revoke it first',
    'region',
  ],
  'hub.not-there': ['conflict', '{region} 不是总窗口', '{region} is not the hub', 'region'],
  'hub.none': ['conflict', '尚未设立总窗口', 'There is no hub yet', 'kind'],
  'link.exists': ['conflict', '关系标识 {link} 已使用', 'Link id {link} is in use', 'link'],
  'link.unknown': ['missing', '关系 {link} 不存在', 'Link {link} does not exist', 'link'],
  'link.closed': ['conflict', '关系 {link} 已终止', 'Link {link} is closed', 'link'],
  'link.from-hub': [
    'invalid',
    '协同创新基地须由总窗口（{hub}）建在其他区域',
    'A collaboration base goes from the hub ({hub}) to another region',
    'from',
  ],
  'link.to-hub': [
    'invalid',
    '飞地孵化器与离岸研发中心须由其他区域建在总窗口（{hub}）',
    'An enclave or offshore centre goes from another region to the hub ({hub})',
    'to',
  ],
});

/** 总窗口: one at a time. */
export const hub = lifecycle<string | null, Province>()({
  refuses: refuse,
  initial: null,
  decide: {
    DesignateHub: ({ region, basis }, hub, { whole }) => {
      if (!whole.regions.has(region)) return unknownRegion(region, 'region');
      if (hub !== null) return refuse('hub.exists', { region: hub });
      return [{ type: 'hub.designated.v1', data: { region, basis } }];
    },

    RevokeHub: ({ region, basis }, hub) => {
      if (hub !== region) return refuse('hub.not-there', { region });
      return [{ type: 'hub.revoked.v1', data: { region, basis } }];
    },
  },
  evolve: {
    'hub.designated.v1': (_, { region }) => region,
    'hub.revoked.v1': () => null,
  },
});

/** What ties the hub to other regions: a base goes out from it, enclaves and offshore centres come to it. */
export const links = lifecycle<Links, Province>()({
  refuses: refuse,
  initial: Map(),
  decide: {
    OpenLink: ({ link, kind, from, to, basis }, links, { whole: { regions, hub } }) => {
      if (links.has(link)) return refuse('link.exists', { link });
      if (!regions.has(from)) return unknownRegion(from, 'from');
      if (!regions.has(to)) return unknownRegion(to, 'to');
      if (hub === null) return refuse('hub.none');
      const isBase = kind === 'collaboration-base';
      const [near, far] = isBase ? [from, to] : [to, from];
      if (near !== hub || far === hub) return refuse(isBase ? 'link.from-hub' : 'link.to-hub', { hub });
      return [{ type: 'link.opened.v1', data: { link, kind, from, to, basis } }];
    },

    CloseLink: ({ link, basis }, links) => {
      const at = links.get(link);
      if (!at) return refuse('link.unknown', { link });
      if (!at.open) return refuse('link.closed', { link });
      return [{ type: 'link.closed.v1', data: { link, kind: at.kind, from: at.from, to: at.to, basis } }];
    },
  },
  evolve: {
    'link.opened.v1': (links, { link, kind, from, to }) => links.set(link, { kind, from, to, open: true }),
    'link.closed.v1': (links, { link }) => links.update(link, (at) => ({ ...at!, open: false })),
  },
});
