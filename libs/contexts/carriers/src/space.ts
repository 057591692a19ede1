import { Map, type OrderedMap } from 'immutable';
import { notBefore, refusals, type Refusal, type RefusalText } from '#libs/eventing';
import { ofCarrier, type CarrierState } from './carrier.lifecycle.js';

/** Space over a period; `until` is exclusive, null while it is open-ended. */
export interface Period {
  readonly from: string;
  readonly until: string | null;
}
export interface Space extends Period {
  readonly areaSquareMetres: number;
  readonly desks: number;
}
export interface Unit extends Space {
  /** The day on which it was added. */
  readonly on: string;
  /** The ends that it had before, the last one last: what a reversal gives it again. */
  readonly ends: readonly (string | null)[];
}
interface Allocation extends Space {
  /** The day on which it was let. */
  readonly on: string;
  readonly ends: readonly (string | null)[];
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

/** The refusals that letting and correcting share. */
export const ofSpace = {
  ...ofCarrier,
  'unit.unknown': ['missing', '空间单元 {unit} 不存在', 'Space unit {unit} does not exist', 'unit'],
  'allocation.unknown': ['missing', '入驻 {allocation} 不存在', 'Allocation {allocation} does not exist', 'allocation'],
  'allocation.of-admission': [
    'conflict',
    '该空间随准入分配：须办理离开（ExitFirm）以释放，误准入则冲销准入（ReverseAdmission）',
    'This space came with an admission: it is released as the firm leaves (ExitFirm); reverse a mistaken one (ReverseAdmission)',
    'allocation',
  ],
  'space.outside-period': [
    'conflict',
    '空间单元在该期间不可用（{from} 起）；请改期间或单元',
    'The unit is not available throughout that period (from {from}): choose another period or unit',
    'from',
  ],
  'space.no-desks': [
    'conflict',
    '工位不足：{day} 仅余 {free} 个，需要 {wanted} 个；请减少或改用其他单元',
    'Not enough desks: {free} free on {day}, {wanted} wanted; take fewer, or another unit',
    'desks',
  ],
  'space.no-area': [
    'conflict',
    '面积不足：{day} 仅余 {free} 平方米，需要 {wanted} 平方米；请减少或改用其他单元',
    'Not enough area: {free} m² free on {day}, {wanted} m² wanted; take less, or another unit',
    'areaSquareMetres',
  ],
} as const satisfies Record<string, RefusalText>;

const refuse = refusals(ofSpace);

const FOREVER = '9999-12-31';
export const end = ({ until }: Period) => until ?? FOREVER;
/** Whether it goes on, or begins, on that day or later; what ends as it begins is nothing. */
export const isLeft = (period: Period, day: string) => end(period) > day && period.from < end(period);

const NOTHING: Amount = { desks: 0, hundredths: 0 };
const amountOf = (unit: Space): Amount => ({ desks: unit.desks, hundredths: Math.round(unit.areaSquareMetres * 100) });
const plus = (a: Amount, b: Amount): Amount => ({ desks: a.desks + b.desks, hundredths: a.hundredths + b.hundredths });
const minus = (a: Amount, b: Amount): Amount => ({ desks: a.desks - b.desks, hundredths: a.hundredths - b.hundredths });

/** Whether the wanted space is free throughout its period: on its first day, and on each day on which what is let changes. */
export function shortage(unit: Unit, changes: Map<string, Amount>, wanted: Space): Refusal | undefined {
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

/** The unit, of a fact that follows from its addition. */
export function unitOn({ space: { units } }: CarrierState, unit: string, on: string): Unit | Refusal {
  const at = units.get(unit);
  if (!at) return refuse('unit.unknown', { unit });
  return notBefore(on, [[at.on, '增加空间单元', 'its addition']]) ?? at;
}

/** The allocation, of a fact that follows from it. */
export function allocationOn({ space }: CarrierState, allocation: string, on: string): Allocation | Refusal {
  const at = space.allocations.get(allocation);
  if (!at) return refuse('allocation.unknown', { allocation });
  return notBefore(on, [[at.on, '分配空间', 'its allocation']]) ?? at;
}

/** Which admission of the firm an allocation came with; undefined where it came with none. */
export function spellOf(allocation: string): number | undefined {
  const [, spell] = /^in-[0-9a-z]{18}-(\d+)$/.exec(allocation) ?? [];
  return spell === undefined ? undefined : Number(spell);
}

/** Whether they have a day in common; what ends as it begins has none. */
export const overlap = (a: Period, b: Period): boolean =>
  a.from < end(b) && b.from < end(a) && a.from < end(a) && b.from < end(b);

/** How many of what stands in the way a refusal names. */
export const NAMED = 5;

/** The carrier was wound up before that day: nothing is there any more. */
export function gone({ closing: { woundUpOn } }: CarrierState, until: string | null): Refusal | undefined {
  return woundUpOn !== null && woundUpOn < (until ?? FOREVER) ? refuse('carrier.wound-up') : undefined;
}

/** Why a released allocation cannot have again the end that it had before; undefined where it can, or has it. */
export function notRestorable(whole: CarrierState, allocation: string): Refusal | undefined {
  const { units, allocations, changes } = whole.space;
  const at = allocations.get(allocation);
  const until = at?.ends.at(-1);
  if (!at || until === undefined) return undefined;
  const wanted = { ...spaceOf(at), from: end(at), until };
  if (end(wanted) <= wanted.from) return undefined;
  const unit = units.get(at.unit);
  if (!unit) return refuse('unit.unknown', { unit: at.unit });
  if (end(wanted) > end(unit)) return gone(whole, until) ?? refuse('space.outside-period', { from: unit.from });
  return gone(whole, until) ?? shortage(unit, changes.get(at.unit, Map()), wanted);
}

/** What events say of an amount of space. */
export const spaceOf = ({ areaSquareMetres, desks, from, until }: Space): Space => ({
  areaSquareMetres,
  desks,
  from,
  until,
});
/** What events say of a letting. */
export const lettingOf = ({ unit, uscc, firm, ...space }: Omit<Letting, 'allocation'>) => ({
  unit,
  uscc,
  firm,
  ...spaceOf(space),
});

/** The ends of a thing before this one: one more, or, where a reversal gives it the last again, one less. */
const endsOf = (before: Unit | Allocation | undefined, isReversal: boolean) =>
  isReversal ? (before?.ends.slice(0, -1) ?? []) : before ? [...before.ends, before.until] : [];

export const putUnit = (isReversal: boolean) => (s: SpaceState, data: Space & { unit: string }, on: string) => {
  const before = s.units.get(data.unit);
  const entry = { ...spaceOf(data), on: before?.on ?? on, ends: endsOf(before, isReversal) };
  return { ...s, units: s.units.set(data.unit, entry) };
};

type Letting = Space & { allocation: string; unit: string; uscc: string; firm: string };

export const putAllocation = (isReversal: boolean) => (s: SpaceState, data: Letting, on: string) => {
  const { allocation, unit } = data;
  const before = s.allocations.get(allocation);
  const entry = { ...lettingOf(data), on: before?.on ?? on, ends: endsOf(before, isReversal) };
  // A release, or its reversal, only moves the end: what was let until then is let until now.
  const since = before ? end(before) : entry.from;
  const changes = s.changes.update(unit, Map<string, Amount>(), (days) =>
    moved(days, amountOf(entry), since, end(entry)),
  );
  const admissions =
    before || spellOf(allocation) === undefined
      ? s.admissions
      : s.admissions.update(data.uscc, [], (ids) => [...ids, allocation]);
  return { ...s, allocations: s.allocations.set(allocation, entry), changes, admissions };
};

/** Without an allocation: as though it ended as it began, and its name may be used anew. */
export function withoutAllocation(s: SpaceState, { allocation, unit }: Letting): SpaceState {
  const before = s.allocations.get(allocation)!;
  const changes = s.changes.update(unit, Map<string, Amount>(), (days) =>
    moved(days, amountOf(before), end(before), before.from),
  );
  return { ...s, allocations: s.allocations.delete(allocation), changes };
}

/** The changes with an amount more from one day until the other, or, where the other is earlier, with as much less between them. */
function moved(changes: Map<string, Amount>, amount: Amount, from: string, until: string): Map<string, Amount> {
  return changes
    .update(from, NOTHING, (change) => plus(change, amount))
    .update(until, NOTHING, (change) => minus(change, amount));
}
