import type { MigrationInterface, QueryRunner } from 'typeorm';

export class FlowEntries1764000000004 implements MigrationInterface {
  name = 'FlowEntries1764000000004';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table flow_entries (
        contract text, registration text, type text not null, output text not null, absorbing text not null,
        "amountFen" bigint not null, "technicalRevenueFen" bigint not null, "recognisedOn" date not null,
        reversed boolean not null,
        "occurredAt" text not null, position text collate "C" not null, "changedPosition" text collate "C" not null,
        primary key (contract, registration)
      )`);
    await runner.query('create index on flow_entries ("recognisedOn")');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table flow_entries');
  }
}
