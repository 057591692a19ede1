import { decider, refusals } from './decider.js';
import type { RecordedEvent } from './event.js';
import {
  deadlinePassed,
  outcomeOf,
  processManager,
  processRows,
  processStream,
  reacted,
  step,
  stepContext,
  type ProcessInstance,
} from './process-manager.js';

class Knock {
  readonly on!: string;
  readonly door!: string;
}
type DoorEvent = { type: 'door.rung.v1'; data: { door: string; waitUntil: string } };

const refuse = refusals({ 'door.shut': ['conflict', '门已关', 'The door is shut'] });
const door = decider<null, DoorEvent, { Knock: typeof Knock }>({
  category: 'door',
  initial: null,
  id: (command) => command.door,
  concerns: () => [],
  decide: { Knock: () => refuse('door.shut') },
  evolve: { 'door.rung.v1': (state) => state },
});

interface Visit {
  readonly waitUntil: string;
  readonly answers: readonly string[];
}

/** Knocks twice at every ring, waits until the time said, and ends at the second answer. */
const visit = processManager<Visit, DoorEvent>({
  name: 'visit',
  on: {
    'door.rung.v1': {
      key: ({ door: at }) => (at === 'nobody' ? undefined : at),
      react: (state, { door: at, waitUntil }, { metadata }) => ({
        state: { waitUntil, answers: state?.answers ?? [] },
        do: [
          step('first', door, 'Knock', { on: metadata.occurredAt, door: at }),
          step('second', door, 'Knock', { on: metadata.occurredAt, door: at }, 'xianyang'),
        ],
        deadline: { name: 'patience', at: waitUntil },
      }),
    },
    'process.step-done.v1': {
      react: (state, { step: name }) => ({
        state: { ...state, answers: [...state.answers, name] },
        ...(name === 'second' ? { end: 'welcome' } : {}),
      }),
    },
    'process.step-refused.v1': {
      react: (state, { step: name, code }) => ({ state: { ...state, answers: [...state.answers, `${name} ${code}`] } }),
    },
    'process.deadline-passed.v1': { react: (state) => ({ state, end: 'left' }) },
  },
});

let position = 0;
const recorded = (
  { id, type, data, metadata }: Pick<RecordedEvent, 'id' | 'type' | 'data'> & { metadata?: RecordedEvent['metadata'] },
  stream = 'door-d',
  revision = 0,
): RecordedEvent => ({
  id,
  type,
  data,
  stream,
  revision,
  position: String(position++).padStart(6, '0'),
  metadata: metadata ?? {
    commandId: id,
    commandDigest: '',
    causationId: id,
    correlationId: `correlation of ${id}`,
    actor: { id: 'somebody', role: 'operator', region: 'baoji' },
    occurredAt: '2023-05-01',
    recordedAt: '2023-05-02T00:00:00.000Z',
    regions: ['baoji'],
    schemaVersion: 1,
  },
});
const rung = (id: string, waitUntil = '2023-06-01T00:00:00+08:00') =>
  recorded({ id, type: 'door.rung.v1', data: { door: 'd', waitUntil } });

const fold = (...events: RecordedEvent[]) =>
  events.reduce<ProcessInstance<Visit> | undefined>((row, event) => {
    const next = reacted(visit, 'd', row, event);
    return next && { occurredAt: '', position: '', ...next };
  }, undefined)!;

const now = new Date('2023-05-03T00:00:00Z');
const own = (row: ProcessInstance, event: ReturnType<typeof outcomeOf>, revision: number) =>
  recorded(event, processStream(row), revision);

it('has its steps pending in order under ids that the same history gives again', () => {
  const row = fold(rung('e-1'));
  expect(row.pending.map(({ step: name, command, context }) => [name, command, context])).toEqual([
    ['first', 'Knock', 'door'],
    ['second', 'Knock', 'door'],
  ]);
  const ids = row.pending.map((p) => p.commandId);
  expect(new Set(ids).size).toBe(2);
  expect(fold(rung('e-1')).pending.map((p) => p.commandId)).toEqual(ids);
  expect(fold(rung('e-2')).pending.map((p) => p.commandId)).not.toEqual(ids);
});

it('acts under its own name, caused by the event, with no more authority than it was given', () => {
  const row = fold(rung('e-1'));
  expect(row.pending.map((p) => stepContext(row, p))).toEqual([
    {
      commandId: row.pending[0]!.commandId,
      causationId: 'e-1',
      correlationId: 'correlation of e-1',
      by: { id: 'process:visit', role: 'province' },
    },
    expect.objectContaining({ by: { id: 'process:visit', role: 'operator', region: 'xianyang' } }),
  ]);
});

it('is told of each answer once, whatever the order', () => {
  const row = fold(rung('e-1'));
  const [first, second] = row.pending;
  const refused = own(row, outcomeOf(row, first!, { code: 'door.shut', zh: '门已关', en: 'The door is shut' }, now), 0);
  const done = own(row, outcomeOf(row, second!, undefined, now), 1);
  const after = fold(rung('e-1'), refused, refused, done, done);
  expect(after.state.answers).toEqual(['first door.shut', 'second']);
  expect([after.pending, after.status, after.end, after.revision]).toEqual([[], 'ended', 'welcome', 1]);
  expect(refused.metadata).toMatchObject({
    causationId: 'e-1',
    correlationId: 'correlation of e-1',
    regions: ['baoji'],
  });
});

it('gives the answer to a step one id, whichever it is', () => {
  const row = fold(rung('e-1'));
  const [first, second] = row.pending;
  const refusal = { code: 'door.shut', zh: '门已关', en: 'The door is shut' };
  expect(outcomeOf(row, first!, refusal, now).id).toBe(outcomeOf(row, first!, undefined, new Date()).id);
  expect(outcomeOf(row, first!, undefined, now).id).not.toBe(outcomeOf(row, second!, undefined, now).id);
});

it('leaves when its deadline has passed, at its instant in UTC and its day in China', () => {
  const row = fold(rung('e-1'));
  expect([row.deadline?.name, row.due]).toEqual(['patience', '2023-05-31T16:00:00.000Z']);
  const passed = deadlinePassed(row, now);
  expect(passed.metadata).toMatchObject({ occurredAt: '2023-06-01', causationId: 'e-1' });
  expect(deadlinePassed(row, new Date()).id).toBe(passed.id);
  expect(fold(rung('e-1'), own(row, passed, 0))).toMatchObject({ end: 'left', deadline: null, due: null });
});

it('stays when a deadline passes that has been replaced', () => {
  const row = fold(rung('e-1'));
  const later = rung('e-2', '2023-07-01T00:00:00+08:00');
  const after = fold(rung('e-1'), later, own(row, deadlinePassed(row, now), 0));
  expect(after).toMatchObject({ status: 'running', due: '2023-06-30T16:00:00.000Z', revision: 0 });
});

it('ends once; what it hears after that it still reacts to, but it waits for nothing', () => {
  const row = fold(rung('e-1'));
  const events = [rung('e-1'), own(row, deadlinePassed(row, now), 0)];
  const [first, second] = row.pending;
  const after = fold(
    ...events,
    own(row, outcomeOf(row, first!, undefined, now), 1),
    own(row, outcomeOf(row, second!, undefined, now), 2),
    rung('e-2'),
  );
  expect([after.end, after.status, after.due]).toEqual(['left', 'ended', null]);
  expect(after.pending).toHaveLength(2);
});

it('remembers what it reacted to, for whoever looks into it', () => {
  const row = fold(rung('e-1'), rung('e-2'));
  expect(row.triggers.map((t) => t.id)).toEqual(['e-1', 'e-2']);
});

it('comes to the same when every event is folded twice', () => {
  const row = fold(rung('e-1'));
  const events = [rung('e-1'), own(row, outcomeOf(row, row.pending[0]!, undefined, now), 0)];
  const once = fold(...events);
  expect(fold(events[0]!, events[0]!, events[1]!, events[1]!)).toEqual(once);
});

it('refuses two steps of one name in one reaction: they would be one command', () => {
  const twice = processManager<Visit, DoorEvent>({
    ...visit,
    on: {
      'door.rung.v1': {
        key: () => 'd',
        react: () => {
          const knock = step('knock', door, 'Knock', { on: '2023-05-01', door: 'd' });
          return { state: { waitUntil: '', answers: [] }, do: [knock, knock] };
        },
      },
    },
  });
  expect(() => reacted(twice, 'd', undefined, rung('e-1'))).toThrow(/same name/);
});

describe('as rows of one projection', () => {
  class Row implements ProcessInstance {
    process!: string;
    key!: string;
    state!: unknown;
    pending!: ProcessInstance['pending'];
    deadline!: ProcessInstance['deadline'];
    due!: string | null;
    status!: 'running' | 'ended';
    end!: string | null;
    regions!: string[];
    revision!: number;
    triggers!: ProcessInstance['triggers'];
    occurredAt!: string;
    position!: string;
  }

  it('each event finds its instance, and those of other processes and of no instance none', () => {
    const rows = processRows(1, Row, [visit]);
    const keyOf = (event: RecordedEvent) => [rows.on[event.type]!].flat()[0]!.key(event.data, event);
    expect(keyOf(rung('e-1'))).toEqual({ process: 'visit', key: 'd' });
    expect(keyOf(recorded({ id: 'x', type: 'door.rung.v1', data: { door: 'nobody' } }))).toBeUndefined();
    const data = { process: 'visit', key: 'd', step: 'first', commandId: 'c' };
    expect(keyOf(recorded({ id: 'x', type: 'process.step-done.v1', data }))).toEqual({ process: 'visit', key: 'd' });
    const foreign = { ...data, process: 'of-a-later-release' };
    expect(keyOf(recorded({ id: 'x', type: 'process.step-done.v1', data: foreign }))).toBeUndefined();
  });

  it('an event touches as many processes as react to it', () => {
    const rows = processRows(1, Row, [visit, { ...visit, name: 'other' }]);
    const event = rung('e-1');
    expect([rows.on[event.type]!].flat().map((step) => step.key(event.data, event))).toEqual([
      { process: 'visit', key: 'd' },
      { process: 'other', key: 'd' },
    ]);
  });

  it('takes no two processes whose streams could be one', () => {
    expect(() => processRows(1, Row, [visit, { name: 'visit-again', on: {} }])).toThrow(/same name/);
  });
});
