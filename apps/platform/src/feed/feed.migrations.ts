import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The feeds of the second form of messages: each record the whole state of one thing. They are numbered anew from 1, under
 * names of their own (docs/decisions/0013): what a city had by the first form goes on standing with it, and is not told of again.
 */
export class Feeds1764000000042 implements MigrationInterface {
  name = 'Feeds1764000000042';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table feeds (
        feed text collate "C", sequence bigint, subject text collate "C" not null, latest boolean not null,
        record jsonb not null, primary key (feed, sequence)
      )`);
    // What a city that joins needs: the last record of each thing.
    await runner.query('create index on feeds (feed, sequence) where latest');
    await runner.query(`
      create table feed_heads (feed text collate "C" primary key, sequence bigint not null, digest text not null)`);
    // Each thing as it was last told of, and where: what its next record takes the place of.
    await runner.query(`
      create table feed_things (
        subject text collate "C" primary key, data jsonb not null, told jsonb not null
      )`);
    // Of its own, so that the relay never waits for the projector's lock on a head, nor the projector for it.
    await runner.query('create table feed_relay (feed text collate "C" primary key, relayed bigint not null)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table feeds, feed_heads, feed_things, feed_relay');
  }
}
