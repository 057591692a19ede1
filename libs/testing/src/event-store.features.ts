import { randomUUID } from 'node:crypto';
import {
  canonicalJson,
  ConflictError,
  IdReusedError,
  NotCanonicalError,
  START,
  type Appended,
  type Batch,
  type EventStore,
  type Expected,
  type NewEvent,
  type Page,
  type Position,
  type RecordedEvent,
} from '#libs/eventing';

export interface StoreUnderTest {
  readonly store: EventStore;
  /** The store notices when an event id stands in another place; EventStoreDB has no index of ids and cannot. */
  readonly detectsIdReuse?: boolean;
  /** Cuts every open network connection of the store, once; new ones work. */
  cut(): Promise<void>;
  close(): Promise<void>;
}

/** Every member of an event as an own one: a store may hand out objects of a class, which compare equal by their fields. */
const plain = ({ id, type, data, metadata, stream, revision, position }: RecordedEvent) => {
  return { id, type, data, metadata, stream, revision, position };
};

/** For a state that must come about: far above what a healthy store needs, far below "it hangs". */
const PATIENCE_MS = 20_000;
/** For what must happen at once. */
const PROMPT_MS = 2_000;
const TEST_MS = 60_000;

/**
 * What every event store promises (libs/eventing/src/event-store.ts), as one suite that each adapter passes on the real server.
 *
 * The server's log is shared with other tests and with the server's own events, so each test writes to streams and
 * event types of its own and looks only at what comes after a mark.
 */
export function eventStoreFeatures(name: string, open: () => Promise<StoreUnderTest>): void {
  describe(`event store: ${name}`, () => {
    let under: StoreUnderTest;
    let store: EventStore;
    let readers: Reader[] = [];

    beforeAll(async () => {
      under = await open();
      store = under.store;
    }, TEST_MS);

    afterEach(async () => {
      const open = readers;
      readers = [];
      await Promise.all(open.map((reader) => reader.stop()));
    });

    afterAll(async () => {
      await under?.close();
    }, TEST_MS);

    /** A position before everything that the test will append. */
    const mark = async (): Promise<Position> =>
      (await store.append(aStream(), 'no-stream', [anEvent(aType())])).position;

    const read = (after: Position, types: string[] | undefined, limit = 10): Reader => {
      const reader = new Reader(store, after, types, limit);
      readers.push(reader);
      return reader;
    };

    describe('append', () => {
      it('given no stream, when events are appended as no-stream, then they stand from revision 0', async () => {
        const stream = aStream();
        const events = some(3);
        const appended = await store.append(stream, 'no-stream', events);
        expect(appended.revision).toBe(2);
        const stored = await store.readStream(stream);
        expect(stored.map(({ id, revision }) => [id, revision])).toEqual(events.map(({ id }, i) => [id, i]));
        expect(stored.every((event) => event.stream === stream)).toBe(true);
      });

      it('given a stream, when appended at its revision, then the revisions go on', async () => {
        const stream = aStream();
        await store.append(stream, 'no-stream', some(2));
        expect(await store.append(stream, 1, some(2))).toMatchObject({ revision: 3 });
        expect(await store.append(stream, 3, some(1))).toMatchObject({ revision: 4 });
      });

      it.each<[given: number, when: Expected, then: number | null]>([
        [0, 0, null],
        [0, 7, null],
        [3, 'no-stream', 2],
        [3, 0, 2],
        [3, 1, 2],
        [3, 3, 2],
        [3, 9, 2],
      ])('given %s events, when appended at %s, then it conflicts and says %s', async (length, expected, actual) => {
        const stream = aStream();
        const history = some(length);
        if (length > 0) await store.append(stream, 'no-stream', history);
        const error = await failure(store.append(stream, expected, some(2)));
        expect(error).toBeInstanceOf(ConflictError);
        expect(error).toMatchObject({ stream, expected, actual });
        expect(ids(await store.readStream(stream))).toEqual(ids(history));
      });

      it('given streams with and without events, when asked where they end, then it says the revision of each last event', async () => {
        const [long, short, none] = [aStream(), aStream(), aStream()];
        await store.append(long, 'no-stream', some(3));
        await store.append(short, 'no-stream', some(1));
        await store.append(long, 2, some(2));
        const heads = await store.heads([long, none, short, long, '', '$all', 'a\0b']);
        expect([...heads].sort()).toEqual([[long, 4] as const, [short, 0] as const].sort());
        expect(await store.heads([])).toEqual(new Map());
      });

      it('given any stream, when appended as any, then it never conflicts', async () => {
        const stream = aStream();
        const [first, second] = [some(2), some(1)];
        expect(await store.append(stream, 'any', first)).toMatchObject({ revision: 1 });
        expect(await store.append(stream, 'any', second)).toMatchObject({ revision: 2 });
        expect(ids(await store.readStream(stream))).toEqual(ids([...first, ...second]));
      });

      it(
        'given 20 appends as any at once, then all stand, each at a revision of its own',
        async () => {
          const stream = aStream();
          const answers = await Promise.all(times(20, () => store.append(stream, 'any', some(1))));
          expect(answers.map(({ revision }) => revision).sort((a, b) => a - b)).toEqual(times(20, (i) => i));
          expect(await store.readStream(stream)).toHaveLength(20);
        },
        TEST_MS,
      );

      it.each<[Expected, number]>([
        ['no-stream', 0],
        [0, 1],
      ])(
        'given 50 appends at %s at once, then one wins and 49 conflict',
        async (expected, winning) => {
          const stream = aStream();
          if (expected === 0) await store.append(stream, 'no-stream', some(1));
          const attempts = times(50, () => some(1)[0]!);
          const outcomes = await Promise.allSettled(attempts.map((event) => store.append(stream, expected, [event])));
          const won = attempts.filter((_, i) => outcomes[i]!.status === 'fulfilled');
          const lost = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
          expect(won).toHaveLength(1);
          expect(lost).toHaveLength(49);
          for (const error of lost) {
            expect(error).toBeInstanceOf(ConflictError);
            expect(error).toMatchObject({ stream, expected, actual: winning });
          }
          const stored = await store.readStream(stream);
          expect(stored).toHaveLength(winning + 1);
          expect(stored[winning]!.id).toBe(won[0]!.id);
        },
        TEST_MS,
      );

      it('given two batches at one revision at once, then one stands whole and the other not at all', async () => {
        for (let round = 0; round < 10; round++) {
          const stream = aStream();
          const batches = [some(5), some(5)];
          const outcomes = await Promise.allSettled(batches.map((batch) => store.append(stream, 'no-stream', batch)));
          const won = batches.filter((_, i) => outcomes[i]!.status === 'fulfilled');
          expect(won).toHaveLength(1);
          expect(ids(await store.readStream(stream))).toEqual(ids(won[0]!));
        }
      });

      it(
        'given batches being appended, when the stream is read meanwhile, then never a part of a batch is seen',
        async () => {
          const stream = aStream();
          let writing = true;
          const writer = (async () => {
            for (let i = 0; i < 20; i++) await store.append(stream, i === 0 ? 'no-stream' : i * 5 - 1, some(5));
          })().finally(() => (writing = false));
          const seen: number[] = [];
          while (writing) {
            seen.push((await store.readStream(stream)).length);
            await tick();
          }
          await writer;
          expect(seen.filter((length) => length % 5 !== 0)).toEqual([]);
          expect(await store.readStream(stream)).toHaveLength(100);
        },
        TEST_MS,
      );
    });

    describe('the same append again', () => {
      const again = (first: Appended): Appended => ({ ...first, repeated: store.tellsRepetition || undefined });

      it.each<[string, Expected]>([
        ['no-stream', 'no-stream'],
        ['a revision', 0],
        ['any', 'any'],
      ])('given an append at %s, when retried, then it is the same answer and no second event', async (_, expected) => {
        const stream = aStream();
        const history = some(expected === 'no-stream' ? 0 : 1);
        if (history.length > 0) await store.append(stream, 'no-stream', history);
        const events = some(3);
        const first = await store.append(stream, expected, events);
        expect(await store.append(stream, expected, events)).toEqual(again(first));
        expect(ids(await store.readStream(stream))).toEqual(ids([...history, ...events]));
      });

      it.each<[string, Expected]>([
        ['no-stream', 'no-stream'],
        ['a revision', 0],
        ['any', 'any'],
      ])('given an append at %s and later events, when retried, then it is the first answer', async (_, expected) => {
        const stream = aStream();
        const history = some(expected === 'no-stream' ? 0 : 1);
        if (history.length > 0) await store.append(stream, 'no-stream', history);
        const events = some(2);
        const first = await store.append(stream, expected, events);
        const later = times(5, () => some(2));
        for (const batch of later) await store.append(stream, 'any', batch);
        expect(await store.append(stream, expected, events)).toEqual(again(first));
        expect(ids(await store.readStream(stream))).toEqual(ids([...history, ...events, ...later.flat()]));
      });

      it.each<Expected>(['no-stream', 'any'])(
        'given the same append 20 times at once at %s, then all have one answer and it stands once',
        async (expected) => {
          const stream = aStream();
          const events = some(2);
          const answers = await Promise.all(times(20, () => store.append(stream, expected, events)));
          expect(new Set(answers.map(({ revision, position }) => `${revision} ${position}`)).size).toBe(1);
          if (store.tellsRepetition) expect(answers.filter(({ repeated }) => !repeated)).toHaveLength(1);
          expect(ids(await store.readStream(stream))).toEqual(ids(events));
        },
        TEST_MS,
      );

      it('given an append, when its first events are retried, then it is the answer of the last of them', async () => {
        const stream = aStream();
        const events = some(3);
        await store.append(stream, 'no-stream', events);
        const answer = await store.append(stream, 'no-stream', events.slice(0, 2));
        expect(answer).toEqual(again({ revision: 1, position: (await store.readStream(stream))[1]!.position }));
        expect(await store.readStream(stream)).toHaveLength(3);
      });

      it.each<[string, (a: NewEvent, b: NewEvent, c: NewEvent) => NewEvent[]]>([
        ['with one more', (a, b, c) => [a, b, c]],
        ['in another order', (a, b) => [b, a]],
        ['from its second event on', (_, b) => [b]],
        ['with another event in the middle', (a, b, c) => [a, c, b]],
      ])('given an append, when retried %s, then it conflicts', async (_, other) => {
        const stream = aStream();
        const [a, b, c] = some(3) as [NewEvent, NewEvent, NewEvent];
        await store.append(stream, 'no-stream', [a, b]);
        const error = await failure(store.append(stream, 'no-stream', other(a, b, c)));
        expect(error).toBeInstanceOf(ConflictError);
        expect(error).toMatchObject({ stream, expected: 'no-stream', actual: 1 });
        expect(ids(await store.readStream(stream))).toEqual(ids([a, b]));
      });

      it('given an id that stands in another stream, then it is refused where the store can see it', async () => {
        const [stream, other] = [aStream(), aStream()];
        const [event, fresh] = some(2) as [NewEvent, NewEvent];
        await store.append(other, 'no-stream', [event]);
        if (!under.detectsIdReuse) return;
        for (const expected of ['no-stream', 'any'] as const) {
          const error = await failure(store.append(stream, expected, [fresh, event]));
          expect(error).toBeInstanceOf(IdReusedError);
          expect(error).toMatchObject({ stream, id: event.id });
        }
        expect(await store.readStream(stream)).toEqual([]);
      });
    });

    describe('what is refused before it reaches the server', () => {
      it.each<[string, Expected, () => NewEvent[]]>([
        ['no events', 'any', () => []],
        ['an id that is not a UUID', 'any', () => [{ ...some(1)[0]!, id: 'not-a-uuid' }]],
        ['an id in capitals', 'any', () => some(1).map((event) => ({ ...event, id: event.id.toUpperCase() }))],
        ['the same id twice', 'any', () => some(1).flatMap((event) => [event, event])],
        ['an empty type', 'any', () => [{ ...some(1)[0]!, type: '' }]],
        ['a type of the server', 'any', () => [{ ...some(1)[0]!, type: '$metadata' }]],
        ['a type that UTF-8 cannot hold', 'any', () => [{ ...some(1)[0]!, type: 'a.\ud800.v1' }]],
        ['a negative revision', -1, () => some(1)],
        ['a revision that is not whole', 0.5, () => some(1)],
        ['a revision that is not a number', NaN, () => some(1)],
      ])('%s', async (_, expected, events) => {
        const stream = aStream();
        expect(await failure(store.append(stream, expected, events()))).toBeInstanceOf(RangeError);
        expect(await store.readStream(stream)).toEqual([]);
      });

      it.each([
        ['an empty stream name', ''],
        ['a stream name of the server', '$system-stream'],
        ['a stream name that UTF-8 cannot hold', `${aStream()}\ud800`],
        ['a stream name with U+0000', `${aStream()}\u0000`],
      ])('%s', async (_, stream) => {
        expect(await failure(store.append(stream, 'any', some(1)))).toBeInstanceOf(RangeError);
        expect(await store.readStream(stream)).toEqual([]);
      });

      it('reads from before the beginning, and of no events', async () => {
        const stream = aStream();
        await store.append(stream, 'no-stream', some(1));
        expect(await failure(store.readStream(stream, { from: -1 }))).toBeInstanceOf(RangeError);
        expect(await failure(store.readStream(stream, { limit: 0 }))).toBeInstanceOf(RangeError);
        expect(await failure(store.readAll({ after: START, limit: 0 }))).toBeInstanceOf(RangeError);
      });

      it('and the store works on afterwards', async () => {
        const stream = aStream();
        await failure(store.append(stream, -1, some(1)));
        expect(await store.append(stream, 'no-stream', some(1))).toMatchObject({ revision: 0 });
      });
    });

    describe('data and metadata', () => {
      it.each<[string, object]>([
        ['Chinese text', { 企业名称: '示例企业', 备注: '面积「12.5」公顷,𠮷' }],
        ['text that JSON escapes', { quoted: '"\\/\b\f\n\r\t\u0001\u2028\u2029', emoji: '👩‍👩‍👧' }],
        ['numbers', { n: [0, -1, 0.1, 1e21, 5e-324, 1.7976931348623157e308, Number.MAX_SAFE_INTEGER] }],
        ['keys that look like integers', { '10': 'ten', '9': 'nine', a: 1, '-1': 0, '01': 2 }],
        ['nested, null and empty', { a: { b: [[], {}, null, [null]] }, '': '', yes: true, no: false }],
        ['nothing', {}],
      ])('given %s, when stored, then it comes back equal', async (_, data) => {
        const stream = `${aStream()} \\ "引号"`;
        const event = anEvent(`企业.登记.${aType()}`, data);
        const metadata = { ...event.metadata, actor: { id: '操作员', role: 'operator', region: '430100' } as const };
        const after = await mark();
        const { position } = await store.append(stream, 'no-stream', [{ ...event, metadata }]);
        const [stored] = await store.readStream(stream);
        const expected = { ...event, metadata, stream, revision: 0, position };
        expect(plain(stored!)).toEqual(expected);
        // Small and large pages may take different ways.
        for (const limit of [10, 1000]) {
          const { events } = await store.readAll({ after, types: [event.type], limit });
          expect(events.map(plain)).toEqual([expected]);
        }
        expect(canonicalJson(stored!.data)).toBe(canonicalJson(data));
        expect(canonicalJson(stored!.metadata)).toBe(canonicalJson(metadata));
      });

      it('given members in any order, when stored, then they come back in canonical order', async () => {
        const stream = aStream();
        await store.append(stream, 'no-stream', [anEvent(aType(), { z: 1, a: { c: 2, b: 3 } })]);
        const [stored] = await store.readStream(stream);
        expect(JSON.stringify(stored!.data)).toBe('{"a":{"b":3,"c":2},"z":1}');
      });

      it.each<[string, unknown]>([
        ['undefined', undefined],
        ['NaN', NaN],
        ['infinity', -Infinity],
        ['-0', -0],
        ['a lone surrogate', 'x\ud800'],
        ['U+0000', 'x\u0000'],
        ['bigint', 1n],
        ['a Date', new Date(0)],
        ['a function', () => 1],
      ])('given %s, when appended, then it is refused and nothing is stored', async (_, value) => {
        const stream = aStream();
        const [good] = some(1) as [NewEvent];
        const badData = { ...good, id: randomUUID(), data: { deep: [{ value }] } };
        const badMetadata = { ...good, id: randomUUID(), metadata: { ...good.metadata, extra: value } };
        for (const bad of [badData, badMetadata]) {
          expect(await failure(store.append(stream, 'no-stream', [good, bad]))).toBeInstanceOf(NotCanonicalError);
        }
        expect(await store.readStream(stream)).toEqual([]);
        expect(await store.append(stream, 'no-stream', [good])).toMatchObject({ revision: 0 });
      });
    });

    describe('readStream', () => {
      it('given no stream, then it is empty history', async () => {
        expect(await store.readStream(aStream())).toEqual([]);
        expect(await store.readStream(aStream(), { from: 3 })).toEqual([]);
        expect(await store.readStream(aStream(), { direction: 'backwards', limit: 1 })).toEqual([]);
      });

      it.each<[Parameters<EventStore['readStream']>[1], number[]]>([
        [undefined, [0, 1, 2, 3, 4, 5]],
        [{ from: 0 }, [0, 1, 2, 3, 4, 5]],
        [{ from: 4 }, [4, 5]],
        [{ from: 6 }, []],
        [{ limit: 2 }, [0, 1]],
        [{ limit: 99 }, [0, 1, 2, 3, 4, 5]],
        [{ from: 3, limit: 2 }, [3, 4]],
        [{ direction: 'forwards', from: 5 }, [5]],
        [{ direction: 'backwards' }, [5, 4, 3, 2, 1, 0]],
        [{ direction: 'backwards', limit: 2 }, [5, 4]],
        [{ direction: 'backwards', from: 2 }, [2, 1, 0]],
        [{ direction: 'backwards', from: 3, limit: 2 }, [3, 2]],
        [{ direction: 'backwards', from: 0 }, [0]],
      ])('given six events, when read with %j, then %j', async (options, revisions) => {
        const stream = aStream();
        await store.append(stream, 'no-stream', some(6));
        expect((await store.readStream(stream, options)).map(({ revision }) => revision)).toEqual(revisions);
      });

      it(
        'given more events than any page holds, then all of them are read',
        async () => {
          const stream = aStream();
          const batches = times(12, () => some(100));
          for (const [i, batch] of batches.entries()) {
            await store.append(stream, i === 0 ? 'no-stream' : i * 100 - 1, batch);
          }
          expect(ids(await store.readStream(stream))).toEqual(ids(batches.flat()));
          expect(ids(await store.readStream(stream, { direction: 'backwards' }))).toEqual(
            ids(batches.flat()).reverse(),
          );
        },
        TEST_MS,
      );
    });

    describe('progress', () => {
      it('given positions along the log, then their share of it grows from 0 and ends at 1', async () => {
        const stream = aStream();
        const positions = [START];
        for (let n = 0; n < 3; n++) positions.push((await store.append(stream, 'any', some(5))).position);
        const shares = [];
        for (const position of positions) shares.push(await store.progress(position));
        expect(shares[0]).toBe(0);
        expect(shares.toSorted((a, b) => a - b)).toEqual(shares);
        expect(new Set(shares).size).toBe(shares.length);
        expect(shares.every((share) => share >= 0 && share <= 1)).toBe(true);
      });
    });

    describe('readAll', () => {
      it('given events in several streams, then they are read in the order they were appended', async () => {
        const after = await mark();
        const types = [aType(), aType()];
        const streams = [aStream(), aStream(), aStream()];
        const expected: string[] = [];
        for (let i = 0; i < 15; i++) {
          const stream = streams[(i * 7) % 3]!;
          const events = times((i % 3) + 1, (n) => anEvent(types[n % 2]!));
          await store.append(stream, 'any', events);
          expected.push(...ids(events).map((id) => `${stream} ${id}`));
        }
        const { events } = await drain(store, after, types, 4);
        expect(events.map(({ stream, id }) => `${stream} ${id}`)).toEqual(expected);
      });

      it('given START, then it begins with the first event of all', async () => {
        await store.append(aStream(), 'no-stream', some(2));
        const [first, second] = [
          await store.readAll({ after: START, limit: 1 }),
          await store.readAll({ after: START, limit: 2 }),
        ];
        expect(first.position > START).toBe(true);
        expect(first.position < second.position).toBe(true);
        expect(second.events.slice(0, first.events.length).map(plain)).toEqual(first.events.map(plain));
      });

      it('given a page, then it holds at most `limit` events and the next goes on after it', async () => {
        const after = await mark();
        const type = aType();
        const events = times(10, () => anEvent(type));
        await store.append(aStream(), 'no-stream', events);
        for (const limit of [1, 3, 10, 1000]) {
          const { events: seen, pages } = await drain(store, after, [type], limit);
          expect(Math.max(...pages.map((page) => page.events.length))).toBeLessThanOrEqual(limit);
          expect(ids(seen)).toEqual(ids(events));
        }
      });

      it('given no filter, then the events of every type are read', async () => {
        const after = await mark();
        const events = some(4);
        await store.append(aStream(), 'no-stream', events);
        const { events: seen } = await drain(store, after, undefined, 3);
        const wanted = new Set(ids(events));
        expect(ids(seen).filter((id) => wanted.has(id))).toEqual(ids(events));
        expect(seen.filter(({ type, stream }) => type.startsWith('$') || stream.startsWith('$'))).toEqual([]);
      });

      it('given the position of an event, when read after it, then it is not read again and the next is', async () => {
        const after = await mark();
        const type = aType();
        const events = times(4, () => anEvent(type));
        await store.append(aStream(), 'no-stream', events);
        const { events: stored } = await drain(store, after, [type], 1000);
        expect(ids(stored)).toEqual(ids(events));
        for (const [i, { position }] of stored.entries()) {
          const { events: seen } = await drain(store, position, [type], 100);
          expect(ids(seen)).toEqual(ids(events).slice(i + 1));
        }
      });

      it('given what append answers, then it is the position of its last event', async () => {
        const after = await mark();
        const type = aType();
        const answers: Appended[] = [];
        for (const length of [1, 3, 100]) {
          const batch = times(length, () => anEvent(type));
          answers.push(await store.append(aStream(), 'no-stream', batch));
        }
        const { events } = await drain(store, after, [type], 1000);
        expect(answers.map(({ position }) => position)).toEqual([0, 3, 103].map((i) => events[i]!.position));
      });

      it('given positions, then they compare as strings in the order of the events', async () => {
        const after = await mark();
        const type = aType();
        for (let i = 0; i < 30; i++) await store.append(aStream(), 'no-stream', [anEvent(type), anEvent(type)]);
        const { events } = await drain(store, after, [type], 7);
        const positions = events.map(({ position }) => position);
        expect(positions).toHaveLength(60);
        expect(new Set(positions).size).toBe(60);
        expect([...positions].sort(byCodeUnit)).toEqual(positions);
        expect(START < after && after < positions[0]!).toBe(true);
        const early = await store.readAll({ after: START, limit: 9 });
        expect(early.position <= positions.at(-1)!).toBe(true);
      });

      it('given events of other types only, then the pages are empty and the position moves on past them', async () => {
        const after = await mark();
        const last = await store.append(
          aStream(),
          'no-stream',
          times(20, () => anEvent(aType())),
        );
        let page: Page = { events: [], position: after };
        for (let i = 0; page.position < last.position; i++) {
          const next = await store.readAll({ after: page.position, types: [aType()], limit: 5 });
          expect(next.events).toEqual([]);
          expect(next.position > page.position).toBe(true);
          expect(i).toBeLessThan(10_000);
          page = next;
        }
      });

      it('given the end of the log, then the page is empty and the position does not move back', async () => {
        const end = await mark();
        const page = await store.readAll({ after: end, types: [aType()], limit: 10 });
        expect(page.events).toEqual([]);
        expect(page.position >= end).toBe(true);
      });

      it(
        'given writers at work, when a reader pages along, then it misses none and sees none twice or out of order',
        async () => {
          const after = await mark();
          const type = aType();
          const streams = times(8, aStream);
          let writing = true;
          const writers = Promise.all(
            streams.map(async (stream) => {
              const written: string[] = [];
              for (let i = 0; i < 30; i++) {
                const batch = times((i % 3) + 1, () => anEvent(type));
                await store.append(stream, written.length === 0 ? 'no-stream' : written.length - 1, batch);
                written.push(...ids(batch));
              }
              return written;
            }),
          ).finally(() => (writing = false));
          const seen: RecordedEvent[] = [];
          let position = after;
          const page = async () => {
            const next = await store.readAll({ after: position, types: [type], limit: 50 });
            expect(next.position >= position).toBe(true);
            seen.push(...next.events);
            position = next.position;
          };
          while (writing) {
            await page();
            await tick();
          }
          const ledger = await writers;
          const all = ledger.flat().length;
          await eventually(
            async () => (await page(), seen.length >= all),
            () => `${all} events, saw ${seen.length}`,
          );
          expect(streams.map((stream) => ids(seen.filter((event) => event.stream === stream)))).toEqual(ledger);
        },
        TEST_MS,
      );
    });

    describe('subscribe', () => {
      it(
        'given a history, when subscribed, then it catches up, says so, and goes on live',
        async () => {
          const after = await mark();
          const type = aType();
          const stream = aStream();
          const history = times(25, () => anEvent(type));
          await store.append(stream, 'no-stream', history);
          const reader = read(after, [type], 4);
          await reader.until(() => reader.live, 'live');
          expect(ids(reader.eventsBeforeLive)).toEqual(ids(history));
          const later = times(9, () => anEvent(type));
          for (const [i, event] of later.entries()) await store.append(stream, 24 + i, [event]);
          await reader.until(() => reader.events.length >= 34, 'the new events');
          expect(ids(reader.events)).toEqual(ids([...history, ...later]));
          expect(Math.max(...reader.batches.map(({ events }) => events.length))).toBeLessThanOrEqual(4);
          await reader.until(() => reader.batches.at(-1)!.live, 'live again after the new events');
          const stored = await store.readStream(stream);
          expect(reader.events.map(plain)).toEqual(stored.map(plain));
        },
        TEST_MS,
      );

      it('given nothing to catch up with, when subscribed, then it says that it is live', async () => {
        const reader = read(await mark(), [aType()]);
        await reader.until(() => reader.live, 'live');
        expect(reader.events).toEqual([]);
      });

      it(
        'given START, when subscribed, then it begins with the first event of the type',
        async () => {
          const type = aType();
          const events = times(3, () => anEvent(type));
          await store.append(aStream(), 'no-stream', events);
          const reader = read(START, [type], 1000);
          await reader.until(() => reader.live, 'live');
          expect(ids(reader.eventsBeforeLive)).toEqual(ids(events));
        },
        TEST_MS,
      );

      it('given the position of an event, when subscribed after it, then it begins with the next', async () => {
        const type = aType();
        const stream = aStream();
        await store.append(
          stream,
          'no-stream',
          times(4, () => anEvent(type)),
        );
        const stored = await store.readStream(stream);
        const reader = read(stored[1]!.position, [type]);
        await reader.until(() => reader.live, 'live');
        expect(reader.events.map(plain)).toEqual(stored.slice(2).map(plain));
      });

      it('given several types, some with the characters of a pattern, then exactly those are seen', async () => {
        const after = await mark();
        const base = aType();
        const wanted = [`${base}.a+b`, `${base}(c)`, `${base}.d`];
        const others = [`${base}xd`, `${base}.aab`, `${base}c`, `${base}.d.e`, `x${base}.d`];
        const events = [...others, ...wanted, ...others, ...wanted].map((type) => anEvent(type));
        await store.append(aStream(), 'no-stream', events);
        const reader = read(after, wanted);
        await reader.until(() => reader.live, 'live');
        expect(reader.events.map(({ type }) => type)).toEqual([...wanted, ...wanted]);
        const { events: paged } = await drain(store, after, wanted, 2);
        expect(ids(paged)).toEqual(ids(reader.events));
      });

      it(
        'given no filter, then the events of every type are seen',
        async () => {
          const after = await mark();
          const events = some(4);
          await store.append(aStream(), 'no-stream', events);
          const reader = read(after, undefined, 3);
          const wanted = new Set(ids(events));
          const found = () => ids(reader.events).filter((id) => wanted.has(id));
          await reader.until(() => found().length >= 4, 'the four events');
          expect(found()).toEqual(ids(events));
          expect(reader.events.filter(({ stream }) => stream.startsWith('$'))).toEqual([]);
        },
        TEST_MS,
      );

      it(
        'given events of other types only, then the position moves on although there is no event',
        async () => {
          const after = await mark();
          const first = await store.append(aStream(), 'no-stream', some(1));
          const reader = read(after, [aType()]);
          for (let i = 0; i < 20 && !(reader.position > first.position); i++) {
            await store.append(aStream(), 'no-stream', some(100));
          }
          await reader.until(() => reader.position > first.position, 'progress');
          expect(reader.events).toEqual([]);
        },
        TEST_MS,
      );

      it(
        'given two subscribers, then each sees everything, at its own pace',
        async () => {
          const after = await mark();
          const type = aType();
          const [one, two] = [read(after, [type], 3), read(after, [type], 100)];
          const events = times(40, () => anEvent(type));
          for (const event of events) await store.append(aStream(), 'no-stream', [event]);
          for (const reader of [one, two]) {
            await reader.until(() => reader.events.length >= 40, 'all events');
            expect(ids(reader.events)).toEqual(ids(events));
          }
        },
        TEST_MS,
      );

      it(
        'given a consumer that takes its time, then it gets everything, in order',
        async () => {
          const after = await mark();
          const type = aType();
          const controller = new AbortController();
          const options = { after, types: [type], limit: 50, signal: controller.signal };
          const subscription = store.subscribe(options)[Symbol.asyncIterator]();
          const events = times(2_000, (n) => anEvent(type, { n, filler: 'x'.repeat(1_000) }));
          const seen: RecordedEvent[] = [];
          const next = async () => {
            const { value, done } = await within(PATIENCE_MS, subscription.next(), 'the next batch');
            expect(done).toBeFalsy();
            seen.push(...(value as Batch).events);
          };
          await next();
          // It holds its batch while everything below is appended: more than any buffer on the way should take up.
          for (let i = 0; i < 2_000; i += 200) await store.append(aStream(), 'no-stream', events.slice(i, i + 200));
          while (seen.length < events.length) await next();
          expect(ids(seen)).toEqual(ids(events));
          controller.abort();
          const { done } = await within(PROMPT_MS, subscription.next(), 'the end');
          expect(done).toBe(true);
        },
        TEST_MS,
      );

      it(
        'given many subscriptions left by break or by a throw, then the store has them all closed and works on',
        async () => {
          const type = aType();
          const after = await mark();
          const stream = aStream();
          const events = times(50, () => anEvent(type));
          await store.append(stream, 'no-stream', events);
          for (let i = 0; i < 150; i++) {
            const options = { after, types: [type], limit: 2, signal: new AbortController().signal };
            try {
              for await (const batch of store.subscribe(options)) {
                if (batch.events.length === 0) continue;
                if (i % 2) throw new Error('left');
                break;
              }
            } catch (error) {
              expect(error).toMatchObject({ message: 'left' });
            }
            await within(PROMPT_MS, store.readStream(stream, { limit: 1 }), `read ${i}`);
          }
          await within(PROMPT_MS, store.append(stream, 49, some(1)), 'an append');
        },
        TEST_MS,
      );

      it.each(['while it is idle', 'while it catches up', 'before it begins'])(
        'ends promptly when aborted %s',
        async (when) => {
          const after = await mark();
          const type = aType();
          await store.append(
            aStream(),
            'no-stream',
            times(30, () => anEvent(type)),
          );
          const controller = new AbortController();
          if (when === 'before it begins') controller.abort();
          const batches: Batch[] = [];
          const consumer = (async () => {
            const options = { after, types: [type], limit: 5, signal: controller.signal };
            for await (const batch of store.subscribe(options)) {
              batches.push(batch);
              if (when === 'while it catches up') controller.abort();
            }
          })();
          if (when === 'while it is idle') {
            await eventually(
              () => batches.at(-1)?.live === true,
              () => 'live',
            );
            controller.abort();
          }
          await within(PROMPT_MS, consumer, 'the end of the subscription');
          if (when === 'while it catches up') expect(batches).toHaveLength(1);
          if (when === 'before it begins') expect(batches).toHaveLength(0);
        },
      );
    });

    describe('a cut network', () => {
      it(
        'given a live subscription that is idle, when the network is cut, then it is told and goes on where it was',
        async () => {
          const after = await mark();
          const type = aType();
          const stream = aStream();
          const events = times(6, () => anEvent(type));
          await store.append(stream, 'no-stream', events.slice(0, 3));
          const reader = read(after, [type]);
          await reader.until(() => reader.live && reader.events.length === 3, 'live');
          await under.cut();
          await reader.until(() => reader.drops.length > 0, 'word of the drop');
          await surely(() => store.append(stream, 2, events.slice(3)));
          await reader.until(() => reader.events.length >= 6, 'the events after the cut');
          expect(reader.events.map(plain)).toEqual((await store.readStream(stream)).map(plain));
          expect(ids(reader.events)).toEqual(ids(events));
        },
        TEST_MS,
      );

      it(
        'given a subscription amid its history, when the network is cut, then it goes on after the last batch taken',
        async () => {
          const after = await mark();
          const type = aType();
          const events = times(600, (n) => anEvent(type, { n, filler: 'x'.repeat(1_000) }));
          const stream = aStream();
          await store.append(stream, 'no-stream', events.slice(0, 300));
          await store.append(stream, 299, events.slice(300));
          const controller = new AbortController();
          const options = { after, types: [type], limit: 5, signal: controller.signal };
          const subscription = store.subscribe(options)[Symbol.asyncIterator]();
          const seen: RecordedEvent[] = [];
          while (seen.length < events.length) {
            const { value } = await within(PATIENCE_MS, subscription.next(), 'the next batch');
            if (seen.length < 10) await under.cut();
            seen.push(...(value as Batch).events);
          }
          expect(ids(seen)).toEqual(ids(events));
          controller.abort();
          await within(PROMPT_MS, subscription.next(), 'the end');
        },
        TEST_MS,
      );

      it(
        'given appends going on, when the network is cut again and again, then nothing is lost, doubled or reordered',
        async () => {
          const after = await mark();
          const type = aType();
          const stream = aStream();
          const events = times(150, () => anEvent(type));
          const readers = [read(after, [type], 7), read(after, [type], 100)];
          for (const [i, event] of events.entries()) {
            const appending = surely(() => store.append(stream, i === 0 ? 'no-stream' : i - 1, [event]));
            if (i % 40 === 20) await under.cut();
            expect(await appending).toMatchObject({ revision: i });
          }
          const stored = await surely(() => store.readStream(stream));
          expect(ids(stored)).toEqual(ids(events));
          for (const reader of readers) {
            await reader.until(() => reader.events.length >= events.length, 'all events');
            expect(reader.events.map(plain)).toEqual(stored.map(plain));
            expect(reader.drops.length).toBeGreaterThan(0);
          }
        },
        TEST_MS,
      );

      it(
        'given many appends in flight, when the network is cut, then retried they stand once each',
        async () => {
          const streams = times(40, aStream);
          const batches = streams.map(() => some(3));
          const appending = streams.map((stream, i) => surely(() => store.append(stream, 'no-stream', batches[i]!)));
          await under.cut();
          const answers = await Promise.all(appending);
          for (const [i, stream] of streams.entries()) {
            const stored = await surely(() => store.readStream(stream));
            expect(ids(stored)).toEqual(ids(batches[i]!));
            expect(answers[i]).toMatchObject({ revision: 2, position: stored[2]!.position });
          }
        },
        TEST_MS,
      );
    });
  });
}

const aStream = () => `contract-${randomUUID()}`;
const aType = () => `contract.${randomUUID()}`;
const times = <T>(n: number, make: (i: number) => T): T[] => Array.from({ length: n }, (_, i) => make(i));
const some = (n: number): NewEvent[] => times(n, (i) => anEvent(aType(), { n: i }));
const ids = (events: readonly { id: string }[]) => events.map(({ id }) => id);
const byCodeUnit = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** An event ready to be appended, with an id of its own. */
export function anEvent(type: string, data: object = {}): NewEvent {
  const commandId = randomUUID();
  return {
    id: randomUUID(),
    type,
    data,
    metadata: {
      commandId,
      commandDigest: 'a'.repeat(64),
      causationId: commandId,
      correlationId: commandId,
      actor: { id: 'tester', role: 'province' },
      occurredAt: '2026-11-01',
      recordedAt: '2026-11-02T03:04:05.678Z',
      regions: ['430100'],
      schemaVersion: 1,
    },
  };
}

/** The error of a promise that must fail. */
async function failure(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    (value) => expect(value).toBe('a failure'),
    (error: unknown) => error,
  );
}

/** What the port asks of a caller whose append has an unknown outcome: the same again, until there is an answer. */
async function surely<T>(attempt: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (error instanceof ConflictError || Date.now() > deadline) throw error;
      await pause();
    }
  }
}

/** Reads on page by page until a page says that there is no more. */
async function drain(store: EventStore, after: Position, types: string[] | undefined, limit: number) {
  const pages: Page[] = [];
  for (let position = after; ;) {
    const page = await store.readAll({ after: position, types, limit });
    pages.push(page);
    if (page.events.length === 0 && page.position === position) break;
    expect(page.position > position).toBe(true);
    position = page.position;
  }
  return { pages, events: pages.flatMap(({ events }) => events) };
}

/** Consumes a subscription in the background and checks what holds for every batch of every subscription. */
class Reader {
  readonly batches: Batch[] = [];
  readonly events: RecordedEvent[] = [];
  readonly drops: unknown[] = [];
  private readonly controller = new AbortController();
  private readonly loop: Promise<void>;
  private failed: { error: unknown } | undefined;

  constructor(
    store: EventStore,
    public position: Position,
    types: string[] | undefined,
    limit: number,
  ) {
    const onDrop = (error: unknown) => this.drops.push(error);
    const options = { after: position, types, limit, signal: this.controller.signal, onDrop };
    this.loop = this.consume(store.subscribe(options)).catch((error: unknown) => {
      this.failed = { error };
    });
  }

  get live(): boolean {
    return this.batches.some(({ live }) => live);
  }

  /** The history: what had come when the subscription first said that it was live. */
  get eventsBeforeLive(): RecordedEvent[] {
    const first = this.batches.findIndex(({ live }) => live);
    return this.batches.slice(0, first + 1).flatMap(({ events }) => events);
  }

  async until(condition: () => boolean, what: string): Promise<void> {
    await eventually(
      () => this.failed !== undefined || condition(),
      () => `${what}; ${this.events.length} events, ${this.batches.length} batches, drops: ${this.drops.join(', ')}`,
    );
    if (this.failed) throw this.failed.error;
  }

  async stop(): Promise<void> {
    this.controller.abort();
    await within(PATIENCE_MS, this.loop, 'the end of an aborted subscription');
    if (this.failed) throw this.failed.error;
  }

  private async consume(batches: AsyncIterable<Batch>): Promise<void> {
    for await (const batch of batches) {
      let last = this.position;
      for (const { position } of batch.events) {
        expect(position > last).toBe(true);
        last = position;
      }
      expect(batch.position >= last).toBe(true);
      this.position = batch.position;
      this.batches.push(batch);
      this.events.push(...batch.events);
    }
    expect(this.controller.signal.aborted).toBe(true);
  }
}

/** Lets the writers of the same process have a turn, also where the store under test answers without I/O. */
const tick = () => new Promise((resolve) => setImmediate(resolve));
const pause = () => new Promise((resolve) => setTimeout(resolve, 10));

async function eventually(condition: () => boolean | Promise<boolean>, what: () => string): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`waited ${PATIENCE_MS} ms in vain for ${what()}`);
    await pause();
  }
}

async function within<T>(ms: number, promise: Promise<T>, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`waited ${ms} ms in vain for ${what}`)), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
