import type { MigrationInterface, QueryRunner } from 'typeorm';

export class SharingEntries1764000000003 implements MigrationInterface {
  name = 'SharingEntries1764000000003';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table sharing_entries (
        instrument text, use text, owner text not null, "using" text not null, hours numeric(12, 2) not null,
        sharing text not null, "usedOn" date not null, reversed boolean not null,
        "occurredAt" text not null, position text collate "C" not null, "changedPosition" text collate "C" not null,
        primary key (instrument, use)
      )`);
    await runner.query('create index on sharing_entries ("usedOn")');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table sharing_entries');
  }
}
