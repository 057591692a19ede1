import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Incubatees1764000000029 implements MigrationInterface {
  name = 'Incubatees1764000000029';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table incubatees (
        carrier text, uscc text, spell integer, home text not null, firm text not null, field text not null,
        status text not null, allocation text not null, "from" date not null, "stayUntil" date not null,
        overstayed boolean not null, "leftOn" date, refusal jsonb,
        "occurredAt" text not null, position text collate "C" not null, "changedPosition" text collate "C" not null,
        primary key (carrier, uscc, spell)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table incubatees');
  }
}
