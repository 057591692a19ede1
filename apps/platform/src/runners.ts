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
import type { EventStore, Position } from '#libs/eventing';
import { Consistency, EVENT_STORE, type Reached } from '#libs/eventing-nest';
import { Checkpoints, projected, Projectors, type Projected, type ProjectorStatus } from '#libs/eventing-postgres';
import { KafkaFeedSink } from '#libs/transport-kafka';
import { CONFIG, type PlatformConfig } from './config.js';
import { regionFeed } from './feed/feed.projection.js';
import { Relay } from './feed/relay.js';
import { projections } from './reads.js';

/** How long a query waits for the projection to reach the caller's own write, in milliseconds. */
const PATIENCE_MS = 2_000;

/** What runs beside the HTTP door: the projectors and the relay, as far as this process has these roles. */
@Injectable()
export class Runners
  extends Consistency
  implements OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown
{
  private readonly log = new Logger('runners');
  /** Of all projections, by name. */
  readonly all: ReadonlyMap<string, Projected>;
  readonly checkpoints: Checkpoints;
  private projectors: Projectors | undefined;
  private relay: Relay | undefined;

  constructor(
    private readonly database: DataSource,
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(CONFIG) private readonly config: PlatformConfig,
  ) {
    super();
    const all = [...projections.map((p) => projected(p, database)), regionFeed];
    this.all = new Map(all.map((p) => [p.name, p]));
    // A name of its own: a process that was restarted must not take itself for the one before.
    this.checkpoints = new Checkpoints(database, `${hostname()}:${process.pid}:${randomBytes(3).toString('hex')}`);
  }

  async onApplicationBootstrap(): Promise<void> {
    const { ROLES, KAFKA_BROKERS } = this.config;
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

  async reach(names: readonly string[], token: string | undefined): Promise<Reached> {
    for (const until = Date.now() + PATIENCE_MS; ; await delay(5)) {
      const { position, parked } = await this.checkpoints.reached(names);
      const stale = token !== undefined && position < token;
      if (!stale || Date.now() >= until) return { position, stale, parked };
    }
  }
}
