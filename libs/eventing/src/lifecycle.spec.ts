import { evolve, refusals } from './decider.js';
import type { Actor } from './event.js';
import { combine, lifecycle } from './lifecycle.js';

class OpenDoor {
  readonly on!: string;
  readonly door!: string;
}
class Ring {
  readonly on!: string;
  readonly door!: string;
  readonly times!: number;
}
type DoorEvent =
  { type: 'door.opened.v1'; data: { door: string } } | { type: 'bell.rung.v1'; data: { door: string; times: number } };

interface Leaf {
  readonly open: boolean;
  readonly ignored: number;
}
interface Door {
  state: { readonly leaf: Leaf; readonly rung: number };
  event: DoorEvent;
  commands: { OpenDoor: typeof OpenDoor; Ring: typeof Ring };
  world: { readonly asleep: boolean };
}

const refuse = refusals({
  'door.open': ['conflict', '门已开', 'It is open'],
  'door.nobody-rang': ['conflict', '无人按铃', 'Nobody has rung'],
  'bell.asleep': ['conflict', '已休息', 'All are asleep'],
});

const leaf = lifecycle<Leaf, Door>()({
  initial: { open: false, ignored: 0 },
  decide: {
    OpenDoor: ({ door }, { open }, { whole }) => {
      if (open) return refuse('door.open');
      if (whole.rung === 0) return refuse('door.nobody-rang');
      return [{ type: 'door.opened.v1', data: { door } }];
    },
  },
  evolve: {
    'door.opened.v1': () => ({ open: true, ignored: 0 }),
    'bell.rung.v1': (s, { times }) => ({ ...s, ignored: s.ignored + times }),
  },
});

const rung = lifecycle<number, Door>()({
  initial: 0,
  decide: {
    Ring: ({ door, times }, before, { by, world }) => {
      if (world.asleep) return refuse('bell.asleep');
      if (by.role === 'auditor' && before > 0) return [];
      return [{ type: 'bell.rung.v1', data: { door, times } }];
    },
  },
  evolve: { 'bell.rung.v1': (before, { times }) => before + times },
});

const door = combine({
  category: 'door',
  id: (command) => command.door,
  concerns: ({ data }, state) => [data.door, String(state.rung)],
  parts: { leaf, rung },
});

const given = { by: { id: 'p', role: 'province' } as Actor, world: { asleep: false } };
const open = { on: '2023-01-01', door: 'd' };
const { on } = open;
const ring = { ...open, times: 2 };
const opened: DoorEvent = { type: 'door.opened.v1', data: { door: 'd' } };
const rang: DoorEvent = { type: 'bell.rung.v1', data: { door: 'd', times: 2 } };

describe('lifecycles put together', () => {
  it('begin each as it begins, under its name', () => {
    expect(door.initial).toEqual({ leaf: { open: false, ignored: 0 }, rung: 0 });
    expect(door.initial.leaf).toBe(leaf.initial);
  });

  it('decide each its own commands, by their own state, the whole, who acts and the world', () => {
    const after = evolve(door, door.initial, rang, on);
    expect(door.decide.OpenDoor(open, door.initial, given)).toMatchObject({ code: 'door.nobody-rang' });
    expect(door.decide.OpenDoor(open, after, given)).toEqual([opened]);
    expect(door.decide.OpenDoor(open, evolve(door, after, opened, on), given)).toMatchObject({ code: 'door.open' });
    expect(door.decide.Ring(ring, after, given)).toEqual([rang]);
    expect(door.decide.Ring(ring, after, { ...given, by: { id: 'a', role: 'auditor' } })).toEqual([]);
    expect(door.decide.Ring(ring, after, { ...given, world: { asleep: true } })).toMatchObject({ code: 'bell.asleep' });
  });

  it('go on each with an event that both wait for', () => {
    expect(evolve(door, evolve(door, door.initial, rang, on), rang, on)).toEqual({
      leaf: { open: false, ignored: 4 },
      rung: 4,
    });
  });

  it('leave a life alone that an event is nothing to, and the state before as it was', () => {
    const before = evolve(door, door.initial, rang, on);
    const kept = structuredClone(before);
    expect(evolve(door, before, opened, on)).toEqual({ leaf: { open: true, ignored: 0 }, rung: 2 });
    expect(before).toEqual(kept);
    expect(door.initial).toEqual({ leaf: { open: false, ignored: 0 }, rung: 0 });
  });

  it('are one stream, which knows the whole', () => {
    expect([door.category, door.id(open)]).toEqual(['door', 'd']);
    expect(door.concerns(rang, evolve(door, door.initial, rang, on))).toEqual(['d', '2']);
    expect(Object.keys(door.decide).sort()).toEqual(['OpenDoor', 'Ring']);
    expect(Object.keys(door.evolve).sort()).toEqual(['bell.rung.v1', 'door.opened.v1']);
  });
});
