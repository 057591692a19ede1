import type { KnownCodes } from '#libs/contexts/codes';
import type { Grounds } from '#libs/contexts/topology';
import { isRefusal, notFor, refusals, type Acting, type Refusal, type RefusalText } from '#libs/eventing';
import type { CarrierStatus } from '#libs/messages';
import type { AgreementState } from './agreement.lifecycle.js';
import type * as commands from './carriers.commands.js';
import type { CarrierEvent } from './carriers.events.js';
import type * as steps from './carriers.steps.js';
import type { ClosingState } from './closing.lifecycle.js';
import type { ProposalState } from './proposal.lifecycle.js';
import type { SpaceState } from './space.js';
import type { TermsState } from './terms.lifecycle.js';
import { endOfAgreement, inForce, isLapsed, noticeOn, suspendedSince } from './timelines.js';

export interface CarrierState {
  readonly proposal: ProposalState;
  readonly agreement: AgreementState;
  readonly terms: TermsState;
  readonly space: SpaceState;
  readonly closing: ClosingState;
  /** Corrections are of the other lives. */
  readonly corrections: null;
}

/** What the lives of a carrier have in common. */
export interface Carrier {
  state: CarrierState;
  event: CarrierEvent;
  commands: typeof commands & typeof steps;
  world: Grounds & { readonly codes: KnownCodes };
}

/** What every event of a carrier says of it. */
export type Identity = Extract<CarrierEvent, { type: 'carrier.opened.v1' }>['data'];

/** The refusals that more than one of the lives gives. */
export const ofCarrier = {
  'carrier.unknown': ['missing', '载体 {carrier} 未登记', 'Carrier {carrier} is not registered', 'carrier'],
  'carrier.exists': [
    'conflict',
    '载体标识 {carrier} 已使用；另一载体须另立标识',
    'Carrier id {carrier} is in use: another carrier has another id',
    'carrier',
  ],
  'carrier.not-open': ['conflict', '载体尚未开园，须先开园', 'The carrier has not opened yet: open it first'],
  'carrier.suspended': [
    'conflict',
    '载体自 {since} 起暂停；须先由省级恢复',
    'The carrier is suspended since {since}: the province resumes it first',
  ],
  'carrier.expired': [
    'conflict',
    '双方协议已于 {until} 到期，须先续签',
    'The agreement ended on {until}: renew it first',
  ],
  'carrier.winding-up': [
    'conflict',
    '载体已通知清退，{closesOn} 关闭；须先撤回或冲销通知',
    'The carrier has been given notice and closes on {closesOn}: revoke or reverse the notice first',
  ],
  'carrier.wound-up': [
    'conflict',
    '载体已关闭；有误的须先冲销清退通知（ReverseNotice）',
    'The carrier has been wound up; a mistaken notice is reversed first (ReverseNotice)',
  ],
  'carrier.no-agreement': ['conflict', '须先由省级备案双方协议', 'There is no agreement on file'],
  'period.order': ['invalid', '终止日须晚于起始日', 'The end must be after the start', 'until'],
} as const satisfies Record<string, RefusalText>;

const refuse = refusals(ofCarrier);

/** The carrier, which is registered or proposed. */
export const known = ({ agreement: { identity } }: CarrierState, carrier: string): Identity | Refusal =>
  identity ?? refuse('carrier.unknown', { carrier });

/** The carrier, for whoever acts for one of these sides of it. */
export function ofSides(
  whole: CarrierState,
  carrier: string,
  by: Acting,
  ...sides: readonly ('home' | 'host')[]
): Identity | Refusal {
  const identity = known(whole, carrier);
  if (isRefusal(identity)) return identity;
  return notFor(by, ...sides.map((side) => identity[side])) ?? identity;
}

/**
 * Where a registered carrier stands on a day, as everyone is told: of several reasons not to let space, the one that lasts
 * longest. It follows from periods alone, whatever was recorded since.
 */
export function standing({ proposal, agreement, terms, closing }: CarrierState, day: string): CarrierStatus {
  if (closing.woundUpOn !== null && closing.woundUpOn <= day) return 'wound-up';
  if (agreement.openedOn === null && agreement.filedOn !== null) return 'filed';
  if (agreement.openedOn === null) return awaiting(proposal, day);
  if (noticeOn(closing, day)) return 'winding-up';
  if (suspendedSince(agreement, day) !== null) return 'suspended';
  return inForce(terms, day) ? 'open' : 'expired';
}

function awaiting(proposal: ProposalState, day: string): CarrierStatus {
  if (proposal.endedOn) return proposal.endedOn.how;
  if (isLapsed(proposal, day)) return 'lapsed';
  return (proposal.signed.home ?? proposal.signed.host) ? 'negotiating' : 'proposed';
}

/** Why nothing can be let or offered on that day, if so. */
export function closed(whole: CarrierState, day: string): Refusal | undefined {
  switch (standing(whole, day)) {
    case 'open':
      return undefined;
    case 'winding-up':
      return refuse('carrier.winding-up', { closesOn: noticeOn(whole.closing, day)!.closesOn });
    case 'wound-up':
      return refuse('carrier.wound-up');
    case 'expired':
      return refuse('carrier.expired', { until: endOfAgreement(whole.terms, day)! });
    case 'suspended':
      return refuse('carrier.suspended', { since: suspendedSince(whole.agreement, day)! });
    default:
      return refuse('carrier.not-open');
  }
}
