import { TopologyEntries1764000000001 } from './read/migrations.js';
import { structure, TopologyEntry } from './read/structure.projection.js';

export { TopologyDirectory, type Regions } from './topology.directory.js';
export { linkKinds, regionLevels, type TopologyEvent } from './topology.events.js';
export { topologyFeed } from './topology.feed.js';
export { TopologyModule } from './topology.module.js';

/** What the platform needs to run this context's read models. */
export const topologyReads = {
  projections: [structure],
  entities: [TopologyEntry],
  migrations: [TopologyEntries1764000000001],
};
