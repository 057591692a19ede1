import * as lists from '#libs/messages';
import { change, put, type MessagesOf } from '#libs/messages';
import { linkRows } from './links.lifecycle.js';
import type { TopologyEvent } from './topology.events.js';
import { zoneRows } from './zones.lifecycle.js';

/** A reversal says all of the thing as it is without the step. */
const asItIs = <Row>({ reverses: _, reason: __, ...row }: Row & { reverses: string; reason: string }) => row;

/** What everyone is told of the structure. */
export const topologyMessages: MessagesOf<TopologyEvent> = {
  'region.registered.v1': put(lists.regions, ({ region, name, level, parent, basis }, _, since) => {
    return { region, name, level, parent, administeredBy: null, since, until: null, into: [], basis };
  }),
  'region.renamed.v1': change(lists.regions, ({ name, basis }) => ({ name, basis })),
  'region.moved.v1': change(lists.regions, ({ parent, basis }, since) => ({ parent, since, basis })),
  'region.administered.v1': change(lists.regions, ({ administeredBy, basis }) => ({ administeredBy, basis })),
  'region.ended.v1': change(lists.regions, ({ into, basis }, until) => ({ until, into: [...into], basis })),
  'region.authority-granted.v1': put(lists.authorities, ({ region, from, basis }) => {
    return { region, from, until: null, basis };
  }),
  'region.authority-ended.v1': change(lists.authorities, ({ basis }, until) => ({ until, basis })),
  'region.code-mapped.v1': put(lists.regionCodes, ({ region, code, from, until, basis }) => {
    return { region, code, from, until, basis };
  }),
  'region.code-ended.v1': change(lists.regionCodes, ({ until, basis }) => ({ until, basis })),
  // From its first day to its first day: on none.
  'region.code-reversed.v1': change(lists.regionCodes, ({ from }) => ({ until: from })),
  'region-group.defined.v1': put(lists.regionGroups, ({ group, name, regions, basis }) => {
    return { group, name, regions: [...regions], basis };
  }),
  'place.registered.v1': put(lists.places, ({ place, name, lies, basis }, _, since) => {
    return { place, name, lies, since, basis };
  }),
  'hub.designated.v1': put(lists.hubs, ({ region, basis }, _, from) => ({ region, from, until: null, basis })),
  'hub.revoked.v1': change(lists.hubs, ({ basis }, until) => ({ until, basis })),
  'hub.step-reversed.v1': put(lists.hubs, asItIs),
  'zone.planned.v1': put(lists.zones, zoneRows.planned),
  'zone.designated.v1': put(lists.zones, zoneRows.designated),
  'zone.theme-changed.v1': change(lists.zones, zoneRows.themed),
  'zone.revoked.v1': change(lists.zones, zoneRows.revoked),
  'zone.step-reversed.v1': put(lists.zones, asItIs),
  'link.planned.v1': put(lists.links, linkRows.planned),
  'link.opened.v2': put(lists.links, linkRows.opened),
  'link.closed.v1': change(lists.links, linkRows.closed),
  'link.step-reversed.v1': put(lists.links, asItIs),
  'statement.recorded.v1': put(lists.statements, (statement, _, statedOn) => ({ ...statement, statedOn })),
  'statement.corrected.v1': put(lists.statements, ({ reason: _, ...statement }, before, on) => {
    return { ...statement, statedOn: before?.statedOn ?? on };
  }),
  'coverage-rule.stated.v2': put(lists.coverageRules, (rule, _, statedOn) => ({ ...rule, statedOn, endedOn: null })),
  'coverage-rule.revised.v1': put(lists.coverageRules, (rule, before, on) => {
    return { ...rule, statedOn: before?.statedOn ?? on, endedOn: null };
  }),
  'coverage-rule.ended.v1': change(lists.coverageRules, ({ basis }, endedOn) => ({ endedOn, basis })),
};
