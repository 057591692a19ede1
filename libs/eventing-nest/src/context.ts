import { randomUUID } from 'node:crypto';
import {
  Body,
  Controller,
  Get,
  HttpCode,
  Inject,
  Post,
  Query as QueryParameters,
  Req,
  Res,
  ValidationPipe,
  type ModuleMetadata,
  type PipeTransform,
  type Type,
} from '@nestjs/common';
import { instanceToPlain } from 'class-transformer';
import { CommandBus, CommandHandler, QueryBus } from '@nestjs/cqrs';
import { ApiBody, ApiHeader, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { v5 as uuidV5 } from 'uuid';
import {
  Executor,
  type Actor,
  type AnyDecider,
  type Command,
  type CommandContext,
  type Receipt,
  type Role,
} from '#libs/eventing';
import { Allow, type AuthenticatedRequest } from './access.js';
import { invalidFields, ProblemException } from './problem.js';
import { ReceiptDto } from './receipt.dto.js';

/** The injection token of the `EventStore`. */
export const EVENT_STORE = Symbol('EventStore');

const COMMAND = 'liandong:command';
const QUERY = 'liandong:query';
/** The namespace of command ids that are made from Idempotency-Keys. */
const KEYS = '8a1c9f3e-5b7d-4e0a-9c21-6d2f4b8e7a10';

interface CommandText {
  readonly zh: string;
  readonly roles: readonly Role[];
}

interface QueryText extends CommandText {
  /** Below `/api/v1/`. */
  readonly path: string;
  /** The projections it reads: a Consistency-Token waits for them. */
  readonly reads: readonly string[];
  readonly answer: Type<object>;
}

/** What a command is called and who may send it. */
export const command =
  (text: CommandText): ClassDecorator =>
  (target) =>
    Reflect.defineMetadata(COMMAND, text, target);

/** Where a query is served, who may ask it and what it reads. */
export const query =
  (text: QueryText): ClassDecorator =>
  (target) =>
    Reflect.defineMetadata(QUERY, text, target);

/** Where projections stand when they are read. */
export interface Reached {
  /** Of the slowest. */
  readonly position: string;
  /** It is before what was asked for. */
  readonly stale: boolean;
  /** What is left out of the answer, and why. */
  readonly parked: readonly { projection: string; key: string; events: number; reason: string | null; since: string }[];
}

/** Waits for projections to reach a position. */
export abstract class Consistency {
  /** Resolves when all are there or when the wait has run out. */
  abstract reach(projections: readonly string[], token: string | undefined): Promise<Reached>;
}

/** What a decider may know of the world outside its stream. */
export interface WorldSource {
  current(): Promise<unknown>;
}

// A command object is the HTTP body, as it came; who sends it and under which id travels beside it.
const contexts = new WeakMap<object, CommandContext>();
const askers = new WeakMap<object, Actor>();

/** Sends a command to the bus under a context. */
function dispatch(bus: CommandBus, message: object, context: CommandContext): Promise<Receipt> {
  contexts.set(message, context);
  return bus.execute(message);
}

/** Who asks this query. */
export function askerOf(message: object): Actor {
  const actor = askers.get(message);
  if (!actor) throw new Error(`${message.constructor.name} was not asked through the door`);
  return actor;
}

interface ContextDefinition {
  /** The first part of its routes, below `/api/v1/`. */
  readonly path: string;
  readonly decider: AnyDecider;
  /** The module of command classes. */
  readonly commands: Readonly<Record<string, Type<Command>>>;
  readonly world?: Type<WorldSource>;
  /** Query classes and their handlers. */
  readonly queries?: readonly Type<object>[];
  readonly providers?: ModuleMetadata['providers'];
  readonly imports?: ModuleMetadata['imports'];
}

/**
 * A context's Nest module: for every command class a handler on the CommandBus and a route, for every query class a route.
 * `ProposeCarrier` of `carriers` is `POST /api/v1/carriers/propose-carrier`.
 */
export function contextModule(definition: ContextDefinition): ModuleMetadata {
  const { commands, providers = [], queries = [], imports = [] } = definition;
  const handlers = Object.entries(commands).map(([name, Class]) => handlerFor(definition, name, Class));
  return {
    imports,
    controllers: [
      commandController(definition),
      ...(queries.length > 0 ? [queryController(definition.path, queries)] : []),
    ],
    providers: [...handlers, ...providers],
  };
}

function handlerFor({ decider, world }: ContextDefinition, name: string, Class: Type<Command>): Type<object> {
  class Handler {
    private readonly executor: Executor;
    private readonly world: WorldSource | undefined;
    // One parameter where there is no world, since Nest wants every parameter of a constructor to be injected.
    constructor(...[executor, source]: [Executor, WorldSource?]) {
      this.executor = executor;
      this.world = source;
    }
    async execute(message: Command): Promise<Receipt> {
      const context = contexts.get(message);
      if (!context) throw new Error(`${name} was sent without a context`);
      // The door's classes stop here: the domain and the store see plain values.
      const fields = instanceToPlain(message) as Command;
      return this.executor.execute(decider, name, fields, context, await this.world?.current());
    }
  }
  Object.defineProperty(Handler, 'name', { value: `${name}Handler` });
  Inject(Executor)(Handler, undefined, 0);
  if (world) Inject(world)(Handler, undefined, 1);
  CommandHandler(Class)(Handler);
  return Handler;
}

const kebab = (name: string) => name.replace(/(?<!^)([A-Z])/g, '-$1').toLowerCase();

/** What both kinds of generated controller share: a method of a class, decorated as if it had been written out. */
function addRoute(
  target: Type<object>,
  name: string,
  method: (...parameters: never[]) => unknown,
  parameters: readonly [ParameterDecorator, unknown][],
  decorators: readonly MethodDecorator[],
): void {
  const prototype = target.prototype as object;
  // Nest and its OpenAPI module look metadata up by the function's own name.
  Object.defineProperty(method, 'name', { value: name });
  Object.defineProperty(prototype, name, { value: method, writable: true, configurable: true });
  parameters.forEach(([decorate], index) => decorate(prototype, name, index));
  Reflect.defineMetadata(
    'design:paramtypes',
    parameters.map(([, type]) => type),
    prototype,
    name,
  );
  const descriptor = Object.getOwnPropertyDescriptor(prototype, name)!;
  for (const decorate of decorators) decorate(prototype, name, descriptor);
}

/** Body or query string, checked field by field; what the class does not name is refused. */
export const validated = (expectedType: Type<object>) =>
  new ValidationPipe({
    expectedType,
    transform: true,
    whitelist: true,
    forbidNonWhitelisted: true,
    // A query without parameters is a class without rules; unknown fields are refused by the line above all the same.
    forbidUnknownValues: false,
    exceptionFactory: invalidFields,
  });

/** Commands are flat forms; a tree of thousands of levels would exhaust the stack of whatever walks it. */
const MAX_DEPTH = 16;

const shallow: PipeTransform = {
  transform(value: unknown) {
    if (!isShallow(value, MAX_DEPTH)) {
      throw new ProblemException(
        422,
        'request.too-deep',
        `嵌套不能超过 ${MAX_DEPTH} 层`,
        `Nest no deeper than ${MAX_DEPTH} levels`,
      );
    }
    return value;
  },
};

function isShallow(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return depth > 0 && Object.values(value).every((member) => isShallow(member, depth - 1));
}

function textOf<T>(key: string, Class: Type<object>): T {
  const text: T | undefined = Reflect.getMetadata(key, Class);
  if (!text)
    throw new Error(`${Class.name} has no @${key === QUERY ? 'query' : 'command'}(…) that says who may use it`);
  return text;
}

function commandController({ path, commands }: ContextDefinition): Type<object> {
  class Commands {
    constructor(readonly bus: CommandBus) {}
  }
  Inject(CommandBus)(Commands, undefined, 0);
  for (const [name, Class] of Object.entries(commands)) {
    const { zh, roles } = textOf<CommandText>(COMMAND, Class);
    addRoute(
      Commands,
      name,
      async function (this: Commands, body: object, request: AuthenticatedRequest, reply: FastifyReply) {
        const receipt = await dispatch(this.bus, body, contextOf(request));
        reply.header('ETag', `"${receipt.revision}"`).header('Consistency-Token', receipt.position);
        return receipt;
      },
      [
        [Body(shallow, validated(Class)), Class],
        [Req(), Object],
        [Res({ passthrough: true }), Object],
      ],
      [
        Post(kebab(name)),
        HttpCode(200),
        Allow(...roles),
        ApiOperation({ operationId: name, summary: zh }),
        ApiBody({ type: Class }),
        ApiHeader({ name: 'Idempotency-Key', required: false, description: '同一键重试只生效一次，并得到同一答复' }),
        ApiHeader({ name: 'If-Match', required: false, description: '仅当对象仍为此版本（ETag）时执行' }),
        ApiOkResponse({ type: ReceiptDto }),
      ],
    );
  }
  ApiTags(path)(Commands);
  Controller(`api/v1/${path}`)(Commands);
  return Commands;
}

function queryController(path: string, queries: readonly Type<object>[]): Type<object> {
  class Queries {
    constructor(
      readonly bus: QueryBus,
      readonly consistency: Consistency,
    ) {}
  }
  Inject(QueryBus)(Queries, undefined, 0);
  Inject(Consistency)(Queries, undefined, 1);
  for (const Class of queries) {
    const { zh, roles, path: route, reads, answer } = textOf<QueryText>(QUERY, Class);
    addRoute(
      Queries,
      Class.name,
      async function (this: Queries, question: object, request: AuthenticatedRequest, reply: FastifyReply) {
        const token = request.headers['consistency-token'];
        const { position, stale, parked } = await this.consistency.reach(
          reads,
          typeof token === 'string' ? token : undefined,
        );
        reply
          .header('Projection-Position', position)
          .header('Consistency', token === undefined ? 'eventual' : stale ? 'stale' : 'current');
        askers.set(question, request.actor);
        const answer = await this.bus.execute<object, object>(question);
        return parked.length === 0 ? answer : { ...answer, incomplete: parked };
      },
      [
        [QueryParameters(validated(Class)), Class],
        [Req(), Object],
        [Res({ passthrough: true }), Object],
      ],
      [
        Get(route),
        Allow(...roles),
        ApiOperation({ operationId: Class.name, summary: zh }),
        ApiHeader({ name: 'Consistency-Token', required: false, description: '命令答复中的令牌：读到自己的写入' }),
        ApiOkResponse({ type: answer }),
      ],
    );
  }
  ApiTags(path)(Queries);
  Controller('api/v1')(Queries);
  return Queries;
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
