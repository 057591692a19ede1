export { topologyContext } from './topology.context.js';
export { regionsNow, type Regions } from './topology.directory.js';
export { linkKinds, regionLevels, type TopologyEvent } from './topology.events.js';
