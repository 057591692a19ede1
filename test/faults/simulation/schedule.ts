import { contexts } from '../../../apps/platform/src/contexts.js';
import {
  evolve,
  Executor,
  isRefusal,
  RefusedError,
  type Actor,
  type DomainEvent,
  type NewEvent,
  type Receipt,
} from '#libs/eventing';
import { Submit } from '#libs/eventing-nest';
import { completeUscc } from '#libs/fields';
import { compare } from './ledger.js';
import { delay, keepTime, Scheduler, type Host } from './scheduler.js';
import { SimulatedStore } from './store.js';
import { City, FEED, gatewayOf, Platform, System, world, type Bug } from './system.js';

export interface Ran {
  readonly violations: readonly string[];
  /** How often each fault was seen. */
  readonly fired: ReadonlyMap<string, number>;
  readonly checked: number;
  readonly bugRan: boolean;
  readonly steps: number;
  trace(): string;
}

/** Faults happen until then, in milliseconds. */
const FAULTS_MS = 4_000;
/** Everything must have come to rest so long after that; a city that has lost the last record looks after 30 s. */
const REST_MS = 90_000;
const LEASE_MS = 3_000;
const DAY_MS = 86_400_000;
/** The first of September, on which all deadlines fall, begins in China a few seconds into the schedule. */
const EPOCH_MS = Date.parse('2023-08-31T16:00:00Z') - 2_000;

const home: Actor = { id: 'o@xianyang', role: 'operator', region: 'xianyang' };
const host: Actor = { id: 'o@xixian', role: 'operator', region: 'xixian' };
const province: Actor = { id: 'p', role: 'province' };
const firms = ['1', '2', '3'].map((n) => completeUscc(`91610400MA6Y000${n}`));
const carrier = 'enclave';

interface Act {
  readonly by: Actor;
  readonly context: string;
  readonly command: string;
  readonly fields: { readonly on: string; readonly carrier: string };
}

const act = (by: Actor, context: string, command: string, on: string, fields: object): Act => ({
  by,
  context,
  command,
  fields: { on, carrier, ...fields },
});
// Of a kind that lets space to others than those who are admitted: a rival for the last desk.
const names = { name: '咸阳中心', kind: '离岸研发中心', home: 'xianyang', host: 'xixian' };
const founding = [
  act(home, 'carrier', 'ProposeCarrier', '2019-01-01', { ...names, basis: { document: 'd', clause: 'c' } }),
  act(home, 'carrier', 'SignAsHome', '2019-01-01', {}),
  act(host, 'carrier', 'SignAsHost', '2019-01-01', {}),
  act(province, 'carrier', 'FileCarrier', '2019-01-01', { filing: 'f', agreementUntil: '2023-09-01' }),
  act(home, 'carrier', 'OpenCarrier', '2019-01-01', {}),
  act(home, 'carrier', 'AddSpaceUnit', '2019-01-01', {
    unit: 'floor-1',
    areaSquareMetres: 100,
    desks: 10,
    from: '2019-01-01',
  }),
];

const admit = (uscc: string) =>
  act(home, 'incubatee', 'AdmitFirm', '2019-09-01', {
    home: 'xianyang',
    uscc,
    firm: '示例企业',
    field: '软件',
    founded: '2018-09-01',
    unit: 'floor-1',
    areaSquareMetres: 40,
    desks: 4,
    from: '2019-09-01',
  });

/** What people do, at any time and in any order: some of it is refused. */
const acts = [
  ...firms.map(admit),
  ...firms.map((uscc) => act(home, 'incubatee', 'WithdrawAdmission', '2019-09-02', { uscc })),
  act(home, 'incubatee', 'ExitFirm', '2020-01-01', { uscc: firms[0], outcome: 'graduated' }),
  act(home, 'carrier', 'AllocateSpace', '2019-09-01', {
    unit: 'floor-1',
    allocation: 'rival',
    uscc: completeUscc('91610400MA6Y0009'),
    firm: 'f',
    areaSquareMetres: 30,
    desks: 3,
    from: '2019-09-01',
  }),
  act(home, 'carrier', 'ReleaseSpace', '2019-09-01', { allocation: 'rival', until: '2019-09-01' }),
  act(home, 'carrier', 'GiveNotice', '2023-08-01', { closesOn: '2023-09-01' }),
  act(host, 'carrier', 'RevokeNotice', '2023-08-02', {}),
  act(province, 'carrier', 'RenewAgreement', '2023-08-01', { until: '2023-09-02' }),
];

const uuid = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const deciderOf = (context: string) => contexts.find((c) => c.decider.category === context)!.decider;

/** The carrier as it has been for years. */
const past: readonly NewEvent[] = founding.reduce<NewEvent[]>((events, { by, context, command, fields }, n) => {
  const decider = deciderOf(context);
  const state = events.reduce<unknown>((s, e) => evolve(decider, s, e, e.metadata.occurredAt), decider.initial);
  const decision = decider.decide[command]!(fields, state, { by, world });
  if (isRefusal(decision)) throw new Error(`${command} is refused: ${decision.en}`);
  return [...events, ...(decision as DomainEvent[]).map((fact) => eventOf(fact, n, by, fields.on))];
}, []);

function eventOf({ type, data }: DomainEvent, n: number, actor: Actor, occurredAt: string): NewEvent {
  const id = uuid(n);
  const metadata = {
    commandId: id,
    commandDigest: '',
    causationId: id,
    correlationId: id,
    actor,
    occurredAt,
    recordedAt: '2023-08-31T00:00:00.000Z',
    regions: type === 'note.v1' ? [] : ['xianyang', 'xixian'],
    schemaVersion: 1 as const,
  };
  return { id, type, data, metadata };
}

/** Runs one schedule. The same seed and bug give the same trace, byte for byte. */
export async function simulate(seed: number, bug?: Bug): Promise<Ran> {
  // The test's own timers have their turn.
  await new Promise((resolve) => setImmediate(resolve));
  const scheduler = new Scheduler(seed);
  keepTime(scheduler);
  const system = new System(scheduler, EPOCH_MS, bug);
  const run = new Schedule(scheduler, system);
  const rest = await run.toRest();
  const violations = rest ? await compare(system, run.acknowledged) : [`does not come to rest: ${run.unrest()}`];
  return {
    violations: violations.map((v) => `seed ${seed}: ${v}`),
    fired: scheduler.fired,
    checked: system.province.events.length,
    bugRan: system.bugRan > 0,
    steps: scheduler.trace.length,
    trace: () => `${scheduler.trace.join('\n')}\n`,
  };
}

class Schedule {
  /** Ids of the commands that were answered. */
  readonly acknowledged: string[] = [];
  private readonly platforms: Platform[] = [];
  private city: City;
  private lives = 0;
  private answers = 0;
  private asked = 0;

  constructor(
    private readonly scheduler: Scheduler,
    private readonly system: System,
  ) {
    const door: Host = { name: 'door', state: 'running' };
    const session = system.province.connect(door);
    const transaction = system.province.begin(session);
    system.province.append(transaction, `carrier-${carrier}`, 'no-stream', past);
    system.province.end(transaction, true);
    for (const machine of ['p1', 'p2', 'p3'].slice(0, scheduler.int(2, 3))) this.begin(machine, scheduler.int(0, 500));
    this.city = this.beginCity(scheduler.int(0, scheduler.chance(0.3) ? 3_000 : 500));
    this.open(door);
    for (let n = scheduler.int(1, 4); n > 0; n--) {
      scheduler.after(scheduler.int(200, FAULTS_MS), undefined, 'fault', () => scheduler.faulty && this.strike());
    }
    scheduler.after(FAULTS_MS, undefined, 'the faults are over', () => this.mend());
  }

  /** Whether everything came to rest in time. */
  async toRest(): Promise<boolean> {
    let still: boolean | undefined;
    let before = -1;
    const look = () => {
      const { length } = this.system.province.events;
      if (this.unrest() === '' && length === before) still = true;
      else if (this.scheduler.now > FAULTS_MS + REST_MS) still = false;
      else this.scheduler.after(250, undefined, 'looks whether all is done', look);
      before = length;
    };
    this.scheduler.after(FAULTS_MS + 250, undefined, 'looks whether all is done', look);
    return (await this.scheduler.run(() => still)) === true;
  }

  /** What is not done yet. */
  unrest(): string {
    const { province, city } = this.system;
    const head = province.events.at(-1)!.event.position;
    const checkpoints = [...province.table('projection_checkpoints').values()];
    const feeds = [...province.table('feed_heads').values()];
    const cursor = city.table('feeds').get(FEED);
    const due = [...province.table('processes').values()].filter(
      (p) => (p['pending'] as object[]).length > 0 || p['due'],
    );
    const waits = {
      asleep: this.platforms.filter((p) => p.host.state === 'stopped').map((p) => p.host.name),
      answers: this.asked - this.answers,
      projections: checkpoints.filter((c) => (c['position'] as string) < head).map((c) => c['name']),
      parked: [...province.table('projection_parked').keys()],
      processes: due.map((p) => p['key']),
      relay: feeds.filter((f) => province.table('feed_relay').get(f['feed'] as string)?.['relayed'] !== f['sequence']),
      city: Number(cursor?.['sequence'] ?? 0) - Number(feeds.find((f) => f['feed'] === FEED)?.['sequence'] ?? 0),
    };
    const open = Object.entries(waits).filter(([, what]) => (Array.isArray(what) ? what.length > 0 : what !== 0));
    return open.map(([name, what]) => `${name} ${JSON.stringify(what)}`).join(', ');
  }

  private begin(machine: string, wait: number): void {
    const { scheduler, system } = this;
    const poison = scheduler.strikes(0.2) ? scheduler.pick(['note-1', `carrier-${carrier}`]) : undefined;
    const platform = new Platform(system, `${machine}#${++this.lives}`, poison);
    this.platforms.push(platform);
    scheduler.after(wait, platform.host, 'starts', () => platform.start());
  }

  private beginCity(wait: number): City {
    const city = new City(this.system, `city#${++this.lives}`);
    this.scheduler.after(wait, city.host, 'starts', () => void city.start());
    return city;
  }

  /** What comes in at the HTTP door: each command is sent, the same, until it is answered. */
  private open(door: Host): void {
    const { scheduler, system } = this;
    const store = new SimulatedStore(system.province, door, 10);
    const gateway = gatewayOf(new Executor(store, () => system.clock(door)));
    const send = (n: number, what: string, work: () => Promise<unknown>) => {
      this.asked++;
      scheduler.after(scheduler.int(0, FAULTS_MS), door, `sends ${what}`, () => void this.insist(n, work));
    };
    for (const [n, { by, context, command, fields }] of acts.entries()) {
      if (scheduler.chance(0.4)) continue;
      send(100 + n, command, () =>
        gateway.execute(new Submit(context, command, fields, { commandId: uuid(100 + n), by })),
      );
    }
    for (let n = 0; n < 6; n++) {
      const stream = `note-${scheduler.int(1, 2)}`;
      send(200 + n, stream, () =>
        store.append(stream, 'any', [eventOf({ type: 'note.v1', data: {} }, 200 + n, home, '2023-08-31')]),
      );
    }
  }

  private async insist(n: number, work: () => Promise<unknown>): Promise<void> {
    for (;;) {
      try {
        const { events } = (await work()) as Partial<Receipt>;
        // A command that changes nothing is answered too.
        if (events?.length !== 0) this.acknowledged.push(uuid(n));
        break;
      } catch (error) {
        if (error instanceof RefusedError) break;
        await delay(100);
      }
    }
    this.answers++;
  }

  private strike(): void {
    const { scheduler, system } = this;
    const there = this.platforms.filter((p) => p.host.state !== 'gone');
    // Most of all the one that has something to lose.
    const owners = there.filter((p) => this.owned(p.host).length > 0);
    const platform = scheduler.pick(owners.length > 0 && scheduler.chance(0.6) ? owners : there);
    const faults: Record<string, () => void> = {
      stopped: () =>
        this.stop(
          platform,
          scheduler.chance(0.7) ? scheduler.int(LEASE_MS, LEASE_MS + 1_000) : scheduler.int(100, 2_500),
        ),
      killed: () => this.kill(platform),
      restarted: () => this.restart(platform),
      'connections ended by the server': () => system.province.drop(platform.host) > 0,
      'province server crashed': () => system.province.crash(),
      'city server crashed': () => system.city.crash(),
      'city killed': () => this.killCity(),
      'wire cut': () => system.wire.cut(scheduler.int(300, 3_000)),
      'clock set': () => {
        const off = scheduler.pick([-DAY_MS, -5_000, 3_000, DAY_MS]);
        system.skews.set(scheduler.pick(['p1', 'p2', 'p3', 'door']), off);
      },
      'clock of the database set': () => (system.province.skewMs = scheduler.pick([-DAY_MS, -2_000, 2_500, DAY_MS])),
    };
    const [name, happen] = scheduler.pick([...Object.entries(faults), ...Object.entries(faults).slice(0, 2)]);
    scheduler.fire(name);
    happen();
  }

  private stop({ host: stopped }: Platform, milliseconds: number): void {
    const { scheduler, system } = this;
    if (stopped.state !== 'running') return;
    stopped.state = 'stopped';
    const owned = this.owned(stopped);
    // Its peers' kernels give up on its connections, so that what it has locked is free again.
    if (scheduler.chance(0.5)) {
      scheduler.after(scheduler.int(100, 1_500), undefined, `${stopped.name} is cut off`, () => {
        if (stopped.state === 'stopped') system.province.drop(stopped);
      });
    }
    scheduler.after(milliseconds, undefined, `${stopped.name} wakes up`, () => {
      if (stopped.state !== 'stopped') return;
      const now = this.owned(stopped);
      if (owned.some((name) => !now.includes(name))) scheduler.fire('stopped past its lease and woken');
      scheduler.wake(stopped);
    });
  }

  private owned({ name }: Host): unknown[] {
    const checkpoints = [...this.system.province.table('projection_checkpoints').values()];
    return checkpoints.filter((c) => c['owner'] === name).map((c) => c['name']);
  }

  private kill(platform: Platform): void {
    const { scheduler, system } = this;
    platform.host.state = 'gone';
    const notices = () => void system.province.drop(platform.host);
    scheduler.after(scheduler.int(0, 200), undefined, `the server notices that ${platform.host.name} is gone`, notices);
    this.begin(platform.host.name.split('#')[0]!, scheduler.int(0, 1_500));
  }

  private restart(platform: Platform): void {
    const stop = async () => {
      await platform.stop();
      if (platform.host.state !== 'gone') this.kill(platform);
    };
    this.scheduler.as(platform.host, 'stops', () => void stop());
  }

  private killCity(): void {
    const { scheduler, system, city } = this;
    city.host.state = 'gone';
    scheduler.after(scheduler.int(0, 200), undefined, 'the server notices', () => void system.city.drop(city.host));
    this.city = this.beginCity(scheduler.int(0, 2_000));
  }

  /** From here on all goes well: whoever is stopped wakes up in its time, clocks are right and well past the deadlines. */
  private mend(): void {
    const { scheduler, system } = this;
    scheduler.faulty = false;
    system.skews.clear();
    system.province.skewMs = 0;
    system.wire.cutUntil = 0;
    system.epochMs += 3 * DAY_MS;
    for (const platform of this.platforms) {
      if (platform.host.state !== 'gone' && platform.poison !== undefined) this.restart(platform);
    }
    scheduler.after(250, undefined, 'the wire settles', () => system.wire.settle());
  }
}
