import { Map, OrderedMap } from 'immutable';
import { isProcess, isRefusal, lifecycle, notBefore, refusals, type Earlier, type Refusal } from '#libs/eventing';
import { closed, ofSides, type Carrier, type CarrierState } from './carrier.lifecycle.js';
import { ofFirms } from './firms.js';
import { kindOf } from './kinds.js';
import {
  allocationOn,
  end,
  isLeft,
  lettingOf,
  ofSpace,
  overlap,
  putAllocation,
  putUnit,
  shortage,
  spaceOf,
  spellOf,
  unitOn,
  withoutAllocation,
  type Period,
  type SpaceState,
} from './space.js';
import { suspendedDays } from './suspended.js';

const refuse = refusals({
  ...ofSpace,
  'unit.exists': [
    'conflict',
    '空间单元 {unit} 已存在；另一单元须另立标识',
    'Space unit {unit} exists: another has another id',
    'unit',
  ],
  'unit.empty': ['invalid', '面积与工位不能都为零', 'Area and desks cannot both be zero', 'areaSquareMetres'],
  'unit.occupied': [
    'conflict',
    '该日及以后仍有入驻：{allocation}；须先释放，随准入的须先办理离开（ExitFirm）',
    'It is still let on or after that day: {allocation}; release it first, or record that its firm leaves (ExitFirm)',
    'until',
  ],
  'allocation.exists': [
    'conflict',
    '入驻 {allocation} 已存在；另一入驻须另立标识',
    'Allocation {allocation} exists: another has another id',
    'allocation',
  ],
  'allocation.admitted': [
    'conflict',
    '企业已准入，其空间 {allocation} 随准入分配；须先办理离开（ExitFirm），再重新准入',
    'The firm has been admitted and has its space with that, {allocation}: record that it leaves (ExitFirm), and admit it anew',
    'uscc',
  ],
  'allocation.by-admission': [
    'conflict',
    '{kind}的空间随企业准入分配：请办理准入（AdmitFirm）',
    'Space in a {kind} comes with the admission of a firm: admit it (AdmitFirm)',
    'uscc',
  ],
  'allocation.released': [
    'conflict',
    '该入驻已于 {until} 终止，不能延后；须另行分配',
    'It ended on {until} and cannot be prolonged: let the space anew',
    'until',
  ],
});

/**
 * Why nothing can be let or offered that begins on `from` and was agreed `on` another day: the carrier was not open on one of
 * them. A carrier that is suspended has no free space.
 */
function closedFor(whole: CarrierState, on: string, from: string): Refusal | undefined {
  const opened: Earlier = [whole.agreement.openedOn, '开园', 'its opening'];
  return notBefore(on, [opened]) ?? notBefore(from, [opened], 'from') ?? closed(whole, on) ?? closed(whole, from);
}

/** Firms have one way in: where they are incubated it is their admission, which has their space let by a process. */
function notByAdmission(
  { allocations, admissions }: SpaceState,
  kind: string,
  uscc: string,
  wanted: Period,
): Refusal | undefined {
  const held = admissions.get(uscc)?.find((id) => overlap(allocations.get(id)!, wanted));
  if (held !== undefined) return refuse('allocation.admitted', { allocation: held });
  return kindOf(kind).incubation ? refuse('allocation.by-admission', { kind }) : undefined;
}

/** What a carrier offers and lets. Space is never let twice. */
export const space = lifecycle<SpaceState, Carrier>()({
  refuses: { texts: { ...ofFirms.texts, ...refuse.texts } },
  initial: { units: OrderedMap(), allocations: OrderedMap(), changes: Map(), admissions: Map() },
  decide: {
    AddSpaceUnit: ({ on, carrier, unit, areaSquareMetres, desks, from }, { units }, { by, whole }) => {
      const identity = ofSides(whole, carrier, by, 'home', 'host');
      if (isRefusal(identity)) return identity;
      const barred = closedFor(whole, on, from);
      if (barred) return barred;
      if (units.has(unit)) return refuse('unit.exists', { unit });
      if (areaSquareMetres === 0 && desks === 0) return refuse('unit.empty');
      const added = { areaSquareMetres, desks, from, until: null };
      return [
        { type: 'space.added.v1', data: { ...identity, unit, ...added } },
        ...suspendedDays(identity, { units: [[unit, added]] }, whole.agreement.suspensions),
      ];
    },

    WithdrawSpaceUnit: ({ on, carrier, unit, until }, { allocations }, { by, whole }) => {
      const identity = ofSides(whole, carrier, by, 'home', 'host');
      if (isRefusal(identity)) return identity;
      const at = unitOn(whole, unit, on);
      if (isRefusal(at)) return at;
      if (until <= at.from || until > end(at)) return refuse('period.order');
      const tenant = allocations.findKey((a) => a.unit === unit && isLeft(a, until));
      if (tenant !== undefined) return refuse('unit.occupied', { allocation: tenant });
      return [{ type: 'space.withdrawn.v1', data: { ...identity, unit, ...spaceOf(at), until } }];
    },

    AllocateSpace: (command, state, { by, whole }) => {
      const { units, allocations, changes } = state;
      const { on, carrier, allocation, unit, uscc, firm, areaSquareMetres, desks, from, until = null } = command;
      const identity = ofSides(whole, carrier, by, 'home');
      if (isRefusal(identity)) return identity;
      const barred = closedFor(whole, on, from);
      if (barred) return barred;
      if (allocations.has(allocation)) return refuse('allocation.exists', { allocation });
      const at = units.get(unit);
      if (!at) return refuse('unit.unknown', { unit });
      if (until !== null && until <= from) return refuse('period.order');
      const elsewhere = isProcess(by) ? undefined : notByAdmission(state, identity.kind, uscc, { from, until });
      if (elsewhere) return elsewhere;
      if (areaSquareMetres === 0 && desks === 0) return refuse('unit.empty');
      const wanted = { unit, areaSquareMetres, desks, from, until };
      if (from < at.from || end(wanted) > end(at)) return refuse('space.outside-period', { from: at.from });
      const short = shortage(at, changes.get(unit, Map()), wanted);
      if (short) return short;
      return [
        { type: 'space.allocated.v1', data: { ...identity, allocation, uscc, firm, ...wanted } },
        ...suspendedDays(identity, { allocations: [[allocation, wanted]] }, whole.agreement.suspensions),
      ];
    },

    ReleaseSpace: ({ on, carrier, allocation, until }, _, { by, whole }) => {
      const identity = ofSides(whole, carrier, by, 'home');
      if (isRefusal(identity)) return identity;
      const at = allocationOn(whole, allocation, on);
      if (isRefusal(at)) return at;
      if (!isProcess(by) && spellOf(allocation) !== undefined) return refuse('allocation.of-admission');
      if (until < at.from) return refuse('period.order');
      if (until > end(at)) return refuse('allocation.released', { until: end(at) });
      if (until === at.until) return [];
      return [{ type: 'space.released.v1', data: { ...identity, ...lettingOf(at), allocation, until } }];
    },
  },
  evolve: {
    'space.added.v1': putUnit(false),
    'space.addition-reversed.v1': (s, { unit }) => ({ ...s, units: s.units.delete(unit) }),
    'space.withdrawn.v1': putUnit(false),
    'space.withdrawal-reversed.v1': putUnit(true),
    'space.allocated.v1': putAllocation(false),
    'space.allocation-reversed.v1': withoutAllocation,
    'space.released.v1': putAllocation(false),
    'space.release-reversed.v1': putAllocation(true),
    // Which days these are the suspensions say.
    'space.suspended.v1': (s) => s,
  },
});
