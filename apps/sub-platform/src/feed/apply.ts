import type { EntityManager, EntityMetadata } from 'typeorm';
import type { ContractData, ContractType, FeedRecord } from '#libs/contracts';
import {
  Allocation,
  Carrier,
  InstrumentUse,
  SkippedType,
  Space,
  StructureEntry,
  TechnologyContract,
  type FromFeed,
  type StructureKind,
} from './tables.js';

type Row = Readonly<Record<string, unknown>>;

/** What a type of record does: which row it touches, and the row after it; undefined to have none. Pure. */
interface Step<Data = never> {
  readonly table: new () => FromFeed;
  key(data: Data, type: string): Row;
  apply(data: Data, before: Row | undefined): Row | undefined;
}

/** A record that says all that its row holds. */
const whole = <Data extends object>(table: new () => FromFeed, ...keys: (keyof Data & string)[]): Step<Data> => ({
  table,
  key: (data) => Object.fromEntries(keys.map((key) => [key, data[key]])),
  apply: (data) => data as Row,
});

const structure = <Data extends object>(
  kind: StructureKind,
  id: (data: Data) => string,
  next: (data: Data, before: object | undefined) => object | undefined,
): Step<Data> => ({
  table: StructureEntry,
  key: (data) => ({ kind, id: id(data) }),
  apply: (data, before) => {
    const after = next(data, before?.['data'] as object | undefined);
    return after && { data: after };
  },
});

const skipped: Step = {
  table: SkippedType,
  key: (_, type) => ({ type }),
  apply: (_, before) => ({ count: Number(before?.['count'] ?? 0) + 1 }),
};

const stepsByType: { readonly [T in ContractType]: Step<ContractData<T>> } = {
  'cn.liandong.carrier.changed.v1': whole(Carrier, 'carrier'),
  'cn.liandong.carrier.changed.v2': whole(Carrier, 'carrier'),
  'cn.liandong.space.changed.v1': whole(Space, 'carrier', 'unit', 'from'),
  'cn.liandong.allocation.changed.v1': whole(Allocation, 'carrier', 'allocation'),
  // This city keeps no list of incubatees of its own.
  'cn.liandong.incubatee.changed.v1': skipped,
  'cn.liandong.technology-contract.changed.v1': whole(TechnologyContract, 'contract'),
  'cn.liandong.use.changed.v1': whole(InstrumentUse, 'instrument', 'use'),
  'cn.liandong.region.registered.v1': structure(
    'region',
    ({ region }) => region,
    (data) => data,
  ),
  'cn.liandong.hub.changed.v1': structure(
    'hub',
    () => 'hub',
    (data) => (data.hub === null ? undefined : data),
  ),
  'cn.liandong.zone.changed.v1': structure(
    'zone',
    ({ zone }) => zone,
    ({ change, ...data }, before) => {
      if (change === 'revoked') return undefined;
      return change === 'designated' ? data : { ...before, ...data };
    },
  ),
  'cn.liandong.link.changed.v1': structure(
    'link',
    ({ link }) => link,
    ({ status, ...data }) => (status === 'closed' ? undefined : data),
  ),
  'cn.liandong.instrument.networked.v1': structure(
    'instrument',
    ({ instrument }) => instrument,
    (data) => data,
  ),
};

const steps = new Map<string, Step>(Object.entries(stepsByType));

/**
 * Folds records, in feed order, into the tables: each table's rows are read once and written once. A type that this
 * release does not know is counted and passed over: an older city must be able to follow a newer province.
 */
export async function applyRecords(tx: EntityManager, records: readonly FeedRecord[]): Promise<void> {
  const byTable = new Map<Step['table'], Effect[]>();
  for (const record of records) {
    const effect = effectOf(record);
    const { table } = effect.step;
    const effects = byTable.get(table);
    if (effects) effects.push(effect);
    else byTable.set(table, [effect]);
  }
  for (const [table, effects] of byTable) await fold(tx, tx.connection.getMetadata(table), effects);
}

interface Effect {
  readonly step: Step;
  readonly record: FeedRecord;
  readonly key: Row;
}

function effectOf(record: FeedRecord): Effect {
  const step = steps.get(record.type) ?? skipped;
  return { step, record, key: step.key(record.data as never, record.type) };
}

async function fold(tx: EntityManager, metadata: EntityMetadata, effects: readonly Effect[]): Promise<void> {
  const names = metadata.primaryColumns.map((column) => column.databaseName);
  const idOf = (row: Row) => JSON.stringify(names.map((name) => row[name]));
  const touched = new Map(effects.map(({ key }) => [idOf(key), key]));
  const found = await load(tx, metadata, names, [...touched.values()]);
  const rows = new Map(found.map((row) => [idOf(row), row]));
  for (const { step, record, key } of effects) {
    const { feedsequence, time } = record;
    const after = step.apply(record.data as never, rows.get(idOf(key)));
    if (after) rows.set(idOf(key), { ...after, ...key, feedsequence, time });
    else rows.delete(idOf(key));
  }
  const gone = [...touched].filter(([id]) => !rows.has(id)).map(([, key]) => key);
  await write(tx, metadata, names, [...rows.values()], gone);
}

const quoted = (names: readonly string[]) => names.map((name) => `"${name}"`).join(', ');

async function load(tx: EntityManager, { tablePath }: EntityMetadata, key: string[], keys: Row[]): Promise<Row[]> {
  const found = await tx.query<{ row: Row }[]>(
    `select to_jsonb(t) as row from "${tablePath}" t
      where (${quoted(key)}) in (select ${quoted(key)} from jsonb_populate_recordset(null::"${tablePath}", $1))`,
    [JSON.stringify(keys)],
  );
  return found.map(({ row }) => row);
}

async function write(
  tx: EntityManager,
  { tablePath, columns }: EntityMetadata,
  key: string[],
  rows: Row[],
  gone: Row[],
) {
  if (rows.length > 0) {
    const names = columns.map((column) => column.databaseName);
    const changes = names.filter((name) => !key.includes(name)).map((name) => `"${name}" = excluded."${name}"`);
    await tx.query(
      `insert into "${tablePath}" (${quoted(names)})
        select ${quoted(names)} from jsonb_populate_recordset(null::"${tablePath}", $1)
        on conflict (${quoted(key)}) do update set ${changes.join(', ')}`,
      [JSON.stringify(rows)],
    );
  }
  if (gone.length > 0) {
    await tx.query(
      `delete from "${tablePath}"
        where (${quoted(key)}) in (select ${quoted(key)} from jsonb_populate_recordset(null::"${tablePath}", $1))`,
      [JSON.stringify(gone)],
    );
  }
}
