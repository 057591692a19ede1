import { setTimeout as delay } from 'node:timers/promises';
import {
  Inject,
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { DataSource, type MigrationInterface, type QueryRunner } from 'typeorm';
import { Executor, START, type Clock, type EventStore, type Position } from '#libs/eventing';
import {
  claimOf,
  CLOCK,
  CONTEXTS,
  EVENT_STORE,
  ProblemException,
  RecordedKeys,
  type Context,
} from '#libs/eventing-nest';

/** How far each type of fact that gives keys has been gone through; null: to the end, as it was then. */
export class RecordedKeys1764000000043 implements MigrationInterface {
  name = 'RecordedKeys1764000000043';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('create table recorded_keys (type text primary key, position text)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table recorded_keys');
  }
}

/** How long a command waits for what was recorded before, in milliseconds, and how long after a failure it is tried again. */
const PATIENCE_MS = 10_000;
const RETRY_MS = 1_000;
const PAGE = 1_000;

/**
 * Claims the keys of facts that were recorded before the release that claims them: once for each type of fact, going on
 * where it was. From then on commands claim their own. Until it is through, a command that gives a key waits.
 */
@Injectable()
export class KeysOfTheLog extends RecordedKeys implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger('recorded-keys');
  private readonly stopping = new AbortController();
  private through = false;
  private work: Promise<void> = Promise.resolve();

  constructor(
    private readonly database: DataSource,
    @Inject(EVENT_STORE) private readonly store: EventStore,
    private readonly executor: Executor,
    @Inject(CONTEXTS) private readonly contexts: readonly Context[],
    @Inject(CLOCK) private readonly clock: Clock,
  ) {
    super();
  }

  onApplicationBootstrap(): void {
    this.work = this.claimAll();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.work;
  }

  async claimed(): Promise<void> {
    if (this.through) return;
    const { signal } = this.stopping;
    await Promise.race([this.work, delay(PATIENCE_MS, undefined, { signal, ref: false }).catch(() => undefined)]);
    if (this.through) return;
    throw new ProblemException(
      503,
      'keys.not-ready',
      '正在登记以往记录中的编号（备案号、认定登记编号、资产编号等），请稍后再试',
      'The numbers of what was recorded before are being registered: try again later',
    );
  }

  private async claimAll(): Promise<void> {
    while (!this.through && !this.stopping.signal.aborted) {
      try {
        this.through = await this.goThrough();
      } catch (error) {
        this.log.error(`the keys of what was recorded before are not claimed yet: ${String(error)}`);
        await delay(RETRY_MS, undefined, { signal: this.stopping.signal }).catch(() => undefined);
      }
    }
  }

  /** @returns false where it was cut short */
  private async goThrough(): Promise<boolean> {
    const givers = new Map(
      this.contexts.flatMap(({ keys, keyed }) =>
        Object.entries(keyed).map(([type, command]) => [type, { keys, command }] as const),
      ),
    );
    const places = await this.database.query<{ type: string; position: Position | null }[]>(
      'select type, position from recorded_keys',
    );
    const known = new Map(places.map(({ type, position }) => [type, position]));
    const types = [...givers.keys()].filter((type) => known.get(type) !== null);
    const reached = async (position: Position | null) => {
      await this.database.query(
        `insert into recorded_keys (type, position) select unnest($1::text[]), $2
           on conflict (type) do update set position = excluded.position where recorded_keys.position is not null`,
        [types, position],
      );
    };
    const started = this.clock().toISOString();
    let after = types.map((type) => known.get(type) ?? START).sort()[0] ?? START;
    for (let done = types.length === 0; !done;) {
      const page = await this.store.readAll({ after, types, limit: PAGE });
      for (const fact of page.events) {
        if (this.stopping.signal.aborted) return false;
        const { keys, command } = givers.get(fact.type)!;
        await claimOf(fact, keys, command, this.store, this.executor);
      }
      // What is recorded from now on has been claimed by its command: a log that grows all the time has an end too.
      done = page.position === after || page.events.some(({ metadata }) => metadata.recordedAt > started);
      after = page.position;
      await reached(done ? null : after);
    }
    return true;
  }
}
