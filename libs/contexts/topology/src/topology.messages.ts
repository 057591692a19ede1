import * as lists from '#libs/messages';
import { change, put, type MessagesOf } from '#libs/messages';
import type { TopologyEvent } from './topology.events.js';

/** What everyone is told of the structure. */
export const topologyMessages: MessagesOf<TopologyEvent> = {
  'region.registered.v1': put(lists.regions, ({ region, name, level, parent, basis }, _, since) => {
    return { region, name, level, parent, since, basis };
  }),
  'region.moved.v1': change(lists.regions, ({ parent, basis }, since) => ({ parent, since, basis })),
  'region.code-mapped.v1': put(lists.regionCodes, ({ region, code, from, until, basis }) => {
    return { region, code, from, until, basis };
  }),
  'region-group.defined.v1': put(lists.regionGroups, ({ group, name, regions, basis }) => {
    return { group, name, regions: [...regions], basis };
  }),
  'hub.designated.v1': put(lists.hubs, ({ region, basis }, _, from) => ({ region, from, until: null, basis })),
  'hub.revoked.v1': change(lists.hubs, ({ basis }, until) => ({ until, basis })),
  'zone.designated.v1': put(lists.zones, ({ zone, region, kind, name, theme, basis }, _, from) => {
    return { zone, region, kind, name, theme, status: 'designated', from, until: null, basis };
  }),
  'zone.theme-changed.v1': change(lists.zones, ({ theme, basis }) => ({ theme, basis })),
  'zone.revoked.v1': change(lists.zones, ({ basis }, until) => ({ status: 'revoked', until, basis })),
  'link.opened.v1': put(lists.links, ({ link, kind, from, to, basis }, _, openedOn) => {
    return { link, kind, from, to, status: 'open', openedOn, closedOn: null, basis };
  }),
  'link.closed.v1': change(lists.links, ({ basis }, closedOn) => ({ status: 'closed', closedOn, basis })),
  'coverage-rule.stated.v1': put(lists.coverageRules, ({ rule, carrierKind, level, minimum, basis }, _, statedOn) => {
    return { rule, carrierKind, level, minimum, statedOn, basis };
  }),
};
