import type { Texts } from '#libs/messages';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import type { Actor, Receipt } from '#libs/eventing';
import type { FieldProblem, Problem } from '#libs/eventing-nest';
import type { Notice, Recognised, Warning } from '#libs/sheets';
import type { Cells, Fields } from './row-fields.js';

/** `reading`: its file is being taken in, and nobody sees it yet. */
export type ImportState = 'reading' | 'checking' | 'checked' | 'sending' | 'sent' | 'cancelled';

/**
 * `waiting` to be checked; `accepted`, it would be carried out; `faulty`; `duplicate` of a row before it; `skipped`; `recorded`;
 * `repeated`, it was carried out before; `refused` when it was sent, although the check had accepted it.
 */
export const rowStates = {
  waiting: ['待检查', 'Not checked yet'],
  accepted: ['可以办理', 'Can be done'],
  faulty: ['有误', 'At fault'],
  duplicate: ['与前面某行相同', 'Like a row before'],
  skipped: ['不导入', 'Left out'],
  recorded: ['已记录', 'Recorded'],
  repeated: ['先前已办', 'Done before'],
  refused: ['发送时未受理', 'Refused when sent'],
} as const satisfies Texts;
export type RowState = keyof typeof rowStates;

/** A column of the file that was uploaded. */
export interface SheetColumn extends Recognised {
  /** What its cells are kept under: its field, or its header where it has none. */
  readonly key: string;
}

export interface ImportRecord {
  readonly id: string;
  /** Later imports have larger ones. */
  readonly number: number;
  readonly actor: Actor;
  /** Its route below `/api/v1/`. */
  readonly command: string;
  readonly file: string | null;
  readonly format: 'csv' | 'xlsx';
  readonly encoding: string | null;
  readonly sheet: string | null;
  readonly state: ImportState;
  readonly columns: readonly SheetColumn[];
  readonly notices: readonly Notice[];
  /** The middle values of its amounts and areas, by field: what a row that is mended is weighed by. */
  readonly medians: Readonly<Record<string, number>>;
  readonly rows: number;
  /** Why it does not go on for now. */
  readonly trouble: string | null;
  readonly createdAt: string;
}

/** Something to be told of a row that does not keep it from being sent. */
export type RowWarning = Warning | FieldProblem;

/** What a check, or sending it, has made of a row. */
export interface Outcome {
  readonly n: number;
  readonly state: RowState;
  readonly fields: Fields;
  readonly faults: readonly FieldProblem[];
  readonly warnings: readonly RowWarning[];
  /** Which streams it is about: rows of the same are checked after each other. */
  readonly streams: readonly string[];
  /** Made of actor, command and content: the same row is the same command, in whichever sheet it stands. */
  readonly commandId: string | null;
  readonly receipt: Receipt | null;
  readonly refusal: Problem | null;
}

export interface ImportRow extends Omit<Outcome, 'fields'> {
  readonly fields: Fields | null;
  readonly cells: Cells;
}

/** What people have uploaded, row by row, and what came of it. Drafts: what is recorded is in the event store. */
export class Imports1764000000045 implements MigrationInterface {
  name = 'Imports1764000000045';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table imports (
        id uuid primary key, number bigint generated always as identity unique, actor text collate "C" not null,
        role text not null, region text collate "C", command text not null, file text, format text not null, encoding text,
        sheet text, state text not null, columns jsonb not null, notices jsonb not null, medians jsonb not null default '{}',
        rows integer not null default 0, trouble text, created_at timestamptz not null
      )`);
    await runner.query('create index on imports (actor, number)');
    await runner.query(`create index on imports (number) where state in ('reading', 'checking', 'sending')`);
    await runner.query(`
      create table import_rows (
        import uuid not null, n integer not null, cells jsonb not null, fields jsonb,
        state text not null, faults jsonb not null default '[]', warnings jsonb not null default '[]',
        streams text[] not null default '{}', command uuid, receipt jsonb, refusal jsonb, primary key (import, n)
      )`);
    await runner.query('create index on import_rows (import, state, n)');
    await runner.query('create index on import_rows (import, command)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table import_rows');
    await runner.query('drop table imports');
  }
}
