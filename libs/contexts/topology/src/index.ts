export { endsRefused } from './links.lifecycle.js';
export { topology } from './topology.decider.js';
export { topologyContext } from './topology.context.js';
export { regionsInside, regionsNow, regionsOf, type Grounds, type Places, type Regions } from './topology.directory.js';
export type { TopologyEvent } from './topology.events.js';
