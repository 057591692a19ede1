import { inspect } from 'node:util';
import Fastify, { type FastifyInstance } from 'fastify';
import { openCity, OtherCityError, type City, type CityOptions } from '#libs/city';
import { StartupError } from '#libs/config';
import { hostConsole } from '#libs/console-host';
import { urlProblem } from '#libs/messages';
import { HttpFeedSource } from '#libs/transport-http';
import { KafkaFeedSource } from '#libs/transport-kafka';
import { answered } from './answered.js';
import { catalogueRoute } from './catalogue.js';
import type { Config } from './config.js';
import { figureRoutes } from './figures.js';
import { listRoutes } from './lists.js';
import { operationsRoutes } from './operations.js';
import { invalid, Problem, PROBLEM_JSON } from './problem.js';

export interface SubPlatform {
  readonly url: string;
  /** HTTP first; then the batches in hand are gone through, and the database is let go. */
  stop(): Promise<void>;
}

/**
 * Starts a city's sub-platform. A province that cannot be reached does not keep it from starting: it goes on trying.
 *
 * @throws StartupError
 */
export async function startSubPlatform(config: Config, log: (line: string) => void): Promise<SubPlatform> {
  const city = await openCity(cityOf(config, log)).catch((error: unknown) => {
    throw databaseError(error);
  });
  const app = serverOf(city, log);
  try {
    await hostConsole(app, { view: 'city', missing: noSuchAddress });
    const url = await app.listen({ port: config.PORT, host: config.HOST });
    city.start();
    return {
      url,
      async stop() {
        await app.close();
        await city.stop();
      },
    };
  } catch (error) {
    await city.stop();
    throw error;
  }
}

function cityOf(config: Config, log: (line: string) => void): CityOptions {
  const { REGION: region, DATABASE_URL: databaseUrl, KAFKA_BROKERS: brokers } = config;
  return {
    region,
    databaseUrl,
    log,
    transport: brokers ? 'kafka' : 'http',
    connect(feed, onHead) {
      const token = async () => config.PROVINCE_TOKEN;
      const province = new HttpFeedSource({ provinceUrl: config.PROVINCE_URL, feed, token, onHead });
      const groupId = `liandong.region.${region}.${feed === `region.${region}` ? 'sub-platform' : feed}`;
      return { province, source: brokers ? new KafkaFeedSource({ brokers, feed, groupId }) : province };
    },
  };
}

/**
 * What the city has, over HTTP. No route asks who is calling: the reference city serves its own machine, on loopback, where
 * whoever can connect can read the database as well. A city that sets HOST to an outer address puts its own access control in front.
 */
function serverOf(city: City, log: (line: string) => void): FastifyInstance {
  const app = Fastify({
    forceCloseConnections: true,
    // A parameter that is not known is refused, not left out; the lists' own schemas have annotations that Ajv need not know.
    ajv: { customOptions: { removeAdditional: false, strict: false, allErrors: true } },
  });
  app.addHook('onRequest', async ({ raw }) => {
    const found = urlProblem(raw.url ?? '');
    if (found !== undefined)
      throw new Problem(400, 'url.form', `地址中有不能使用的内容：${found}`, `The address has ${found}`);
  });
  app.setErrorHandler((error: unknown, _, reply) => {
    const problem = problemOf(error);
    if (problem.cause !== undefined) log(inspect(problem.cause));
    return reply.status(problem.status).type(PROBLEM_JSON).send(JSON.stringify(problem));
  });
  app.setNotFoundHandler(noSuchAddress);
  listRoutes(app, city);
  figureRoutes(app, city);
  catalogueRoute(app);
  app.get('/api/v1/feed', async () => city.status);
  app.get('/api/v1/city', () => answered(() => standing(city)));
  operationsRoutes(app, city);
  return app;
}

function noSuchAddress(): never {
  throw new Problem(404, 'http.404', '没有这个地址', 'There is no such address');
}

/** Whose sub-platform this is, when it was last told of something, and what it was told and does not know. */
async function standing(city: City): Promise<object> {
  const { region } = city.status;
  const [{ items }, updatedAt, skipped] = await Promise.all([
    city.list('regions', { filter: { region } }),
    city.updatedAt(),
    city.skipped(),
  ]);
  return { region, name: items[0]?.row.name ?? region, updatedAt, skipped };
}

/** What Fastify throws of its own. */
interface Refusal {
  readonly validation?: Parameters<typeof invalid>[0];
  readonly statusCode?: number;
  readonly message?: string;
}

function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const { validation, statusCode = 500, message = 'Bad request' } = error as Refusal;
  if (validation) return invalid(validation);
  if (statusCode < 500) return new Problem(statusCode, `http.${statusCode}`, '请求有误', message);
  const [zh, en] = ['服务器内部错误，已记录', 'An internal error; it has been logged'];
  return new Problem(500, 'internal', zh, en, undefined, error);
}

function databaseError(error: unknown): StartupError {
  if (error instanceof OtherCityError) {
    const { city, wanted } = error;
    return new StartupError(
      `DATABASE_URL 的数据库属于 ${city} 的分平台，不是 ${wanted} 的；请为每个分平台各用一个数据库。`,
      `The database of DATABASE_URL belongs to the sub-platform of ${city}, not of ${wanted}: give each its own.`,
    );
  }
  // The error of a connection refused on several addresses has a code and no message.
  const { code, message } = error as { code?: string; message?: string };
  const reason = [code, message].filter(Boolean).join(' ');
  return new StartupError(
    `无法使用 DATABASE_URL 的数据库：${reason}。请确认 PostgreSQL 已启动，库、账号与密码无误。`,
    `The database of DATABASE_URL cannot be used: check that PostgreSQL runs, and its database, user and password.`,
  );
}
