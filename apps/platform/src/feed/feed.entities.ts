import { Column, Entity, PrimaryColumn, type MigrationInterface, type QueryRunner } from 'typeorm';
import type { FeedRecord } from '#libs/contracts';

/** The records of each region's feed, as they go to the city. */
@Entity('region_feed')
export class FeedEntry {
  @PrimaryColumn('text') region!: string;
  @PrimaryColumn('integer') sequence!: number;
  @Column('jsonb') record!: FeedRecord;
}

/** Where each region's feed ends. */
@Entity('region_feed_heads')
export class FeedHeadRow {
  @PrimaryColumn('text') region!: string;
  @Column('integer') sequence!: number;
  @Column('text') digest!: string;
}

export class RegionFeed1764000000010 implements MigrationInterface {
  name = 'RegionFeed1764000000010';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table region_feed (
        region text, sequence integer, record jsonb not null, primary key (region, sequence)
      )`);
    await runner.query(`
      create table region_feed_heads (
        region text primary key, sequence integer not null, digest text not null
      )`);
    // Of its own, so that the relay never waits for the projector's lock on a head, nor the projector for it.
    await runner.query('create table region_feed_relay (region text primary key, relayed integer not null)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table region_feed_relay');
    await runner.query('drop table region_feed_heads');
    await runner.query('drop table region_feed');
  }
}
