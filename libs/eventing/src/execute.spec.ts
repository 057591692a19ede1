import { decider, type Command } from './decider.js';
import type { Actor, DomainEvent, NewEvent, RecordedEvent } from './event.js';
import { ConflictError, type EventStore } from './event-store.js';
import { CommandIdReusedError, Executor, RefusedError, RevisionMismatchError } from './execute.js';

/** A store in memory, which counts what it is asked. */
function memory(tellsRepetition: boolean) {
  const streams = new Map<string, RecordedEvent[]>();
  const asked = { reads: 0, read: 0, appends: 0 };
  const store = {
    tellsRepetition,
    async append(stream: string, expected: unknown, events: readonly NewEvent[]) {
      asked.appends++;
      const all = streams.get(stream) ?? [];
      const at = expected === 'no-stream' ? 0 : Number(expected) + 1;
      const repeated = events.every(({ id }, i) => all[at + i]?.id === id);
      if (!repeated && at !== all.length) throw new ConflictError(stream, expected as number, all.length - 1);
      if (!repeated) {
        const stored = events.map((event, i) => ({ ...event, stream, revision: at + i, position: `p${at + i}` }));
        streams.set(stream, [...all, ...stored]);
      }
      const revision = at + events.length - 1;
      return { revision, position: `p${revision}`, ...(tellsRepetition ? { repeated } : {}) };
    },
    async readStream(stream: string, { from = 0 } = {}) {
      const tail = (streams.get(stream) ?? []).slice(from);
      asked.reads++;
      asked.read += tail.length;
      return tail;
    },
  };
  return { store: store as unknown as EventStore, asked };
}

interface Fill extends Command {
  readonly litres: number;
}
type Filled = DomainEvent & { readonly type: 'filled.v1'; readonly data: { readonly litres: number } };
class FillCommand implements Fill {
  on!: string;
  litres!: number;
}

/** A tank of ten litres. */
const tank = decider<{ litres: number }, Filled, { Fill: typeof FillCommand }>({
  category: 'tank',
  initial: { litres: 0 },
  id: () => '1',
  concerns: () => [],
  decide: {
    Fill({ litres }, state) {
      if (litres === 0) return [];
      if (state.litres + litres <= 10) return [{ type: 'filled.v1', data: { litres } }];
      return { refused: true, kind: 'conflict', code: 'full', zh: '满', en: 'full' };
    },
  },
  evolve: { 'filled.v1': (state, { litres }) => ({ litres: state.litres + litres }) },
});

const by: Actor = { id: 'someone', role: 'province' };
const id = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

describe.each([
  ['tells', true],
  ['does not tell', false],
])('on a store that %s a repetition', (_, tells) => {
  let sent = 0;
  const open = () => {
    const { store, asked } = memory(tells);
    const on = (executor: Executor) => ({
      fill: (litres: number, commandId = id(++sent), revision?: number) =>
        executor.execute(tank, 'Fill', { on: '2023-01-01', litres } as Fill, { commandId, by, revision }, undefined),
    });
    const process = () => on(new Executor(store, () => new Date(0)));
    return { asked, a: process(), b: process() };
  };

  it('reads no event twice', async () => {
    const { a, asked } = open();
    for (let i = 0; i < 8; i++) await a.fill(1);
    expect(asked).toEqual({ reads: tells ? 0 : 8, read: 0, appends: 8 });
  });

  it('records on what another process has recorded since', async () => {
    const { a, b } = open();
    await a.fill(1);
    await b.fill(4);
    expect(await a.fill(2)).toMatchObject({ revision: 2, position: 'p2', repeated: false });
    expect(await b.fill(0)).toMatchObject({ revision: 2, position: 'p2', events: [] });
  });

  it('refuses, and answers without recording, on what is there and not on what it remembers', async () => {
    const { a, b } = open();
    await a.fill(1);
    await b.fill(9);
    await expect(a.fill(1)).rejects.toThrow(RefusedError);
    expect(await b.fill(0)).toMatchObject({ revision: 1 });
    await expect(b.fill(1, undefined, 0)).rejects.toThrow(RevisionMismatchError);
    const c = open();
    await c.a.fill(1);
    await c.b.fill(1);
    expect(await c.a.fill(1, undefined, 1)).toMatchObject({ revision: 2 });
  });

  it('answers a command that another process has carried out as it was answered there', async () => {
    const { a, b, asked } = open();
    const commandId = id(++sent);
    const first = await a.fill(3, commandId);
    expect(await b.fill(3, commandId)).toEqual({ ...first, repeated: true });
    await b.fill(1);
    expect(await a.fill(3, commandId)).toEqual({ ...first, repeated: true });
    expect((await a.fill(0)).revision).toBe(1);
    expect(asked.read).toBeLessThanOrEqual(4);
  });

  it('does not take another command under a used id for a repetition', async () => {
    const { a, b } = open();
    const commandId = id(++sent);
    await a.fill(3, commandId);
    await expect(b.fill(4, commandId)).rejects.toThrow(CommandIdReusedError);
    await b.fill(1);
    await expect(a.fill(4, commandId)).rejects.toThrow(CommandIdReusedError);
  });
});
