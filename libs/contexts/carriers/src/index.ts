import { capacity, CapacityEntry } from './read/capacity.projection.js';
import { CarrierRow, carriers } from './read/carriers.projection.js';
import { Carriers1764000000002 } from './read/migrations.js';

export type { CarrierEvent } from './carriers.events.js';
export { carriersFeed } from './carriers.feed.js';
export { CarriersModule } from './carriers.module.js';

/** What the platform needs to run this context's read models. */
export const carriersReads = {
  projections: [carriers, capacity],
  entities: [CarrierRow, CapacityEntry],
  migrations: [Carriers1764000000002],
};
