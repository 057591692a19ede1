import type { Acting } from './authority.js';
import type { DomainEvent } from './event.js';

/** Why a command is refused. The kind decides the HTTP status, the code is stable, the texts are for people. */
export interface Refusal {
  readonly refused: true;
  readonly kind: RefusalKind;
  readonly code: string;
  readonly zh: string;
  readonly en: string;
  /** The field of the command at fault, where there is one. */
  readonly field?: string;
}

/** `forbidden` 403, `missing` 404, `conflict` 409 (the state forbids it), `invalid` 422 (the command itself is at fault). */
export type RefusalKind = 'forbidden' | 'missing' | 'conflict' | 'invalid';

/** A code's kind, its Chinese and English text (`{name}` is replaced by a detail), and the field at fault. */
export type RefusalText = readonly [kind: RefusalKind, zh: string, en: string, field?: string];

type Texts = Readonly<Record<string, RefusalText>>;

/** The details that a text has places for. */
type Details<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | Details<Rest> : never;
type DetailsOf<T extends RefusalText> = Details<T[1] | T[2]>;
type Filled<Names extends string> = [Names] extends [never] ? [] : [details: Readonly<Record<Names, string | number>>];

/**
 * Refuses by a code that has a text, with every detail that the text has a place for: one that is left out does not compile. The
 * texts are there for whoever documents what can be refused.
 */
export interface Refuse<T extends Texts = Texts> {
  <Code extends keyof T & string>(code: Code, ...details: Filled<DetailsOf<T[Code]>>): Refusal;
  readonly texts: Texts;
}

/** The refusals of one context: a function that takes only codes that have a text. */
export function refusals<const T extends Texts>(texts: T): Refuse<T> {
  const refuse = (code: string, details: Readonly<Record<string, string | number>> = {}): Refusal => {
    const [kind, zh, en, field] = texts[code]!;
    const fill = (text: string) => text.replace(/\{(\w+)\}/g, (_, name: string) => String(details[name]));
    return { refused: true, kind, code, zh: fill(zh), en: fill(en), field };
  };
  return Object.assign(refuse, { texts }) as Refuse<T>;
}

/** Every command says when the fact it states was true. */
export interface Command {
  readonly on: string;
}

export type CommandClass = new () => Command;
export type CommandClasses = Readonly<Record<string, CommandClass>>;

/** What a decision may know beside the command and the state: who acts, and what the world outside the stream is like. */
export interface Given<World> {
  readonly by: Acting;
  readonly world: World;
}

export type Decision<E extends DomainEvent> = readonly E[] | Refusal;

/** What each event makes of the state. `on` is the day on which the fact was true: rules ask what held on a day. */
export type Evolve<State, E extends DomainEvent> = {
  readonly [T in E['type']]: (state: State, data: Extract<E, { type: T }>['data'], on: string) => State;
};

/**
 * All the rules of one kind of stream. `commands` is the module of command classes: one without a decision, or an event
 * without an `evolve`, does not compile.
 */
export interface Decider<State, E extends DomainEvent, Commands extends CommandClasses, World = unknown> {
  /** The first part of the stream's name. */
  readonly category: string;
  /** What its rules refuse with. */
  readonly refuses?: Pick<Refuse, 'texts'>;
  readonly initial: State;
  /** The rest of the stream's name: the natural key, so that uniqueness across streams needs no lookup. */
  readonly id: (command: InstanceType<Commands[keyof Commands]>) => string;
  /** The regions that an event concerns, given the state after it. */
  readonly concerns: (event: E, state: State) => readonly string[];
  readonly decide: {
    readonly [K in keyof Commands]: (
      command: InstanceType<Commands[K]>,
      state: State,
      given: Given<World>,
    ) => Decision<E>;
  };
  readonly evolve: Evolve<State, E>;
}

/** A decider whose types only the compiler needs to know. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type AnyDecider = Decider<any, any, any, any>;

/** Names the types once, so that the object literal is checked against them. */
export function decider<State, E extends DomainEvent, Commands extends CommandClasses, World = unknown>(
  definition: Decider<State, E, Commands, World>,
): Decider<State, E, Commands, World> {
  return definition;
}

export function isRefusal(decision: object): decision is Refusal {
  return 'refused' in decision;
}

export function evolve<State, E extends DomainEvent>(
  rules: { readonly evolve: Evolve<State, E> },
  state: State,
  event: DomainEvent,
  on: string,
): State {
  const step = (rules.evolve as Record<string, (state: State, data: object, on: string) => State>)[event.type];
  if (!step) throw new Error(`no evolve for stored event ${event.type}: a stored event must stay readable for ever`);
  return step(state, event.data, on);
}
