import type { MigrationInterface, QueryRunner } from 'typeorm';
import { Checkpoints1764000000000, Ownership1764000000020 } from '#libs/eventing-postgres';
import { Feeds1764000000042 } from './feed/feed.migrations.js';
import { FeedReaders1764000000044 } from './feed/feed-readers.js';
import { Imports1764000000045 } from './imports/imports.table.js';
import { EventLog1764000000040 } from './log/log.table.js';
import { ProcessRow, Processes1764000000030 } from './processes/processes.entities.js';
import { RecordedKeys1764000000043 } from './recorded-keys.js';

/** The read models of earlier releases, one for each figure and list: those of today are made and built anew from the log. */
class EarlierReadModels1764000000041 implements MigrationInterface {
  name = 'EarlierReadModels1764000000041';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table if exists topology_entries, carriers, capacity_entries, sharing_entries, flow_entries, incubatees,
        region_feed, region_feed_heads, region_feed_relay`);
    await runner.query(`
      drop table if exists topology_entries__next, carriers__next, capacity_entries__next, sharing_entries__next,
        flow_entries__next, incubatees__next`);
    const names = `('structure', 'carriers', 'capacity', 'incubatees', 'sharing', 'flows', 'region-feed')`;
    await runner.query(`delete from projection_parked where name in ${names}`);
    await runner.query(`delete from projection_checkpoints where name in ${names}`);
  }

  async down(): Promise<void> {
    // An earlier release makes its tables, and builds them anew.
  }
}

export const entities = [ProcessRow];
export const migrations = [
  Checkpoints1764000000000,
  Ownership1764000000020,
  Processes1764000000030,
  EventLog1764000000040,
  Feeds1764000000042,
  EarlierReadModels1764000000041,
  RecordedKeys1764000000043,
  FeedReaders1764000000044,
  Imports1764000000045,
];
