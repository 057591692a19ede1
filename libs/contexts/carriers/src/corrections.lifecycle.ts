import type { OrderedMap } from 'immutable';
import { isProcess, isRefusal, lifecycle, notBefore, refusals } from '#libs/eventing';
import { known, ofSides, standing, type Carrier, type CarrierState } from './carrier.lifecycle.js';
import {
  allocationOn,
  gone,
  isLeft,
  lettingOf,
  NAMED,
  notRestorable,
  ofSpace,
  spaceOf,
  spellOf,
  unitOn,
  type Period,
} from './space.js';
import { suspendedDays } from './suspended.js';
import { endedOn, inForce } from './timelines.js';

const refuse = refusals({
  ...ofSpace,
  'carrier.relied-on': [
    'conflict',
    '{until} 起仍有依据该协议的事项，须先冲销：{things} 等 {count} 项',
    'What rests on the agreement from {until} on is to be reversed first: {things} …, {count} in all',
    'agreementUntil',
  ],
  'unit.let': [
    'conflict',
    '须先冲销该单元的入驻：{allocations} 等 {count} 项',
    'Its allocations are to be reversed first: {allocations} …, {count} in all',
    'unit',
  ],
  'unit.not-withdrawn': [
    'conflict',
    '空间单元 {unit} 未撤出，无须冲销',
    'Space unit {unit} was not withdrawn: nothing to reverse',
    'unit',
  ],
  'allocation.not-released': [
    'conflict',
    '入驻 {allocation} 未释放，无须冲销',
    '{allocation} was not released: nothing to reverse',
    'allocation',
  ],
});

/** What could be only while the agreement was in force, by its name and day. */
function restingOn({ agreement, terms, space }: CarrierState): { thing: string; day: string }[] {
  const { openedOn } = agreement;
  const { units, allocations } = space;
  const opening = openedOn === null ? [] : [{ thing: '开园 opening', day: openedOn }];
  const of = (things: OrderedMap<string, Period>) =>
    [...things].filter(([, at]) => isLeft(at, at.from)).map(([thing, { from }]) => ({ thing, day: from }));
  return [...opening, ...of(units), ...of(allocations)].filter(({ day }) => inForce(terms, day));
}

/** 冲销: what was stated by mistake is taken back or set right, once what followed from it is. */
export const corrections = lifecycle<null, Carrier>()({
  refuses: refuse,
  initial: null,
  decide: {
    CorrectAgreement: ({ on, carrier, agreementUntil = null, reason }, _, { whole }) => {
      const { filedOn } = whole.agreement;
      const { terms, term } = whole.terms;
      const last = terms.at(-1);
      const identity = known(whole, carrier);
      if (isRefusal(identity)) return identity;
      if (!last) return refuse('carrier.no-agreement');
      const early = notBefore(on, [[filedOn, '备案', 'its filing']]);
      if (early) return early;
      if (agreementUntil === last.until) return [];
      const earliest = [last.from, terms.at(-2)?.until ?? last.from].sort().at(-1)!;
      if (agreementUntil !== null && agreementUntil <= earliest)
        return { ...refuse('period.order'), field: 'agreementUntil' };
      const corrected = { ...whole.terms, terms: endedOn(terms, agreementUntil) };
      const things = restingOn(whole).filter(({ day }) => !inForce(corrected, day));
      if (things.length > 0) {
        const named = things.slice(0, NAMED).map(({ thing }) => thing);
        return refuse('carrier.relied-on', { until: agreementUntil!, things: named.join('、'), count: things.length });
      }
      const status = standing({ ...whole, terms: corrected }, on);
      return [{ type: 'carrier.agreement-corrected.v1', data: { ...identity, term, agreementUntil, reason, status } }];
    },

    ReverseSpaceUnit: ({ on, carrier, unit, reason }, _, { by, whole }) => {
      const { allocations } = whole.space;
      const identity = ofSides(whole, carrier, by, 'home', 'host');
      if (isRefusal(identity)) return identity;
      const at = unitOn(whole, unit, on);
      if (isRefusal(at)) return at;
      const lets = allocations.filter((a) => a.unit === unit && isLeft(a, a.from));
      const named = lets.keySeq().take(NAMED).join('、');
      if (lets.size > 0) return refuse('unit.let', { allocations: named, count: lets.size });
      return [{ type: 'space.addition-reversed.v1', data: { ...identity, unit, ...spaceOf(at), reason } }];
    },

    ReverseUnitWithdrawal: ({ on, carrier, unit, reason }, _, { by, whole }) => {
      const identity = ofSides(whole, carrier, by, 'home', 'host');
      if (isRefusal(identity)) return identity;
      const at = unitOn(whole, unit, on);
      if (isRefusal(at)) return at;
      const until = at.ends.at(-1);
      if (until === undefined) return refuse('unit.not-withdrawn', { unit });
      const barred = gone(whole, until);
      if (barred) return barred;
      const back = { ...spaceOf(at), until };
      return [
        { type: 'space.withdrawal-reversed.v1', data: { ...identity, unit, ...back, reason } },
        ...suspendedDays(identity, { units: [[unit, back]] }, whole.agreement.suspensions),
      ];
    },

    ReverseAllocation: ({ on, carrier, allocation, reason }, _, { by, whole }) => {
      const identity = ofSides(whole, carrier, by, 'home');
      if (isRefusal(identity)) return identity;
      const at = allocationOn(whole, allocation, on);
      if (isRefusal(at)) return at;
      if (spellOf(allocation) !== undefined) return refuse('allocation.of-admission');
      const data = { ...identity, ...lettingOf(at), allocation, reason };
      return [{ type: 'space.allocation-reversed.v1', data }];
    },

    ReverseRelease: ({ on, carrier, allocation, reason }, _, { by, whole }) => {
      const identity = ofSides(whole, carrier, by, 'home');
      if (isRefusal(identity)) return identity;
      const at = allocationOn(whole, allocation, on);
      if (isRefusal(at)) return at;
      if (!isProcess(by) && spellOf(allocation) !== undefined) return refuse('allocation.of-admission');
      const until = at.ends.at(-1);
      if (until === undefined) return refuse('allocation.not-released', { allocation });
      const taken = notRestorable(whole, allocation);
      if (taken) return taken;
      const back = { ...lettingOf(at), until };
      return [
        { type: 'space.release-reversed.v1', data: { ...identity, ...back, allocation, reason } },
        ...suspendedDays(identity, { allocations: [[allocation, back]] }, whole.agreement.suspensions),
      ];
    },
  },
  evolve: {},
});
