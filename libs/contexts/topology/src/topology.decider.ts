import type { KnownCodes } from '#libs/contexts/codes';
import { combine } from '#libs/eventing';
import { authorities, type Authorities } from './authority.lifecycle.js';
import { rules, type Rules } from './coverage.lifecycle.js';
import { codes, type Codes } from './divisions.lifecycle.js';
import { hub, type Hub } from './hub.lifecycle.js';
import { links, type Links } from './links.lifecycle.js';
import { places, type Places } from './places.lifecycle.js';
import type { Tree } from './region-tree.js';
import { regions } from './regions.lifecycle.js';
import { statements, type Statements } from './statements.lifecycle.js';
import type * as commands from './topology.commands.js';
import type { TopologyEvent } from './topology.events.js';
import { zones, type Zones } from './zones.lifecycle.js';

/** The whole 一总多区 of a province. */
export interface Topology {
  readonly regions: Tree;
  readonly authorities: Authorities;
  readonly codes: Codes;
  readonly places: Places;
  readonly hub: Hub;
  readonly links: Links;
  readonly zones: Zones;
  readonly rules: Rules;
  readonly statements: Statements;
}

/** What the lives of the structure have in common. */
export interface Province {
  state: Topology;
  event: TopologyEvent;
  commands: typeof commands;
  /** The kinds of links, zones and carriers that the province knows. */
  world: { readonly codes: KnownCodes };
}

/**
 * The rules of the structure: the tree without cycles, one hub at a time, links between the right ends. One stream holds
 * all of it, since each of these rules speaks of several regions at once (docs/decisions/0002).
 */
export const topology = combine({
  category: 'province',
  id: () => 'topology',
  concerns: ({ type, data }, { regions, hub }) => {
    switch (type) {
      case 'hub.designated.v1':
      case 'hub.revoked.v1':
      case 'hub.step-reversed.v1':
      case 'coverage-rule.stated.v2':
      case 'coverage-rule.revised.v1':
      case 'coverage-rule.ended.v1':
      case 'statement.recorded.v1':
      case 'statement.corrected.v1':
      case 'place.registered.v1':
        return [...regions.keys()];
      case 'region-group.defined.v1':
        return data.regions;
      case 'region.ended.v1':
        return [data.region, ...data.into];
      case 'link.planned.v1':
      case 'link.opened.v2':
      case 'link.closed.v1':
      case 'link.step-reversed.v1':
        return [data.from, data.to];
      case 'zone.planned.v1':
      case 'zone.designated.v1':
      case 'zone.theme-changed.v1':
      case 'zone.revoked.v1':
      case 'zone.step-reversed.v1':
        return hub.region === null ? [data.region] : [data.region, hub.region];
      default:
        return [data.region];
    }
  },
  parts: { regions, authorities, codes, places, hub, links, zones, rules, statements },
});
