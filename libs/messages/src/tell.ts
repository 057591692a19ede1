import type { AnyList, RowOf } from './list.js';

/** The state of a thing after a fact, or undefined where it changes nothing. Pure: it is asked for every day that it holds on. */
export type Apply = (before: object | undefined) => object | undefined;

/** What identifies a thing within its list. */
type Key = readonly (string | number)[];

/** What an event must say to name one thing of a list. */
type Naming<L extends AnyList> = { readonly [Field in L['key'][number]]: string | number };

/** What an event says of one thing of a list, or of several. */
export interface Tell<Data extends object = object> {
  readonly list: AnyList;
  /** Which things these are, each once; without it the one that the event names by the list's key. */
  keys?(data: Data): readonly Key[];
  // The bivariance of a method parameter lets it be written per event type and be called with any.
  apply(data: Data, day: string): Apply;
}

/** An event that nobody outside is told of, and why. */
export interface Internal {
  readonly internal: string;
}

/** For every stored event of a context what it says of which things: one that is forgotten does not compile. */
export type MessagesOf<E extends { readonly type: string; readonly data: object }> = {
  readonly [T in E['type']]:
    Tell<Extract<E, { type: T }>['data']> | readonly Tell<Extract<E, { type: T }>['data']>[] | Internal;
};

export type AnyMessages = Readonly<Record<string, Tell | readonly Tell[] | Internal>>;

/**
 * An event gives a thing of the list its next state. Which thing, the event says by the list's key.
 *
 * @param make the whole state, from what the event says, the state before it and the day on which it was true
 */
export const put = <L extends AnyList, Data extends Naming<L>>(
  list: L,
  make: (data: Data, before: RowOf<L> | undefined, day: string) => RowOf<L> | undefined,
): Tell<Data> => ({
  list,
  apply: (data, day) => (before) => make(data, before as RowOf<L> | undefined, day),
});

/** The same for a thing that is there already: of one that is not, there is nothing to tell. */
export const change = <L extends AnyList, Data extends Naming<L>>(
  list: L,
  make: (data: Data, day: string) => Partial<RowOf<L>>,
): Tell<Data> => changed(list, make);

const changed = <L extends AnyList, Data extends object>(
  list: L,
  make: (data: Data, day: string) => Partial<RowOf<L>>,
): Tell<Data> => ({
  list,
  apply: (data, day) => (before) => before && { ...before, ...make(data, day) },
});

/** The same for each of several things that an event names. */
export const changeEach = <L extends AnyList, Data extends object>(
  list: L,
  keys: (data: Data) => readonly Key[],
  make: (data: Data, day: string) => Partial<RowOf<L>>,
): Tell<Data> => ({ ...changed(list, make), keys });

export const internal = (why: string): Internal => ({ internal: why });

/** One thing that an event concerns. */
export interface Touched {
  readonly list: AnyList;
  readonly key: Key;
  readonly apply: Apply;
}

/** Everything that an event says, thing by thing. */
export function touched(messages: AnyMessages, type: string, data: object, day: string): readonly Touched[] {
  const said = messages[type];
  if (!said || 'internal' in said) return [];
  return (Array.isArray(said) ? (said as readonly Tell[]) : [said as Tell]).flatMap((tell) => {
    const { list } = tell;
    const apply = tell.apply(data, day);
    const named = () => list.key.map((name: string) => (data as Readonly<Record<string, string | number>>)[name]!);
    return (tell.keys?.(data) ?? [named()]).map((key) => ({ list, key, apply }));
  });
}
