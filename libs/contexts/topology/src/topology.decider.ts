import { combine } from '#libs/eventing';
import { rules, type Rules } from './coverage.lifecycle.js';
import { hub, links, type Links } from './links.lifecycle.js';
import { codes, regions, type Codes, type Tree } from './regions.lifecycle.js';
import type * as commands from './topology.commands.js';
import type { TopologyEvent } from './topology.events.js';
import { zones, type Zones } from './zones.lifecycle.js';

export { within } from './regions.lifecycle.js';
export type { CoverageRule } from './coverage.lifecycle.js';

/** The whole 一总多区 of a province. */
export interface Topology {
  readonly regions: Tree;
  readonly codes: Codes;
  /** The region of the 总窗口. */
  readonly hub: string | null;
  readonly links: Links;
  readonly zones: Zones;
  readonly rules: Rules;
}

/** What the lives of the structure have in common. */
export interface Province {
  state: Topology;
  event: TopologyEvent;
  commands: typeof commands;
  world: unknown;
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
      case 'coverage-rule.stated.v1':
        return [...regions.keys()];
      case 'region-group.defined.v1':
        return data.regions;
      case 'link.opened.v1':
      case 'link.closed.v1':
        return [data.from, data.to];
      case 'zone.designated.v1':
      case 'zone.theme-changed.v1':
      case 'zone.revoked.v1':
        return hub === null ? [data.region] : [data.region, hub];
      default:
        return [data.region];
    }
  },
  parts: { regions, codes, hub, links, zones, rules },
});
