import { SharingEntries1764000000003 } from './read/migrations.js';
import { sharing, SharingEntry } from './read/sharing.projection.js';

export type { SharingEvent } from './sharing.events.js';
export { sharingFeed } from './sharing.feed.js';
export { SharingModule } from './sharing.module.js';

/** What the platform needs to run this context's read models. */
export const sharingReads = {
  projections: [sharing],
  entities: [SharingEntry],
  migrations: [SharingEntries1764000000003],
};
