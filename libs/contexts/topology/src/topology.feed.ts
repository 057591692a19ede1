import type { FeedOf } from '#libs/contracts';
import type { TopologyEvent } from './topology.events.js';

/** What cities are told of the structure. */
export const topologyFeed: FeedOf<TopologyEvent> = {
  'region.registered.v1': ({ region, name, level, parent }) => ({
    type: 'cn.liandong.region.registered.v1',
    data: { region, name, level, parent },
  }),
  'region.moved.v1': () => undefined,
  'region.code-mapped.v1': () => undefined,
  'region-group.defined.v1': () => undefined,
  'hub.designated.v1': ({ region }) => ({ type: 'cn.liandong.hub.changed.v1', data: { hub: region } }),
  'hub.revoked.v1': () => ({ type: 'cn.liandong.hub.changed.v1', data: { hub: null } }),
  'zone.designated.v1': ({ zone, region, kind, name, theme }) => ({
    type: 'cn.liandong.zone.changed.v1',
    data: { zone, region, change: 'designated', kind, name, theme },
  }),
  'zone.theme-changed.v1': ({ zone, region, theme }) => ({
    type: 'cn.liandong.zone.changed.v1',
    data: { zone, region, change: 'theme-changed', theme },
  }),
  'zone.revoked.v1': ({ zone, region }) => ({
    type: 'cn.liandong.zone.changed.v1',
    data: { zone, region, change: 'revoked' },
  }),
  'link.opened.v1': ({ link, kind, from, to }) => ({
    type: 'cn.liandong.link.changed.v1',
    data: { link, kind, from, to, status: 'open' },
  }),
  'link.closed.v1': ({ link, kind, from, to }) => ({
    type: 'cn.liandong.link.changed.v1',
    data: { link, kind, from, to, status: 'closed' },
  }),
  'coverage-rule.stated.v1': () => undefined,
};
