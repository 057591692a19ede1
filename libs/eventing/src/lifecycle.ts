import type { AnyDecider, CommandClasses, Decider, Decision, Evolve, Given, Refuse } from './decider.js';
import type { DomainEvent } from './event.js';

/** What the lives of one stream have in common. A context writes it once, as an interface. */
export interface Whole {
  /** The state of each life, by its name. */
  readonly state: object;
  /** All events of the stream. */
  readonly event: DomainEvent;
  /** The modules of command classes. */
  readonly commands: CommandClasses;
  readonly world: unknown;
}

/**
 * The rules of one of the lives that a stream has: the commands `K` that it decides and the events `T` that it evolves on.
 * A decision sees its own state and the whole; an evolve only its own, so that lives fold in any order.
 */
export interface Lifecycle<W extends Whole, State, K extends keyof W['commands'], T extends W['event']['type']> {
  /** What its rules refuse with. */
  readonly refuses?: Pick<Refuse, 'texts'>;
  readonly initial: State;
  readonly decide: {
    readonly [Name in K]: (
      command: InstanceType<W['commands'][Name]>,
      state: State,
      given: Given<W['world']> & { readonly whole: W['state'] },
    ) => Decision<W['event']>;
  };
  readonly evolve: Pick<Evolve<State, W['event']>, T>;
}

/** One life of a stream. What it decides and evolves on is read off it: `lifecycle<SpaceState, Carrier>()({ … })`. */
export function lifecycle<State, W extends Whole>() {
  return <K extends keyof W['commands'], T extends W['event']['type']>(
    definition: Lifecycle<W, State, K, T>,
  ): Lifecycle<W, State, K, T> => definition;
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Lives = Readonly<Record<string, Lifecycle<any, any, any, any>>>;
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type WholeOf<P extends Lives> = P[keyof P] extends Lifecycle<infer W, any, any, any> ? W : never;

type Decided<P extends Lives> = { [N in keyof P]: keyof P[N]['decide'] };
type Evolved<P extends Lives> = { [N in keyof P]: keyof P[N]['evolve'] };
type DecidedTwice<P extends Lives> = {
  [N in keyof P]: Decided<P>[N] & Decided<Omit<P, N>>[Exclude<keyof P, N>];
}[keyof P];

/** Demands what nobody can give, by a name that says why: how the compiler tells what is wrong with the parts. */
type Fault<Names, Why extends string> = { readonly [N in Names & string as `${N} ${Why}`]: never };

type Faultless<P extends Lives, W extends Whole> = P & {
  readonly [N in keyof W['state']]: { readonly initial: W['state'][N] };
} & Fault<Exclude<keyof W['commands'], Decided<P>[keyof P]>, 'has no decision in any part'> &
  Fault<Exclude<W['event']['type'], Evolved<P>[keyof P]>, 'has no evolve in any part'> &
  Fault<DecidedTwice<P>, 'is decided by two parts'> &
  Fault<Exclude<keyof P, keyof W['state']>, 'has no state in the whole'>;

type DeciderOf<W extends Whole> = Decider<W['state'], W['event'], W['commands'], W['world']>;

type Combination<P extends Lives> = Pick<DeciderOf<WholeOf<P>>, 'category' | 'id' | 'concerns'> & {
  /** By the names that the whole state has for them. */
  readonly parts: Faultless<P, WholeOf<P>>;
};

/**
 * The decider of a stream with several lives. A command that no part decides, or two do, an event that no part evolves
 * on, or a life without its state in the whole, does not compile. An event may be of interest to several parts.
 */
export function combine<P extends Lives>(definition: Combination<P>): DeciderOf<WholeOf<P>>;
export function combine({ parts, ...named }: Combination<Lives>): AnyDecider {
  const initial: Record<string, unknown> = {};
  const decide: Record<string, AnyDecider['decide'][string]> = {};
  const evolve: Record<string, AnyDecider['evolve'][string]> = {};
  const texts = Object.assign({}, ...Object.values(parts).map((life) => life.refuses?.texts)) as Refuse['texts'];
  for (const [name, life] of Object.entries(parts)) {
    initial[name] = life.initial;
    for (const [command, decision] of Object.entries(life.decide)) {
      decide[command] = (asked, whole, given) => decision(asked, whole[name], { ...given, whole });
    }
    for (const [type, step] of Object.entries(life.evolve)) {
      const others = evolve[type] ?? ((whole: object) => whole);
      evolve[type] = (whole, data, on) => ({ ...others(whole, data, on), [name]: step(whole[name], data, on) });
    }
  }
  return { ...named, refuses: { texts }, initial, decide, evolve };
}
