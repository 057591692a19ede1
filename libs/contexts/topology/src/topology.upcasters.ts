import type { UpcastersOf } from '#libs/eventing';
import type { SupersededTopologyEvent, TopologyEvent } from './topology.events.js';

/** How what earlier releases stored of the structure is read today. */
export const topologyUpcasters: UpcastersOf<SupersededTopologyEvent, TopologyEvent> = {
  // Every rule was a demand then, and counted the hub like any other region of its level. The province may revise it.
  'coverage-rule.stated.v1': (data) => ({
    type: 'coverage-rule.stated.v2',
    data: { ...data, modality: 'requires', includesHub: true },
  }),
  // Who had opened it was not recorded then: it may be ended and corrected by hand.
  'link.opened.v1': (data) => ({ type: 'link.opened.v2', data: { ...data, byCarrier: false } }),
};
