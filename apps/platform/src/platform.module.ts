import { Global, Module, type DynamicModule } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, HttpAdapterHost } from '@nestjs/core';
import { CqrsModule } from '@nestjs/cqrs';
import { TypeOrmModule } from '@nestjs/typeorm';
import type { FastifyInstance } from 'fastify';
import type { JWK } from 'jose';
import { DataSource } from 'typeorm';
import { localKey, localVerifier, oidcVerifier, type Verifier } from '#libs/auth';
import { Executor, upcasting, type Clock, type EventStore } from '#libs/eventing';
import { EventStoreDBStore } from '#libs/eventing-eventstoredb';
import {
  catalogueController,
  CLOCK,
  commandController,
  CONTEXTS,
  EVENT_STORE,
  figureController,
  Gateway,
  listController,
  ProblemFilter,
  questionController,
  Reads,
  RecordedKeys,
} from '#libs/eventing-nest';
import { PostgresStore } from '#libs/eventing-postgres';
import { StartupError } from '#libs/config';
import { AuthGuard, VERIFIER } from './auth.guard.js';
import { openSessions } from './auth/open-sign-in.js';
import { Sessions } from './auth/sessions.js';
import { SignInController } from './auth/sign-in.controller.js';
import { CONFIG, type PlatformConfig } from './config.js';
import { FeedReaders, FeedsController } from './feed/feed-readers.js';
import { FeedController } from './feed/feed.controller.js';
import { MessagesController } from './feed/messages.controller.js';
import { HealthController } from './health.controller.js';
import { ImportsModule } from './imports/imports.module.js';
import { LogModule } from './log/log.module.js';
import { NewsController } from './news/news.controller.js';
import { News } from './news/news.js';
import { ProcessesModule } from './processes/processes.module.js';
import { ProjectionsController } from './projections.controller.js';
import { contexts, upcasters } from './contexts.js';
import { entities, migrations } from './migrations.js';
import { Reconciliation, ReconciliationController } from './reconciliation.js';
import { KeysOfTheLog } from './recorded-keys.js';
import { Runners } from './runners.js';
import { STORED, StreamsController } from './streams.controller.js';

/** The local issuer's key; undefined where there is no local issuer. */
export const LOCAL_KEY = Symbol('LocalKey');

/** What every context needs and none owns: the store, the executor of commands, the consistency of reads. */
@Global()
@Module({})
class CoreModule {
  static with(config: PlatformConfig): DynamicModule {
    return {
      module: CoreModule,
      imports: [LogModule],
      providers: [
        { provide: CONFIG, useValue: config },
        { provide: STORED, useFactory: () => openStore(config) },
        {
          provide: EVENT_STORE,
          useFactory: async (stored: EventStore, database: DataSource) => {
            await assertOrigin(stored, database);
            return upcasting(stored, upcasters);
          },
          inject: [STORED, DataSource],
        },
        {
          provide: Executor,
          useFactory: (store: EventStore, clock: Clock) => new Executor(store, clock),
          inject: [EVENT_STORE, CLOCK],
        },
        Runners,
        { provide: Reads, useExisting: Runners },
        { provide: CONTEXTS, useValue: contexts },
        { provide: CLOCK, useValue: (() => new Date()) satisfies Clock },
        KeysOfTheLog,
        { provide: RecordedKeys, useExisting: KeysOfTheLog },
        Gateway,
      ],
      exports: [
        CONFIG,
        STORED,
        EVENT_STORE,
        Executor,
        Runners,
        Reads,
        CONTEXTS,
        CLOCK,
        Gateway,
        RecordedKeys,
        LogModule,
      ],
    };
  }
}

/** The provincial platform. */
@Module({})
export class PlatformModule {
  static with(config: PlatformConfig): DynamicModule {
    return {
      module: PlatformModule,
      imports: [
        TypeOrmModule.forRootAsync({
          useFactory: () => ({
            type: 'postgres',
            url: config.DATABASE_URL,
            entities,
            migrations,
            retryAttempts: 0,
            poolSize: 20,
            // A process that was stopped inside a transaction keeps its locks, and holds readers back, no longer than this.
            extra: { keepAlive: true, idle_in_transaction_session_timeout: 10_000 },
          }),
          dataSourceFactory: async (options) => migrated(await new DataSource(options!).initialize()),
        }),
        { module: CqrsModule, global: true },
        CoreModule.with(config),
        ProcessesModule,
        ImportsModule,
      ],
      controllers: [
        ...contexts.map(commandController),
        questionController(contexts),
        listController(contexts),
        figureController(contexts),
        FeedsController,
        catalogueController(contexts),
        FeedController,
        MessagesController,
        NewsController,
        StreamsController,
        ProjectionsController,
        ReconciliationController,
        HealthController,
        SignInController,
      ],
      providers: [
        Reconciliation,
        FeedReaders,
        { provide: News, useFactory: (runners: Runners) => new News(() => runners.advanced()), inject: [Runners] },
        { provide: LOCAL_KEY, useFactory: () => openLocalKey(config) },
        { provide: VERIFIER, useFactory: (key?: JWK) => openVerifier(config, key), inject: [LOCAL_KEY] },
        {
          provide: Sessions,
          useFactory: (key: JWK | undefined, verifier: Verifier, { httpAdapter }: HttpAdapterHost) =>
            openSessions(config, key, verifier, httpAdapter.getInstance<FastifyInstance>()),
          inject: [LOCAL_KEY, VERIFIER, HttpAdapterHost],
        },
        { provide: APP_GUARD, useClass: AuthGuard },
        { provide: APP_FILTER, useClass: ProblemFilter },
      ],
    };
  }
}

/** Brings the read models' tables up to date; of several processes that start at once, one does it and the others wait. */
async function migrated(database: DataSource): Promise<DataSource> {
  const session = database.createQueryRunner();
  try {
    await session.query(`select pg_advisory_lock(hashtext('liandong.migrations'))`);
    await database.runMigrations();
    await session.query(`select pg_advisory_unlock(hashtext('liandong.migrations'))`);
    return database;
  } finally {
    await session.release();
  }
}

async function openStore({ EVENT_STORE: kind, EVENTSTOREDB_URL, DATABASE_URL }: PlatformConfig): Promise<EventStore> {
  if (kind === 'postgres') return PostgresStore.open({ url: DATABASE_URL });
  if (EVENTSTOREDB_URL === undefined) {
    throw new StartupError(
      '配置有误：EVENT_STORE=eventstoredb 需要 EVENTSTOREDB_URL，例如 EVENTSTOREDB_URL=esdb://127.0.0.1:2113?tls=false',
      'EVENT_STORE=eventstoredb needs EVENTSTOREDB_URL, for example esdb://127.0.0.1:2113?tls=false',
    );
  }
  try {
    return await EventStoreDBStore.open({ url: EVENTSTOREDB_URL });
  } catch (error) {
    throw new StartupError(
      `无法连接 EventStoreDB（${(error as Error).message}）。请检查 EVENTSTOREDB_URL 的主机、端口、账号与 tls，并确认服务已启动；或以 EVENT_STORE=postgres 启动`,
      'Cannot connect to EventStoreDB: check host, port, user and tls in EVENTSTOREDB_URL and that the server runs, or start with EVENT_STORE=postgres',
    );
  }
}

/**
 * The read models go on from a position in the store that they were built from; in another it means nothing. The record
 * that was numbered last tells: its event is in the store, or this is another.
 *
 * @throws StartupError
 */
async function assertOrigin(store: EventStore, database: DataSource): Promise<void> {
  const [last] = await database.query<{ id: string; stream: string }[]>(
    `select split_part(record->>'id', '.', 1) as id, record->>'stream' as stream
       from feeds join feed_heads using (feed, sequence) order by record->>'recordedat' desc limit 1`,
  );
  if (!last || (await holds(store, last.stream, last.id))) return;
  throw new StartupError(
    'DATABASE_URL 中的统计与下发记录不是由这个事件库建立的。请改回原来的事件库（EVENT_STORE、EVENTSTOREDB_URL），或换一个空的数据库（npm start -- --data DIR），由事件库重新建立',
    'What stands in DATABASE_URL was built from another event store: go back to that one, or take an empty database (npm start -- --data DIR) to have it built anew from this one',
  );
}

/** Looked for from the end, where it is found at once: a stream may have a long history. */
async function holds(store: EventStore, stream: string, id: string): Promise<boolean> {
  for (let from: number | undefined; ;) {
    const page = await store.readStream(stream, { from, direction: 'backwards', limit: 100 });
    if (page.some((event) => event.id === id)) return true;
    const earliest = page.at(-1)?.revision ?? 0;
    if (earliest === 0) return false;
    from = earliest - 1;
  }
}

/** An issuer that was set leaves no room for one that believes everyone. */
async function openLocalKey({ OIDC_ISSUER, AUTH_LOCAL_KEY }: PlatformConfig): Promise<JWK | undefined> {
  if (OIDC_ISSUER !== undefined || AUTH_LOCAL_KEY === undefined) return undefined;
  return localKey(AUTH_LOCAL_KEY);
}

async function openVerifier({ OIDC_ISSUER, OIDC_AUDIENCE }: PlatformConfig, key: JWK | undefined): Promise<Verifier> {
  if (OIDC_ISSUER !== undefined) return oidcVerifier(OIDC_ISSUER, OIDC_AUDIENCE);
  if (key !== undefined) return localVerifier(key);
  throw new StartupError(
    '配置有误：须设置 OIDC_ISSUER（例如 https://id.example.gov.cn）或 AUTH_LOCAL_KEY（例如 .data/issuer.jwk.json）',
    'Set OIDC_ISSUER (for example https://id.example.gov.cn) or AUTH_LOCAL_KEY (for example .data/issuer.jwk.json)',
  );
}
