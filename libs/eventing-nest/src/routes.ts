import { randomUUID } from 'node:crypto';
import { Body, Controller, HttpCode, Inject, Post, Req, Res, type Type } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiBody, ApiHeader, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { v5 as uuidV5 } from 'uuid';
import type { CommandContext, Receipt } from '#libs/eventing';
import { Allow, type AuthenticatedRequest } from './access.js';
import { textOf } from './command.js';
import type { Context } from './context.js';
import { Submit } from './gateway.js';
import { refusalsOf } from './problem.dto.js';
import { ProblemException } from './problem.js';
import { ReceiptDto } from './receipt.dto.js';

/** The namespace of command ids that are made from Idempotency-Keys. */
const KEYS = '8a1c9f3e-5b7d-4e0a-9c21-6d2f4b8e7a10';

export const kebab = (name: string) => name.replace(/(?<!^)([A-Z])/g, '-$1').toLowerCase();

/** A method of a generated controller, decorated as if it had been written out. */
export function addRoute(
  target: Type<object>,
  name: string,
  method: (...parameters: never[]) => unknown,
  parameters: readonly ParameterDecorator[],
  decorators: readonly MethodDecorator[],
): void {
  const prototype = target.prototype as object;
  // Nest and its OpenAPI module look metadata up by the function's own name.
  Object.defineProperty(method, 'name', { value: name });
  Object.defineProperty(prototype, name, { value: method, writable: true, configurable: true });
  parameters.forEach((decorate, index) => decorate(prototype, name, index));
  const types = parameters.map(() => Object);
  Reflect.defineMetadata('design:paramtypes', types, prototype, name);
  const descriptor = Object.getOwnPropertyDescriptor(prototype, name)!;
  for (const decorate of decorators) decorate(prototype, name, descriptor);
}

/** A route for every command of a context: `ProposeCarrier` of `carriers` is `POST /api/v1/carriers/propose-carrier`. */
export function commandController({ name: path, decider, commands }: Context): Type<object> {
  class Commands {
    constructor(readonly bus: CommandBus) {}
  }
  Inject(CommandBus)(Commands, undefined, 0);
  for (const [name, Class] of Object.entries(commands)) {
    const { zh, en, roles } = textOf(Class);
    addRoute(
      Commands,
      name,
      async function (this: Commands, body: unknown, request: AuthenticatedRequest, reply: FastifyReply) {
        const submit = new Submit(decider.category, name, body, contextOf(request));
        const receipt = await this.bus.execute<Submit, Receipt>(submit);
        reply.header('ETag', `"${receipt.revision}"`).header('Consistency-Token', receipt.position);
        return receipt;
      },
      [Body(), Req(), Res({ passthrough: true })],
      [
        Post(kebab(name)),
        HttpCode(200),
        Allow(...roles),
        ApiOperation({ operationId: name, summary: zh, description: en }),
        ApiBody({ type: Class }),
        ApiHeader({ name: 'Idempotency-Key', required: false, description: '同一键重试只生效一次，并得到同一答复' }),
        ApiHeader({ name: 'If-Match', required: false, description: '仅当对象仍为此版本（ETag）时执行' }),
        ApiOkResponse({ type: ReceiptDto }),
        ...refusalsOf(decider),
      ],
    );
  }
  ApiTags(path)(Commands);
  Controller(`api/v1/${path}`)(Commands);
  return Commands;
}

function contextOf({ actor, headers }: AuthenticatedRequest): CommandContext {
  const key = headers['idempotency-key'];
  if (key !== undefined && (typeof key !== 'string' || key.length === 0 || key.length > 200)) {
    throw new ProblemException(
      400,
      'idempotency-key.form',
      'Idempotency-Key 须为 1—200 个字符',
      'Idempotency-Key takes 1–200 characters',
    );
  }
  const match = headers['if-match'];
  const revision = match === undefined ? undefined : /^"(\d{1,15})"$/.exec(match)?.[1];
  if (match !== undefined && revision === undefined) {
    throw new ProblemException(
      400,
      'if-match.form',
      'If-Match 须为 ETag 给出的 "版本"',
      'If-Match must be the "revision" that ETag gave',
    );
  }
  const correlation = headers['x-correlation-id'];
  return {
    commandId: key === undefined ? randomUUID() : uuidV5(`${actor.id}\n${key}`, KEYS),
    by: actor,
    revision: revision === undefined ? undefined : Number(revision),
    correlationId: typeof correlation === 'string' && /^[\w-]{1,64}$/.test(correlation) ? correlation : undefined,
  };
}
