import type { CommandBus } from '@nestjs/cqrs';
import { DataSource } from 'typeorm';
import { kindOf, type IncubationRule } from '#libs/contexts/carriers';
import { knownCodes, type KnownCodes } from '#libs/contexts/codes';
import type { Grounds } from '#libs/contexts/topology';
import {
  Executor,
  StoreUnavailableError,
  type Actor,
  type EventStore,
  type ProcessInstance,
  type RecordedEvent,
} from '#libs/eventing';
import { Gateway } from '#libs/eventing-nest';
import { Checkpoints, PostgresStore, projected, Projectors } from '#libs/eventing-postgres';
import { completeUscc } from '#libs/fields';
import { createTestDatabase, type TestDatabase } from '#libs/testing';
import { until } from '../../../../test/until.js';
import { readPlatformConfig } from '../config.js';
import { contexts } from '../contexts.js';
import { entities, migrations } from '../migrations.js';
import type { Runners } from '../runners.js';
import { Dispatcher } from './dispatcher.js';
import { Processes } from './processes.js';
import { processes } from './processes.projection.js';

const home: Actor = { id: 'o@xianyang', role: 'operator', region: 'xianyang' };
const host: Actor = { id: 'o@xixian', role: 'operator', region: 'xixian' };
const province: Actor = { id: 'p', role: 'province' };
const world: Pick<Grounds, 'has' | 'inHub' | 'misplaced'> & {
  host: string;
  codes: KnownCodes;
  incubation: IncubationRule | null;
  notRestorable(): undefined;
} = {
  codes: knownCodes(),
  has: () => true,
  inHub: (r) => r === 'xixian',
  misplaced: () => undefined,
  host: 'xixian',
  ...kindOf('飞地孵化器'),
  notRestorable: () => undefined,
};
const basis = { document: 'd', clause: 'c' };
const on = '2023-03-01';
const uscc = completeUscc('91610400MA6Y0001');
const KEY = `enclave-${uscc}-1`;
const DAY_MS = 86_400_000;

let database: TestDatabase;
let store: PostgresStore;
let executor: Executor;
let sources: DataSource[];
let projectors: Projectors[];
let dispatchers: Dispatcher[];
let now: Date;
let log: string[];

beforeEach(async () => {
  database = await createTestDatabase();
  store = await PostgresStore.open({ url: database.url });
  now = new Date('2023-03-02T00:00:00Z');
  executor = new Executor(store, () => now);
  sources = [];
  projectors = [];
  dispatchers = [];
  log = [];
  await (await source()).runMigrations();
  await enclave();
});

afterEach(async () => {
  await Promise.all(dispatchers.map((d) => d.stop()));
  await Promise.all(projectors.map((p) => p.stop()));
  await Promise.all(sources.map((s) => s.destroy()));
  await store.close();
  await database.drop();
});

async function source(): Promise<DataSource> {
  const opened = await new DataSource({ type: 'postgres', url: database.url, entities, migrations }).initialize();
  sources.push(opened);
  return opened;
}

/** What the door does, without the door. */
let sent = 0;
function send(by: Actor, context: string, name: string, fields: object): Promise<unknown> {
  const { decider } = contexts.find((c) => c.decider.category === context)!;
  return executor.execute(decider, name, { on, ...fields }, { commandId: uuid(++sent), by }, world);
}
const uuid = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

async function enclave(agreementUntil?: string): Promise<void> {
  const carrier = agreementUntil === undefined ? 'enclave' : 'agreed';
  // Of a kind that lets space to others than those who are admitted.
  const names = { name: '咸阳中心', kind: '离岸研发中心', home: 'xianyang', host: 'xixian', basis };
  await send(home, 'carrier', 'ProposeCarrier', { carrier, ...names });
  await send(home, 'carrier', 'SignAsHome', { carrier });
  await send(host, 'carrier', 'SignAsHost', { carrier });
  const filing = { carrier, filing: 'f', ...(agreementUntil === undefined ? {} : { agreementUntil }) };
  await send(province, 'carrier', 'FileCarrier', filing);
  await send(home, 'carrier', 'OpenCarrier', { carrier });
  const unit = { carrier, unit: 'floor-1', areaSquareMetres: 100, desks: 10, from: on };
  await send(home, 'carrier', 'AddSpaceUnit', unit);
}

const admit = (wanted: object = {}) =>
  send(home, 'incubatee', 'AdmitFirm', {
    carrier: 'enclave',
    home: 'xianyang',
    uscc,
    firm: '示例企业',
    field: '软件',
    founded: '2022-06-01',
    unit: 'floor-1',
    areaSquareMetres: 80,
    desks: 8,
    from: on,
    ...wanted,
  });
const tenant = (allocation: string, period: object = {}) =>
  send(home, 'carrier', 'AllocateSpace', {
    carrier: 'enclave',
    unit: 'floor-1',
    allocation,
    uscc,
    firm: 'f',
    areaSquareMetres: 30,
    desks: 3,
    from: on,
    ...period,
  });

/** A platform process: it keeps the rows, as far as another does not. */
async function project(from: EventStore = store): Promise<Projectors> {
  const reads = await source();
  const checkpoints = new Checkpoints(reads, `process-${projectors.length}`);
  const started = new Projectors({
    store: from,
    checkpoints,
    projections: [projected(processes, reads)],
    log: (line) => log.push(line),
  });
  projectors.push(started);
  started.start();
  return started;
}

const isLive = (p: Projectors) => p.status.some(({ name, live }) => name === processes.name && live);

async function dispatch(live: () => boolean, by: Pick<Executor, 'execute'> = executor): Promise<Dispatcher> {
  const gateway = new Gateway(
    contexts.map((context) => ({ ...context, world: async () => world })),
    by as Executor,
    () => now,
    { claimed: async () => undefined },
  );
  const dispatcher = new Dispatcher({
    database: await source(),
    store,
    send: (submit) => gateway.execute(submit),
    clock: () => now,
    live,
    log: (line) => log.push(line),
  });
  dispatchers.push(dispatcher);
  dispatcher.start();
  return dispatcher;
}

async function run(by: Pick<Executor, 'execute'> = executor): Promise<Dispatcher> {
  const kept = await project();
  return dispatch(() => isLive(kept), by);
}

/** Does something else in the place of an execution, by the command's name. */
const instead = (
  of: string,
  act: (carryOut: () => Promise<unknown>, by: Actor) => Promise<unknown>,
): Pick<Executor, 'execute'> => ({
  execute: (decider, name, command, context, given) => {
    const carryOut = () => executor.execute(decider, name, command, context, given);
    return (name === of ? act(carryOut, context.by) : carryOut()) as ReturnType<Executor['execute']>;
  },
});

const rows = (): Promise<ProcessInstance[]> =>
  sources[0]!.query<ProcessInstance[]>('select * from processes order by process, key');
const ended = (process: string, key: string) =>
  until(`${process} ${key} ends; ${log.join('\n')}`, async () => {
    const row = (await rows()).find((r) => r.process === process && r.key === key);
    return row?.status === 'ended' && row.pending.length === 0 && row;
  });
const running = (process: string, key: string, holds: (row: ProcessInstance) => boolean) =>
  until(`${process} ${key}; ${log.join('\n')}`, async () =>
    (await rows()).some((r) => r.process === process && r.key === key && holds(r)),
  );
const types = async (stream: string) => (await store.readStream(stream)).map((e) => e.type);
const lets = async (carrier = 'enclave') =>
  (await store.readStream(`carrier-${carrier}`))
    .filter((e) => /^space\.(allocated|released)/.test(e.type))
    .map(({ type, data }) => {
      const { allocation, until: end } = data as { allocation: string; until: string | null };
      return [type.split('.')[1], allocation, end];
    });
const ours = `in-${uscc.toLowerCase()}-1`;

describe('admission', () => {
  it('settles the firm, and every step can be traced from the answer to the admission', async () => {
    await run();
    await admit();
    expect((await ended('admission', KEY)).end).toBe('settled');
    expect(await types(`incubatee-enclave-${uscc}`)).toEqual(['incubatee.admitted.v2', 'incubatee.settled.v2']);
    expect(await lets()).toEqual([['allocated', ours, null]]);

    const [admitted] = await store.readStream(`incubatee-enclave-${uscc}`);
    const allocated = (await store.readStream('carrier-enclave')).at(-1)!;
    const [first, second] = await store.readStream(`process-admission-${KEY}`);
    expect(allocated.metadata).toMatchObject({
      causationId: admitted!.id,
      correlationId: admitted!.metadata.correlationId,
      actor: { id: 'process:admission', role: 'operator', region: 'xianyang' },
      commandId: (first!.data as { commandId: string }).commandId,
    });
    expect(first!.metadata).toMatchObject({ causationId: admitted!.id, regions: ['xianyang', 'xixian'] });
    expect(second!.metadata).toMatchObject({
      causationId: first!.id,
      correlationId: admitted!.metadata.correlationId,
    });
  }, 60_000);

  it('goes on from what an earlier door let in, though today\u2019s would not', async () => {
    const recorded = completeUscc('W9999999MA6Y0001');
    await admit({ uscc: recorded, firm: '示例\u200b企业' });
    await run();
    expect((await ended('admission', `enclave-${recorded}-1`)).end).toBe('settled');
  });

  it('rejects the firm for which there is no space, and tells it why', async () => {
    await tenant('rival');
    await run();
    await admit();
    expect((await ended('admission', KEY)).end).toBe('rejected');
    const rejected = (await store.readStream(`incubatee-enclave-${uscc}`)).at(-1);
    expect(rejected).toMatchObject({ type: 'incubatee.rejected.v1', data: { code: 'space.no-desks' } });
    expect((rejected!.data as { reason: string }).reason).toContain('仅余 7 个');
    expect(await lets()).toEqual([['allocated', 'rival', null]]);
  }, 60_000);

  it('cannot take space of a carrier that is another region\u2019s', async () => {
    await run();
    const baoji: Actor = { id: 'o@baoji', role: 'operator', region: 'baoji' };
    const firm = { carrier: 'enclave', home: 'baoji', uscc, firm: 'f', field: '软件', founded: '2022-06-01' };
    const space = { unit: 'floor-1', areaSquareMetres: 80, desks: 8, from: on };
    await send(baoji, 'incubatee', 'AdmitFirm', { ...firm, ...space });
    await ended('admission', KEY);
    const rejected = (await store.readStream(`incubatee-enclave-${uscc}`)).at(-1);
    expect(rejected).toMatchObject({ type: 'incubatee.rejected.v1', data: { code: 'region.not-yours' } });
    expect(await lets()).toEqual([]);
  }, 60_000);

  it('gives the space back when it is withdrawn in between: all of it can be let again', async () => {
    const kept = await project();
    let go = false;
    const withdrawing = instead('ConfirmAdmission', async (carryOut) => {
      await send(home, 'incubatee', 'WithdrawAdmission', { carrier: 'enclave', uscc });
      go = true;
      return carryOut();
    });
    await dispatch(() => isLive(kept), withdrawing);
    await admit({ areaSquareMetres: 100, desks: 10 });
    expect((await ended('admission', KEY)).end).toBe('withdrawn');
    expect(go).toBe(true);
    expect(await types(`incubatee-enclave-${uscc}`)).toEqual(['incubatee.admitted.v2', 'incubatee.withdrawn.v1']);
    expect(await lets()).toEqual([
      ['allocated', ours, null],
      ['released', ours, on],
    ]);
    await tenant('all', { areaSquareMetres: 100, desks: 10 });
  }, 60_000);

  it('heals what a dispatcher does that was stopped past its lock and wakes up after a refusal stood', async () => {
    await tenant('rival');
    const kept = await project();
    let wake: () => void = () => undefined;
    let woke = false;
    const asleep = new Promise<void>((stopped) => {
      const sleeper = instead('AllocateSpace', async (carryOut) => {
        await new Promise<void>((resume) => {
          wake = resume;
          stopped();
        });
        woke = true;
        return carryOut();
      });
      void dispatch(() => isLive(kept), sleeper);
    });
    await admit();
    await asleep;
    // Its session ends, and the lock with it; it is in the middle of a step and does not notice.
    const [cut] = await sources[0]!.query<{ cut: boolean }[]>(
      `select pg_terminate_backend(pid) as cut from pg_locks where locktype = 'advisory' and granted
        and database = (select oid from pg_database where datname = current_database())`,
    );
    expect(cut).toEqual({ cut: true });
    await dispatch(() => isLive(kept));
    expect((await ended('admission', KEY)).end).toBe('rejected');

    await send(home, 'carrier', 'ReleaseSpace', { carrier: 'enclave', allocation: 'rival', until: on });
    wake();
    await until('the space is given back', async () => (await lets()).length === 4);
    expect(woke).toBe(true);
    expect((await lets()).slice(2)).toEqual([
      ['allocated', ours, null],
      ['released', ours, on],
    ]);
    expect((await ended('admission', KEY)).end).toBe('rejected');
    const answers = (await store.readStream(`process-admission-${KEY}`)).map((e) => [e.type, stepOf(e)]);
    expect(answers).toEqual([
      ['process.step-refused.v1', 'allocate'],
      ['process.step-done.v1', 'reject'],
      ['process.step-done.v1', 'release'],
    ]);
  }, 60_000);
});

const stepOf = ({ data }: RecordedEvent) => (data as { step: string }).step;

describe('deadlines', () => {
  const passed = async (stream: string) =>
    (await types(stream)).filter((t) => t === 'process.deadline-passed.v1').length;

  it('winds a carrier up on its day, once, whichever way the clock jumps', async () => {
    await tenant('open');
    await tenant('over', { until: '2023-06-01' });
    await send(home, 'carrier', 'GiveNotice', { carrier: 'enclave', closesOn: '2023-09-01' });
    await run();
    // The last millisecond of August in China.
    now = new Date('2023-08-31T15:59:59.999Z');
    await admit();
    expect((await ended('admission', KEY)).end).toBe('rejected');
    expect(await passed('process-winding-up-enclave-1')).toBe(0);

    now = new Date(now.getTime() + DAY_MS);
    expect((await ended('winding-up', 'enclave-1')).end).toBe('wound-up');
    expect((await lets()).slice(2)).toEqual([['released', 'open', '2023-09-01']]);
    expect((await types('carrier-enclave')).at(-1)).toBe('carrier.wound-up.v2');

    const before = await store.readStream('carrier-enclave');
    now = new Date(now.getTime() - DAY_MS);
    await admit({ uscc: completeUscc('91610400MA6Y0002') });
    await ended('admission', `enclave-${completeUscc('91610400MA6Y0002')}-1`);
    now = new Date(now.getTime() + 2 * DAY_MS);
    await admit({ uscc: completeUscc('91610400MA6Y0003') });
    await ended('admission', `enclave-${completeUscc('91610400MA6Y0003')}-1`);
    expect(await passed('process-winding-up-enclave-1')).toBe(1);
    expect(await store.readStream('carrier-enclave')).toEqual(before);
  }, 60_000);

  it('leaves a carrier open whose notice was revoked', async () => {
    await run();
    await send(home, 'carrier', 'GiveNotice', { carrier: 'enclave', closesOn: '2023-09-01' });
    await send(host, 'carrier', 'RevokeNotice', { carrier: 'enclave' });
    expect((await ended('winding-up', 'enclave-1')).end).toBe('revoked');
    now = new Date('2023-10-01T00:00:00Z');
    await admit();
    expect((await ended('admission', KEY)).end).toBe('settled');
    expect(await passed('process-winding-up-enclave-1')).toBe(0);
  }, 60_000);

  it('flags a firm that stays too long, and not one that has left', async () => {
    const other = completeUscc('91610400MA6Y0002');
    await run();
    await admit({ areaSquareMetres: 10, desks: 1 });
    await admit({ areaSquareMetres: 10, desks: 1, uscc: other });
    await ended('admission', KEY);
    await ended('admission', `enclave-${other}-1`);
    await send(home, 'incubatee', 'ExitFirm', {
      carrier: 'enclave',
      uscc: other,
      outcome: 'graduated',
      on: '2024-01-01',
    });
    expect((await ended('overstay', `enclave-${other}-1`)).end).toBe('exited');
    now = new Date('2027-02-28T16:00:00Z');
    expect((await ended('overstay', KEY)).end).toBe('overstayed');
    expect((await types(`incubatee-enclave-${uscc}`)).at(-1)).toBe('incubatee.overstayed.v1');
    expect((await types(`incubatee-enclave-${other}`)).at(-1)).toBe('incubatee.exited.v1');
    expect(await lets()).toContainEqual(['released', `in-${other.toLowerCase()}-1`, '2024-01-01']);

    // That it had left in time comes to be known only now: the notice is void, and both can be read.
    await send(home, 'incubatee', 'ExitFirm', { carrier: 'enclave', uscc, outcome: 'graduated', on: '2027-02-28' });
    await until('the notice is void', async () => {
      const [exited, voided] = (await store.readStream(`incubatee-enclave-${uscc}`)).slice(-2);
      return voided?.type === 'incubatee.overstay-voided.v1' && (voided.data as { fact: string }).fact === exited?.id;
    });
  }, 60_000);

  it('exits the firms of a carrier that is wound up', async () => {
    await run();
    await admit();
    await ended('admission', KEY);
    await send(home, 'carrier', 'GiveNotice', { carrier: 'enclave', closesOn: '2023-09-01' });
    now = new Date('2023-09-01T00:00:00Z');
    expect((await ended('overstay', KEY)).end).toBe('exited');
    const exited = (await store.readStream(`incubatee-enclave-${uscc}`)).at(-1);
    expect(exited).toMatchObject({ type: 'incubatee.exited.v1', data: { outcome: 'exited', leftOn: '2023-09-01' } });
  }, 60_000);

  it('voids the notice of an end by a renewal in time that is told after it', async () => {
    await run();
    await enclave('2024-03-01');
    now = new Date('2024-06-01T00:00:00Z');
    expect((await ended('agreement-expiry', 'agreed-1')).end).toBe('expired');
    await send(province, 'carrier', 'RenewAgreement', { carrier: 'agreed', on: '2024-02-01', until: '2025-03-01' });
    await until('the notice is void', async () => {
      const [renewed, voided] = (await store.readStream('carrier-agreed')).slice(-2);
      return voided?.type === 'carrier.expiry-voided.v1' && (voided.data as { fact: string }).fact === renewed?.id;
    });
    now = new Date('2025-02-28T16:00:00Z');
    await until(
      'its new end is noticed',
      async () => (await types('carrier-agreed')).at(-1) === 'carrier.agreement-expired.v1',
    );
  }, 60_000);

  it('ends an agreement at the end that it has been given last, and begins another term with a renewal', async () => {
    await run();
    await enclave('2024-03-01');
    await send(province, 'carrier', 'RenewAgreement', { carrier: 'agreed', until: '2025-03-01' });
    await running('agreement-expiry', 'agreed-1', (row) => row.due === '2025-02-28T16:00:00.000Z');
    now = new Date('2024-06-01T00:00:00Z');
    // Another deadline passes meanwhile, so that this one was looked at.
    await send(home, 'carrier', 'GiveNotice', { carrier: 'enclave', closesOn: '2024-05-01' });
    await ended('winding-up', 'enclave-1');
    expect(await types('process-agreement-expiry-agreed-1')).toEqual([]);

    now = new Date('2025-02-28T16:00:00Z');
    expect((await ended('agreement-expiry', 'agreed-1')).end).toBe('expired');
    // What was true before the end may be told after it; what was not, not even then.
    await tenant('told-late', { carrier: 'agreed', on: '2025-02-28', from: '2025-02-28' });
    const between = { carrier: 'agreed', on: '2025-03-01', from: '2025-03-01' };
    await expect(tenant('between', between)).rejects.toThrow('carrier.expired');
    await send(province, 'carrier', 'RenewAgreement', { carrier: 'agreed', on: '2025-03-02', until: '2026-03-01' });
    await expect(tenant('between', between)).rejects.toThrow('carrier.expired');
    await tenant('renewed', { carrier: 'agreed', on: '2025-03-02', from: '2025-03-02' });
    now = new Date('2026-02-28T16:00:00Z');
    expect((await ended('agreement-expiry', 'agreed-2')).end).toBe('expired');
  }, 60_000);
});

describe('whatever happens to it', () => {
  it('on half of the log does nothing: a deadline that was replaced later does not pass', async () => {
    await enclave('2024-03-01');
    // What lies beyond the watermark is not read yet, and the half would be less than is meant.
    const half = await until('all of it can be read', async () => {
      const read = await store.readAll({ after: '', limit: 1_000 });
      return read.events.some(({ type }) => type === 'space.added.v1') && read;
    });
    await send(province, 'carrier', 'RenewAgreement', { carrier: 'agreed', until: '2026-03-01' });
    now = new Date('2025-01-01T00:00:00Z');

    let goOn: () => void = () => undefined;
    const rest = new Promise<void>((resume) => (goOn = resume));
    // A log of which only the beginning can be read at first.
    const slow: EventStore = {
      ...bound(store),
      async *subscribe(options) {
        const events = half.events.filter((e) => options.types?.includes(e.type) ?? true);
        yield { events, position: half.position, live: false };
        await rest;
        yield* store.subscribe({ ...options, after: half.position });
      },
    };
    const kept = await project(slow);
    await running('agreement-expiry', 'agreed-1', (row) => row.due! < now.toISOString());
    let asked = 0;
    await dispatch(() => {
      asked++;
      return isLive(kept);
    });
    const recorded = () => types('process-agreement-expiry-agreed-1');
    await until(
      'it was about to work several times, or works',
      async () => asked > 10 || (await recorded()).length > 0,
    );
    expect(await recorded()).toEqual([]);

    goOn();
    await running('agreement-expiry', 'agreed-1', (row) => row.due! > now.toISOString());
    await admit();
    expect((await ended('admission', KEY)).end).toBe('settled');
    expect(await recorded()).toEqual([]);
  }, 60_000);

  it('carries out a step once whose answer was lost', async () => {
    let lost = 0;
    const kept = await project();
    for (const command of ['AllocateSpace', 'ConfirmAdmission']) {
      const broken = instead(command, async (carryOut) => {
        await carryOut();
        lost++;
        throw new Error('planted: the answer is lost');
      });
      const dispatcher = await dispatch(() => isLive(kept), broken);
      if (command === 'AllocateSpace') await admit();
      const before = lost;
      await until('the answer is lost', () => Promise.resolve(lost > before));
      await dispatcher.stop();
    }
    await dispatch(() => isLive(kept));
    expect((await ended('admission', KEY)).end).toBe('settled');
    expect(await lets()).toEqual([['allocated', ours, null]]);
    expect(await types(`incubatee-enclave-${uscc}`)).toEqual(['incubatee.admitted.v2', 'incubatee.settled.v2']);
    expect(log.filter((line) => line.includes('planted')).length).toBeGreaterThanOrEqual(2);
  }, 60_000);

  it('tells, counts and tries again what it does not expect, and others do not wait for it', async () => {
    const other = completeUscc('91610400MA6Y0002');
    let failures = 0;
    const failing = instead('AllocateSpace', async (carryOut, by) => {
      if (by.region === 'baoji' && ++failures <= 3) throw new Error('planted: not expected');
      return carryOut();
    });
    const dispatcher = await run(failing);
    const baoji: Actor = { id: 'o@baoji', role: 'operator', region: 'baoji' };
    const firm = { carrier: 'enclave', home: 'baoji', uscc: other, firm: 'f', field: '软件', founded: '2022-06-01' };
    const space = { unit: 'floor-1', areaSquareMetres: 1, desks: 1, from: on };
    await send(baoji, 'incubatee', 'AdmitFirm', { ...firm, ...space });
    await until('it fails', () => Promise.resolve(failures > 0));
    expect(dispatcher.troubleOf({ process: 'admission', key: `enclave-${other}-1` })?.message).toContain('planted');
    expect(dispatcher.troubled).toBe(1);
    await admit();
    expect((await ended('admission', KEY)).end).toBe('settled');
    expect((await ended('admission', `enclave-${other}-1`)).end).toBe('rejected');
    expect(log.filter((line) => line.includes('planted')).map((line) => /第 (\d) 次/.exec(line)?.[1])).toEqual([
      '1',
      '2',
      '3',
    ]);
    expect(dispatcher.troubleOf({ process: 'admission', key: `enclave-${other}-1` })).toBeUndefined();
  }, 60_000);

  it('waits while the store is away, says so once, and goes on', async () => {
    let away = 0;
    await run(
      instead('AllocateSpace', (carryOut) =>
        ++away <= 3 ? Promise.reject(new StoreUnavailableError('planted')) : carryOut(),
      ),
    );
    await admit();
    expect((await ended('admission', KEY)).end).toBe('settled');
    expect(away).toBe(4);
    expect(log.filter((line) => line.includes('planted'))).toHaveLength(1);
  }, 60_000);

  it('does not start where nothing keeps its rows, and says what to set', () => {
    const config = readPlatformConfig({ DATABASE_URL: database.url, ROLES: 'api,processes' });
    const processesOf = new Processes(sources[0]!, store, {} as CommandBus, {} as Runners, config, () => now);
    expect(() => processesOf.onApplicationBootstrap()).toThrow(/ROLES=api,projector,processes/);
  });

  it('is the same when it is built anew from the log, and nothing is done again', async () => {
    await tenant('rival', { areaSquareMetres: 10, desks: 1 });
    await run();
    await admit();
    // The first has the space, before the second asks for it.
    await ended('admission', KEY);
    await admit({ uscc: completeUscc('91610400MA6Y0002') });
    await ended('admission', `enclave-${completeUscc('91610400MA6Y0002')}-1`);
    await send(home, 'carrier', 'GiveNotice', { carrier: 'enclave', closesOn: '2023-09-01' });
    now = new Date('2023-09-02T00:00:00Z');
    await ended('winding-up', 'enclave-1');
    // Its firm leaves with it.
    await ended('overstay', KEY);
    await Promise.all(dispatchers.map((d) => d.stop()));
    await Promise.all(projectors.map((p) => p.stop()));

    const [before, events] = [await rows(), await store.readAll({ after: '', limit: 1_000 })];
    // Two admissions, a stay, a closing, and the link of the carrier.
    expect(before.length).toBe(5);
    await sources[0]!.query('truncate processes');
    await sources[0]!.query(`update projection_checkpoints set position = ''`);
    await run();
    await until('it is built anew', async () => isLive(projectors.at(-1)!) && (await rows()).length === 5);
    expect(await rows()).toEqual(before);
    await admit({ uscc: completeUscc('91610400MA6Y0003') });
    await ended('admission', `enclave-${completeUscc('91610400MA6Y0003')}-1`);
    const after = await store.readAll({ after: events.position, limit: 1_000 });
    expect(after.events.filter((e) => !JSON.stringify(e.data).includes(completeUscc('91610400MA6Y0003')))).toEqual([]);
  }, 60_000);
});

/** Its methods without its class. */
function bound(of: EventStore): EventStore {
  return {
    tellsRepetition: of.tellsRepetition,
    append: of.append.bind(of),
    readStream: of.readStream.bind(of),
    heads: of.heads.bind(of),
    readAll: of.readAll.bind(of),
    subscribe: of.subscribe.bind(of),
    progress: of.progress.bind(of),
    close: of.close.bind(of),
  };
}
