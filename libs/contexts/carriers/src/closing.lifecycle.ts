import { lifecycle, notFor, refusals } from '#libs/eventing';
import { ofCarrier, standing, type Carrier, type Identity } from './carrier.lifecycle.js';
import type { CarrierEvent } from './carriers.events.js';
import { isLeft, type Period, type SpaceState } from './space.lifecycle.js';

export interface ClosingState {
  /** The first day on which the carrier is no more; null while no notice is in force. */
  readonly closesOn: string | null;
  /** How many notices there have been. */
  readonly notices: number;
  readonly woundUp: boolean;
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

/** 清退: a notice, which can be revoked until the day of closing, and the end of everything on it. */
export const closing = lifecycle<ClosingState, Carrier>()({
  refuses: refuse,
  initial: { closesOn: null, notices: 0, woundUp: false },
  decide: {
    GiveNotice: ({ on, carrier, closesOn }, state, { by, whole }) => {
      const { identity, status } = whole.agreement;
      if (!identity) return refuse('carrier.unknown', { carrier });
      const foreign = notFor(by, identity.home, identity.host);
      if (foreign) return foreign;
      if (state.woundUp) return refuse('carrier.wound-up');
      if (status !== 'opened') return refuse('carrier.not-open');
      if (state.closesOn !== null) return refuse('carrier.winding-up', { closesOn: state.closesOn });
      if (closesOn <= on) return { ...refuse('period.order'), field: 'closesOn' };
      const open = whole.space.allocations.filter((a) => isLeft(a, closesOn));
      const notice = { notice: state.notices + 1, closesOn, allocations: [...open.keys()].sort() };
      return [{ type: 'carrier.winding-up.v1', data: { ...identity, ...notice } }];
    },

    RevokeNotice: ({ on, carrier }, state, { by, whole }) => {
      const { identity } = whole.agreement;
      const { closesOn, notices } = state;
      if (!identity) return refuse('carrier.unknown', { carrier });
      const foreign = notFor(by, identity.home, identity.host);
      if (foreign) return foreign;
      if (closesOn === null) return refuse('carrier.no-notice');
      if (on >= closesOn) return refuse('carrier.closing', { closesOn });
      const status = standing({ ...whole, closing: { ...state, closesOn: null } });
      return [{ type: 'carrier.notice-revoked.v1', data: { ...identity, notice: notices, closesOn, status } }];
    },

    // One append: whether a notice that is being revoked, or a release, came before it or not, nothing is ever half closed.
    WindUpCarrier: ({ carrier, notice }, { closesOn, notices }, { whole }) => {
      const { identity } = whole.agreement;
      if (!identity) return refuse('carrier.unknown', { carrier });
      if (closesOn === null || notice !== notices) return refuse('carrier.no-notice');
      return [
        ...endOf(whole.space, identity, closesOn),
        { type: 'carrier.wound-up.v1', data: { ...identity, notice, closesOn } },
      ];
    },
  },
  evolve: {
    'carrier.winding-up.v1': (s, { notice, closesOn }) => ({ ...s, notices: notice, closesOn }),
    'carrier.notice-revoked.v1': (s) => ({ ...s, closesOn: null }),
    'carrier.wound-up.v1': (s) => ({ ...s, closesOn: null, woundUp: true }),
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
    if (isLeft(at, closesOn)) yield { type: 'space.released.v1', data: { ...identity, allocation, ...ended(at) } };
  }
  for (const [unit, at] of units) {
    if (isLeft(at, closesOn)) yield { type: 'space.withdrawn.v1', data: { ...identity, unit, ...ended(at) } };
  }
}
