import { lifecycle, notBefore, notFor, refusals } from '#libs/eventing';
import { ofCarrier, standing, type Carrier, type Identity } from './carrier.lifecycle.js';
import type { CarrierEvent } from './carriers.events.js';
import { isLeft, lettingOf, spaceOf, type Period, type SpaceState } from './space.lifecycle.js';
import type { Notice } from './timelines.js';

export interface ClosingState {
  /** In the order in which they were recorded. */
  readonly notices: readonly Notice[];
  /** The first day on which the carrier was no more; null while it has not been wound up. */
  readonly woundUpOn: string | null;
}

const refuse = refusals({
  ...ofCarrier,
  'carrier.no-notice': ['conflict', '没有有效的清退通知', 'There is no notice in force'],
  'carrier.closing': [
    'conflict',
    '关闭日 {closesOn} 已到，不能撤回',
    'It closes on {closesOn}: too late to revoke the notice',
  ],
});

/** The notice that waits for its day. */
const pendingOf = ({ notices, woundUpOn }: ClosingState): Notice | undefined =>
  woundUpOn === null ? notices.findLast(({ revokedOn }) => revokedOn === null) : undefined;

const revoked = (notices: readonly Notice[], revoking: number, on: string) =>
  notices.map((notice) => (notice.notice === revoking ? { ...notice, revokedOn: on } : notice));

/** 清退: a notice, which can be revoked until the day of closing, and the end of everything on it. */
export const closing = lifecycle<ClosingState, Carrier>()({
  refuses: refuse,
  initial: { notices: [], woundUpOn: null },
  decide: {
    GiveNotice: ({ on, carrier, closesOn }, state, { by, whole }) => {
      const { identity, openedOn } = whole.agreement;
      if (!identity) return refuse('carrier.unknown', { carrier });
      const foreign = notFor(by, identity.home, identity.host);
      if (foreign) return foreign;
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

    RevokeNotice: ({ on, carrier }, state, { by, whole }) => {
      const { identity } = whole.agreement;
      if (!identity) return refuse('carrier.unknown', { carrier });
      const foreign = notFor(by, identity.home, identity.host);
      if (foreign) return foreign;
      const pending = pendingOf(state);
      if (!pending) return refuse(state.woundUpOn === null ? 'carrier.no-notice' : 'carrier.wound-up');
      const { notice, closesOn } = pending;
      const early = notBefore(on, [[pending.on, '通知', 'the notice']]);
      if (early) return early;
      if (on >= closesOn) return refuse('carrier.closing', { closesOn });
      const status = standing({ ...whole, closing: { ...state, notices: revoked(state.notices, notice, on) } }, on);
      return [{ type: 'carrier.notice-revoked.v1', data: { ...identity, notice, closesOn, status } }];
    },

    // One append: whether a notice that is being revoked, or a release, came before it or not, nothing is ever half closed.
    WindUpCarrier: ({ carrier, notice }, state, { whole }) => {
      const { identity } = whole.agreement;
      if (!identity) return refuse('carrier.unknown', { carrier });
      const pending = pendingOf(state);
      if (pending?.notice !== notice) return refuse('carrier.no-notice');
      const { closesOn } = pending;
      return [
        ...endOf(whole.space, identity, closesOn),
        { type: 'carrier.wound-up.v1', data: { ...identity, notice, closesOn } },
      ];
    },
  },
  evolve: {
    'carrier.winding-up.v1': (s, { notice, closesOn }, on) => ({
      ...s,
      notices: [...s.notices, { notice, on, closesOn, revokedOn: null }],
    }),
    'carrier.notice-revoked.v1': (s, { notice }, on) => ({ ...s, notices: revoked(s.notices, notice, on) }),
    'carrier.wound-up.v1': (s, { closesOn }) => ({ ...s, woundUpOn: closesOn }),
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
    if (isLeft(at, closesOn)) yield { type: 'space.released.v1', data: { ...identity, allocation, ...ended(lettingOf(at)) } };
  }
  for (const [unit, at] of units) {
    if (isLeft(at, closesOn)) yield { type: 'space.withdrawn.v1', data: { ...identity, unit, ...ended(spaceOf(at)) } };
  }
}
