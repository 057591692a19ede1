import { TopologyDirectory } from '#libs/contexts/topology';
import * as commands from './carriers.commands.js';
import { carrier } from './carriers.decider.js';
import { agreementExpiry, windingUp } from './carriers.process.js';
import * as steps from './carriers.steps.js';
import { capacity, CapacityEntry } from './read/capacity.projection.js';
import { CarrierRow, carriers } from './read/carriers.projection.js';
import { Carriers1764000000002 } from './read/migrations.js';

export { carrier } from './carriers.decider.js';
export type { CarrierEvent } from './carriers.events.js';
export { carriersFeed } from './carriers.feed.js';
export { CarriersModule } from './carriers.module.js';
export { carriersUpcasters } from './carriers.upcasters.js';

/** What the platform needs to run this context's read models. */
export const carriersReads = {
  projections: [carriers, capacity],
  entities: [CarrierRow, CapacityEntry],
  migrations: [Carriers1764000000002],
};

/** What the platform needs to run this context's processes, and to carry out the steps that concern it. */
export const carriersProcesses = {
  processes: [windingUp, agreementExpiry],
  decider: carrier,
  commands: { ...commands, ...steps },
  world: TopologyDirectory,
};
