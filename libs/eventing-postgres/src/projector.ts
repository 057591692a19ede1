import { setTimeout as delay } from 'node:timers/promises';
import type { DataSource, EntityManager, EntityMetadata, MigrationInterface, QueryRunner } from 'typeorm';
import {
  START,
  type AnyProjection,
  type EventStore,
  type Position,
  type RecordedEvent,
  type Traced,
} from '#libs/eventing';

/** Anything that is built from the log inside one transaction with its checkpoint: row projections and the region feed. */
export interface Projected {
  readonly name: string;
  readonly version: number;
  /** Types to read; all when absent. */
  readonly types?: readonly string[];
  /** Applies a batch. Runs in the transaction that also moves the checkpoint. */
  apply(tx: EntityManager, events: readonly RecordedEvent[]): Promise<void>;
  /** Empties what was built, for a new version. */
  clear(tx: EntityManager): Promise<void>;
}

export interface ProjectorStatus {
  readonly name: string;
  readonly version: number;
  readonly position: Position;
  readonly live: boolean;
  /** The last failure, while it lasts. */
  readonly error?: string;
}

const BATCH = 1_000;

/** Another process has taken the projection over; this one must not write any more. */
class FencedError extends Error {}

export class Checkpoints1764000000000 implements MigrationInterface {
  name = 'Checkpoints1764000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table projection_checkpoints (
        name text primary key, version integer not null, position text collate "C" not null, owner_epoch bigint not null
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table projection_checkpoints');
  }
}

/**
 * Keeps one projection up to date: reads the log from its checkpoint and commits rows and checkpoint together, so that
 * each event has its effect exactly once. The checkpoint is fenced by an owner epoch: the projector that started last
 * writes, an older one stops at its next batch.
 */
export class Projector {
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;
  private position: Position = START;
  private live = false;
  private failure: string | undefined;

  constructor(
    private readonly store: EventStore,
    private readonly database: DataSource,
    readonly projected: Projected,
    private readonly log: (line: string) => void,
  ) {}

  get status(): ProjectorStatus {
    const { name, version } = this.projected;
    return { name, version, position: this.position, live: this.live, error: this.failure };
  }

  start(): void {
    this.running ??= this.run();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    const { name } = this.projected;
    for (let failures = 0; !signal.aborted; failures++) {
      try {
        await this.follow(() => (failures = 0));
      } catch (error) {
        if (signal.aborted) return;
        this.failure = error instanceof Error ? error.message : String(error);
        this.live = false;
        this.log(`projection ${name}: ${this.failure}`);
        if (error instanceof FencedError) return;
        await delay(Math.min(100 * 2 ** failures, 10_000), undefined, { signal }).catch(() => undefined);
      }
    }
  }

  private async follow(worked: () => void): Promise<void> {
    const { signal } = this.stopping;
    const epoch = await this.takeOver();
    const onDrop = (error: unknown) =>
      this.log(`projection ${this.projected.name}: reading resumes after ${String(error)}`);
    const { types } = this.projected;
    for await (const batch of this.store.subscribe({ after: this.position, types, limit: BATCH, signal, onDrop })) {
      await this.commit(epoch, batch.events, batch.position);
      this.position = batch.position;
      this.live = batch.live;
      this.failure = undefined;
      worked();
    }
  }

  private takeOver(): Promise<string> {
    const { name, version } = this.projected;
    return this.database.transaction(async (tx) => {
      await tx.query(`insert into projection_checkpoints values ($1, $2, '', 0) on conflict (name) do nothing`, [
        name,
        version,
      ]);
      const [row] = await tx.query<{ version: number; position: string; owner_epoch: string }[]>(
        'select version, position, owner_epoch from projection_checkpoints where name = $1 for update',
        [name],
      );
      if (row!.version !== version) await this.projected.clear(tx);
      this.position = row!.version === version ? row!.position : START;
      const epoch = String(BigInt(row!.owner_epoch) + 1n);
      await tx.query(
        'update projection_checkpoints set version = $2, position = $3, owner_epoch = $4 where name = $1',
        [name, version, this.position, epoch],
      );
      return epoch;
    });
  }

  private commit(epoch: string, events: readonly RecordedEvent[], position: Position): Promise<void> {
    return this.database.transaction(async (tx) => {
      // No wait for the disk: rows and checkpoint are lost together or not at all, and the same events make them again.
      await tx.query('set local synchronous_commit to off');
      // The update locks the checkpoint before any row is read, so two projectors cannot fold on the same rows.
      const [, moved] = await tx.query<[unknown, number]>(
        'update projection_checkpoints set position = $3 where name = $1 and owner_epoch = $2',
        [this.projected.name, epoch, position],
      );
      if (moved !== 1) throw new FencedError('another process has taken over; this one stops');
      if (events.length > 0) await this.projected.apply(tx, events);
    });
  }
}

type Row = Record<string, unknown>;

/** The engine of row projections: one query for the rows of a batch's keys, a fold in memory, one write of the net change. */
export function projected(definition: AnyProjection, database: DataSource): Projected {
  const metadata = database.getMetadata(definition.row);
  const key = metadata.primaryColumns.map((c) => c.databaseName);
  return {
    name: definition.name,
    version: definition.version,
    types: Object.keys(definition.on),
    async apply(tx, events) {
      const touched: { id: string; key: Row; event: RecordedEvent }[] = [];
      for (const event of events) {
        const of = definition.on[event.type]?.key(event.data, event) as Row | undefined;
        if (of) touched.push({ id: JSON.stringify(key.map((column) => of[column])), key: of, event });
      }
      if (touched.length === 0) return;
      const rows = await load(tx, metadata, key, [...new Map(touched.map((t) => [t.id, t.key])).values()]);
      const removed = new Map<string, Row>();
      const changed = new Set<string>();
      for (const { id, key: of, event } of touched) {
        const step = definition.on[event.type]!;
        const next = step.apply(rows.get(id) as Traced | undefined, event.data, event) as Row | undefined;
        if (next) {
          const { occurredAt } = event.metadata;
          rows.set(id, { occurredAt, position: event.position, ...next, ...of });
          removed.delete(id);
          changed.add(id);
        } else {
          rows.delete(id);
          removed.set(id, of);
          changed.delete(id);
        }
      }
      await write(
        tx,
        metadata,
        key,
        [...changed].map((id) => rows.get(id)!),
        [...removed.values()],
      );
    },
    async clear(tx) {
      await tx.query(`truncate ${metadata.tablePath}`);
    },
  };
}

const quoted = (names: readonly string[]) => names.map((n) => `"${n}"`).join(', ');

async function load(tx: EntityManager, { tablePath }: EntityMetadata, key: string[], keys: Row[]) {
  const found = await tx.query<{ row: Row }[]>(
    `select to_jsonb(t) as row from ${tablePath} t
      where (${quoted(key)}) in (select ${quoted(key)} from jsonb_populate_recordset(null::${tablePath}, $1))`,
    [JSON.stringify(keys)],
  );
  return new Map(found.map(({ row }) => [JSON.stringify(key.map((column) => row[column])), row]));
}

async function write(tx: EntityManager, metadata: EntityMetadata, key: string[], upserts: Row[], deletes: Row[]) {
  const { tablePath } = metadata;
  if (upserts.length > 0) {
    const columns = metadata.columns.map((c) => c.databaseName);
    const changes = columns.filter((c) => !key.includes(c)).map((c) => `"${c}" = excluded."${c}"`);
    await tx.query(
      `insert into ${tablePath} (${quoted(columns)})
        select ${quoted(columns)} from jsonb_populate_recordset(null::${tablePath}, $1)
        on conflict (${quoted(key)}) do update set ${changes.join(', ')}`,
      [JSON.stringify(upserts)],
    );
  }
  if (deletes.length > 0) {
    await tx.query(
      `delete from ${tablePath}
        where (${quoted(key)}) in (select ${quoted(key)} from jsonb_populate_recordset(null::${tablePath}, $1))`,
      [JSON.stringify(deletes)],
    );
  }
}
