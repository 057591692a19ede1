import type { Metadata, RecordedEvent } from './event.js';
import type { AllOptions, Batch, EventStore, SubscribeOptions } from './event-store.js';
import { SupersededTypeError, upcasting, type Upcasters } from './upcasting.js';

const metadata = { commandId: 'c' } as Metadata;

/** An event as a store may hand it out: a class whose data and metadata are getters. */
class Lazy implements RecordedEvent {
  readonly stream = 'door-1';
  readonly position: string;
  constructor(
    readonly revision: number,
    readonly type: string,
    private readonly text: string,
  ) {
    this.position = `p${revision}`;
  }
  get id() {
    return `id-${this.revision}`;
  }
  get data() {
    return JSON.parse(this.text) as object;
  }
  get metadata() {
    return metadata;
  }
}

const history = [
  new Lazy(0, 'door.hung.v1', '{"width":90}'),
  new Lazy(1, 'door.hung.v2', '{"width":80,"height":200}'),
  new Lazy(2, 'door.hung.v3', '{"size":[70,190]}'),
  new Lazy(3, 'door.opened.v1', '{}'),
];

const upcasters = {
  'door.hung.v1': ({ width }: { width: number }) => ({ type: 'door.hung.v2', data: { width, height: 200 } }),
  'door.hung.v2': ({ width, height }: { width: number; height: number }) => ({
    type: 'door.hung.v3',
    data: { size: [width, height] },
  }),
} satisfies Upcasters;

/** The history above, filtered by type as a store does, and what it was asked for and told. */
function recorder() {
  const asked: unknown[] = [];
  const appended: string[] = [];
  let closed = false;
  const page = ({ types }: Pick<AllOptions, 'types'>) => ({
    events: history.filter(({ type }) => types?.includes(type) ?? true),
    position: 'p3',
  });
  const store: EventStore = {
    tellsRepetition: false,
    async append(stream, _, events) {
      appended.push(...events.map(({ type }) => `${stream} ${type}`));
      return { revision: 0, position: 'p4' };
    },
    async readStream(_, options) {
      asked.push(options);
      return [...history];
    },
    heads: () => Promise.resolve(new Map()),
    async readAll(options) {
      asked.push(options);
      return page(options);
    },
    async *subscribe(options) {
      asked.push(options);
      try {
        yield { ...page(options), live: true };
      } finally {
        closed = true;
      }
    },
    progress: () => Promise.resolve(1),
    close: () => Promise.resolve(),
  };
  return { store, asked, appended, isClosed: () => closed };
}

const newest = [{ size: [90, 200] }, { size: [80, 200] }, { size: [70, 190] }];

describe('what earlier releases stored', () => {
  const all: AllOptions = { after: '', limit: 10 };
  const live: SubscribeOptions = { ...all, signal: new AbortController().signal };
  const { store, asked } = recorder();
  const read = upcasting(store, upcasters);
  const subscribed = async (options: SubscribeOptions): Promise<Batch> => {
    for await (const batch of read.subscribe(options)) return batch;
    throw new Error('no batch');
  };

  it('is read as the newest version, over as many steps as it takes, at its place', async () => {
    const events = await read.readStream('door-1');
    expect(events.map(({ type }) => type)).toEqual(['door.hung.v3', 'door.hung.v3', 'door.hung.v3', 'door.opened.v1']);
    expect(events.slice(0, 3).map(({ data }) => data)).toEqual(newest);
    const [first] = events;
    expect(first).toEqual({
      id: 'id-0',
      type: 'door.hung.v3',
      data: newest[0],
      metadata,
      stream: 'door-1',
      revision: 0,
      position: 'p0',
      stored: history[0],
    });
  });

  it('keeps what was stored within reach, the same object, over any number of steps and only where there was one', async () => {
    const events = await read.readStream('door-1');
    expect(events[0]!.stored).toBe(history[0]);
    expect(events[1]!.stored).toBe(history[1]);
    expect([events[2]!.stored, events[3]!.stored]).toEqual([undefined, undefined]);
  });

  it('is read so by every way of reading; what needs no step stays the same object', async () => {
    const ways = [
      await read.readStream('door-1', { from: 0 }),
      (await read.readAll(all)).events,
      (await subscribed(live)).events,
    ];
    for (const events of ways) {
      expect(events.slice(0, 3).map(({ data }) => data)).toEqual(newest);
      expect(events[2]).toBe(history[2]);
      expect(events[3]).toBe(history[3]);
    }
    expect(await subscribed(live)).toMatchObject({ position: 'p3', live: true });
  });

  it('is given to a reader who asks for the newest version only', async () => {
    const types = ['door.hung.v3'];
    for (const page of [await read.readAll({ ...all, types }), await subscribed({ ...live, types })]) {
      expect(page.events.map(({ data }) => data)).toEqual(newest);
      expect(page.position).toBe('p3');
    }
    expect(asked.at(-1)).toEqual({ ...live, types: ['door.hung.v3', 'door.hung.v2', 'door.hung.v1'] });
    expect((await read.readAll({ ...all, types: ['door.opened.v1', 'door.shut'] })).events).toEqual([history[3]]);
    expect((await read.readAll({ ...all, types: [] })).events).toEqual([]);
  });

  it('is not asked for by its old name, which would find nothing', async () => {
    const types = ['door.hung.v1'];
    const error = new SupersededTypeError('door.hung.v1', 'door.hung.v3');
    await expect(read.readAll({ ...all, types })).rejects.toEqual(error);
    await expect(subscribed({ ...live, types })).rejects.toEqual(error);
  });

  it('is not written any more, alone or among others', async () => {
    const { store, appended } = recorder();
    const writer = upcasting(store, upcasters);
    const event = (type: string) => ({ id: 'i', type, data: {}, metadata });
    const superseded = writer.append('door-1', 'any', [event('door.opened.v1'), event('door.hung.v2')]);
    await expect(superseded).rejects.toThrow('door.hung.v2 is superseded: write and ask for door.hung.v3');
    await writer.append('door-1', 'any', [event('door.hung.v3')]);
    expect(appended).toEqual(['door-1 door.hung.v3']);
  });
});

it('a subscription that is left is closed below', async () => {
  const { store, isClosed } = recorder();
  for await (const _ of upcasting(store, upcasters).subscribe({
    after: '',
    limit: 1,
    signal: new AbortController().signal,
  }))
    break;
  expect(isClosed()).toBe(true);
});

it('an upcaster leads to the next version, and from a name that has one', async () => {
  const { store } = recorder();
  const skipping = upcasting(store, { 'door.hung.v1': () => ({ type: 'door.hung.v3', data: {} }) });
  await expect(skipping.readStream('door-1')).rejects.toThrow('the upcaster to door.hung.v2 made door.hung.v3');
  expect(() => upcasting(store, { 'door.hung': () => ({ type: 'door.hung.v2', data: {} }) })).toThrow(RangeError);
});
