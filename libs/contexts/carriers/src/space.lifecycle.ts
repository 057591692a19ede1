import { Map, OrderedMap } from 'immutable';
import { isProcess, lifecycle, notBefore, notFor, refusals, type Earlier, type Refusal } from '#libs/eventing';
import { kindOf } from './kinds.js';
import { closed, ofCarrier, type Carrier, type CarrierState } from './carrier.lifecycle.js';

/** Space over a period; `until` is exclusive, null while it is open-ended. */
export interface Period {
  readonly from: string;
  readonly until: string | null;
}
interface Space extends Period {
  readonly areaSquareMetres: number;
  readonly desks: number;
}
interface Unit extends Space {
  /** The day on which it was added. */
  readonly on: string;
}
interface Allocation extends Space {
  /** The day on which it was let. */
  readonly on: string;
  readonly unit: string;
  readonly uscc: string;
  readonly firm: string;
}
/** An amount of space. Areas are counted in hundredths of a square metre, as integers: their sums are exact. */
interface Amount {
  readonly desks: number;
  readonly hundredths: number;
}

export interface SpaceState {
  readonly units: OrderedMap<string, Unit>;
  readonly allocations: OrderedMap<string, Allocation>;
  /**
   * Of each unit the days on which what is let of it changes, and by how much: one more allocation looks at days, of which a
   * decade has few, and not at all the allocations that there have been.
   */
  readonly changes: Map<string, Map<string, Amount>>;
  /** Of each firm the allocations that came with its admissions. */
  readonly admissions: Map<string, readonly string[]>;
}

const refuse = refusals({
  ...ofCarrier,
  'unit.exists': ['conflict', '空间单元 {unit} 已存在', 'Space unit {unit} exists', 'unit'],
  'unit.unknown': ['missing', '空间单元 {unit} 不存在', 'Space unit {unit} does not exist', 'unit'],
  'unit.empty': ['invalid', '面积与工位不能都为零', 'Area and desks cannot both be zero', 'areaSquareMetres'],
  'unit.occupied': [
    'conflict',
    '该日及以后仍有入驻：{allocation}',
    'It is still let on or after that day: {allocation}',
    'until',
  ],
  'allocation.exists': ['conflict', '入驻 {allocation} 已存在', 'Allocation {allocation} exists', 'allocation'],
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
  'allocation.unknown': ['missing', '入驻 {allocation} 不存在', 'Allocation {allocation} does not exist', 'allocation'],
  'allocation.released': [
    'conflict',
    '该入驻已于 {until} 终止，不能延后',
    'It ended on {until} and cannot be prolonged',
    'until',
  ],
  'space.outside-period': [
    'conflict',
    '空间单元在该期间不可用（{from} 起）',
    'The unit is not available throughout that period (from {from})',
    'from',
  ],
  'space.no-desks': [
    'conflict',
    '工位不足：{day} 仅余 {free} 个，需要 {wanted} 个',
    'Not enough desks: {free} free on {day}, {wanted} wanted',
    'desks',
  ],
  'space.no-area': [
    'conflict',
    '面积不足：{day} 仅余 {free} 平方米，需要 {wanted} 平方米',
    'Not enough area: {free} m² free on {day}, {wanted} m² wanted',
    'areaSquareMetres',
  ],
});

const FOREVER = '9999-12-31';
const end = ({ until }: Period) => until ?? FOREVER;
/** Whether it goes on, or begins, on that day or later; what ends as it begins is nothing. */
export const isLeft = (period: Period, day: string) => end(period) > day && period.from < end(period);

const NOTHING: Amount = { desks: 0, hundredths: 0 };
const amountOf = (unit: Space): Amount => ({ desks: unit.desks, hundredths: Math.round(unit.areaSquareMetres * 100) });
const plus = (a: Amount, b: Amount): Amount => ({ desks: a.desks + b.desks, hundredths: a.hundredths + b.hundredths });
const minus = (a: Amount, b: Amount): Amount => ({ desks: a.desks - b.desks, hundredths: a.hundredths - b.hundredths });

/** Whether the wanted space is free throughout its period: on its first day, and on each day on which what is let changes. */
function shortage(unit: Unit, changes: Map<string, Amount>, wanted: Space): Refusal | undefined {
  const within = changes.keySeq().filter((day) => wanted.from < day && day < end(wanted));
  let free = changes.filter((_, day) => day < wanted.from).reduce(minus, amountOf(unit));
  for (const day of [wanted.from, ...within.toArray().sort()]) {
    free = minus(free, changes.get(day, NOTHING));
    if (wanted.desks > free.desks) return refuse('space.no-desks', { day, free: free.desks, wanted: wanted.desks });
    if (amountOf(wanted).hundredths > free.hundredths)
      return refuse('space.no-area', { day, free: free.hundredths / 100, wanted: wanted.areaSquareMetres });
  }
  return undefined;
}

/**
 * Why nothing can be let or offered that begins on `from` and was agreed `on` another day: the carrier was not open on one of
 * them. A carrier that is suspended has no free space.
 */
function closedFor(whole: CarrierState, on: string, from: string): Refusal | undefined {
  const opened: Earlier = [whole.agreement.openedOn, '开园', 'its opening'];
  return notBefore(on, [opened]) ?? notBefore(from, [opened], 'from') ?? closed(whole, on) ?? closed(whole, from);
}

/** The allocation that comes with an admission: one for each time that the firm is admitted, so that one that comes back has another. */
export const admissionOf = (uscc: string, spell: number): string => `in-${uscc.toLowerCase()}-${spell}`;
/** Which admission of the firm an allocation came with; undefined where it came with none. */
export function spellOf(allocation: string): number | undefined {
  const [, spell] = /^in-[0-9a-z]{18}-(\d+)$/.exec(allocation) ?? [];
  return spell === undefined ? undefined : Number(spell);
}

const overlap = (a: Period, b: Period): boolean => a.from < end(b) && b.from < end(a);

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
  refuses: refuse,
  initial: { units: OrderedMap(), allocations: OrderedMap(), changes: Map(), admissions: Map() },
  decide: {
    AddSpaceUnit: ({ on, carrier, unit, areaSquareMetres, desks, from }, { units }, { by, whole }) => {
      const { identity } = whole.agreement;
      if (!identity) return refuse('carrier.unknown', { carrier });
      const barred = notFor(by, identity.home, identity.host) ?? closedFor(whole, on, from);
      if (barred) return barred;
      if (units.has(unit)) return refuse('unit.exists', { unit });
      if (areaSquareMetres === 0 && desks === 0) return refuse('unit.empty');
      return [{ type: 'space.added.v1', data: { ...identity, unit, areaSquareMetres, desks, from, until: null } }];
    },

    WithdrawSpaceUnit: ({ on, carrier, unit, until }, { units, allocations }, { by, whole }) => {
      const { identity } = whole.agreement;
      if (!identity) return refuse('carrier.unknown', { carrier });
      const foreign = notFor(by, identity.home, identity.host);
      if (foreign) return foreign;
      const at = units.get(unit);
      if (!at) return refuse('unit.unknown', { unit });
      const early = notBefore(on, [[at.on, '增加空间单元', 'its addition']]);
      if (early) return early;
      if (until <= at.from || until > end(at)) return refuse('period.order');
      const tenant = allocations.findKey((a) => a.unit === unit && isLeft(a, until));
      if (tenant !== undefined) return refuse('unit.occupied', { allocation: tenant });
      return [{ type: 'space.withdrawn.v1', data: { ...identity, unit, ...spaceOf(at), until } }];
    },

    AllocateSpace: (command, state, { by, whole }) => {
      const { units, allocations, changes } = state;
      const { on, carrier, allocation, unit, uscc, firm, areaSquareMetres, desks, from, until = null } = command;
      const { identity } = whole.agreement;
      if (!identity) return refuse('carrier.unknown', { carrier });
      const barred = notFor(by, identity.home) ?? closedFor(whole, on, from);
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
      return [{ type: 'space.allocated.v1', data: { ...identity, allocation, uscc, firm, ...wanted } }];
    },

    ReleaseSpace: ({ on, carrier, allocation, until }, { allocations }, { by, whole }) => {
      const { identity } = whole.agreement;
      if (!identity) return refuse('carrier.unknown', { carrier });
      const foreign = notFor(by, identity.home);
      if (foreign) return foreign;
      const at = allocations.get(allocation);
      if (!at) return refuse('allocation.unknown', { allocation });
      const early = notBefore(on, [[at.on, '分配空间', 'its allocation']]);
      if (early) return early;
      if (until < at.from) return refuse('period.order');
      if (until > end(at)) return refuse('allocation.released', { until: end(at) });
      if (until === at.until) return [];
      return [{ type: 'space.released.v1', data: { ...identity, ...lettingOf(at), allocation, until } }];
    },
  },
  evolve: {
    'space.added.v1': withUnit,
    'space.withdrawn.v1': withUnit,
    'space.allocated.v1': withAllocation,
    'space.released.v1': withAllocation,
  },
});

/** What events say of an amount of space. */
export const spaceOf = ({ areaSquareMetres, desks, from, until }: Space): Space => ({ areaSquareMetres, desks, from, until });
/** What events say of a letting. */
export const lettingOf = ({ unit, uscc, firm, ...space }: Allocation) => ({ unit, uscc, firm, ...spaceOf(space) });

function withUnit(s: SpaceState, data: Space & { unit: string }, on: string): SpaceState {
  return { ...s, units: s.units.update(data.unit, (before) => ({ ...spaceOf(data), on: before?.on ?? on })) };
}

function withAllocation(s: SpaceState, data: Omit<Allocation, 'on'> & { allocation: string }, on: string): SpaceState {
  const { allocation, unit } = data;
  const before = s.allocations.get(allocation);
  const entry = { ...lettingOf({ ...data, on }), on: before?.on ?? on };
  // A release only moves the end: what was let until then is let until now.
  const since = before ? end(before) : entry.from;
  const changes = s.changes.update(unit, Map<string, Amount>(), (days) =>
    moved(days, amountOf(entry), since, end(entry)),
  );
  const admissions =
    before || spellOf(allocation) === undefined
      ? s.admissions
      : s.admissions.update(data.uscc, [], (ids) => [...ids, allocation]);
  return { ...s, allocations: s.allocations.set(allocation, entry), changes, admissions };
}

/** The changes with an amount more from one day until the other, or, where the other is earlier, with as much less between them. */
function moved(changes: Map<string, Amount>, amount: Amount, from: string, until: string): Map<string, Amount> {
  return changes
    .update(from, NOTHING, (change) => plus(change, amount))
    .update(until, NOTHING, (change) => minus(change, amount));
}
