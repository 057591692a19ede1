import { TopologyDirectory } from '#libs/contexts/topology';
import * as commands from './incubation.commands.js';
import { incubatee } from './incubation.decider.js';
import { admission, overstay } from './incubation.process.js';
import * as steps from './incubation.steps.js';
import { incubatees, IncubateeRow } from './read/incubatees.projection.js';
import { Incubatees1764000000029 } from './read/migrations.js';

export type { IncubateeEvent } from './incubation.events.js';
export { incubationFeed } from './incubation.feed.js';
export { IncubationModule } from './incubation.module.js';

/** What the platform needs to run this context's read models. */
export const incubationReads = {
  projections: [incubatees],
  entities: [IncubateeRow],
  migrations: [Incubatees1764000000029],
};

/** What the platform needs to run this context's processes, and to carry out the steps that concern it. */
export const incubationProcesses = {
  processes: [admission, overstay],
  decider: incubatee,
  commands: { ...commands, ...steps },
  world: TopologyDirectory,
};
