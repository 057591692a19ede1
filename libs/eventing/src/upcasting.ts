import type { DomainEvent, RecordedEvent } from './event.js';
import type { EventStore, Page } from './event-store.js';

/**
 * For each stored type that a later release has superseded, the step to the next version: `x.y.v1` gives
 * `{ type: 'x.y.v2', data }`, `x.y.v2` gives `x.y.v3`. Pure, and never taken away: what was stored stays readable.
 */
export type Upcasters = Readonly<Record<string, (data: never) => DomainEvent>>;

/** The upcasters of one context: one that is missing, or makes something else than the context's events, does not compile. */
export type UpcastersOf<Superseded extends DomainEvent, E extends DomainEvent> = {
  readonly [T in Superseded['type']]: (data: Extract<Superseded, { type: T }>['data']) => Superseded | E;
};

/** A stored type that is only read any more: who writes it, or asks for it, has been left behind by a later version. */
export class SupersededTypeError extends Error {
  constructor(
    readonly type: string,
    readonly by: string,
  ) {
    super(`${type} is superseded: write and ask for ${by}`);
    this.name = 'SupersededTypeError';
  }
}

/**
 * The store as of today's events: what earlier releases stored is given in its newest version, at its old place, with what
 * was `stored` beside it; all else is passed through as it is, the same object. A reader who asks for a type is also given
 * its earlier versions.
 *
 * `append`, `readAll` and `subscribe` throw SupersededTypeError when they are given a superseded type.
 */
export function upcasting(store: EventStore, upcasters: Upcasters): EventStore {
  const steps = new Map(Object.entries(upcasters) as [string, (data: object) => DomainEvent][]);
  for (const type of steps.keys()) next(type);

  function newest(type: string): string {
    return steps.has(type) ? newest(next(type)) : type;
  }

  function assertCurrent(types: readonly string[]): void {
    for (const type of types) if (steps.has(type)) throw new SupersededTypeError(type, newest(type));
  }

  function upcast(event: RecordedEvent): RecordedEvent {
    if (!steps.has(event.type)) return event;
    let { type, data }: DomainEvent = event;
    for (let step = steps.get(type); step; step = steps.get(type)) {
      const expected = next(type);
      ({ type, data } = step(data));
      if (type !== expected) throw new Error(`the upcaster to ${expected} made ${type}`);
    }
    // Field by field: an event may be of a class, whose getters a spread would lose.
    const { id, metadata, stream, revision, position } = event;
    return { id, type, data, metadata, stream, revision, position, stored: event };
  }

  const upcastAll = (events: readonly RecordedEvent[]) => events.map(upcast);
  const upcastPage = <P extends Page>(page: P): P => ({ ...page, events: upcastAll(page.events) });

  function widened<O extends { readonly types?: readonly string[] }>(options: O): O {
    if (!options.types) return options;
    assertCurrent(options.types);
    return { ...options, types: options.types.flatMap((type) => [type, ...earlier(type)]) };
  }

  function earlier(type: string): string[] {
    const before = [...steps.keys()].find((step) => next(step) === type);
    return before === undefined ? [] : [before, ...earlier(before)];
  }

  return {
    tellsRepetition: store.tellsRepetition,
    async append(stream, expected, events) {
      assertCurrent(events.map(({ type }) => type));
      return store.append(stream, expected, events);
    },
    readStream: async (stream, options) => upcastAll(await store.readStream(stream, options)),
    heads: (streams) => store.heads(streams),
    readAll: async (options) => upcastPage(await store.readAll(widened(options))),
    async *subscribe(options) {
      for await (const batch of store.subscribe(widened(options))) yield upcastPage(batch);
    },
    progress: (position) => store.progress(position),
    close: () => store.close(),
  };
}

/** The name of a type's next version. */
function next(type: string): string {
  const [, name, version] = /^(.+\.v)(\d+)$/.exec(type) ?? [];
  if (name === undefined) throw new RangeError(`"${type}" has no version to go on from`);
  return `${name}${Number(version) + 1}`;
}
