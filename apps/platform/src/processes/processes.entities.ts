import { Column, Entity, PrimaryColumn, type MigrationInterface, type QueryRunner } from 'typeorm';
import type { PendingStep, ProcessInstance, Trigger } from '#libs/eventing';

/** An instance of a process as it stands. */
@Entity('processes')
export class ProcessRow implements ProcessInstance {
  @PrimaryColumn('text') process!: string;
  @PrimaryColumn('text') key!: string;
  @Column('jsonb') state!: unknown;
  @Column('jsonb') pending!: readonly PendingStep[];
  @Column('jsonb', { nullable: true }) deadline!: ProcessInstance['deadline'];
  @Column('text', { nullable: true }) due!: string | null;
  @Column('text') status!: 'running' | 'ended';
  @Column('text', { nullable: true }) end!: string | null;
  @Column('jsonb') regions!: readonly string[];
  @Column('integer') revision!: number;
  @Column('jsonb') triggers!: readonly Trigger[];
  @Column('text') occurredAt!: string;
  @Column('text') position!: string;
}

export class Processes1764000000030 implements MigrationInterface {
  name = 'Processes1764000000030';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table processes (
        process text, key text, state jsonb not null, pending jsonb not null, deadline jsonb, due text collate "C",
        status text not null, "end" text, regions jsonb not null, revision integer not null, triggers jsonb not null,
        "occurredAt" text not null, position text collate "C" not null, primary key (process, key)
      )`);
    await runner.query(`create index on processes (position) where pending <> '[]'::jsonb`);
    await runner.query('create index on processes (due) where due is not null');
    await runner.query('create index on processes (position)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table processes');
  }
}
