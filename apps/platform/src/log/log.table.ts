import type { MigrationInterface, QueryRunner } from 'typeorm';
import { START, type Position } from '#libs/eventing';
import { EMPTY_LOG } from '#libs/messages';

/** Where an entry stands in the chain: what the next one goes on from. */
export interface Link {
  readonly sequence: number;
  readonly position: Position;
  readonly digest: string;
  /** The latest `recorded_at` of this entry and all before it: it never goes back, whatever the clocks did. */
  readonly as_at: string | null;
}

export const BEGINNING: Link = { sequence: 0, position: START, digest: EMPTY_LOG, as_at: null };

/** A row of `event_log`. What an event does not say, or says in no usable way, is null. */
export interface LogRow extends Link {
  readonly stream: string;
  readonly revision: number;
  readonly type: string;
  readonly id: string;
  /** 52 bits of the SHA-256 of each stored text: where the digest is wrong, they tell which of the two was changed. */
  readonly data_mark: number;
  readonly metadata_mark: number;
  /** An instant in UTC with milliseconds, as `toISOString` writes it: such texts compare as the instants do. */
  readonly recorded_at: string | null;
  /** In China Standard Time. */
  readonly occurred_on: string | null;
  readonly regions: readonly string[];
  readonly actor: string | null;
  readonly command: string | null;
  readonly correlation: string | null;
}

export const LINK = ['sequence', 'position', 'digest', 'as_at'] as const satisfies readonly (keyof Link)[];

export const COLUMNS = [
  ...LINK,
  'stream',
  'revision',
  'type',
  'id',
  'data_mark',
  'metadata_mark',
  'recorded_at',
  'occurred_on',
  'regions',
  'actor',
  'command',
  'correlation',
] as const satisfies readonly (keyof LogRow)[];

/** The columns as `LogRow` has them; those of the entry before have a prefix. */
export const selected = (columns: readonly (keyof LogRow)[], table: string, prefix = '') =>
  columns.map((column) => `${read(column, `${table}.${column}`)} as ${prefix}${column}`).join(', ');

function read(column: keyof LogRow, value: string): string {
  switch (column) {
    case 'sequence':
    case 'revision':
    case 'data_mark':
    case 'metadata_mark':
      return `${value}::float8`;
    case 'as_at':
    case 'recorded_at':
      return `to_char(${value} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
    case 'occurred_on':
      return `${value}::text`;
    default:
      return value;
  }
}

/** Every event of the store, numbered and chained. */
export class EventLog1764000000040 implements MigrationInterface {
  name = 'EventLog1764000000040';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table event_log (
        sequence bigint primary key, position text collate "C" not null unique, digest text not null, as_at timestamptz,
        stream text collate "C" not null, revision bigint not null, type text collate "C" not null, id uuid not null,
        data_mark bigint not null, metadata_mark bigint not null, recorded_at timestamptz, occurred_on date,
        regions text[] not null, actor text collate "C", command text collate "C", correlation text collate "C"
      )`);
    // One that is rare among hundreds is looked up, not waited for along the whole log: the planner has to know them all.
    await runner.query(`
      alter table event_log alter type set statistics 1000, alter actor set statistics 1000,
        alter regions set statistics 1000`);
    await runner.query('create index on event_log (as_at, sequence)');
    await runner.query('create index on event_log (stream, revision)');
    await runner.query('create index on event_log (type)');
    await runner.query('create index on event_log (actor)');
    // What is different in every event costs a B-tree most; a command is its own correlation but in processes.
    await runner.query('create index on event_log using hash (correlation)');
    await runner.query('create index on event_log using hash (command) where command is distinct from correlation');
    // What waits to be indexed is kept short: whoever writes when it is full writes all of it.
    await runner.query('create index on event_log using gin (regions) with (gin_pending_list_limit = 256)');
    await runner.query(`
      create index on event_log using brin (recorded_at timestamptz_minmax_multi_ops, occurred_on date_minmax_multi_ops)
        with (autosummarize = on)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table event_log');
  }
}
