import { achievementsReads } from '#libs/contexts/achievements';
import { carriersReads } from '#libs/contexts/carriers';
import { sharingReads } from '#libs/contexts/sharing';
import { topologyReads } from '#libs/contexts/topology';
import { Checkpoints1764000000000 } from '#libs/eventing-postgres';
import { FeedEntry, FeedHeadRow, RegionFeed1764000000010 } from './feed/feed.entities.js';

const contexts = [topologyReads, carriersReads, sharingReads, achievementsReads];

export const projections = contexts.flatMap((c) => c.projections);
export const entities = [...contexts.flatMap((c): (new () => object)[] => c.entities), FeedEntry, FeedHeadRow];
export const migrations = [Checkpoints1764000000000, ...contexts.flatMap((c) => c.migrations), RegionFeed1764000000010];
