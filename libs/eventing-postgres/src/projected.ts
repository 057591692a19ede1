import { pipeline } from 'node:stream/promises';
import { from } from 'pg-copy-streams';
import { QueryFailedError, type DataSource, type EntityManager } from 'typeorm';
import type { AnyProjection, RecordedEvent, RowStep, Traced } from '#libs/eventing';
import type { Sql } from '#libs/read-models';
import { onConnection } from './together.js';

/** One version of a projection's rows: those that are read, or those that are built beside them to take their place. */
export type Build = 'live' | 'next';

/** An event and one of the keys that it touches. */
export interface Work {
  readonly key: string;
  readonly event: RecordedEvent;
}

/** Work of a key that waits for a mend; where there is a reason, it is what could not be applied. */
export type Parked = Work & { readonly reason?: string };

/** Anything that is built from the log inside one transaction with its checkpoint: row projections and the region feed. */
export interface Projected {
  readonly name: string;
  readonly version: number;
  /** Types to read; all when absent. */
  readonly types?: readonly string[];
  /** What the event touches. A key whose event cannot be applied is parked: its later events wait, all others go on. */
  keys(event: RecordedEvent): readonly string[];
  /** Applies work in its order. Runs in the transaction that also moves the checkpoint. */
  apply(tx: EntityManager, work: readonly Work[], build: Build): Promise<void>;
  /** Makes the tables of the live build, the first time; absent where a migration makes them. */
  create?(tx: EntityManager): Promise<void>;
  /** How it is built anew beside what is read; absent where what was built has been given away and must stand. */
  readonly rebuild?: Rebuild;
}

export interface Rebuild {
  /** Makes room for the next build, empty. */
  prepare(tx: EntityManager): Promise<void>;
  /** Makes, once it has caught up, what is not kept up while it is built. Doing it again does nothing. */
  complete?(tx: EntityManager): Promise<void>;
  /** A digest of all rows, whatever their order. */
  digest(tx: EntityManager, build: Build): Promise<string>;
  /** Puts the next build in the place of the live one. */
  replace(tx: EntityManager): Promise<void>;
  discard(tx: EntityManager): Promise<void>;
}

/** What events mean for a projection, in their order. */
export function workOf({ types, keys }: Projected, events: readonly RecordedEvent[]): Work[] {
  return events
    .filter((event) => !types || types.includes(event.type))
    .flatMap((event) => keys(event).map((key) => ({ key, event })));
}

/** As it is stored; until it is written the event that made it stands for its trace, as most are folded further before. */
type Row = Record<string, unknown>;

interface Table {
  /** Of the rows that are read; the other build has the same columns. */
  readonly name: string;
  readonly columns: readonly string[];
  readonly key: readonly string[];
  /** Columns that hold JSON, whatever it is. */
  readonly json: ReadonlySet<string>;
}

const quoted = (names: readonly string[]) => names.map((n) => `"${n}"`).join(', ');
const at = ({ name }: Table, build: Build) => `"${build === 'live' ? name : `${name}__next`}"`;

/** The engine of row projections: one query for the rows of a batch's keys, a fold in memory, one write of the net change. */
export function projected(definition: AnyProjection, database: DataSource): Projected {
  const metadata = database.getMetadata(definition.row);
  const table: Table = {
    name: metadata.tableName,
    columns: metadata.columns.map((c) => c.databaseName),
    key: metadata.primaryColumns.map((c) => c.databaseName),
    json: new Set(metadata.columns.filter((c) => /^jsonb?$/.test(String(c.type))).map((c) => c.databaseName)),
  };
  const stepsOf = ({ type }: RecordedEvent): readonly RowStep<Traced>[] => [definition.on[type] ?? []].flat();
  const keyOf = (step: RowStep<Traced>, event: RecordedEvent): string | undefined => {
    const of = step.key(event.data, event) as Row | undefined;
    return of && JSON.stringify(table.key.map((column) => of[column]));
  };
  return {
    name: definition.name,
    version: definition.version,
    types: Object.keys(definition.on),
    keys: (event) => stepsOf(event).flatMap((step) => keyOf(step, event) ?? []),
    async apply(tx, work, build) {
      const columnsOf = new Map<string, Row>();
      for (const { key } of work) if (!columnsOf.has(key)) columnsOf.set(key, keyed(table, key));
      const rows = await load(tx, table, build, [...columnsOf.values()]);
      const there = new Set(rows.keys());
      const changed = new Map<string, Row | undefined>();
      for (const { key, event } of work) {
        const steps = stepsOf(event);
        const step = steps.length === 1 ? steps[0]! : steps.find((s) => keyOf(s, event) === key)!;
        const next = step.apply(rows.get(key), event.data, event) as Row | undefined;
        if (next) {
          const row: Row = { occurredAt: event, position: event, ...next, ...columnsOf.get(key)! };
          rows.set(key, row);
          changed.set(key, row);
        } else {
          rows.delete(key);
          changed.set(key, undefined);
        }
      }
      await write(tx, table, build, changed, there);
    },
    rebuild: {
      async prepare(tx) {
        await tx.query(`drop table if exists ${at(table, 'next')}`);
        await tx.query(`create table ${at(table, 'next')} (like ${at(table, 'live')} including all)`);
      },
      async digest(tx, build) {
        const [sum] = await tx.query<{ digest: string }[]>(
          // Sums do not depend on the order of rows, so that nothing has to be sorted.
          `select count(*) || '-' || coalesce(sum(hash_record_extended(t, 0)::numeric), 0) as digest
            from ${at(table, build)} t`,
        );
        return sum!.digest;
      },
      async replace(tx) {
        await tx.query(`drop table ${at(table, 'live')}`);
        await tx.query(`alter table ${at(table, 'next')} rename to "${table.name}"`);
      },
      async discard(tx) {
        await tx.query(`drop table if exists ${at(table, 'next')}`);
      },
    },
  };
}

/** Takes the trace from the events that stand for it. */
function traced(row: Row): Row {
  const { occurredAt, position } = row as Record<keyof Traced, RecordedEvent | string>;
  if (typeof occurredAt === 'object') row.occurredAt = occurredAt.metadata.occurredAt;
  if (typeof position === 'object') row.position = position.position;
  return row;
}

function keyed({ key: columns }: Table, key: string): Row {
  const values = JSON.parse(key) as unknown[];
  return Object.fromEntries(columns.map((column, i) => [column, values[i]]));
}

async function load(tx: EntityManager, table: Table, build: Build, keys: readonly Row[]): Promise<Map<string, Row>> {
  const columns = quoted(table.key);
  const found = await tx.query<{ row: Row }[]>(
    `select to_jsonb(t) as row from ${at(table, build)} t
      where (${columns}) in (select ${columns} from jsonb_populate_recordset(null::"${table.name}", $1))`,
    [JSON.stringify(keys)],
  );
  return new Map(found.map(({ row }) => [JSON.stringify(table.key.map((column) => row[column])), row]));
}

/** From so many rows on, COPY takes half the time of an INSERT or less; below, its statement is planned anew for too little. */
const MANY = 200;

/** Writes what has changed; `there` are the keys whose rows stand in the table. */
async function write(
  tx: EntityManager,
  table: Table,
  build: Build,
  changed: ReadonlyMap<string, Row | undefined>,
  there: ReadonlySet<string>,
) {
  const rows = [...changed].flatMap(([key, row]) => (row ? [[key, traced(row)] as const] : []));
  const added = rows.filter(([key]) => !there.has(key));
  const copying = added.length >= MANY;
  const upserts = copying ? rows.filter(([key]) => there.has(key)) : rows;
  const deletes = [...changed].filter(([, row]) => row === undefined).map(([key]) => keyed(table, key));
  if (deletes.length > 0) {
    await tx.query(
      `delete from ${at(table, build)}
        where (${quoted(table.key)}) in (select ${quoted(table.key)} from jsonb_populate_recordset(null::"${table.name}", $1))`,
      [JSON.stringify(deletes)],
    );
  }
  if (upserts.length > 0) {
    const updates = table.columns.filter((c) => !table.key.includes(c)).map((c) => `"${c}" = excluded."${c}"`);
    await tx.query(
      `insert into ${at(table, build)} (${quoted(table.columns)})
        select ${quoted(table.columns)} from jsonb_populate_recordset(null::"${table.name}", $1)
        on conflict (${quoted(table.key)}) do update set ${updates.join(', ')}`,
      [JSON.stringify(upserts.map(([, row]) => row))],
    );
  }
  if (copying) {
    await copyIn(
      tx,
      `copy ${at(table, build)} (${quoted(table.columns)}) from stdin`,
      added.map(([, row]) => table.columns.map((column) => cellText(row[column], table.json.has(column))).join('\t')),
    );
  }
}

/** Carries out `copy … from stdin` in the transaction; each line is a row of cells as `cellText` makes them, with tabs between. */
export async function copyIn(tx: EntityManager, statement: string, lines: readonly string[]): Promise<void> {
  try {
    await onConnection(tx, (client) => pipeline([`${lines.join('\n')}\n`], client.query(from(statement))));
  } catch (error) {
    // As TypeORM tells it, so that a value that does not fit its column is known for what it is.
    throw new QueryFailedError(statement, [], error as Error);
  }
}

const ESCAPED: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

/** The transaction as read models see it. */
export const sqlOf = (tx: EntityManager): Sql => ({
  query: (text, parameters) => tx.query(text, parameters as unknown[] | undefined),
  copyIn: (statement, lines) => copyIn(tx, statement, lines),
});

/** A value as COPY's text format has it. */
export function cellText(value: unknown, json = false): string {
  if (value === null || value === undefined) return '\\N';
  const text = typeof value === 'string' && !json ? value : JSON.stringify(value);
  return /[\\\t\n\r]/.test(text) ? text.replace(/[\\\t\n\r]/g, (c) => ESCAPED[c]!) : text;
}
