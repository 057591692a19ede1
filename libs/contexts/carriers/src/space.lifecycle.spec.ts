import fc from 'fast-check';
import { knownCodes } from '#libs/contexts/codes';
import { evolve, isRefusal, type Actor } from '#libs/eventing';
import { carrier, type CarrierState } from './carriers.decider.js';
import type { CarrierEvent } from './carriers.events.js';

const identity = { carrier: 'x', name: '咸阳孵化器', kind: '加速器', home: 'xianyang', host: 'xianyang' };
const unit = (name: string) => ({ unit: name, areaSquareMetres: 20.5, desks: 5, from: '2023-02-01', until: null });
const open: CarrierEvent[] = [
  { type: 'carrier.registered.v1', data: { ...identity, basis: { document: 'd', clause: 'c' } } },
  { type: 'space.added.v1', data: { ...identity, ...unit('u') } },
  { type: 'space.added.v1', data: { ...identity, ...unit('v') } },
];
const by: Actor = { id: 'o', role: 'operator', region: 'xianyang' };
const world = {
  codes: knownCodes(),
  has: () => true,
  inHub: () => false,
  knows: () => true,
  lies: () => undefined,
  misplaced: () => undefined,
};
const given = { by, world };

interface Let {
  readonly unit: string;
  readonly desks: number;
  readonly areaSquareMetres: number;
  readonly from: string;
  readonly until: string | null;
}
const days = Array.from({ length: 28 }, (_, i) => `2023-02-${String(i + 1).padStart(2, '0')}`);
const covers = ({ from, until }: Let, day: string) => from <= day && (until === null || day < until);

/** The rule as it is stated: on no day may more be let than there is. */
function firstShort(lets: readonly Let[], wanted: Let): string | undefined {
  for (const day of days.filter((d) => covers(wanted, d))) {
    const there = [...lets.filter((l) => l.unit === wanted.unit && covers(l, day)), wanted];
    if (there.reduce((sum, l) => sum + l.desks, 0) > 5) return `space.no-desks on ${day}`;
    if (there.reduce((sum, l) => sum + Math.round(l.areaSquareMetres * 100), 0) > 2050)
      return `space.no-area on ${day}`;
  }
  return undefined;
}

const day = fc.constantFrom(...days);
const move = fc.record({
  release: fc.boolean(),
  allocation: fc.nat(12).map((n) => `a${n}`),
  unit: fc.constantFrom('u', 'v'),
  desks: fc.nat(3),
  areaSquareMetres: fc.integer({ min: 1, max: 1200 }).map((n) => n / 100),
  from: day,
  until: fc.option(day, { nil: undefined }),
});

it('space is let exactly when it is free on every day, whatever was let and released before', () => {
  fc.assert(
    fc.property(fc.array(move, { maxLength: 40 }), (moves) => {
      let state = open.reduce<CarrierState>((s, e) => evolve(carrier, s, e, '2023-02-01'), carrier.initial);
      const lets = new Map<string, Let>();
      for (const { release, allocation, ...asked } of moves) {
        const command = { on: '2023-02-01', carrier: 'x', allocation, uscc: 'c', firm: 'f', ...asked };
        const wanted = { ...asked, until: asked.until ?? null };
        const decision = release
          ? carrier.decide.ReleaseSpace({ ...command, until: asked.from }, state, given)
          : carrier.decide.AllocateSpace(command, state, given);
        if (!isRefusal(decision))
          state = decision.reduce<CarrierState>((s, e) => evolve(carrier, s, e, command.on), state);
        if (release && !isRefusal(decision)) lets.set(allocation, { ...lets.get(allocation)!, until: asked.from });
        if (release || lets.has(allocation) || (wanted.until !== null && wanted.until <= wanted.from)) continue;
        const day = isRefusal(decision) ? /\d{4}-\d\d-\d\d/.exec(decision.en)![0] : '';
        expect(isRefusal(decision) ? `${decision.code} on ${day}` : undefined).toBe(
          firstShort([...lets.values()], wanted),
        );
        if (!isRefusal(decision)) lets.set(allocation, wanted);
      }
    }),
    { numRuns: 500 },
  );
});

it('what ends with the carrier ends in the order in which it came', () => {
  const names = Array.from({ length: 40 }, (_, i) => `let-${(i * 7) % 40}`);
  const lets = names.map((allocation): CarrierEvent => {
    const space = { ...unit('u'), areaSquareMetres: 0.5, desks: 0 };
    return { type: 'space.allocated.v1', data: { ...identity, ...space, allocation, uscc: 'c', firm: 'f' } };
  });
  const notice = { ...identity, notice: 1, closesOn: '2023-03-01' };
  const noticed: CarrierEvent = { type: 'carrier.winding-up.v1', data: { ...notice, allocations: names } };
  const state = [...open, ...lets, noticed].reduce<CarrierState>(
    (s, e) => evolve(carrier, s, e, '2023-02-01'),
    carrier.initial,
  );
  const windUp = { on: '2023-03-01', carrier: 'x', notice: 1 };
  const ends = carrier.decide.WindUpCarrier(windUp, state, given) as readonly CarrierEvent[];
  expect(ends.map(({ data }) => ('allocation' in data ? data.allocation : 'unit' in data ? data.unit : ''))).toEqual([
    ...names,
    'u',
    'v',
    '',
  ]);
});
