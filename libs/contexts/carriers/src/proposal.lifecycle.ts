import { endsRefused } from '#libs/contexts/topology';
import {
  isRefusal,
  lifecycle,
  notBefore,
  notFor,
  refusals,
  unknownRegion,
  type Acting,
  type Decision,
  type Refusal,
} from '#libs/eventing';
import type { Stage } from '#libs/messages';
import {
  known,
  ofCarrier,
  ofSides,
  standing,
  type Carrier,
  type CarrierState,
  type Identity,
} from './carrier.lifecycle.js';
import type { CarrierEvent, Tie } from './carriers.events.js';
import { ofTwo, tieOf, untied } from './tie.js';
import { isLapsed } from './timelines.js';

type Side = 'home' | 'host';
const OTHER = { home: 'host', host: 'home' } as const;
const SIDES = { home: '飞出地 home', host: '飞入地 host' } as const;

/** What is recorded of a carrier before anybody has proposed it. */
interface Plan {
  readonly name: string;
  readonly kind: string;
  /** Null where it is not said yet. */
  readonly home: string | null;
  readonly host: string | null;
  readonly stage: Stage;
  readonly on: string;
}

/** What a carrier of two regions went through before it was filed. */
export interface ProposalState {
  /** Null where nothing is planned, or it has been proposed. */
  readonly plan: Plan | null;
  /** How many times it was proposed. */
  readonly proposal: number;
  readonly proposedOn: string | null;
  readonly tie: Tie | null;
  /** The day of its last revision, which took back what had been signed. */
  readonly revisedOn: string | null;
  /** The first day on which it is no more, unless both have signed before; null: it waits for ever. */
  readonly answerBy: string | null;
  readonly signed: Readonly<Record<Side, string | null>>;
  /** The day on which a side ended it; null while none has. */
  readonly endedOn: { readonly how: 'declined' | 'withdrawn'; readonly on: string } | null;
  /** The day that was noticed as that of its lapse. Without power over what is decided. */
  readonly noticed: string | null;
}

const NONE: ProposalState = {
  plan: null,
  proposal: 0,
  proposedOn: null,
  tie: null,
  revisedOn: null,
  answerBy: null,
  signed: { home: null, host: null },
  endedOn: null,
  noticed: null,
};

const refuse = refusals({
  ...ofCarrier,
  ...ofTwo,
  'carrier.no-side': ['invalid', '须写明飞出地或飞入地', 'It names home, host or both', 'home'],
  'carrier.planned': [
    'conflict',
    '载体 {carrier} 已规划为“{kind}”（飞出地 {home}，飞入地 {host}）；另一载体须另立标识',
    '{carrier} is planned as a {kind} (home {home}, host {host}): another carrier has another id',
    'carrier',
  ],
  'carrier.no-plan': [
    'missing',
    '载体 {carrier} 没有可冲销的规划',
    'There is no plan of {carrier} to reverse',
    'carrier',
  ],
  'carrier.no-proposal': [
    'conflict',
    '载体由一个区域登记，没有双方的提议',
    'It was registered by one region: there is no proposal of two',
  ],
  'carrier.filed': ['conflict', '已备案，无须再办', 'It is filed already: nothing is left to do'],
  'carrier.declined': [
    'conflict',
    '飞入地已于 {on} 拒绝；可以由飞出地重新提出（ProposeCarrier）',
    'The host declined it on {on}: home may propose it anew (ProposeCarrier)',
  ],
  'carrier.withdrawn': [
    'conflict',
    '飞出地已于 {on} 撤回；可以重新提出（ProposeCarrier）',
    'Home withdrew it on {on}, and may propose it anew (ProposeCarrier)',
  ],
  'carrier.lapsed': [
    'conflict',
    '双方未在 {answerBy} 之前签署，提议自该日失效；可以由飞出地重新提出（ProposeCarrier）',
    'It lapsed on {answerBy}, before which the two had not both signed: home may propose it anew (ProposeCarrier)',
  ],
  'carrier.in-time': [
    'conflict',
    '无须记失效：双方已在期限前签署，或已有记载',
    'There is no lapse to record: both have signed in time, or it is on record',
  ],
  'carrier.lapse-not-noticed': ['conflict', '没有失效的记载，无须更正', 'No lapse is on record: nothing to correct'],
  'carrier.others-place': [
    'forbidden',
    '{region} 的一方只能由 {region} 自行变更',
    'Only {region} changes which region stands on its side',
  ],
  'carrier.both-sides': [
    'forbidden',
    '您同时代表双方，须由{side}（{region}）自己的经办签署',
    'You act for both sides: the operator of {side} ({region}) itself signs',
  ],
  'carrier.signed': ['conflict', '该方已签署，无须再签', 'That side has signed already: nothing is left to sign'],
  'carrier.not-signed': [
    'conflict',
    '须飞出地与飞入地均已签署方可备案；尚缺：{missing}',
    'Both sides must have signed before it is filed; missing: {missing}',
  ],
  'carrier.not-signed-anew': [
    'conflict',
    '提议于 {revisedOn} 修订，此前的签署随之失效，双方须重新签署；尚缺：{missing}',
    'It was revised on {revisedOn}, which took back what was signed: both sign anew; missing: {missing}',
  ],
  'carrier.changed-since': [
    'conflict',
    '签署以后情况有变：{zh}；须修订提议（ReviseProposal）并重新签署',
    'It is not as it was signed any more. {en}: revise it (ReviseProposal), and sign anew',
  ],
  'carrier.filing-held': [
    'conflict',
    '备案号 {filing} 已用于载体 {holder}；请核对编号',
    'Filing number {filing} is that of carrier {holder}: check the number',
    'filing',
  ],
});

/** Why nothing more can be said of what the two propose, on that day. */
function notWaiting({ agreement, proposal }: CarrierState, on: string): Refusal | undefined {
  const { endedOn, proposedOn, revisedOn, answerBy } = proposal;
  if (proposedOn === null) return refuse('carrier.no-proposal');
  if (agreement.filedOn !== null) return refuse('carrier.filed');
  if (endedOn) return refuse(`carrier.${endedOn.how}`, { on: endedOn.on });
  if (isLapsed(proposal, on)) return refuse('carrier.lapsed', { answerBy: answerBy! });
  return notBefore(on, [
    [proposedOn, '提出', 'its proposal'],
    [revisedOn, '修订', 'its revision'],
  ]);
}

const sign =
  (side: Side) =>
  (
    { on, carrier }: { on: string; carrier: string },
    { signed }: ProposalState,
    { by, whole }: { by: Acting; whole: CarrierState },
  ): Decision<CarrierEvent> => {
    const identity = ofSides(whole, carrier, by, side);
    if (isRefusal(identity)) return identity;
    const barred = notWaiting(whole, on);
    if (barred) return barred;
    // Each side signs by its own authority: who acts for both, above them, signs for neither.
    if (by.region !== identity[side] && !notFor(by, identity[OTHER[side]]))
      return refuse('carrier.both-sides', { side: SIDES[side], region: identity[side] });
    if (signed[side] !== null) return refuse('carrier.signed');
    return [{ type: `carrier.signed-by-${side}.v1`, data: identity }];
  };

/**
 * From the proposal of a carrier of two regions to its filing. It is filed only when home and host have each signed by their own
 * authority, and what they signed still holds.
 */
export const proposal = lifecycle<ProposalState, Carrier>()({
  refuses: { texts: { ...endsRefused, ...refuse.texts } },
  initial: NONE,
  decide: {
    PlanCarrier: (said, { plan }, { by, whole, world }) => {
      const { on, carrier, name, kind, home = null, host = null, stage, basis } = said;
      const code = world.codes.wanted('carrier-kinds', kind, on, 'kind');
      const sides = [home, host].flatMap((region) => region ?? []);
      if (sides.length === 0) return refuse('carrier.no-side');
      const foreign = notFor(by, ...sides);
      if (foreign) return foreign;
      if (whole.agreement.identity || plan?.stage === stage) return refuse('carrier.exists', { carrier });
      if (isRefusal(code)) return code;
      const tie = tieOf(world.codes, code, on);
      if (isRefusal(tie)) return tie;
      const planned = { carrier, name, kind: code.name, home, host };
      const barred =
        otherwise(plan, planned) ??
        misplaced(planned, tie, on, world) ??
        notBefore(on, [[plan?.on ?? null, '规划', 'its plan']]);
      return barred ?? [{ type: 'carrier.planned.v1', data: { ...planned, stage, basis } }];
    },

    ReversePlan: ({ on, carrier, reason }, { plan }, { by }) => {
      if (plan === null) return refuse('carrier.no-plan', { carrier });
      const { name, kind, home, host } = plan;
      const foreign = notFor(by, ...[home, host].flatMap((region) => region ?? []));
      const barred = foreign ?? notBefore(on, [[plan.on, '规划', 'its plan']]);
      return barred ?? [{ type: 'carrier.plan-reversed.v1', data: { carrier, name, kind, home, host, reason } }];
    },

    ProposeCarrier: (said, { plan, endedOn, proposal }, { by, whole, world }) => {
      const { on, carrier, name, kind, home, host, answerBy = null, basis } = said;
      const { identity, filedOn } = whole.agreement;
      const code = world.codes.wanted('carrier-kinds', kind, on, 'kind');
      const foreign = notFor(by, home);
      if (foreign) return foreign;
      if (identity && !(identity.home === home && isOver(whole, on, world)))
        return refuse('carrier.exists', { carrier });
      if (isRefusal(code)) return code;
      const tie = tieOf(world.codes, code, on);
      if (isRefusal(tie)) return tie;
      const proposed = { carrier, name, kind: code.name, home, host };
      const barred =
        otherwise(plan, proposed) ??
        untied(proposed, tie, on, world) ??
        notBefore(on, [
          [plan?.on ?? null, '规划', 'its plan'],
          [filedOn, '备案', 'its filing'],
          [endedOn?.on ?? null, '上次提议终止', 'the end of the proposal before'],
        ]);
      if (barred) return barred;
      if (answerBy !== null && answerBy <= on) return { ...refuse('period.order'), field: 'answerBy' };
      const data = { ...proposed, proposal: proposal + 1, tie, answerBy, basis };
      return [{ type: 'carrier.proposed.v2', data }];
    },

    ReviseProposal: (said, { proposal, signed }, { by, whole, world }) => {
      const { on, carrier, name, kind, home, host, answerBy = null, basis } = said;
      const code = world.codes.wanted('carrier-kinds', kind, on, 'kind');
      const before = ofSides(whole, carrier, by, 'home', 'host');
      if (isRefusal(before)) return before;
      const others = (['home', 'host'] as const).find(
        (side) => said[side] !== before[side] && notFor(by, before[side]),
      );
      if (others) return { ...refuse('carrier.others-place', { region: before[others] }), field: others };
      if (isRefusal(code)) return code;
      const tie = tieOf(world.codes, code, on);
      if (isRefusal(tie)) return tie;
      const revised = { carrier, name, kind: code.name, home, host };
      const barred = notWaiting(whole, on) ?? notBefore(on, signatures(signed)) ?? untied(revised, tie, on, world);
      if (barred) return barred;
      if (answerBy !== null && answerBy <= on) return { ...refuse('period.order'), field: 'answerBy' };
      return [{ type: 'carrier.revised.v1', data: { ...revised, proposal, tie, answerBy, basis } }];
    },

    DeclineProposal: ({ on, carrier, reason }, { proposal, signed }, { by, whole }) => {
      const identity = ofSides(whole, carrier, by, 'host');
      if (isRefusal(identity)) return identity;
      const barred = notWaiting(whole, on) ?? notBefore(on, signatures(signed));
      return barred ?? [{ type: 'carrier.declined.v1', data: { ...identity, proposal, reason } }];
    },

    WithdrawProposal: ({ on, carrier, reason }, { proposal, signed }, { by, whole }) => {
      const identity = ofSides(whole, carrier, by, 'home');
      if (isRefusal(identity)) return identity;
      const barred = notWaiting(whole, on) ?? notBefore(on, signatures(signed));
      return barred ?? [{ type: 'carrier.withdrawn.v1', data: { ...identity, proposal, reason } }];
    },

    LapseProposal: ({ carrier, until }, state, { whole }) => {
      const { proposal, answerBy, endedOn, noticed } = state;
      const identity = known(whole, carrier);
      if (isRefusal(identity)) return identity;
      if (whole.agreement.filedOn !== null) return refuse('carrier.filed');
      if (endedOn) return refuse(`carrier.${endedOn.how}`, { on: endedOn.on });
      if (answerBy !== until || noticed === until || !isLapsed(state, until)) return refuse('carrier.in-time');
      return [{ type: 'carrier.proposal-lapsed.v1', data: { ...identity, proposal, answerBy: until } }];
    },

    VoidLapse: ({ carrier, until, fact }, state, { whole }) => {
      const { proposal, noticed } = state;
      const identity = known(whole, carrier);
      if (isRefusal(identity)) return identity;
      if (noticed !== until) return refuse('carrier.lapse-not-noticed');
      if (isLapsed(state, until)) return refuse('carrier.lapsed', { answerBy: until });
      const data = { ...identity, proposal, answerBy: until, status: standing(whole, until), fact };
      return [{ type: 'carrier.lapse-voided.v1', data }];
    },

    SignAsHome: sign('home'),
    SignAsHost: sign('host'),

    FileCarrier: ({ on, carrier, filing, agreementUntil = null }, { tie, revisedOn, signed }, { whole, world }) => {
      const identity = known(whole, carrier);
      if (isRefusal(identity)) return identity;
      const barred = notWaiting(whole, on);
      if (barred) return barred;
      const missing = (['home', 'host'] as const).filter((side) => signed[side] === null).map((side) => SIDES[side]);
      if (missing.length > 0 && revisedOn !== null)
        return refuse('carrier.not-signed-anew', { revisedOn, missing: missing.join('、') });
      if (missing.length > 0) return refuse('carrier.not-signed', { missing: missing.join('、') });
      const early = notBefore(on, signatures(signed));
      if (early) return early;
      const changed = untied(identity, tie!, on, world);
      if (changed) return refuse('carrier.changed-since', { zh: changed.zh, en: changed.en });
      if (agreementUntil !== null && agreementUntil <= on)
        return { ...refuse('period.order'), field: 'agreementUntil' };
      return [{ type: 'carrier.filed.v2', data: { ...identity, filing, agreementUntil } }];
    },
  },
  evolve: {
    'carrier.planned.v1': (s, { name, kind, home, host, stage }, on) => {
      return { ...s, plan: { name, kind, home, host, stage, on } };
    },
    'carrier.plan-reversed.v1': (s) => ({ ...s, plan: null }),
    'carrier.proposed.v2': (_, { proposal, tie, answerBy }, on) => ({
      ...NONE,
      proposal,
      proposedOn: on,
      tie,
      answerBy,
    }),
    'carrier.revised.v1': (s, { tie, answerBy }, on) => ({ ...s, tie, answerBy, revisedOn: on, signed: NONE.signed }),
    'carrier.declined.v1': (s, _, on) => ({ ...s, endedOn: { how: 'declined', on } }),
    'carrier.withdrawn.v1': (s, _, on) => ({ ...s, endedOn: { how: 'withdrawn', on } }),
    'carrier.proposal-lapsed.v1': (s, { answerBy }) => ({ ...s, noticed: answerBy }),
    'carrier.lapse-voided.v1': (s) => ({ ...s, noticed: null }),
    'carrier.signed-by-home.v1': (s, _, on) => ({ ...s, signed: { ...s.signed, home: on } }),
    'carrier.signed-by-host.v1': (s, _, on) => ({ ...s, signed: { ...s.signed, host: on } }),
  },
});

/** What is planned so is proposed so, as far as the plan says it. */
function otherwise(
  plan: Plan | null,
  { carrier, kind, home, host }: Pick<Identity, 'carrier' | 'kind'> & Pick<Plan, 'home' | 'host'>,
): Refusal | undefined {
  const isOther = (planned: string | null, said: string | null) =>
    planned !== null && said !== null && planned !== said;
  if (plan === null || !(plan.kind !== kind || isOther(plan.home, home) || isOther(plan.host, host))) return undefined;
  return refuse('carrier.planned', { carrier, kind: plan.kind, home: plan.home ?? '—', host: plan.host ?? '—' });
}

/** Why a planned carrier could not lie there, as far as it is said. */
function misplaced(
  { kind, home, host }: Pick<Plan, 'kind' | 'home' | 'host'>,
  tie: Tie,
  on: string,
  world: Carrier['world'],
): Refusal | undefined {
  if (home !== null && host !== null) return untied({ kind, home, host }, tie, on, world);
  const [side, region] = home === null ? (['host', host!] as const) : (['home', home] as const);
  return world.has(region) ? undefined : unknownRegion(region, side);
}

const signatures = ({ home, host }: ProposalState['signed']) =>
  [
    [home, '飞出地签署', "home's signature"],
    [host, '飞入地签署', "the host's signature"],
  ] as const;

/** Whether it can be proposed anew: it came to nothing, or was filed and cannot open where its regions are now. */
function isOver({ agreement, proposal }: CarrierState, on: string, world: Carrier['world']): boolean {
  const { identity, filedOn, openedOn } = agreement;
  const { tie, endedOn } = proposal;
  if (identity === null || tie === null || openedOn !== null) return false;
  if (filedOn !== null) return untied(identity, tie, on, world) !== undefined;
  return endedOn !== null || isLapsed(proposal, on);
}

/** A filing number is of one carrier only. */
export const filingHeld = (filing: string, holder: string): Refusal =>
  refuse('carrier.filing-held', { filing, holder });
