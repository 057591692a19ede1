import { setTimeout as delay } from 'node:timers/promises';
import { Column, DataSource, Entity, PrimaryColumn } from 'typeorm';
import { projection } from '#libs/eventing';
import { anEvent, createTestDatabase, type TestDatabase } from '#libs/testing';
import { PostgresStore } from './postgres-store.js';
import { Checkpoints1764000000000, projected, Projector, type Projected } from './projector.js';

@Entity('tally')
class Tally {
  @PrimaryColumn('text') name!: string;
  @Column('integer') sum!: number;
  @Column('text') occurredAt!: string;
  @Column('text') position!: string;
}

type Added = { type: 'tally.added.v1'; data: { name: string; n: number } };
type Closed = { type: 'tally.closed.v1'; data: { name: string } };

const tally = (version = 1) =>
  projection<Tally, Added | Closed>({
    name: 'tally',
    version,
    row: Tally,
    on: {
      'tally.added.v1': {
        key: ({ name }) => ({ name }),
        apply: (row, { name, n }) => ({ ...row, name, sum: (row?.sum ?? 0) + n }),
      },
      'tally.closed.v1': { key: ({ name }) => ({ name }), apply: () => undefined },
    },
  });

let database: TestDatabase;
let store: PostgresStore;
let reads: DataSource;
let running: Projector[];
let log: string[];

beforeEach(async () => {
  database = await createTestDatabase();
  store = await PostgresStore.open({ url: database.url });
  const migrations = [Checkpoints1764000000000];
  reads = await new DataSource({ type: 'postgres', url: database.url, entities: [Tally], migrations }).initialize();
  await reads.runMigrations();
  await reads.query('create table tally (name text primary key, sum integer, "occurredAt" text, position text)');
  running = [];
  log = [];
});

afterEach(async () => {
  await Promise.all(running.map((p) => p.stop()));
  await reads.destroy();
  await store.close();
  await database.drop();
});

const start = (what: Projected = projected(tally(), reads)): Projector => {
  const projector = new Projector(store, reads, what, (line) => log.push(line));
  running.push(projector);
  projector.start();
  return projector;
};

const add = async (...numbers: number[]) => {
  const events = numbers.map((n) => anEvent('tally.added.v1', { name: `t${n % 3}`, n }));
  return (await store.append('tally-all', 'any', events)).position;
};

async function reached(position: string): Promise<void> {
  for (let n = 0; n < 1000; n++, await delay(10)) {
    const [row] = await reads.query<{ position: string }[]>(`select position from projection_checkpoints`);
    if (row && row.position >= position) return;
  }
  throw new Error(`the checkpoint did not reach ${position}: ${log.join('\n')}`);
}

const sums = async () =>
  Object.fromEntries((await reads.getRepository(Tally).find()).map(({ name, sum }) => [name, sum]));

it('folds what is there and what comes, and removes rows', async () => {
  await add(1, 2, 3, 4);
  start();
  await reached(await add(5, 6));
  expect(await sums()).toEqual({ t0: 9, t1: 5, t2: 7 });
  await reached((await store.append('tally-all', 'any', [anEvent('tally.closed.v1', { name: 't0' })])).position);
  expect(await sums()).toEqual({ t1: 5, t2: 7 });
});

it('moves its checkpoint past events that are not its own', async () => {
  start();
  await reached((await store.append('s', 'any', [anEvent('something.else.v1', {})])).position);
});

it('a failure between rows and checkpoint leaves neither, and the batch has its effect once', async () => {
  const real = projected(tally(), reads);
  let failures = 0;
  const failing: Projected = {
    ...real,
    async apply(tx, events) {
      await real.apply(tx, events);
      if (failures++ < 2) throw new Error('planted');
    },
  };
  await add(1, 2, 3);
  start(failing);
  await reached(await add(4));
  expect(log.filter((line) => line.includes('planted'))).toHaveLength(2);
  expect(await sums()).toEqual({ t0: 3, t1: 5, t2: 2 });
});

it('of two projectors the one that started last writes; the older stops, and nothing counts twice', async () => {
  const older = start();
  await reached(await add(1, 2, 3));
  const newer = start();
  for (let n = 0; n < 20; n++) await reached(await add(n, n + 1, n + 2));
  expect(older.status.error).toContain('taken over');
  expect(newer.status.error).toBeUndefined();
  const expected = { t0: 3, t1: 1, t2: 2 } as Record<string, number>;
  for (let n = 0; n < 20; n++) for (const m of [n, n + 1, n + 2]) expected[`t${m % 3}`]! += m;
  expect(await sums()).toEqual(expected);
});

it('a new version is built anew from the whole log', async () => {
  const first = start();
  await reached(await add(1, 2, 3));
  await first.stop();
  await reads.query('update tally set sum = 1000');
  const position = await add(4);
  start(projected(tally(2), reads));
  await reached(position);
  expect(await sums()).toEqual({ t0: 3, t1: 5, t2: 2 });
});

it('goes on where it was after a stop', async () => {
  const first = start();
  await reached(await add(1, 2, 3));
  await first.stop();
  const position = await add(4, 5);
  start();
  await reached(position);
  expect(await sums()).toEqual({ t0: 3, t1: 5, t2: 7 });
});
