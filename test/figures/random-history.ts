import fc from 'fast-check';
import { v5 as uuidV5 } from 'uuid';
import { knownCodes } from '#libs/contexts/codes';
import { evolve, isRefusal, type AnyDecider, type DomainEvent, type NewEvent } from '#libs/eventing';
import { completeUscc } from '#libs/fields';
import { contract } from '../../libs/contexts/achievements/src/contracts.decider.js';
import { carrier } from '../../libs/contexts/carriers/src/carriers.decider.js';
import { incubatee } from '../../libs/contexts/incubation/src/incubation.decider.js';
import { instrument } from '../../libs/contexts/sharing/src/sharing.decider.js';

const NAMESPACE = '4b2d1f6a-0c3e-4f58-9a77-1f2e3d4c5b6a';
const cities = ['xianyang', 'baoji', 'ankang'] as const;
const codes = knownCodes();
const world = {
  codes,
  has: () => true,
  inHub: (r: string) => r === 'xixian',
  knows: () => true,
  lies: () => undefined,
  // What a carrier without rules of its own asks of firms.
  host: 'xixian',
  incubation: null,
  notRestorable: () => undefined,
};

const region = fc.constantFrom(...cities, 'xixian');
const few = fc.nat(2);
// Two years around the period asked for, so that entries begin before it, end after it and lie outside it.
const day = fc.integer({ min: 0, max: 729 }).map((n) => new Date(Date.UTC(2022, 6, 1 + n)).toISOString().slice(0, 10));
/** A reversal is not dated before what it reverses: most of these come later. */
const late = (on: string) => (on < '2024-01-01' ? '2024-01-01' : on);
const area = fc.integer({ min: 0, max: 9_000 }).map((n) => n / 100);
const outcome = fc.constantFrom('graduated', 'exited', 'eliminated');
const usccOf = (n: number) => completeUscc(`91610400MA6Y000${n}`);
const fen = fc.oneof(fc.nat(1_000_000), fc.nat(100_000_000_000), fc.constant(0));

/** A command that is tried; what the rules refuse leaves no event. */
interface Try {
  readonly decider: AnyDecider;
  readonly name: string;
  readonly command: { readonly on: string };
}

const attempt = <F extends Record<string, unknown>>(
  decider: AnyDecider,
  name: string,
  fields: { [K in keyof F]: fc.Arbitrary<F[K]> },
  build: (fields: F & { on: string }) => object,
): fc.Arbitrary<Try> =>
  fc.record({ ...fields, on: day }).map((f) => {
    const values = f as F & { on: string };
    return { decider, name, command: { on: values.on, ...build(values) } };
  });

const moves = fc.oneof(
  {
    weight: 1,
    arbitrary: attempt(
      carrier,
      'AddSpaceUnit',
      { c: few, u: few, area, desks: fc.nat(30), from: day },
      ({ c, u, area, desks, from }) => ({
        carrier: `c${c}`,
        unit: `u${u}`,
        areaSquareMetres: area,
        desks,
        from,
      }),
    ),
  },
  {
    weight: 1,
    arbitrary: attempt(carrier, 'WithdrawSpaceUnit', { c: few, u: few, until: day }, ({ c, u, until }) => ({
      carrier: `c${c}`,
      unit: `u${u}`,
      until,
    })),
  },
  {
    weight: 4,
    arbitrary: attempt(
      carrier,
      'AllocateSpace',
      { c: few, u: few, a: fc.nat(12), area, desks: fc.nat(9), from: day, until: fc.option(day, { nil: undefined }) },
      ({ c, u, a, area, desks, from, until }) => ({
        carrier: `c${c}`,
        unit: `u${u}`,
        allocation: `a${a}`,
        uscc: usccOf(0),
        firm: 'f',
        areaSquareMetres: area,
        desks,
        from,
        until,
      }),
    ),
  },
  {
    weight: 2,
    arbitrary: attempt(carrier, 'ReleaseSpace', { c: few, a: fc.nat(12), until: day }, ({ c, a, until }) => ({
      carrier: `c${c}`,
      allocation: `a${a}`,
      until,
    })),
  },
  {
    weight: 1,
    arbitrary: attempt(carrier, 'GiveNotice', { c: few, closesOn: day }, ({ c, closesOn }) => ({
      carrier: `c${c}`,
      closesOn,
    })),
  },
  {
    weight: 1,
    arbitrary: attempt(carrier, 'ReverseNotice', { c: few }, ({ c, on }) => ({
      on: late(on),
      carrier: `c${c}`,
      reason: 'r',
    })),
  },
  {
    weight: 4,
    arbitrary: attempt(
      incubatee,
      'AdmitFirm',
      { c: few, f: few, from: day, until: fc.option(day, { nil: undefined }) },
      ({ c, f, from, until }) => ({
        carrier: `c${c}`,
        home: cities[c]!,
        uscc: usccOf(f),
        firm: `f${f}`,
        field: '集成电路',
        founded: '2022-01-01',
        unit: 'u0',
        areaSquareMetres: 1,
        desks: 1,
        from,
        until,
      }),
    ),
  },
  {
    weight: 6,
    arbitrary: attempt(
      incubatee,
      'ConfirmAdmission',
      { c: few, f: few, spell: fc.integer({ min: 1, max: 2 }) },
      ({ c, f, spell }) => ({ carrier: `c${c}`, uscc: usccOf(f), spell }),
    ),
  },
  {
    weight: 4,
    arbitrary: attempt(incubatee, 'ExitFirm', { c: few, f: few, outcome }, ({ c, f, outcome }) => ({
      carrier: `c${c}`,
      uscc: usccOf(f),
      outcome,
    })),
  },
  ...['ReverseExit', 'ReverseAdmission'].map((name) => ({
    weight: 1,
    arbitrary: attempt(incubatee, name, { c: few, f: few }, ({ c, f, on }) => ({
      on: late(on),
      carrier: `c${c}`,
      uscc: usccOf(f),
      reason: 'r',
    })),
  })),
  {
    weight: 2,
    arbitrary: attempt(
      instrument,
      'NetworkInstrument',
      { i: fc.integer({ min: 3, max: 5 }), owner: region, units: fc.integer({ min: 1, max: 9 }), fen },
      ({ i, owner, units, fen }) => ({
        instrument: `i${i}`,
        name: 'i',
        owner,
        units,
        originalValueFen: fen,
        basis: {},
      }),
    ),
  },
  ...['WithdrawInstrument', 'ReverseWithdrawal', 'ReverseInstrument'].map((name) => ({
    weight: 1,
    arbitrary: attempt(instrument, name, { i: fc.nat(5) }, ({ i, on }) => ({
      on: name === 'WithdrawInstrument' ? on : late(on),
      instrument: `i${i}`,
      reason: 'r',
    })),
  })),
  {
    weight: 5,
    arbitrary: attempt(
      instrument,
      'RecordUse',
      { i: few, u: fc.nat(20), using: region, hours: fc.integer({ min: 1, max: 5000 }), internal: fc.boolean() },
      ({ i, u, using, hours, internal }) => ({
        instrument: `i${i}`,
        use: `u${u}`,
        using,
        hours: hours / 100,
        sharing: internal ? 'internal' : 'external',
      }),
    ),
  },
  {
    weight: 8,
    arbitrary: attempt(instrument, 'ReverseUse', { i: few, u: fc.nat(20) }, ({ i, u, on }) => ({
      on: late(on),
      instrument: `i${i}`,
      use: `u${u}`,
      reason: 'r',
    })),
  },
  {
    weight: 8,
    arbitrary: attempt(
      contract,
      'FileContract',
      {
        k: fc.nat(7),
        output: region,
        absorbing: region,
        fen,
        type: fc.constantFrom('development', 'service', 'licence'),
      },
      ({ k, output, absorbing, fen, type }) => ({
        contract: `k${k}`,
        title: 't',
        type,
        output,
        absorbing,
        amountFen: fen,
      }),
    ),
  },
  {
    weight: 16,
    arbitrary: attempt(contract, 'RecogniseContract', { k: fc.nat(7), r: fc.nat(1), fen }, ({ k, r, fen }) => ({
      contract: `k${k}`,
      registration: `r${r}`,
      technicalRevenueFen: fen,
    })),
  },
  {
    weight: 9,
    arbitrary: attempt(contract, 'ReverseContract', { k: fc.nat(7), r: fc.nat(1) }, ({ k, r, on }) => ({
      on: late(on),
      contract: `k${k}`,
      reverses: `r${r}`,
      reason: 'r',
    })),
  },
);

/** Open carriers of three cities in the hub, and instruments: what the moves need to get anywhere. */
const opening: DomainEvent[][] = [
  ...cities.map((home, n) => {
    const identity = { carrier: `c${n}`, name: `c${n}`, kind: '离岸研发中心', home, host: 'xixian' };
    const basis = { document: 'd', clause: 'c' };
    const tie = { link: 'offshore-centre', fromEnd: 'outside-hub', toEnd: 'hub', level: null };
    return [
      { type: 'carrier.proposed.v2', data: { ...identity, proposal: 1, tie, answerBy: null, basis } },
      { type: 'carrier.opened.v1', data: identity },
      ...[0, 1].map((u) => ({
        type: 'space.added.v1',
        data: { ...identity, unit: `u${u}`, areaSquareMetres: 150.5, desks: 20, from: '2022-07-01', until: null },
      })),
    ];
  }),
  ...cities.map((owner, n) => {
    const data = { instrument: `i${n}`, name: 'i', owner, units: 24, originalValueFen: 1 };
    const joined = { ...data, assetNumber: null, since: '2022-01-01', basis: {} };
    return [{ type: 'instrument.networked.v2', data: joined }];
  }),
];

const PREFIX: Record<string, AnyDecider> = { c: carrier, i: instrument };

/** An event with its stream. */
export type RandomEvent = NewEvent & { readonly stream: string };

/** What the deciders make of a random series of commands, in order, each event with its stream. */
export const randomHistory: fc.Arbitrary<RandomEvent[]> = fc
  .array(moves, { minLength: 30, maxLength: 100 })
  .map((tries) => {
    const states = new Map<string, unknown>();
    const history: RandomEvent[] = [];
    const record = (decider: AnyDecider, stream: string, event: DomainEvent, on: string) => {
      const state = evolve(decider, states.get(stream) ?? decider.initial, event, on);
      states.set(stream, state);
      const id = uuidV5(String(history.length), NAMESPACE);
      history.push({ id, ...event, stream, metadata: metadata(on, decider.concerns(event, state)) });
    };
    for (const events of opening) {
      for (const event of events) {
        const [id] = Object.values(event.data) as [string];
        const decider = PREFIX[id[0]!]!;
        record(decider, `${decider.category}-${id}`, event, '2022-01-01');
      }
    }
    for (const { decider, name, command } of tries) {
      const stream = `${decider.category}-${decider.id(command)}`;
      const state = states.get(stream) ?? decider.initial;
      for (const region of [...cities, 'xixian']) {
        const by = { id: 'o', role: 'operator', region } as const;
        const decision = decider.decide[name]!(command, state, { by, world });
        if (isRefusal(decision)) continue;
        for (const event of decision as DomainEvent[]) record(decider, stream, event, command.on);
        break;
      }
    }
    return history;
  });

function metadata(occurredAt: string, regions: readonly string[]): NewEvent['metadata'] {
  const one = 'c0ffee00-0000-4000-8000-000000000000';
  return {
    commandId: one,
    commandDigest: '',
    causationId: one,
    correlationId: one,
    actor: {
      id: 'o',
      role: 'province',
    },
    occurredAt,
    recordedAt: '2026-01-01T00:00:00.000Z',
    regions,
    schemaVersion: 1,
  };
}
