import { Inject, type Type } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { instanceToPlain } from 'class-transformer';
import { LRUCache } from 'lru-cache';
import {
  Executor,
  isProcess,
  naturalKey,
  type Acting,
  type Actor,
  type Clock,
  type Command,
  type CommandContext,
  type Look,
  type Position,
  type Receipt,
} from '#libs/eventing';
import { dayInChina, isOddUscc, type Asking } from '#libs/fields';
import { normalCode } from '#libs/messages';
import type { Context } from './context.js';
import { Form } from './form.js';
import { RecordedKeys, withKeys } from './natural-keys.js';
import { ProblemException, problemOf, type FieldProblem, type Problem } from './problem.js';
import type { Asker } from './question.js';

/** The injection token of the platform's contexts. */
export const CONTEXTS = Symbol('contexts');

/** The injection token of the `Clock`. */
export const CLOCK = Symbol('Clock');

/** A command on the CommandBus: what it is, what it says, who sends it and under which id. */
export class Submit {
  constructor(
    /** The category of the command's decider. */
    readonly category: string,
    readonly command: string,
    /** As they came: the gateway checks them. */
    readonly fields: unknown,
    readonly sent: CommandContext,
    /** A person states something by the rules of today; a process goes on from what is recorded. */
    readonly by: 'person' | 'process' = 'person',
  ) {}
}

/** What would come of a command. */
export interface Rehearsed {
  /** The streams that it is about; none where its fields are wrong. */
  readonly streams: readonly string[];
  readonly receipt?: Receipt;
  /** Why it would be refused, as the door would say it. */
  readonly refusal?: Problem;
}

/** Tries commands after those that it has tried before; some at once, since what they rest on is then looked at at once. */
export type Rehearsal = (submits: readonly Submit[]) => Promise<Rehearsed[]>;

/** A command whose fields are what it takes. */
interface Checked {
  readonly context: Context;
  readonly plain: Command;
}

/** How many actors' last writes are remembered. */
const ACTORS = 10_000;

/** The one way in for commands, whoever sends them: HTTP, a process, an import. */
@CommandHandler(Submit)
export class Gateway implements ICommandHandler<Submit, Receipt> {
  private readonly forms = new Map<Type<object>, Form<object>>();
  private readonly written = new LRUCache<string, Position>({ max: ACTORS });

  private readonly look: Look = (decider, id) => this.executor.look(decider, id);

  constructor(
    @Inject(CONTEXTS) private readonly contexts: readonly Context[],
    private readonly executor: Executor,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly recorded: RecordedKeys,
  ) {}

  /** @throws what `Executor.execute` throws, and ProblemException when the fields are not what the command takes */
  async execute(submit: Submit): Promise<Receipt> {
    const checked = await this.checked(submit, this.look);
    const receipt = await this.carryOut(submit, checked, this.executor);
    this.written.set(submit.sent.by.id, receipt.position);
    return receipt;
  }

  /**
   * Tries commands as they would be carried out one after the other: by the same checks and the same rules, on what is there now
   * and what those before would have brought about. Nothing is recorded.
   */
  rehearsal(): Rehearsal {
    const { executor, store } = this.executor.rehearsing();
    const look: Look = (decider, id) => executor.look(decider, id);
    const refused = (error: unknown, streams: readonly string[]): Rehearsed => {
      const refusal = problemOf(error);
      if (refusal.status >= 500) throw error;
      return { streams, refusal };
    };
    return async (submits) => {
      const tried: (() => Promise<Rehearsed>)[] = [];
      const expected: string[] = [];
      for (const submit of submits) {
        try {
          const checked = await this.checked(submit, look);
          const streams = await this.streamsOf(submit, checked, look);
          expected.push(...streams);
          tried.push(() =>
            this.carryOut(submit, checked, executor).then(
              (receipt) => ({ streams, receipt }),
              (error: unknown) => refused(error, streams),
            ),
          );
        } catch (error) {
          const wrong = refused(error, []);
          tried.push(() => Promise.resolve(wrong));
        }
      }
      await store.expect(expected);
      const outcomes: Rehearsed[] = [];
      for (const attempt of tried) outcomes.push(await attempt());
      return outcomes;
    };
  }

  /** What is wrong with the fields of a command, before any rule is asked; nothing where the rules would be. */
  async faultsOf(submit: Submit): Promise<readonly FieldProblem[]> {
    try {
      await this.checked(submit, this.look);
      return [];
    } catch (error) {
      if (error instanceof ProblemException && error.errors) return error.errors;
      throw error;
    }
  }

  private async carryOut({ command, sent }: Submit, { context, plain }: Checked, executor: Executor): Promise<Receipt> {
    const look: Look = (decider, id) => executor.look(decider, id);
    // At once, so that both look at the structure in one read.
    const [world, actsFor] = await Promise.all([context.world(look, plain), this.actsFor(sent.by, look)]);
    const work = () => executor.execute(context.decider, command, plain, { ...sent, actsFor }, world);
    const keys = isProcess(sent.by) ? [] : context.keys(command, plain, look, { ...sent.by, actsFor });
    if (keys.length === 0) return work();
    await this.recorded.claimed();
    return withKeys(executor, keys, sent, plain.on, work);
  }

  /** Which streams a person's command is about: its own, and those of the keys that it gives. */
  private async streamsOf({ command, sent }: Submit, { context, plain }: Checked, look: Look): Promise<string[]> {
    const { category, id } = context.decider;
    const keys = context.keys(command, plain, look, { ...sent.by, actsFor: await this.actsFor(sent.by, look) });
    return [`${category}-${id(plain)}`, ...keys.map(({ kind, value }) => `${naturalKey.category}-${kind}-${value}`)];
  }

  /** @throws ProblemException when the fields are not what the command takes */
  private async checked({ category, command, fields, by }: Submit, look: Look): Promise<Checked> {
    const context = this.contexts.find((c) => c.decider.category === category);
    const Class = context?.commands[command] ?? context?.steps[command];
    if (!context || !Class) throw new Error(`this release has no command ${command} of ${category}`);
    const asking = by === 'person' ? await this.asking(fields, look) : undefined;
    const checked = await this.formOf(Class).checked(fields, asking);
    // The door's classes stop here: the domain and the store see plain values.
    return { context, plain: instanceToPlain(checked) as Command };
  }

  /** Where the actor's last write through this process stands: who has just written reads it without asking. */
  lastWriteOf({ id }: Actor): Position | undefined {
    return this.written.get(id);
  }

  /** Who asks, and on which day: that of the door's clock. */
  askerOf(actor: Actor): Asker {
    const own = (region: string) => actor.role === 'operator' && region === actor.region;
    const acting = async () => (await this.actsFor(actor, this.look)) ?? own;
    return { role: actor.role, region: actor.region, today: dayInChina(this.clock()), acting };
  }

  /** A process acts for the region that it was begun for. */
  private async actsFor(by: Actor, look: Look): Promise<Acting['actsFor']> {
    if (isProcess(by) || by.role !== 'operator' || by.region === undefined) return undefined;
    return this.contexts.find(({ actsFor }) => actsFor)?.actsFor!(look, by.region);
  }

  private async asking(fields: unknown, look: Look): Promise<Asking> {
    const said = Object.values(fields ?? {}).map((value) => (typeof value === 'string' ? normalCode(value) : ''));
    const admitted = new Set<string>();
    for (const code of said.filter(isOddUscc)) if (await this.admits(code, look)) admitted.add(code);
    return { today: dayInChina(this.clock()), admitted };
  }

  private async admits(code: string, look: Look): Promise<boolean> {
    const asked = this.contexts.flatMap(({ admits }) => (admits ? [admits(look, code)] : []));
    return (await Promise.all(asked)).includes(true);
  }

  private formOf(Class: Type<object>): Form<object> {
    const form = this.forms.get(Class) ?? new Form(Class);
    this.forms.set(Class, form);
    return form;
  }
}
