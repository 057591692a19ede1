import { achievementsReads } from '#libs/contexts/achievements';
import { carriersReads } from '#libs/contexts/carriers';
import { incubationReads } from '#libs/contexts/incubation';
import { sharingReads } from '#libs/contexts/sharing';
import { topologyReads } from '#libs/contexts/topology';
import { Checkpoints1764000000000, Ownership1764000000020 } from '#libs/eventing-postgres';
import { FeedEntry, FeedHeadRow, RegionFeed1764000000010 } from './feed/feed.entities.js';
import { ProcessRow, Processes1764000000030 } from './processes/processes.entities.js';
import { processes } from './processes/processes.projection.js';

const contexts = [topologyReads, carriersReads, incubationReads, sharingReads, achievementsReads];

export const projections = [...contexts.flatMap((c) => c.projections), processes];
export const entities = [
  ...contexts.flatMap((c): (new () => object)[] => c.entities),
  FeedEntry,
  FeedHeadRow,
  ProcessRow,
];
export const migrations = [
  Checkpoints1764000000000,
  ...contexts.flatMap((c) => c.migrations),
  RegionFeed1764000000010,
  Ownership1764000000020,
  Processes1764000000030,
];
