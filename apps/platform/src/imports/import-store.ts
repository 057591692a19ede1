import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Actor } from '#libs/eventing';
import type { ImportRecord, ImportRow, ImportState, Outcome, RowState } from './imports.table.js';
import type { Cells } from './row-fields.js';

/** Rows that one statement writes. Statements stay short: while one is open, no projection reads beyond it (decision 0003). */
const AT_ONCE = 1_000;
const ROWS_AT_ONCE = 5_000;

const IMPORT = `id, number::float8 as number, json_strip_nulls(json_build_object('id', actor, 'role', role, 'region', region)) as actor,
  command, file, format, encoding, sheet, state, columns, notices, medians, rows, trouble,
  to_char(created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "createdAt"`;
const ROW = 'n, cells, fields, state, faults, warnings, streams, command as "commandId", receipt, refusal';

/** What a check may change: what is recorded, and what somebody left out, stays so. */
const OPEN: readonly RowState[] = ['waiting', 'accepted', 'faulty', 'duplicate', 'repeated', 'refused'];

export type Begun = Omit<ImportRecord, 'number' | 'state' | 'medians' | 'rows' | 'trouble'>;

export interface ImportsQuestion {
  /** Only those of this actor. */
  readonly of?: Actor;
  readonly before?: number;
  readonly command?: string;
  readonly limit: number;
}

/** The tables of imports. */
@Injectable()
export class ImportStore {
  constructor(private readonly database: DataSource) {}

  async begin({
    id,
    actor,
    command,
    file,
    format,
    encoding,
    sheet,
    columns,
    notices,
    createdAt,
  }: Begun): Promise<void> {
    await this.database.query(
      `insert into imports (id, actor, role, region, command, file, format, encoding, sheet, state, columns, notices, created_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'reading', $10, $11, $12)`,
      [
        id,
        actor.id,
        actor.role,
        actor.region ?? null,
        command,
        file,
        format,
        encoding,
        sheet,
        JSON.stringify(columns),
        JSON.stringify(notices),
        createdAt,
      ],
    );
  }

  async add(id: string, rows: readonly { readonly n: number; readonly cells: Cells }[]): Promise<void> {
    for (let at = 0; at < rows.length; at += AT_ONCE) {
      const some = rows.slice(at, at + AT_ONCE);
      await this.database.query(
        `insert into import_rows (import, n, cells, state)
         select $1, n, cells::jsonb, 'waiting' from unnest($2::int[], $3::text[]) as row (n, cells)`,
        [id, some.map(({ n }) => n), some.map(({ cells }) => JSON.stringify(cells))],
      );
    }
    await this.database.query('update imports set rows = rows + $2 where id = $1', [id, rows.length]);
  }

  /** Its rows last: they are nobody's without it. */
  async drop(id: string): Promise<void> {
    await this.database.query('delete from imports where id = $1', [id]);
    for (let isLeft = true; isLeft;) {
      const [, deleted] = await this.database.query<[unknown, number]>(
        `delete from import_rows where import = $1 and n in (select n from import_rows where import = $1 order by n limit $2)`,
        [id, ROWS_AT_ONCE],
      );
      isLeft = deleted > 0;
    }
  }

  /** Those that were being read by a process that ended over it. */
  async abandoned(before: string): Promise<string[]> {
    const found = await this.database.query<{ id: string }[]>(
      `select id from imports where state = 'reading' and created_at < $1`,
      [before],
    );
    return found.map(({ id }) => id);
  }

  async get(id: string): Promise<ImportRecord | undefined> {
    const [found] = await this.database.query<ImportRecord[]>(`select ${IMPORT} from imports where id = $1`, [id]);
    return found;
  }

  /** The latest first. */
  list({ of, before, command, limit }: ImportsQuestion): Promise<ImportRecord[]> {
    return this.database.query<ImportRecord[]>(
      `select ${IMPORT} from imports
        where state <> 'reading' and ($1::text is null or (actor = $1 and role = $2 and region is not distinct from $3))
          and ($4::bigint is null or number < $4) and ($5::text is null or command = $5)
        order by number desc limit $6`,
      [of?.id ?? null, of?.role ?? null, of?.region ?? null, before ?? null, command ?? null, limit],
    );
  }

  /** Those that are to be worked on, the earliest first. */
  async unfinished(): Promise<string[]> {
    const found = await this.database.query<{ id: string }[]>(
      `select id from imports where state in ('checking', 'sending') order by number limit 100`,
    );
    return found.map(({ id }) => id);
  }

  /** @returns false where it was in none of the states that it may go on from */
  async enter(id: string, state: ImportState, from: readonly ImportState[]): Promise<boolean> {
    const [, changed] = await this.database.query<[unknown, number]>(
      'update imports set state = $2, trouble = null where id = $1 and state = any($3)',
      [id, state, from],
    );
    return changed > 0;
  }

  async troubled(id: string, trouble: string): Promise<void> {
    await this.database.query('update imports set trouble = $2 where id = $1', [id, trouble]);
  }

  async weighedBy(id: string, medians: ImportRecord['medians']): Promise<void> {
    await this.database.query('update imports set medians = $2 where id = $1', [id, JSON.stringify(medians)]);
  }

  async counts(ids: readonly string[]): Promise<Map<string, Map<RowState, number>>> {
    const found = await this.database.query<{ import: string; state: RowState; count: number }[]>(
      'select import, state, count(*)::int as count from import_rows where import = any($1) group by import, state',
      [ids],
    );
    const counts = new Map(ids.map((id) => [id, new Map<RowState, number>()]));
    for (const { import: id, state, count } of found) counts.get(id)!.set(state, count);
    return counts;
  }

  rows(id: string, { states, after = 0, limit }: { states?: readonly RowState[]; after?: number; limit: number }) {
    return this.database.query<ImportRow[]>(
      `select ${ROW} from import_rows where import = $1 and n > $2 and ($3::text[] is null or state = any($3))
        order by n limit $4`,
      [id, after, states ?? null, limit],
    );
  }

  async row(id: string, n: number): Promise<ImportRow | undefined> {
    const [row] = await this.database.query<ImportRow[]>(
      `select ${ROW} from import_rows where import = $1 and n = $2`,
      [id, n],
    );
    return row;
  }

  /** The rows beside `n` that are open and about any of these streams, or the same command as any of these. */
  related(id: string, n: number, streams: readonly string[], commands: readonly string[], limit: number) {
    return this.database.query<ImportRow[]>(
      `select ${ROW} from import_rows where import = $1 and n <> $2 and state = any($3)
          and (streams && $4::text[] or command = any($5::uuid[])) order by n limit $6`,
      [id, n, OPEN, streams, commands, limit],
    );
  }

  /** Lets every row that is open wait for a check. */
  async reopen(id: string, rows: number): Promise<void> {
    for (let after = 0; ;) {
      const [reached] = await this.database.query<{ n: number | null }[]>(
        `select max(n) as n from (select n from import_rows where import = $1 and n > $2 order by n limit $3) as page`,
        [id, after, Math.min(rows, ROWS_AT_ONCE)],
      );
      if (!reached || reached.n === null) return;
      await this.database.query(
        `update import_rows set state = 'waiting' where import = $1 and n > $2 and n <= $3 and state = any($4) and state <> 'waiting'`,
        [id, after, reached.n, OPEN],
      );
      after = reached.n;
    }
  }

  async mend(id: string, n: number, cells: Cells): Promise<void> {
    await this.database.query(`update import_rows set cells = $3, state = 'waiting' where import = $1 and n = $2`, [
      id,
      n,
      JSON.stringify(cells),
    ]);
  }

  async skip(id: string, n: number): Promise<void> {
    await this.database.query(`update import_rows set state = 'skipped' where import = $1 and n = $2`, [id, n]);
  }

  async keep(id: string, outcomes: readonly Outcome[]): Promise<void> {
    for (let at = 0; at < outcomes.length; at += AT_ONCE) {
      const some = outcomes.slice(at, at + AT_ONCE);
      await this.database.query(
        `update import_rows as kept set state = said->>'state', fields = said->'fields', faults = said->'faults',
            warnings = said->'warnings', streams = array(select jsonb_array_elements_text(said->'streams')),
            command = (said->>'commandId')::uuid, receipt = nullif(said->'receipt', 'null'),
            refusal = nullif(said->'refusal', 'null')
           from unnest($2::int[], $3::jsonb[]) as outcome (n, said)
          where kept.import = $1 and kept.n = outcome.n and kept.state not in ('recorded', 'skipped')`,
        [id, some.map(({ n }) => n), some.map((outcome) => JSON.stringify(outcome))],
      );
    }
  }

  /** Adds warnings that only all rows together give. */
  async warn(id: string, warnings: ReadonlyMap<number, readonly object[]>): Promise<void> {
    const all = [...warnings];
    for (let at = 0; at < all.length; at += AT_ONCE) {
      const some = all.slice(at, at + AT_ONCE);
      await this.database.query(
        `update import_rows as warned set warnings = warned.warnings || said
           from unnest($2::int[], $3::jsonb[]) as more (n, said) where warned.import = $1 and warned.n = more.n`,
        [id, some.map(([n]) => n), some.map(([, said]) => JSON.stringify(said))],
      );
    }
  }
}
