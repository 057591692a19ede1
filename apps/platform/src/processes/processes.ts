import {
  Inject,
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { DataSource } from 'typeorm';
import type { Clock, EventStore, ProcessInstance } from '#libs/eventing';
import { CLOCK, EVENT_STORE } from '#libs/eventing-nest';
import { StartupError } from '#libs/config';
import { CONFIG, type PlatformConfig } from '../config.js';
import { Runners } from '../runners.js';
import { Dispatcher, type Trouble } from './dispatcher.js';
import { processes } from './processes.projection.js';

/** Runs the processes, where this process has the role. */
@Injectable()
export class Processes implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger('processes');
  private dispatcher: Dispatcher | undefined;

  constructor(
    private readonly database: DataSource,
    @Inject(EVENT_STORE) private readonly store: EventStore,
    private readonly bus: CommandBus,
    private readonly runners: Runners,
    @Inject(CONFIG) private readonly config: PlatformConfig,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    const { ROLES } = this.config;
    if (!ROLES.includes('processes')) return;
    if (!ROLES.includes('projector')) {
      throw new StartupError(
        '配置有误：ROLES 含 processes 时须同时含 projector，例如 ROLES=api,projector,processes',
        'A process with the role processes needs the role projector too, for example ROLES=api,projector,processes',
      );
    }
    this.dispatcher = new Dispatcher({
      database: this.database,
      store: this.store,
      send: (submit) => this.bus.execute(submit),
      clock: this.clock,
      live: () => this.runners.projections().some((p) => p.name === processes.name && p.live),
      log: (line) => this.log.warn(line),
    });
    this.dispatcher.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.dispatcher?.stop();
  }

  /** How many instances this process cannot go on with, so far. */
  get troubled(): number {
    return this.dispatcher?.troubled ?? 0;
  }

  troubleOf(instance: Pick<ProcessInstance, 'process' | 'key'>): Trouble | undefined {
    return this.dispatcher?.troubleOf(instance);
  }
}
