import type { MigrationInterface, QueryRunner } from 'typeorm';

export class FeedTables1764000000001 implements MigrationInterface {
  name = 'FeedTables1764000000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table feed_cursor (
        region text primary key, sequence bigint not null, digest text not null, "updatedAt" timestamptz not null
      );
      create table carriers (
        carrier text collate "C" primary key, name text not null, kind text not null, home text not null,
        host text not null, status text not null, feedsequence bigint not null, time text not null
      );
      create table space (
        carrier text collate "C", unit text collate "C", "from" text collate "C", until text,
        "areaSquareMetres" float8 not null, desks integer not null, feedsequence bigint not null, time text not null,
        primary key (carrier, unit, "from")
      );
      create table allocations (
        carrier text collate "C", allocation text collate "C", unit text not null, uscc text not null,
        firm text not null, "areaSquareMetres" float8 not null, desks integer not null, "from" text not null,
        until text, feedsequence bigint not null, time text not null, primary key (carrier, allocation)
      );
      create table contracts (
        contract text collate "C" primary key, type text not null, output text not null, absorbing text not null,
        "amountFen" bigint not null, "technicalRevenueFen" bigint not null, status text not null,
        feedsequence bigint not null, time text not null
      );
      create table instrument_uses (
        instrument text collate "C", use text collate "C", owner text not null, "using" text not null,
        hours float8 not null, sharing text not null, status text not null, feedsequence bigint not null,
        time text not null, primary key (instrument, use)
      );
      create table structure (
        kind text collate "C", id text collate "C", data jsonb not null, feedsequence bigint not null,
        time text not null, primary key (kind, id)
      );
      create table skipped_types (
        type text collate "C" primary key, count bigint not null, feedsequence bigint not null, time text not null
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `drop table feed_cursor, carriers, space, allocations, contracts, instrument_uses, structure, skipped_types`,
    );
  }
}
