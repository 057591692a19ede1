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
import { START, type EventStore } from '#libs/eventing';
import { Consistency, EVENT_STORE } from '#libs/eventing-nest';
import { projected, Projector, type ProjectorStatus } from '#libs/eventing-postgres';
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
  private projectors: Projector[] = [];
  private relay: Relay | undefined;

  constructor(
    private readonly database: DataSource,
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(CONFIG) private readonly config: PlatformConfig,
  ) {
    super();
  }

  async onApplicationBootstrap(): Promise<void> {
    const { ROLES, KAFKA_BROKERS } = this.config;
    const tell = (line: string) => this.log.warn(line);
    if (ROLES.includes('projector')) {
      const all = [...projections.map((p) => projected(p, this.database)), regionFeed];
      this.projectors = all.map((p) => new Projector(this.store, this.database, p, tell));
      for (const projector of this.projectors) projector.start();
    }
    if (ROLES.includes('relay') && KAFKA_BROKERS !== undefined) {
      const sink = await KafkaFeedSink.open({ brokers: KAFKA_BROKERS, clientId: 'liandong-relay', log: tell });
      this.relay = new Relay(this.database, sink, tell);
      this.relay.start();
    }
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all([...this.projectors.map((p) => p.stop()), this.relay?.stop()]);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.store.close();
  }

  projections(): ProjectorStatus[] {
    return this.projectors.map((p) => p.status);
  }

  relayFailure(): string | undefined {
    return this.relay?.failure;
  }

  async reach(names: readonly string[], token: string | undefined): Promise<{ position: string; stale: boolean }> {
    for (const until = Date.now() + PATIENCE_MS; ; await delay(5)) {
      const [row] = await this.database.query<{ position: string | null }[]>(
        'select min(position) as position from projection_checkpoints where name = any($1)',
        [names],
      );
      const position = row!.position ?? START;
      const stale = token !== undefined && position < token;
      if (!stale || Date.now() >= until) return { position, stale };
    }
  }
}
