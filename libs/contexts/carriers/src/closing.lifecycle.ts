import { isRefusal, lifecycle, notBefore, refusals, type Actor, type Refusal } from '#libs/eventing';
import type { CarrierStatus } from '#libs/messages';
import {
  known,
  ofCarrier,
  ofSides,
  standing,
  type Carrier,
  type CarrierState,
  type Identity,
} from './carrier.lifecycle.js';
import type { CarrierEvent } from './carriers.events.js';
import { isLeft, lettingOf, spaceOf, type Period, type SpaceState } from './space.js';
import { suspendedDays } from './suspended.js';
import type { Notice } from './timelines.js';

export interface ClosingState {
  /** In the order in which they were recorded. */
  readonly notices: readonly Notice[];
  /** The first day on which the carrier was no more; null while it has not been wound up. */
  readonly woundUpOn: string | null;
  /** What ended with it. */
  readonly ended: WoundUp['ended'];
}
type Ended = WoundUp['ended'][number];
type WoundUp = Extract<CarrierEvent, { type: 'carrier.wound-up.v2' }>['data'];

const refuse = refusals({
  ...ofCarrier,
  'carrier.no-notice': ['conflict', '没有有效的清退通知，无须办理', 'There is no notice in force: nothing to do'],
  'carrier.closing': [
    'conflict',
    '关闭日 {closesOn} 已到，不能撤回；通知有误的可以冲销（ReverseNotice）',
    'It closes on {closesOn}: too late to revoke the notice; a mistaken one is reversed (ReverseNotice)',
  ],
});

/** The notice that nobody has revoked, whether its day has come or not. */
const lastOf = ({ notices }: ClosingState): Notice | undefined =>
  notices.findLast(({ revokedOn }) => revokedOn === null);

/** The notice that waits for its day. */
const pendingOf = (state: ClosingState): Notice | undefined => (state.woundUpOn === null ? lastOf(state) : undefined);

const revoked = (notices: readonly Notice[], revoking: number, on: string) =>
  notices.map((notice) => (notice.notice === revoking ? { ...notice, revokedOn: on } : notice));

/** The notice that a side, or the province, takes back, and of which carrier. */
function noticeGiven(
  whole: CarrierState,
  carrier: string,
  on: string,
  by: Actor,
): { readonly identity: Identity; readonly last: Notice } | Refusal {
  const identity = ofSides(whole, carrier, by, 'home', 'host');
  if (isRefusal(identity)) return identity;
  const last = lastOf(whole.closing);
  if (!last) return refuse('carrier.no-notice');
  return notBefore(on, [[last.on, '通知', 'the notice']]) ?? { identity, last };
}

/** Where the carrier stands on a day, if that notice was revoked on another. */
function statusAfter(whole: CarrierState, notice: number, revokedOn: string, day: string) {
  const { closing } = whole;
  const notices = revoked(closing.notices, notice, revokedOn);
  return standing({ ...whole, closing: { ...closing, notices, woundUpOn: null } }, day);
}

/** Where it was wound up on a notice that did not stand until its day: all that ended with it goes on as it would have. */
function* goingOn(
  { agreement: { suspensions }, closing: { woundUpOn, ended }, space: { units, allocations } }: CarrierState,
  identity: Identity,
  { notice, closesOn }: Notice,
  status: CarrierStatus,
  reason: string,
): Iterable<CarrierEvent> {
  if (woundUpOn === null) return;
  for (const { thing, id, until } of ended) {
    const unit = units.get(id);
    const allocation = allocations.get(id);
    if (thing === 'unit' && unit)
      yield {
        type: 'space.withdrawal-reversed.v1',
        data: { ...identity, unit: id, ...spaceOf(unit), until, reason },
      };
    if (thing === 'allocation' && allocation)
      yield {
        type: 'space.release-reversed.v1',
        data: { ...identity, allocation: id, ...lettingOf(allocation), until, reason },
      };
  }
  const goOn = (thing: Ended['thing'], things: Iterable<readonly [string, Period]>) => {
    const ends = new Map(ended.filter((one) => one.thing === thing).map(({ id, until }) => [id, until]));
    return [...things].flatMap(([id, at]) => (ends.has(id) ? [[id, { ...at, until: ends.get(id)! }] as const] : []));
  };
  const things = { units: goOn('unit', units), allocations: goOn('allocation', allocations) };
  yield* suspendedDays(identity, things, suspensions);
  yield { type: 'carrier.winding-up-voided.v1', data: { ...identity, notice, closesOn, status } };
}

/** 清退: a notice, which can be revoked until the day of closing, and the end of everything on it. */
export const closing = lifecycle<ClosingState, Carrier>()({
  refuses: refuse,
  initial: { notices: [], woundUpOn: null, ended: [] },
  decide: {
    GiveNotice: ({ on, carrier, closesOn }, state, { by, whole }) => {
      const { openedOn } = whole.agreement;
      const identity = ofSides(whole, carrier, by, 'home', 'host');
      if (isRefusal(identity)) return identity;
      if (state.woundUpOn !== null) return refuse('carrier.wound-up');
      if (openedOn === null) return refuse('carrier.not-open');
      const early = notBefore(on, [[openedOn, '开园', 'its opening']]);
      if (early) return early;
      const pending = pendingOf(state);
      if (pending) return refuse('carrier.winding-up', { closesOn: pending.closesOn });
      if (closesOn <= on) return { ...refuse('period.order'), field: 'closesOn' };
      const open = whole.space.allocations.filter((a) => isLeft(a, closesOn));
      const notice = { notice: state.notices.length + 1, closesOn, allocations: [...open.keys()].sort() };
      return [{ type: 'carrier.winding-up.v1', data: { ...identity, ...notice } }];
    },

    RevokeNotice: ({ on, carrier }, _, { by, whole }) => {
      const given = noticeGiven(whole, carrier, on, by);
      if (isRefusal(given)) return given;
      const { identity, last } = given;
      const { notice, closesOn } = last;
      if (on >= closesOn) return refuse('carrier.closing', { closesOn });
      const status = statusAfter(whole, notice, on, on);
      const event: CarrierEvent = {
        type: 'carrier.notice-revoked.v1',
        data: { ...identity, notice, closesOn, status },
      };
      return [event, ...goingOn(whole, identity, last, status, '清退通知已在关闭日前撤回')];
    },

    ReverseNotice: ({ on, carrier, reason }, _, { by, whole }) => {
      const given = noticeGiven(whole, carrier, on, by);
      if (isRefusal(given)) return given;
      const { identity, last } = given;
      const { notice, closesOn } = last;
      const status = statusAfter(whole, notice, last.on, on);
      const event: CarrierEvent = {
        type: 'carrier.notice-reversed.v1',
        data: { ...identity, notice, closesOn, status, reason },
      };
      return [event, ...goingOn(whole, identity, last, status, reason)];
    },

    // One append: whether a notice that is being revoked, or a release, came before it or not, nothing is ever half closed.
    WindUpCarrier: ({ carrier, notice }, state, { whole }) => {
      const identity = known(whole, carrier);
      if (isRefusal(identity)) return identity;
      const pending = pendingOf(state);
      if (pending?.notice !== notice) return refuse('carrier.no-notice');
      const { closesOn } = pending;
      return [
        ...endOf(whole.space, identity, closesOn),
        {
          type: 'carrier.wound-up.v2',
          data: { ...identity, notice, closesOn, ended: endedBy(whole.space, closesOn) },
        },
      ];
    },
  },
  evolve: {
    'carrier.winding-up.v1': (s, { notice, closesOn }, on) => ({
      ...s,
      notices: [...s.notices, { notice, on, closesOn, revokedOn: null }],
    }),
    'carrier.notice-revoked.v1': (s, { notice }, on) => ({ ...s, notices: revoked(s.notices, notice, on) }),
    'carrier.notice-reversed.v1': (s, { notice }) => {
      // It counts as revoked as it was given: it was in force on no day.
      const given = s.notices.find((at) => at.notice === notice)!;
      return { ...s, notices: revoked(s.notices, notice, given.on) };
    },
    'carrier.wound-up.v2': (s, { closesOn, ended }) => ({ ...s, woundUpOn: closesOn, ended }),
    'carrier.winding-up-voided.v1': (s) => ({ ...s, woundUpOn: null, ended: [] }),
  },
});

/** The end of all that is still let or offered on the day of closing. */
function* endOf({ units, allocations }: SpaceState, identity: Identity, closesOn: string): Iterable<CarrierEvent> {
  // What was to begin only later never was: it ends as it begins.
  const ended = <T extends Period>(period: T) => ({
    ...period,
    until: period.from > closesOn ? period.from : closesOn,
  });
  for (const [allocation, at] of allocations) {
    if (isLeft(at, closesOn))
      yield { type: 'space.released.v1', data: { ...identity, allocation, ...ended(lettingOf(at)) } };
  }
  for (const [unit, at] of units) {
    if (isLeft(at, closesOn)) yield { type: 'space.withdrawn.v1', data: { ...identity, unit, ...ended(spaceOf(at)) } };
  }
}

/** Until when that would have been there. */
const endedBy = ({ units, allocations }: SpaceState, closesOn: string): WoundUp['ended'] => [
  ...[...units]
    .filter(([, at]) => isLeft(at, closesOn))
    .map(([id, { until }]) => ({ thing: 'unit' as const, id, until })),
  ...[...allocations]
    .filter(([, at]) => isLeft(at, closesOn))
    .map(([id, { until }]) => ({ thing: 'allocation' as const, id, until })),
];
