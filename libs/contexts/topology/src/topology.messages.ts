import * as lists from '#libs/messages';
import { change, put, type MessagesOf } from '#libs/messages';
import type { TopologyEvent } from './topology.events.js';

/** What everyone is told of the structure. */
export const topologyMessages: MessagesOf<TopologyEvent> = {
  'region.registered.v1': put(lists.regions, ({ region, name, level, parent, basis }, _, since) => {
    return { region, name, level, parent, administeredBy: null, since, until: null, into: [], basis };
  }),
  'region.renamed.v1': change(lists.regions, ({ name, basis }) => ({ name, basis })),
  'region.moved.v1': change(lists.regions, ({ parent, basis }, since) => ({ parent, since, basis })),
  'region.administered.v1': change(lists.regions, ({ administeredBy, basis }) => ({ administeredBy, basis })),
  'region.ended.v1': change(lists.regions, ({ into, basis }, until) => ({ until, into: [...into], basis })),
  'region.authority-granted.v1': put(lists.authorities, ({ region, basis }, _, from) => {
    return { region, from, until: null, basis };
  }),
  'region.authority-ended.v1': change(lists.authorities, ({ basis }, until) => ({ until, basis })),
  'region.code-mapped.v1': put(lists.regionCodes, ({ region, code, from, until, basis }) => {
    return { region, code, from, until, basis };
  }),
  'region.code-ended.v1': change(lists.regionCodes, ({ until, basis }) => ({ until, basis })),
  'region-group.defined.v1': put(lists.regionGroups, ({ group, name, regions, basis }) => {
    return { group, name, regions: [...regions], basis };
  }),
  'place.registered.v1': put(lists.places, ({ place, name, lies, basis }, _, since) => {
    return { place, name, lies, since, basis };
  }),
  'hub.designated.v1': put(lists.hubs, ({ region, basis }, _, from) => ({ region, from, until: null, basis })),
  'hub.revoked.v1': change(lists.hubs, ({ basis }, until) => ({ until, basis })),
  'zone.planned.v1': put(lists.zones, ({ stage, ...zone }, before, on) => {
    const plannedOn = (before?.until === null ? before.plannedOn : null) ?? on;
    return { ...zone, status: stage, plannedOn, from: null, until: null };
  }),
  'zone.designated.v1': put(lists.zones, (zone, before, from) => {
    const plannedOn = before?.until === null ? before.plannedOn : null;
    return { ...zone, status: 'designated', plannedOn, from, until: null };
  }),
  'zone.theme-changed.v1': change(lists.zones, ({ theme, basis }) => ({ theme, basis })),
  'zone.revoked.v1': change(lists.zones, ({ basis }, until) => ({ status: 'revoked', until, basis })),
  'link.planned.v1': put(lists.links, ({ stage, ...link }, before, on) => {
    return { ...link, status: stage, plannedOn: before?.plannedOn ?? on, openedOn: null, closedOn: null };
  }),
  'link.opened.v1': put(lists.links, (link, before, openedOn) => {
    return { ...link, status: 'open', plannedOn: before?.plannedOn ?? null, openedOn, closedOn: null };
  }),
  'link.closed.v1': change(lists.links, ({ basis }, closedOn) => ({ status: 'closed', closedOn, basis })),
  'statement.recorded.v1': put(lists.statements, (statement, _, statedOn) => ({ ...statement, statedOn })),
  'coverage-rule.stated.v2': put(lists.coverageRules, (rule, _, statedOn) => ({ ...rule, statedOn, endedOn: null })),
  'coverage-rule.revised.v1': put(lists.coverageRules, (rule, before, on) => {
    return { ...rule, statedOn: before?.statedOn ?? on, endedOn: null };
  }),
  'coverage-rule.ended.v1': change(lists.coverageRules, ({ basis }, endedOn) => ({ endedOn, basis })),
};
