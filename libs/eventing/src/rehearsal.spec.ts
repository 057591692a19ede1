import type { Actor, NewEvent, RecordedEvent } from './event.js';
import { ConflictError, type EventStore, type StreamOptions } from './event-store.js';
import { RehearsalStore } from './rehearsal.js';

const by: Actor = { id: 'someone', role: 'province' };
const metadata = {
  commandId: 'c',
  commandDigest: 'd',
  causationId: 'c',
  correlationId: 'c',
  actor: by,
  occurredAt: '2023-01-01',
  recordedAt: '2023-01-01T00:00:00Z',
  regions: [],
  schemaVersion: 1,
} as const;
const event = (id: string): NewEvent => ({ id, type: 'filled.v1', data: { litres: 1 }, metadata });

/** A store with three events in one stream, which notes what it is asked and appends nothing. */
function recorder() {
  const asked: string[] = [];
  const there = ['a', 'b', 'c'].map((id, revision): RecordedEvent => ({
    ...event(id),
    stream: 'tank-1',
    revision,
    position: `p${revision}`,
  }));
  const store = {
    tellsRepetition: false,
    append: () => Promise.reject(new Error('a rehearsal records nothing')),
    readStream: async (stream: string, { from, direction, limit }: StreamOptions = {}) => {
      asked.push(`read ${stream}`);
      if (stream !== 'tank-1') return [];
      const forwards = direction !== 'backwards';
      const first = from ?? (forwards ? 0 : Infinity);
      const found = there.filter(({ revision }) => (forwards ? revision >= first : revision <= first));
      return (forwards ? found : found.toReversed()).slice(0, limit);
    },
    heads: async (streams: readonly string[]) => {
      asked.push(`heads ${streams.join(' ')}`);
      return new Map(streams.includes('tank-1') ? [['tank-1', there.length - 1]] : []);
    },
  };
  return { rehearsal: new RehearsalStore(store as unknown as EventStore), asked, there };
}
const ids = (events: readonly RecordedEvent[]) => events.map(({ id, revision }) => `${id}${revision}`);

it('reads what is there, and what was appended to it after that', async () => {
  const { rehearsal } = recorder();
  expect(await rehearsal.append('tank-1', 2, [event('d'), event('e')])).toMatchObject({ revision: 4 });
  expect(ids(await rehearsal.readStream('tank-1'))).toEqual(['a0', 'b1', 'c2', 'd3', 'e4']);
  expect(ids(await rehearsal.readStream('tank-1', { from: 2, limit: 2 }))).toEqual(['c2', 'd3']);
  expect(ids(await rehearsal.readStream('tank-1', { from: 4 }))).toEqual(['e4']);
  const backwards = { direction: 'backwards' } as const;
  expect(ids(await rehearsal.readStream('tank-1', { ...backwards, limit: 3 }))).toEqual(['e4', 'd3', 'c2']);
  expect(ids(await rehearsal.readStream('tank-1', { ...backwards, from: 3 }))).toEqual(['d3', 'c2', 'b1', 'a0']);
  expect(ids(await rehearsal.readStream('tank-1', { ...backwards, from: 1 }))).toEqual(['b1', 'a0']);
});

it('conflicts as a store does', async () => {
  const { rehearsal } = recorder();
  await rehearsal.append('tank-2', 'no-stream', [event('x')]);
  for (const [stream, expected] of [
    ['tank-1', 'no-stream'],
    ['tank-1', 1],
    ['tank-2', 'no-stream'],
    ['tank-3', 0],
  ] as const)
    await expect(rehearsal.append(stream, expected, [event('y')])).rejects.toThrow(ConflictError);
  expect(await rehearsal.append('tank-2', 'any', [event('y')])).toMatchObject({ revision: 1 });
});

it('does not see what others append to a stream that it has looked at', async () => {
  const { rehearsal, there } = recorder();
  await rehearsal.expect(['tank-1']);
  there.push({ ...there[2]!, id: 'later', revision: 3 });
  expect(ids(await rehearsal.readStream('tank-1'))).toEqual(['a0', 'b1', 'c2']);
  expect(await rehearsal.append('tank-1', 2, [event('d')])).toMatchObject({ revision: 3 });
});

it('looks once at many streams, and asks no more of those that are not there', async () => {
  const { rehearsal, asked } = recorder();
  await rehearsal.expect(['tank-1', 'tank-2', 'tank-2', 'tank-3']);
  await rehearsal.append('tank-2', 'no-stream', [event('x')]);
  expect(ids(await rehearsal.readStream('tank-2'))).toEqual(['x0']);
  expect(await rehearsal.heads(['tank-1', 'tank-2', 'tank-3'])).toEqual(
    new Map([
      ['tank-1', 2],
      ['tank-2', 0],
    ]),
  );
  expect(asked).toEqual(['heads tank-1 tank-2 tank-3']);
});

it('refuses what a store could not keep', async () => {
  const { rehearsal } = recorder();
  await expect(rehearsal.append('tank-2', 'any', [{ ...event('x'), data: { litres: NaN } }])).rejects.toThrow(/NaN/);
});
