import type { MigrationInterface, QueryRunner } from 'typeorm';

export class TopologyEntries1764000000001 implements MigrationInterface {
  name = 'TopologyEntries1764000000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table topology_entries (
        kind text, id text, data jsonb not null, "occurredAt" text not null, position text collate "C" not null,
        primary key (kind, id)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table topology_entries');
  }
}
