import { setTimeout as delay } from 'node:timers/promises';
import { Column, DataSource, Entity, PrimaryColumn } from 'typeorm';
import { projection, type EventStore } from '#libs/eventing';
import { anEvent, createTestDatabase, type TestDatabase } from '#libs/testing';
import { Checkpoints1764000000000, Ownership1764000000020 } from './checkpoints.migrations.js';
import { Checkpoints } from './checkpoints.js';
import { PostgresStore } from './postgres-store.js';
import { projected, type Projected } from './projected.js';
import { Projectors } from './projectors.js';

@Entity('tally')
class Tally {
  @PrimaryColumn('text') name!: string;
  @Column('integer') sum!: number;
  @Column('jsonb', { nullable: true }) note!: unknown;
  @Column('text') occurredAt!: string;
  @Column('text') position!: string;
}

@Entity('latest')
class Latest {
  @PrimaryColumn('text') stream!: string;
  @Column('integer') n!: number;
  @Column('text') occurredAt!: string;
  @Column('text') position!: string;
}

type Added = { type: 'tally.added.v1'; data: { name: string; n: number; note?: unknown } };
type Closed = { type: 'tally.closed.v1'; data: { name: string } };

/** What an event must not say, until the fold is mended. */
let poison: number | undefined;

const tally = (version = 1, factor = 1) =>
  projection<Tally, Added | Closed>({
    name: 'tally',
    version,
    row: Tally,
    on: {
      'tally.added.v1': {
        key: ({ name }) => ({ name }),
        apply: (row, { name, n, note = null }) => {
          if (n === poison) throw new Error(`planted: ${n}`);
          return { ...row, name, sum: (row?.sum ?? 0) + n * factor, note };
        },
      },
      'tally.closed.v1': { key: ({ name }) => ({ name }), apply: () => undefined },
    },
  });

const latest = projection<Latest, Added>({
  name: 'latest',
  version: 1,
  row: Latest,
  on: {
    'tally.added.v1': {
      key: (_, { stream }) => ({ stream }),
      apply: (_, { n }, { stream }) => ({ stream, n }),
    },
  },
});

let database: TestDatabase;
let store: PostgresStore;
let reads: DataSource;
let running: Projectors[];
let log: string[];

beforeEach(async () => {
  poison = undefined;
  database = await createTestDatabase();
  store = await PostgresStore.open({ url: database.url });
  const migrations = [Checkpoints1764000000000, Ownership1764000000020];
  const entities = [Tally, Latest];
  reads = await new DataSource({ type: 'postgres', url: database.url, entities, migrations }).initialize();
  await reads.runMigrations();
  await reads.query(
    'create table tally (name text primary key, sum integer, note jsonb, "occurredAt" text, position text)',
  );
  await reads.query('create table latest (stream text primary key, n integer, "occurredAt" text, position text)');
  running = [];
  log = [];
});

afterEach(async () => {
  await Promise.all(running.map((p) => p.stop()));
  await reads.destroy();
  await store.close();
  await database.drop();
});

let started = 0;

interface Started {
  readonly projectors: Projectors;
  readonly checkpoints: Checkpoints;
}

/** A process of its own, as far as the database can tell. */
const start = (what: readonly Projected[] = [projected(tally(), reads)], from: EventStore = store): Started => {
  const checkpoints = new Checkpoints(reads, `process-${++started}`);
  const projectors = new Projectors({ store: from, checkpoints, projections: what, log: (line) => log.push(line) });
  running.push(projectors);
  projectors.start();
  return { projectors, checkpoints };
};

const add = async (...numbers: number[]) => {
  const events = numbers.map((n) => anEvent('tally.added.v1', { name: `t${n % 3}`, n }));
  return (await store.append('tally-all', 'any', events)).position;
};

async function eventually(what: string, holds: () => Promise<boolean>): Promise<void> {
  for (let n = 0; n < 2000; n++, await delay(10)) if (await holds()) return;
  throw new Error(`in vain: ${what}\n${log.join('\n')}`);
}

const reached = (position: string, build = 'live') =>
  eventually(`the checkpoint reaches ${position}`, async () => {
    const rows = await reads.query<{ position: string }[]>(
      'select position from projection_checkpoints where build = $1',
      [build],
    );
    return rows.length > 0 && rows.every((row) => row.position >= position);
  });

const sums = async () =>
  Object.fromEntries((await reads.getRepository(Tally).find()).map(({ name, sum }) => [name, sum]));

const owner = async () => {
  const [row] = await reads.query<{ owner: string }[]>(
    `select owner from projection_checkpoints where name = 'tally' and build = 'live'`,
  );
  return row?.owner;
};

it('folds what is there and what comes, and removes rows', async () => {
  await add(1, 2, 3, 4);
  start();
  await reached(await add(5, 6));
  expect(await sums()).toEqual({ t0: 9, t1: 5, t2: 7 });
  await reached((await store.append('tally-all', 'any', [anEvent('tally.closed.v1', { name: 't0' })])).position);
  expect(await sums()).toEqual({ t1: 5, t2: 7 });
});

it('a row tells its last event, unless its step keeps the row before it, whatever the batches', async () => {
  const append = (n: number) => store.append('tally-all', 'any', [anEvent('tally.added.v1', { name: 't', n })]);
  const first = await append(1);
  await append(2);
  start([projected(tally(), reads), projected(latest, reads)]);
  await reached((await append(3)).position);
  const last = await append(4);
  await reached(last.position);
  const { occurredAt } = anEvent('tally.added.v1', {}).metadata;
  expect(await reads.getRepository(Tally).find()).toEqual([
    { name: 't', sum: 10, note: null, occurredAt, position: first.position },
  ]);
  expect(await reads.getRepository(Latest).find()).toEqual([
    { stream: 'tally-all', n: 4, occurredAt, position: last.position },
  ]);
});

it('writes many new rows at once as it writes one, whatever is in them', async () => {
  const odd = ['a\tb', 'c\\d', '\\N', '\\.', 'e\nf', 'g\rh', '"联动"', ' ', '{}'];
  const names = [...odd, ...Array.from({ length: 500 }, (_, n) => `t${n}`)];
  const notes: unknown[] = ['text', null, [1, '"'], { a: '\\' }, true];
  const made = names.map((name, n) => anEvent('tally.added.v1', { name, n, note: notes[n % notes.length] }));
  start();
  await reached((await store.append('tally-all', 'any', made)).position);
  const rows = await reads.query<{ name: string; sum: number; note: unknown }[]>('select * from tally order by sum');
  expect(rows.map(({ name, sum, note }) => [name, sum, note])).toEqual(
    names.map((name, n) => [name, n, notes[n % notes.length]]),
  );
  // Beside those that are there already.
  const again = [...names, 'last'].map((name) => anEvent('tally.added.v1', { name, n: 1 }));
  const more = Array.from({ length: 300 }, (_, n) => anEvent('tally.added.v1', { name: `u${n}`, n: 1 }));
  await reached((await store.append('tally-all', 'any', [...again, ...more])).position);
  const after = await sums();
  expect(names.map((name) => after[name])).toEqual(names.map((_, n) => n + 1));
  expect(Object.keys(after)).toHaveLength(names.length + 301);
});

it('moves its checkpoint past events that are not its own', async () => {
  start();
  await reached((await store.append('s', 'any', [anEvent('something.else.v1', {})])).position);
});

it('goes on where it was after a stop', async () => {
  const first = start();
  await reached(await add(1, 2, 3));
  await first.projectors.stop();
  const position = await add(4, 5);
  start();
  await reached(position);
  expect(await sums()).toEqual({ t0: 3, t1: 5, t2: 7 });
});

it('a failure between rows and checkpoint leaves neither, and the batch has its effect once', async () => {
  const real = projected(tally(), reads);
  let failures = 0;
  const failing: Projected = {
    ...real,
    async apply(tx, work, build) {
      await real.apply(tx, work, build);
      // What a server says that is being shut down.
      if (failures++ < 2) await tx.query(`do $$ begin raise 'planted' using errcode = '57P01'; end $$`);
    },
  };
  await add(1, 2, 3);
  start([failing]);
  await reached(await add(4));
  expect(failures).toBeGreaterThan(2);
  expect(await sums()).toEqual({ t0: 3, t1: 5, t2: 2 });
});

describe('several projections', () => {
  it('that stand at the same place share one read of the log', async () => {
    let reading = 0;
    const counting: EventStore = Object.create(store, {
      subscribe: {
        value: (options: Parameters<EventStore['subscribe']>[0]) => {
          reading++;
          return store.subscribe(options);
        },
      },
    }) as EventStore;
    await add(1, 2, 3);
    start([projected(tally(), reads), projected(latest, reads)], counting);
    await reached(await add(4));
    expect(reading).toBe(1);
    expect(await sums()).toEqual({ t0: 3, t1: 5, t2: 2 });
    expect(await reads.getRepository(Latest).find()).toMatchObject([{ stream: 'tally-all', n: 4 }]);
  });

  it('one whose table is not there waits alone, and joins the others when it is', async () => {
    await reads.query('alter table latest rename to elsewhere');
    const { projectors } = start([projected(tally(), reads), projected(latest, reads)]);
    const position = await add(1, 2, 3);
    await eventually('the other goes on', async () => (await sums())['t0'] === 3);
    await eventually('its trouble is told', async () => projectors.status[1]!.error?.includes('latest') === true);
    expect(projectors.status[0]).toMatchObject({ name: 'tally', error: undefined });
    await reads.query('alter table elsewhere rename to latest');
    await reached(position);
    expect(await reads.getRepository(Latest).find()).toMatchObject([{ n: 3 }]);
    await eventually('its trouble is over', async () => projectors.status[1]!.error === undefined);
    expect(await reads.query('select * from projection_parked')).toEqual([]);
  });
});

describe('several processes', () => {
  it('one owns a projection; when it stops, another goes on at once', async () => {
    const first = start();
    await reached(await add(1, 2, 3));
    const second = start();
    await eventually('the second knows', async () => second.projectors.status[0]!.standby);
    await first.projectors.stop();
    await reached(await add(4));
    expect(await owner()).toBe(second.checkpoints.owner);
    expect(await sums()).toEqual({ t0: 3, t1: 5, t2: 2 });
  });

  it('one that has slept past its lease is fenced: nothing counts twice', async () => {
    const real = projected(tally(), reads);
    let asleep = false;
    let wake: () => void = () => undefined;
    const sleeping = new Promise<void>((resolve) => (wake = resolve));
    let stale = 0;
    const first = start([real]);
    await reached(await add(1, 2, 3));
    // It falls asleep with a batch in its hands, before its transaction begins, and does not renew its lease.
    const commit = first.checkpoints.commit.bind(first.checkpoints);
    first.checkpoints.renew = () => (asleep ? sleeping : Promise.resolve());
    first.checkpoints.commit = async (...batch) => {
      asleep = true;
      await sleeping;
      return commit(...batch).catch((error: unknown) => {
        stale++;
        throw error;
      });
    };
    const position = await add(4, 5, 6);
    const second = start();
    await reached(position);
    expect(await owner()).toBe(second.checkpoints.owner);
    wake();
    await eventually('the stale write is refused', async () => stale > 0);
    await reached(await add(7, 8, 9));
    expect(log.join('\n')).toContain('another process has it');
    expect(await sums()).toEqual({ t0: 18, t1: 12, t2: 15 });
  });

  it('a lease that was given under a clock since set back holds nobody up', async () => {
    const first = start();
    await reached(await add(1));
    await first.projectors.stop();
    await reads.query(
      `update projection_checkpoints set owner = 'gone', lease_until = clock_timestamp() + interval '1 day'`,
    );
    start();
    await reached(await add(2));
  });
});

describe('a build beside the live one', () => {
  it('a new version takes the place of the old when it is there, and reads are never empty', async () => {
    const first = start();
    await reached(await add(1, 2, 3));
    await first.projectors.stop();
    const position = await add(4);
    const seen = new Set<number>();
    let reading = true;
    const reader = (async () => {
      while (reading) seen.add(Object.keys(await sums()).length);
    })();
    start([projected(tally(2, 10), reads)]);
    await reached(position);
    await eventually('the new version is in its place', async () => (await sums())['t0'] === 30);
    reading = false;
    await reader;
    expect([...seen]).toEqual([3]);
    expect(await sums()).toEqual({ t0: 30, t1: 50, t2: 20 });
    await reached(await add(5));
    expect(await sums()).toEqual({ t0: 30, t1: 50, t2: 70 });
  });

  it('the old version goes on in its own process until then, and is fenced after', async () => {
    const old = start();
    await reached(await add(1, 2, 3));
    const next = start([projected(tally(2, 10), reads)]);
    await eventually('the new version is in its place', async () => (await sums())['t0'] === 30);
    const position = await add(4);
    await reached(position);
    expect(await sums()).toEqual({ t0: 30, t1: 50, t2: 20 });
    await eventually('the old one stands by', async () => old.projectors.status[0]!.standby);
    expect(await owner()).toBe(next.checkpoints.owner);
  });

  it('goes on where it was when its process dies, and does not begin anew', async () => {
    const first = start();
    const half = await add(...Array.from({ length: 50 }, (_, n) => n));
    await reached(half);
    await first.projectors.stop();
    const real = projected(tally(2, 10), reads);
    let applied = 0;
    const counting: Projected = {
      ...real,
      apply: (tx, work, build) => {
        applied += work.length;
        return real.apply(tx, work, build);
      },
    };
    // It reads the first half, and dies before it is put in its place.
    const dying = start([counting]);
    dying.checkpoints.compare = () => Promise.reject(new Error('planted'));
    await reached(half, 'next');
    await dying.projectors.stop();
    expect(applied).toBe(50);
    await add(...Array.from({ length: 50 }, (_, n) => n));
    start([counting]);
    await eventually('the new version is in its place', async () => (await sums())['t0'] === 2 * 10 * (17 * 24));
    expect(applied).toBe(100);
  });

  it('of an unchanged version it must come out the same; then it takes the place of the live one', async () => {
    const { checkpoints } = start();
    await reached(await add(1, 2, 3));
    const what = projected(tally(), reads);
    expect(await checkpoints.rebuild(what, what.rebuild!)).toBe(true);
    expect(await checkpoints.rebuild(what, what.rebuild!)).toBe(false);
    await eventually('it is in its place', async () => {
      const builds = await checkpoints.builds();
      return builds.length === 1 && builds[0]!.outcome !== null;
    });
    const [live] = await checkpoints.builds();
    expect(live!.outcome).toMatchObject({ from: 1, to: 1 });
    const { was, is } = live!.outcome as { was: string; is: string };
    expect(is).toBe(was);
    await reached(await add(4));
    expect(await sums()).toEqual({ t0: 3, t1: 5, t2: 2 });
  });

  it('rows that were tampered with are found by building them anew, and the difference is kept to be looked at', async () => {
    const { checkpoints } = start();
    await reached(await add(1, 2, 3));
    await reads.query('update tally set sum = sum + 1');
    const what = projected(tally(), reads);
    await checkpoints.rebuild(what, what.rebuild!);
    await eventually('it is halted', async () =>
      (await checkpoints.builds()).some((b) => b.build === 'next' && b.outcome !== null),
    );
    expect(log.join('\n')).toContain('built anew it differs');
    expect(await sums()).toEqual({ t0: 4, t1: 2, t2: 3 });
    expect(await reads.query('select name, sum from tally__next order by name')).toEqual([
      { name: 't0', sum: 3 },
      { name: 't1', sum: 1 },
      { name: 't2', sum: 2 },
    ]);
    await reached(await add(4));
    await checkpoints.discard('tally', what.rebuild!);
    expect(await checkpoints.builds()).toHaveLength(1);
  });
});

describe('an event that cannot be applied', () => {
  const parked = () =>
    reads.query<{ key: string; n: number; reason: string }[]>(
      'select key, count(*)::int as n, max(reason) as reason from projection_parked group by key',
    );

  it('parks its key: others go on, and after the mend the key resumes in its order', async () => {
    poison = 4;
    const { projectors, checkpoints } = start([projected(tally(), reads), projected(latest, reads)]);
    await reached(await add(1, 4, 2, 7, 3));
    await reached(await add(10, 5));
    expect(await sums()).toEqual({ t0: 3, t1: 1, t2: 7 });
    expect(await parked()).toEqual([{ key: '["t1"]', n: 3, reason: 'planted: 4' }]);
    expect(projectors.status[0]).toMatchObject({ parked: 1, error: undefined });
    expect((await checkpoints.reached(['tally'])).parked).toMatchObject([
      { projection: 'tally', key: '["t1"]', events: 3, reason: 'planted: 4' },
    ]);
    // Still at fault: it stays as it is.
    await checkpoints.requestResume('tally', '["t1"]');
    await eventually('it was tried', async () => log.some((line) => line.includes('stays parked')));
    expect(await parked()).toMatchObject([{ n: 3 }]);

    poison = undefined;
    await checkpoints.requestResume('tally', undefined);
    await eventually('it resumes', async () => (await parked()).length === 0);
    await reached(await add(13));
    expect(await sums()).toEqual({ t0: 3, t1: 35, t2: 7 });
  });

  it('a process that is started mended tries again by itself', async () => {
    poison = 4;
    const first = start();
    await reached(await add(1, 4, 7));
    await first.projectors.stop();
    expect(await parked()).toMatchObject([{ n: 2 }]);
    poison = undefined;
    start();
    await eventually('it resumes', async () => (await parked()).length === 0);
    expect(await sums()).toEqual({ t1: 12 });
  });

  it('what does not fit its column is an event at fault, too', async () => {
    start();
    await reached(await add(1, 2, 3, 3_000_000_000, 4, 6));
    expect(await sums()).toEqual({ t0: 3, t1: 5, t2: 2 });
    expect(await parked()).toMatchObject([{ key: '["t0"]', n: 2 }]);
  });

  it('a key that is held by hand waits until it is asked for', async () => {
    const { checkpoints } = start();
    await reached(await add(1, 2));
    await checkpoints.hold('tally', '["t1"]');
    await eventually('it is held', async () => running[0]!.status[0]!.parked === 1);
    await reached(await add(4, 5));
    expect(await sums()).toEqual({ t1: 1, t2: 7 });
    await checkpoints.requestResume('tally', '["t1"]');
    await eventually('it resumes', async () => (await parked()).length === 0);
    expect(await sums()).toEqual({ t1: 5, t2: 7 });
  });
});
