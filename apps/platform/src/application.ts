import cookie from '@fastify/cookie';
import { ConsoleLogger, Logger, NotFoundException, type LogLevel } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';

import type { JWK } from 'jose';
import { LocalProvider } from '#libs/auth';
import { hostConsole } from '#libs/console-host';
import { ProblemException, Reads, sendProblem, takeOnlyJson } from '#libs/eventing-nest';
import { urlProblem } from '#libs/messages';
import { LOCAL_PATH, localIssuer } from './auth/local-issuer.js';
import { Sessions } from './auth/sessions.js';
import type { PlatformConfig } from './config.js';
import { takeSheets } from './imports/upload.js';
import { LOCAL_KEY, PlatformModule } from './platform.module.js';

/** A command is a form, not a file. */
const BODY_LIMIT_BYTES = 256 * 1024;

/** The platform, wired and described, not yet listening. */
export async function createPlatform(
  config: PlatformConfig,
  logLevels: LogLevel[] = ['error', 'warn'],
): Promise<NestFastifyApplication> {
  const log = new Logger('http');
  const adapter = new FastifyAdapter({
    bodyLimit: BODY_LIMIT_BYTES,
    routerOptions: { maxParamLength: 300 },
    // A client error before any route is known, such as a malformed percent-encoding.
    frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) =>
      sendProblem(error, request, reply, (line) => log.error(line)),
  });
  const fastify = adapter.getInstance();
  takeOnlyJson(fastify);
  takeSheets(fastify);
  fastify.addHook('onRequest', async ({ raw }) => {
    const found = urlProblem(raw.url ?? '');
    if (found === undefined) return;
    throw new ProblemException(400, 'url.form', `地址中有不能使用的内容：${found}`, `The address has ${found}`);
  });
  // Closing, Node lets go of idle connections once; one that was busy at that moment would keep the process for 72 s.
  fastify.addHook('preClose', (done) => {
    setInterval(() => fastify.server.closeIdleConnections(), 50).unref();
    done();
  });
  const app = await NestFactory.create<NestFastifyApplication>(PlatformModule.with(config), adapter, {
    // A start that fails is told of once, in words, by whoever started it.
    logger: false,
    abortOnError: false,
    bodyParser: false,
  });
  app.useLogger(new ConsoleLogger({ logLevels, colors: process.stdout.isTTY === true }));
  await app.register(cookie);
  const key = app.get<JWK | undefined>(LOCAL_KEY);
  if (key !== undefined) {
    const sessions = app.get(Sessions);
    const local = {
      provider: new LocalProvider(key),
      reads: app.get(Reads),
      originOf: sessions.originOf.bind(sessions),
    };
    await app.register(localIssuer(local), { prefix: LOCAL_PATH });
  }
  const description = new DocumentBuilder()
    .setTitle('联动 Liandong')
    .setDescription('一总多区省级平台：以事件记录区域联动，计算资源共享、孵化容量与成果流向')
    .setVersion('1')
    .setOpenAPIVersion('3.1.0')
    .addBearerAuth()
    .build();
  SwaggerModule.setup('docs', app, () => SwaggerModule.createDocument(app, description), {
    jsonDocumentUrl: 'openapi.json',
    customSiteTitle: '联动 API',
  });
  await hostConsole(fastify, {
    view: 'platform',
    missing: (request, reply) =>
      sendProblem(new NotFoundException('There is no such address'), request, reply, (line) => log.error(line)),
  });
  return app;
}
