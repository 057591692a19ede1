import { Inject, ValidationPipe, type Type } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { instanceToPlain } from 'class-transformer';
import { LRUCache } from 'lru-cache';
import { Executor, type Actor, type Command, type CommandContext, type Position, type Receipt } from '#libs/eventing';
import type { Context } from './context.js';
import { invalidFields } from './problem.js';

/** The injection token of the platform's contexts. */
export const CONTEXTS = Symbol('contexts');

/** A command on the CommandBus: what it is, what it says, who sends it and under which id. */
export class Submit {
  constructor(
    /** The category of the command's decider. */
    readonly category: string,
    readonly command: string,
    /** As they came: the gateway checks them. */
    readonly fields: unknown,
    readonly sent: CommandContext,
  ) {}
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

/** How many actors' last writes are remembered. */
const ACTORS = 10_000;

/** The one way in for commands, whoever sends them: HTTP, a process, an import. */
@CommandHandler(Submit)
export class Gateway implements ICommandHandler<Submit, Receipt> {
  private readonly checks = new Map<Type<object>, ValidationPipe>();
  private readonly written = new LRUCache<string, Position>({ max: ACTORS });

  constructor(
    @Inject(CONTEXTS) private readonly contexts: readonly Context[],
    private readonly executor: Executor,
  ) {}

  /** @throws what `Executor.execute` throws, and ProblemException when the fields are not what the command takes */
  async execute({ category, command, fields, sent }: Submit): Promise<Receipt> {
    const context = this.contexts.find((c) => c.decider.category === category);
    const Class = context?.commands[command] ?? context?.steps[command];
    if (!context || !Class) throw new Error(`this release has no command ${command} of ${category}`);
    const checked: unknown = await this.checkOf(Class).transform(fields, { type: 'body', metatype: Class });
    // The door's classes stop here: the domain and the store see plain values.
    const plain = instanceToPlain(checked) as Command;
    const world = await context.world((decider, id) => this.executor.look(decider, id), plain);
    const receipt = await this.executor.execute(context.decider, command, plain, sent, world);
    this.written.set(sent.by.id, receipt.position);
    return receipt;
  }

  /** Where the actor's last write through this process stands: who has just written reads it without asking. */
  lastWriteOf({ id }: Actor): Position | undefined {
    return this.written.get(id);
  }

  private checkOf(Class: Type<object>): ValidationPipe {
    const check = this.checks.get(Class) ?? validated(Class);
    this.checks.set(Class, check);
    return check;
  }
}
