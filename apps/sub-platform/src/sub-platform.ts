import 'reflect-metadata';
import { Module, ValidationPipe, type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { DataSource } from 'typeorm';
import { invalidFields, ProblemFilter } from '#libs/eventing-nest';
import { StartupError } from '#libs/local';
import { HttpFeedSource } from '#libs/transport-http';
import { KafkaFeedSource } from '#libs/transport-kafka';
import { CityController } from './city.controller.js';
import type { Config } from './config.js';
import { openDatabase } from './database.js';
import { FeedReader } from './feed/reader.js';
import { FeedMetrics } from './metrics.js';
import { OperationsController } from './operations.controller.js';

export interface SubPlatform {
  readonly url: string;
  /** The reader first, so that the batch in hand is through; then HTTP, then the database. */
  stop(): Promise<void>;
}

@Module({})
class SubPlatformModule {
  static of(database: DataSource, reader: FeedReader, metrics: FeedMetrics): DynamicModule {
    return {
      module: SubPlatformModule,
      controllers: [CityController, OperationsController],
      providers: [
        { provide: DataSource, useValue: database },
        { provide: FeedReader, useValue: reader },
        { provide: FeedMetrics, useValue: metrics },
      ],
    };
  }
}

/**
 * Starts a city's sub-platform. A province that cannot be reached does not keep it from starting: it goes on trying.
 *
 * @throws StartupError
 */
export async function startSubPlatform(config: Config, log: (line: string) => void): Promise<SubPlatform> {
  const database = await openDatabase(config.DATABASE_URL, log).catch((error: unknown) => {
    throw databaseError(error);
  });
  let app: NestFastifyApplication | undefined;
  try {
    const metrics = new FeedMetrics();
    const reader = feedReader(config, database, metrics, log);
    await reader.open();
    app = await NestFactory.create<NestFastifyApplication>(
      SubPlatformModule.of(database, reader, metrics),
      new FastifyAdapter({ forceCloseConnections: true }),
      { logger: ['error', 'warn'], abortOnError: false },
    );
    app.useGlobalFilters(new ProblemFilter());
    app.useGlobalPipes(
      new ValidationPipe({
        transform: true,
        whitelist: true,
        forbidNonWhitelisted: true,
        exceptionFactory: invalidFields,
      }),
    );
    await app.init();
    // Not Nest's own listen, which logs a taken port with a stack: the caller says it in one line.
    const server = app.getHttpAdapter().getInstance();
    const url = await server.listen({ port: config.PORT, host: config.HOST });
    reader.start();
    const serving = app;
    return {
      url,
      async stop() {
        await reader.stop();
        await serving.close();
        await database.destroy();
      },
    };
  } catch (error) {
    await app?.close();
    await database.destroy();
    throw error;
  }
}

function feedReader(
  config: Config,
  database: DataSource,
  metrics: FeedMetrics,
  log: (line: string) => void,
): FeedReader {
  const { REGION: region, KAFKA_BROKERS: brokers, PROVINCE_URL: provinceUrl, PROVINCE_TOKEN: token } = config;
  const province = new HttpFeedSource({
    provinceUrl,
    region,
    token: async () => token,
    onHead: (head, after) => reader.tell(head, after),
  });
  const reader: FeedReader = new FeedReader(database, {
    region,
    province,
    ...(brokers
      ? {
          transport: 'kafka',
          source: new KafkaFeedSource({ brokers, region, groupId: `liandong.region.${region}.sub-platform` }),
        }
      : { transport: 'http', source: province }),
    metrics,
    log,
  });
  return reader;
}

function databaseError(error: unknown): StartupError {
  // The error of a connection refused on several addresses has a code and no message.
  const { code, message } = error as { code?: string; message?: string };
  const reason = [code, message].filter(Boolean).join(' ');
  return new StartupError(
    `无法使用 DATABASE_URL 的数据库：${reason}。请确认 PostgreSQL 已启动，库、账号与密码无误。`,
    `The database of DATABASE_URL cannot be used: check that PostgreSQL runs, and its database, user and password.`,
  );
}
