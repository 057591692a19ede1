import 'reflect-metadata';
import { Module, ValidationPipe, type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { DataSource } from 'typeorm';
import { invalidFields, ProblemFilter } from '#libs/eventing-nest';
import { HttpFeedSource } from '#libs/transport-http';
import { KafkaFeedSource } from '#libs/transport-kafka';
import { CityController } from './city.controller.js';
import type { Config } from './config.js';
import { openDatabase } from './database.js';
import { FeedReader } from './feed/reader.js';
import { FeedMetrics } from './metrics.js';
import { OperationsController } from './operations.controller.js';
import { StartError, UNAVAILABLE } from './start-error.js';

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
 * @throws StartError
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
    const url = await server.listen({ port: config.PORT, host: config.HOST }).catch((error: unknown) => {
      throw listenError(error, config);
    });
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

function databaseError(error: unknown): StartError {
  // The error of a connection refused on several addresses has a code and no message.
  const { code, message } = error as { code?: string; message?: string };
  const reason = [code, message].filter(Boolean).join(' ');
  return new StartError(
    UNAVAILABLE,
    `无法使用 DATABASE_URL 的数据库：${reason}。请确认 PostgreSQL 已启动，库、账号与密码无误。`,
    `The database of DATABASE_URL cannot be used: check that PostgreSQL runs, and its database, user and password.`,
  );
}

function listenError(error: unknown, { PORT, HOST }: Config): unknown {
  const { code } = error as { code?: string };
  const next = PORT < 65535 ? PORT + 1 : 3001;
  if (code === 'EADDRINUSE') {
    return new StartError(
      UNAVAILABLE,
      `端口 ${PORT} 已被占用。请停止占用它的程序，或换一个端口，例如 PORT=${next}（PORT=0 为任一空闲端口）。`,
      `Port ${PORT} is taken. Stop the program that holds it, or choose another, for example PORT=${next} (PORT=0: any free port).`,
    );
  }
  if (code === 'EACCES' || code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return new StartError(
      UNAVAILABLE,
      `不能在 ${HOST} 的端口 ${PORT} 上提供服务（${code}）。请检查 HOST 与 PORT，例如 HOST=127.0.0.1 PORT=3001。`,
      `Cannot serve on port ${PORT} of ${HOST} (${code}). Check HOST and PORT, for example HOST=127.0.0.1 PORT=3001.`,
    );
  }
  return error;
}
