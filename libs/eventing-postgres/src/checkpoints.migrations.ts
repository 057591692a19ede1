import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Checkpoints1764000000000 implements MigrationInterface {
  name = 'Checkpoints1764000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table projection_checkpoints (
        name text primary key, version integer not null, position text collate "C" not null, owner_epoch bigint not null
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table projection_checkpoints');
  }
}

/** Owners with a lease, a next build beside the live one, and keys that are parked. */
export class Ownership1764000000020 implements MigrationInterface {
  name = 'Ownership1764000000020';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table projection_checkpoints
        add build text not null default 'live' check (build in ('live', 'next')),
        add owner text, add lease_until timestamptz, add started_at timestamptz not null default now(), add outcome jsonb,
        drop constraint projection_checkpoints_pkey, add primary key (name, build)`);
    await runner.query(`
      create table projection_parked (
        name text, build text, key text, position text collate "C", stream text not null, revision bigint not null,
        reason text, parked_at timestamptz not null default now(), wanted boolean not null default false,
        primary key (name, build, key, position)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table projection_parked');
    await runner.query(`delete from projection_checkpoints where build = 'next'`);
    await runner.query(`
      alter table projection_checkpoints drop constraint projection_checkpoints_pkey, add primary key (name),
        drop build, drop owner, drop lease_until, drop started_at, drop outcome`);
  }
}
