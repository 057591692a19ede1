import type { Type } from '@nestjs/common';
import type {
  AnyDecider,
  AnyProcessManager,
  Command,
  CommandClasses,
  Decider,
  DomainEvent,
  Look,
  Upcasters,
} from '#libs/eventing';
import {
  figures as everyFigure,
  type AnyList,
  type AnyMessages,
  type Figure,
  type MessagesOf,
  type Texts,
} from '#libs/messages';
import type { NaturalKeysOf } from './natural-keys.js';
import type { AnyQuestion } from './question.js';
import type { Waiting } from './waiting.js';

/** A bounded context, as the platform needs it: everything that it has is said here and nowhere else. */
export interface Context {
  /** The first part of its commands' routes, below `/api/v1/`, and the name of its read model. */
  readonly name: string;
  readonly zh: string;
  readonly en: string;
  readonly decider: AnyDecider;
  /** The classes of what people send; each has a route. */
  readonly commands: Readonly<Record<string, Type<Command>>>;
  /** The classes of what only processes send: checked as a command is, but without a route. */
  readonly steps: Readonly<Record<string, Type<Command>>>;
  /** What its rules may know of the world outside the stream. */
  readonly world: (look: Look, command: Command) => Promise<unknown>;
  /** Whether a code of an organisation is let in although it fails the standard; of the context that keeps them. */
  readonly admits?: (look: Look, code: string) => Promise<boolean>;
  /** Which regions an operator of `region` acts for now; of the context that keeps them. */
  readonly actsFor?: (look: Look, region: string) => Promise<(of: string) => boolean>;
  /** The keys that its commands give to things, each to one only across all streams. Processes carry on what was claimed. */
  readonly keys: NaturalKeysOf;
  /** The events by which things have been given keys, each with the command whose keys those are: it has the same fields. */
  readonly keyed: Readonly<Record<string, string>>;
  readonly upcasters: Upcasters;
  /** What people read in place of the names of its stored events, those of earlier releases among them. */
  readonly events: Texts;
  readonly messages: AnyMessages;
  /** The version of its read model. Raise it when the rows of the same history would differ, or their tables: they are built anew. */
  readonly version: number;
  readonly processes: readonly AnyProcessManager[];
  /** What can be asked of it beside its lists and figures. */
  readonly questions: readonly AnyQuestion[];
  /** What of its things waits for somebody, and by which of its commands it is dealt with. */
  readonly waiting: readonly Waiting[];
  /** Every list that its messages speak of, and every figure that is computed from these. */
  readonly lists: readonly AnyList[];
  readonly figures: readonly Figure[];
}

interface Definition<
  State,
  E extends DomainEvent,
  Commands extends CommandClasses,
  Steps extends CommandClasses,
  World,
> {
  readonly name: string;
  readonly zh: string;
  readonly en: string;
  readonly decider: Decider<State, E, Commands & Steps, World>;
  readonly commands: Commands;
  readonly steps?: Steps;
  readonly world: (look: Look, command: Command) => Promise<World>;
  readonly admits?: (look: Look, code: string) => Promise<boolean>;
  readonly actsFor?: Context['actsFor'];
  readonly keys?: NaturalKeysOf;
  readonly keyed?: Partial<Record<E['type'], keyof Commands & string>>;
  readonly upcasters?: Upcasters;
  readonly events: Texts<E['type']>;
  readonly messages: MessagesOf<E>;
  readonly version: number;
  readonly processes?: readonly AnyProcessManager[];
  readonly questions?: readonly AnyQuestion[];
  readonly waiting?: readonly Waiting<keyof Commands & string>[];
}

/** A context, checked: a command without a decision, an event without an `evolve`, a message or a text does not compile. */
export function defineContext<
  State,
  E extends DomainEvent,
  Commands extends CommandClasses,
  World,
  Steps extends CommandClasses = Record<never, never>,
>(definition: Definition<State, E, Commands, Steps, World>): Context {
  const messages = definition.messages as AnyMessages;
  const told = Object.values(messages).flatMap((said) => ('internal' in said ? [] : said));
  const lists = [...new Set(told.map(({ list }) => list))];
  return {
    keys: () => [],
    upcasters: {},
    processes: [],
    questions: [],
    waiting: [],
    ...definition,
    steps: definition.steps ?? {},
    keyed: { ...definition.keyed },
    messages,
    lists,
    figures: everyFigure.filter(({ entries }) => entries.every(({ list }) => lists.includes(list))),
  };
}
