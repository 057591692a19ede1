import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import {
  Inject,
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { DataSource } from 'typeorm';
import { regionsInside } from '#libs/contexts/topology';
import { Executor, type Actor, type EventStore, type Look, type Position } from '#libs/eventing';
import { EVENT_STORE, isMoment, isRegional, ProblemException, Reads, type Reached } from '#libs/eventing-nest';
import {
  Checkpoints,
  projected,
  Projectors,
  sqlOf,
  type Projected,
  type ProjectorStatus,
} from '#libs/eventing-postgres';
import type { Scope, Sql } from '#libs/read-models';
import { KafkaFeedSink } from '#libs/transport-kafka';
import { CONFIG, type PlatformConfig } from './config.js';
import { contexts } from './contexts.js';
import { feeds } from './feed/feed.projection.js';
import { EventLog } from './log/event-log.js';
import { eventLog } from './log/log.projection.js';
import { Relay } from './feed/relay.js';
import { processes } from './processes/processes.projection.js';
import { readModelOf } from './read-models.js';

/** How long a query waits for the projection to reach the caller's own write, in milliseconds. */
const PATIENCE_MS = 2_000;

/** What runs beside the HTTP door: the projectors and the relay, as far as this process has these roles. */
@Injectable()
export class Runners extends Reads implements OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown {
  private readonly log = new Logger('runners');
  /** Of all projections, by name. */
  readonly all: ReadonlyMap<string, Projected>;
  readonly checkpoints: Checkpoints;
  readonly sql: Sql;
  readonly look: Look;
  /** Resolves when every projection has its tables. */
  readonly declared: Promise<void>;
  private tablesAreThere: () => void = () => undefined;
  private projectors: Projectors | undefined;
  private relay: Relay | undefined;

  constructor(
    private readonly database: DataSource,
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(CONFIG) private readonly config: PlatformConfig,
    executor: Executor,
    private readonly events: EventLog,
  ) {
    super();
    this.declared = new Promise((resolve) => (this.tablesAreThere = resolve));
    this.sql = sqlOf(database.manager);
    this.look = executor.look;
    const all = [...contexts.map(readModelOf), projected(processes, database), feeds, eventLog];
    this.all = new Map(all.map((p) => [p.name, p]));
    // A name of its own: a process that was restarted must not take itself for the one before.
    this.checkpoints = new Checkpoints(database, `${hostname()}:${process.pid}:${randomBytes(3).toString('hex')}`);
  }

  async onApplicationBootstrap(): Promise<void> {
    const { ROLES, KAFKA_BROKERS } = this.config;
    // Whatever this process does: who asks before a projector has begun finds tables that are empty, not none.
    await this.checkpoints.declare([...this.all.values()]);
    this.tablesAreThere();
    const tell = (line: string) => this.log.warn(line);
    if (ROLES.includes('projector')) {
      const { store, checkpoints } = this;
      this.projectors = new Projectors({ store, checkpoints, projections: [...this.all.values()], log: tell });
      this.projectors.start();
    }
    if (ROLES.includes('relay') && KAFKA_BROKERS !== undefined) {
      const sink = await KafkaFeedSink.open({ brokers: KAFKA_BROKERS, clientId: 'liandong-relay', log: tell });
      this.relay = new Relay(this.database, sink, tell);
      this.relay.start();
    }
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all([this.projectors?.stop(), this.relay?.stop()]);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.store.close();
  }

  projections(): ProjectorStatus[] {
    return this.projectors?.status ?? [];
  }

  relayFailure(): string | undefined {
    return this.relay?.failure;
  }

  /** How long the first event after the position has been waiting, in seconds; 0 where none is. */
  async lagSeconds(position: Position): Promise<number> {
    const { events } = await this.store.readAll({ after: position, limit: 1 });
    return events[0] ? Math.max(0, (Date.now() - Date.parse(events[0].metadata.recordedAt)) / 1000) : 0;
  }

  transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    return this.database.transaction('REPEATABLE READ', (tx) => work(sqlOf(tx)));
  }

  async known(asAt: string): Promise<{ position: string; day: string }> {
    if (isMoment(asAt) && Number.isNaN(Date.parse(asAt))) throw noMoment(asAt);
    const position = isMoment(asAt) ? await this.events.positionAt(asAt) : asAt;
    const [last] = await this.database.query<{ day: string }[]>(
      `select to_char(as_at at time zone 'Asia/Shanghai', 'YYYY-MM-DD') as day from event_log
        where position <= $1 and as_at is not null order by position desc limit 1`,
      [position],
    );
    return { position, day: last?.day ?? '1949-10-01' };
  }

  async scopeOf(caller: Actor): Promise<Scope> {
    if (!isRegional(caller)) return 'all';
    return [...(await regionsInside(this.look, caller.region ?? ''))];
  }

  /** How far all that lists and figures are read from has come. */
  async advanced(): Promise<Position> {
    const { position } = await this.checkpoints.reached(contexts.map(({ name }) => name));
    return position;
  }

  async reach(names: readonly string[], token: string | undefined): Promise<Reached> {
    for (const until = Date.now() + PATIENCE_MS; ; await delay(5)) {
      const { position, parked } = await this.checkpoints.reached(names);
      const stale = token !== undefined && position < token;
      if (!stale || Date.now() >= until) return { position, stale, parked };
    }
  }
}

function noMoment(asAt: string): ProblemException {
  const [zh, en] = [`不是时刻：${asAt}`, `Not an instant: ${asAt}`];
  return new ProblemException(422, 'request.invalid', zh, en, [{ field: 'asAt', code: 'instant', zh, en }]);
}
