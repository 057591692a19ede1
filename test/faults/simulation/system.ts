import { Column, Entity, PrimaryColumn } from 'typeorm';
import { contexts } from '../../../apps/platform/src/contexts.js';
import { feeds } from '../../../apps/platform/src/feed/feed.projection.js';
import { Relay } from '../../../apps/platform/src/feed/relay.js';
import { Dispatcher } from '../../../apps/platform/src/processes/dispatcher.js';
import { processes } from '../../../apps/platform/src/processes/processes.projection.js';
import { readModelOf } from '../../../apps/platform/src/read-models.js';
import { FeedReader } from '../../../libs/city/src/reader.js';
import { carriersContext } from '#libs/contexts/carriers';
import { kindOf, type IncubationRule } from '#libs/contexts/carriers';
import { knownCodes, type KnownCodes } from '#libs/contexts/codes';
import type { Grounds } from '#libs/contexts/topology';
import { Executor, projection, type AnyProjection, type DomainEvent, type RecordedEvent } from '#libs/eventing';
import { Gateway } from '#libs/eventing-nest';
import { Checkpoints, projected, Projectors, type Projected } from '#libs/eventing-postgres';
import {
  EMPTY_FEED,
  regionFeed,
  type FeedHead,
  type FeedPage,
  type FeedRecord,
  type FeedSink,
  type FeedSource,
} from '#libs/messages';
import { v5 as uuidV5 } from 'uuid';
import { planted } from './city-verify.js';
import { delay, type Host, type Scheduler } from './scheduler.js';
import { Database, Pool, Server } from './server.js';
import { SimulatedStore } from './store.js';

/** The feed that the city reads. */
export const FEED = regionFeed('xianyang');

/** What every rule may know of the world outside its stream. */
export const world: Grounds & {
  host: string;
  codes: KnownCodes;
  incubation: IncubationRule | null;
  notRestorable(): undefined;
} = {
  codes: knownCodes(),
  has: () => true,
  inHub: (r) => r === 'xixian',
  knows: () => true,
  lies: () => undefined,
  misplaced: () => undefined,
  host: 'xixian',
  ...kindOf('飞地孵化器'),
  notRestorable: () => undefined,
};

/** The one way in for commands, over a world that stands still. */
export const gatewayOf = (executor: Executor): Gateway =>
  new Gateway(
    contexts.map((context) => ({ ...context, world: async () => world })),
    executor,
    () => new Date(),
    { claimed: async () => undefined },
  );

/** What has been applied to a stream, in the order in which it was: a figure that no event may be missing from, or twice in. */
@Entity('journal')
export class JournalRow {
  @PrimaryColumn('text') stream!: string;
  @Column('jsonb') events!: readonly string[];
  @Column('text') occurredAt!: string;
  @Column('text') position!: string;
}

/** @param poison the stream whose events this release cannot apply */
export function journal(poison?: string): AnyProjection {
  const types = contexts.flatMap((c) => Object.keys(c.decider.evolve)).concat(Object.keys(processes.on), 'note.v1');
  const step = {
    key: (_: object, { stream }: RecordedEvent) => ({ stream }),
    apply(row: JournalRow | undefined, _: object, { stream, id }: RecordedEvent) {
      if (stream === poison) throw new Error('planted: this release cannot apply it');
      return { ...row, stream, events: [...(row?.events ?? []), id] };
    },
  };
  const on = Object.fromEntries(types.map((type) => [type, step]));
  return projection<JournalRow, DomainEvent>({ name: 'journal', version: 1, row: JournalRow, on });
}

/** The context whose lists and figure are kept. */
export const kept = carriersContext;

/** What a schedule may plant; product code has no switch for it. */
export const bugs = [
  'no-fencing',
  'checkpoint-before-rows',
  'rows-before-checkpoint',
  'naive-cursor',
  'feed-numbers-from-memory',
  'versions-left-open',
  'fresh-command-ids',
  'duplicates-applied',
] as const;
export type Bug = (typeof bugs)[number];

/** The province and one city, over a network that loses, doubles and overtakes. */
export class System {
  readonly province: Server;
  readonly city: Server;
  readonly wire: Wire;
  /** Hosts' clocks, in milliseconds off. */
  readonly skews = new Map<string, number>();
  bugRan = 0;

  constructor(
    readonly scheduler: Scheduler,
    /** What every clock that is right shows at the beginning, in milliseconds since 1970. */
    public epochMs: number,
    readonly bug: Bug | undefined,
  ) {
    const mishaps = scheduler.pick([0, 0.005, 0.02]);
    this.province = new Server('province', scheduler, mishaps);
    this.city = new Server('city', scheduler, mishaps);
    this.wire = new Wire(this);
    this.city.table('feeds').set(FEED, { feed: FEED, sequence: '0', digest: EMPTY_FEED });
    if (bug === 'naive-cursor') this.province.naive = () => this.bugRan++;
    if (bug === 'no-fencing') this.leaveOut(/and c\.owner_epoch = m\.epoch( and c\.position = m\.position)?/);
    if (bug === 'versions-left-open') this.leaveOut(/_known_to = c\._known_to,/);
    planted.duplicates = bug === 'duplicates-applied' ? () => this.bugRan++ : undefined;
  }

  /** Plants a bug: statements of the province lack this. */
  private leaveOut(part: RegExp): void {
    this.province.rewrite = (sql) => {
      const without = sql.replace(part, '');
      if (without !== sql) this.bugRan++;
      return without;
    };
  }

  clock(host: Host): Date {
    const [machine] = host.name.split('#');
    return new Date(this.epochMs + this.scheduler.now + (this.skews.get(machine!) ?? 0));
  }

  tell(host: Host, line: string): void {
    const { scheduler } = this;
    scheduler.trace.push(`${scheduler.now} ${host.name} says: ${line}`);
    if (line.includes('another process')) scheduler.fire('stale writes refused');
  }
}

/** One life of a platform process: all the roles of a real one, without the HTTP door. */
export class Platform {
  readonly host: Host;
  private readonly projectors: Projectors;
  private readonly dispatcher: Dispatcher;
  private readonly relay: Relay;

  constructor(
    system: System,
    name: string,
    readonly poison: string | undefined,
  ) {
    const host: Host = { name, state: 'running' };
    this.host = host;
    const { province, scheduler, bug } = system;
    const database = new Database(province, host).source;
    const store = new SimulatedStore(province, host, scheduler.int(1, 8));
    const log = (line: string) => system.tell(host, line);
    const rows = [journal(poison), processes].map((p) => projected(p, database));
    const numbered = bug === 'feed-numbers-from-memory' ? numberedFromMemory(system) : feeds;
    const torn = bug === 'checkpoint-before-rows' || bug === 'rows-before-checkpoint';
    const checkpoints = torn ? new TornCheckpoints(system, host) : new Checkpoints(database, name);
    this.projectors = new Projectors({ store, checkpoints, projections: [...rows, readModelOf(kept), numbered], log });
    const executor = new Executor(store, () => system.clock(host));
    const gateway = gatewayOf(bug === 'fresh-command-ids' ? forgetful(system, executor) : executor);
    this.dispatcher = new Dispatcher({
      database,
      store,
      send: (submit) => gateway.execute(submit),
      clock: () => system.clock(host),
      live: () => this.projectors.status.some((p) => p.name === processes.name && p.live),
      log,
    });
    this.relay = new Relay(database, system.wire.sink(host), log);
  }

  start(): void {
    this.projectors.start();
    this.dispatcher.start();
    this.relay.start();
  }

  async stop(): Promise<void> {
    await this.dispatcher.stop();
    await Promise.all([this.projectors.stop(), this.relay.stop()]);
  }
}

/** One life of the city's process. */
export class City {
  readonly host: Host;
  readonly reader: FeedReader;

  constructor(system: System, name: string) {
    const host: Host = { name, state: 'running' };
    this.host = host;
    const fetch = (latest: boolean) => async (after: number, limit: number) => {
      const page = await system.wire.page(host, after, limit, latest);
      this.reader.tell(page.last, after);
      return page;
    };
    this.reader = new FeedReader(new Pool(system.city, host).pool, {
      feed: FEED,
      transport: 'kafka',
      source: system.wire.source(host),
      province: { fetchRange: fetch(false), fetchLatest: fetch(true) },
      log: (line) => system.tell(host, line),
    });
  }

  async start(): Promise<void> {
    for (;;) {
      try {
        await this.reader.open();
        break;
      } catch {
        await delay(200);
      }
    }
    this.reader.start();
  }
}

/** A broker, and what lies between it and the city: worse than Kafka, since it loses and overtakes too. */
export class Wire {
  cutUntil = 0;
  private receiver: { host: Host; take(packet: readonly FeedRecord[]): void; trouble(error: Error): void } | undefined;
  private unsettled = false;

  constructor(private readonly system: System) {}

  cut(milliseconds: number): void {
    const { scheduler } = this.system;
    this.cutUntil = scheduler.now + milliseconds;
    this.tell('the wire is cut');
  }

  /** What a client notices in the end when something was lost; without it the city looks for itself every 30 s. */
  settle(): void {
    if (this.unsettled) this.tell('the wire was cut');
    this.unsettled = false;
  }

  sink(host: Host): FeedSink {
    const { scheduler } = this.system;
    const publish = (records: readonly FeedRecord[]) =>
      new Promise<void>((resolve, reject) => {
        const refuse = (why: string) =>
          scheduler.after(scheduler.latency(), host, `broker: ${why}`, () => reject(new Error(why)));
        scheduler.after(scheduler.latency(), undefined, `broker: ${host.name}: publish ${records.length}`, () => {
          if (scheduler.strikes(0.05)) return refuse('not stored');
          this.send(records.filter((r) => r.feed === FEED));
          if (!scheduler.strikes(0.1)) return scheduler.after(scheduler.latency(), host, 'broker: stored', resolve);
          scheduler.fire('publishes stored and not answered');
          return refuse('stored, but not answered');
        });
      });
    return { publish, close: () => Promise.resolve() };
  }

  source(host: Host): FeedSource {
    return {
      run: async (_, take, { signal, onTrouble }) => {
        const inbox: (readonly FeedRecord[])[] = [];
        let arrived: () => void = () => undefined;
        const receiver = {
          host,
          take: (packet: readonly FeedRecord[]) => {
            inbox.push(packet);
            arrived();
          },
          trouble: (error: Error) => onTrouble?.(error),
        };
        this.receiver = receiver;
        while (!signal.aborted) {
          const packet = inbox.shift();
          if (!packet) {
            await new Promise<void>((resolve) => (arrived = resolve));
            continue;
          }
          try {
            await take(packet);
          } catch (error) {
            onTrouble?.(error);
            inbox.unshift(packet);
            await delay(300);
          }
        }
      },
    };
  }

  /** What the province's HTTP door answers: where the feed ends first, and no record beyond it. */
  page(host: Host, after: number, limit: number, latest: boolean): Promise<FeedPage> {
    const { province, scheduler } = this.system;
    return new Promise((resolve, reject) => {
      const fail = (why: string) =>
        scheduler.after(scheduler.latency(), host, `http: ${why}`, () => reject(new Error(why)));
      scheduler.after(scheduler.latency(), undefined, `http: ${host.name}: feed after ${after}`, () => {
        if (scheduler.now < this.cutUntil || scheduler.strikes(0.1)) return fail('no answer');
        const head = province.table('feed_heads').get(FEED) as unknown as FeedHead | undefined;
        const last = { sequence: head?.sequence ?? 0, digest: head?.digest ?? EMPTY_FEED };
        return scheduler.after(scheduler.latency(), undefined, 'http: records', () => {
          const rows = Array.from({ length: Math.max(0, last.sequence - after) }, (_, i) =>
            province.table('feeds').get(JSON.stringify([FEED, after + 1 + i])),
          );
          const records = rows
            .filter((row) => row !== undefined && (!latest || row['latest'] === true))
            .slice(0, limit)
            .map((row) => row!['record'] as FeedRecord);
          const page = { feed: FEED, records, last };
          if (latest && records.length > 0) scheduler.fire('city joined a feed under way');
          const what = `http: ${records.length} records of ${last.sequence}`;
          scheduler.after(scheduler.latency(), host, what, () => resolve(page));
        });
      });
    });
  }

  private send(records: readonly FeedRecord[]): void {
    const { scheduler } = this.system;
    const size = scheduler.int(1, 3);
    for (let at = 0; at < records.length; at += size) {
      const packet = records.slice(at, at + size);
      const copies = scheduler.strikes(0.15) ? 2 : 1;
      if (copies > 1) scheduler.fire('packets doubled');
      for (let n = 0; n < copies; n++) {
        const wait = scheduler.strikes(0.15) ? scheduler.int(20, 1_500) : scheduler.int(0, 10);
        if (wait > 20) scheduler.fire('packets overtaken');
        const what = `packet ${packet[0]!.feedsequence}–${packet.at(-1)!.feedsequence}`;
        scheduler.after(wait, undefined, what, () => this.arrive(packet, what));
      }
    }
  }

  private arrive(packet: readonly FeedRecord[], what: string): void {
    const { scheduler } = this.system;
    const { receiver } = this;
    if (!receiver || receiver.host.state === 'gone' || scheduler.now < this.cutUntil || scheduler.strikes(0.1)) {
      scheduler.fire('packets lost');
      this.unsettled = true;
      return;
    }
    scheduler.after(0, receiver.host, what, () => receiver.take(packet));
  }

  private tell(trouble: string): void {
    const { receiver } = this;
    if (!receiver) return;
    this.system.scheduler.after(0, receiver.host, trouble, () => receiver.trouble(new Error(trouble)));
  }
}

/** Rows and checkpoint in two transactions. */
class TornCheckpoints extends Checkpoints {
  constructor(
    private readonly system: System,
    host: Host,
    private readonly source = new Database(system.province, host).source,
  ) {
    super(source, host.name);
  }

  override async commit(...[parts, position]: Parameters<Checkpoints['commit']>): Promise<void> {
    this.system.bugRan++;
    const checkpoint = () =>
      super.commit(
        parts.map((part) => ({ ...part, work: [] })),
        position,
      );
    const rows = () =>
      this.source.transaction(async (tx) => {
        for (const { projected: of, work, claim } of parts) if (work.length > 0) await of.apply(tx, work, claim.build);
      });
    const rowsFirst = this.system.bug === 'rows-before-checkpoint';
    await (rowsFirst ? rows : checkpoint)();
    await (rowsFirst ? checkpoint : rows)();
  }
}

/** Feeds go on from the numbers that this process has given, whether the transaction that took them stood or not. */
function numberedFromMemory(system: System): Projected {
  const given = new Map<string, { feed: string }>();
  return {
    ...feeds,
    async apply(tx, work, build) {
      const query = async (sql: string, parameters: unknown[]) => {
        const answer = await tx.query<{ feed: string }[]>(sql, parameters);
        if (sql.startsWith('insert into feed_heads')) {
          for (const head of JSON.parse(parameters[0] as string) as { feed: string }[]) given.set(head.feed, head);
        }
        if (!sql.startsWith('select feed, sequence, digest from feed_heads')) return answer;
        system.bugRan++;
        return (parameters[0] as string[]).flatMap((f) => given.get(f) ?? answer.filter((head) => head.feed === f));
      };
      await feeds.apply({ query } as unknown as typeof tx, work, build);
    },
  };
}

/** Every attempt at a step is a command of its own. */
function forgetful(system: System, executor: Executor): Executor {
  const execute: Executor['execute'] = (decider, name, command, context, world) => {
    const commandId = uuidV5(String(++system.bugRan), context.commandId);
    return executor.execute(decider, name, command, { ...context, commandId }, world);
  };
  return { execute } as unknown as Executor;
}
