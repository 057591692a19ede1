import { flows, FlowEntry } from './read/flows.projection.js';
import { FlowEntries1764000000004 } from './read/migrations.js';

export { AchievementsModule } from './achievements.module.js';
export { contractTypes, type ContractEvent } from './contracts.events.js';
export { achievementsFeed } from './contracts.feed.js';

/** What the platform needs to run this context's read models. */
export const achievementsReads = {
  projections: [flows],
  entities: [FlowEntry],
  migrations: [FlowEntries1764000000004],
};
