import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Carriers1764000000002 implements MigrationInterface {
  name = 'Carriers1764000000002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table carriers (
        carrier text primary key, name text not null, kind text not null, home text not null, host text not null,
        status text not null, "occurredAt" text not null, position text collate "C" not null
      )`);
    await runner.query(`
      create table capacity_entries (
        carrier text, kind text, id text, "carrierName" text not null, "carrierKind" text not null,
        home text not null, host text not null, unit text not null, uscc text, firm text,
        "areaSquareMetres" numeric(12, 2) not null, desks integer not null, "from" date not null, until date,
        "occurredAt" text not null, position text collate "C" not null, "changedPosition" text collate "C" not null,
        primary key (carrier, kind, id)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table capacity_entries');
    await runner.query('drop table carriers');
  }
}
