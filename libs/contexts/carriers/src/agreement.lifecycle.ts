import { Map } from 'immutable';
import { ofCodes } from '#libs/contexts/codes';
import {
  isRefusal,
  lifecycle,
  notBefore,
  notFor,
  refusals,
  unknownRegion,
  type Actor,
  type Decision,
  type Refusal,
} from '#libs/eventing';
import {
  closed,
  known,
  ofCarrier,
  ofSides,
  standing,
  type Carrier,
  type CarrierState,
  type Identity,
} from './carrier.lifecycle.js';
import type { CarrierEvent } from './carriers.events.js';
import { ofTwo, tieOf, untied } from './tie.js';
import { endOfAgreement, inForce, suspendedSince } from './timelines.js';

type Side = 'home' | 'host';
const SIDES = { home: '飞出地 home', host: '飞入地 host' } as const;

/** What became true of the carrier, and since when. Of each day the rules ask these, never how things stand by now. */
export interface AgreementState {
  /** Null until it is registered; all else has a meaning only then. */
  readonly identity: Identity | null;
  /** The day on which it was registered or proposed. */
  readonly since: string;
  readonly signed: Readonly<Record<Side, string | null>>;
  readonly filedOn: string | null;
  readonly openedOn: string | null;
  /** The days from which on it is suspended, or is no more. */
  readonly suspensions: Map<string, boolean>;
}

const refuse = refusals({
  ...ofCarrier,
  ...ofTwo,
  'carrier.exists': ['conflict', '载体 {carrier} 已登记', 'Carrier {carrier} is already registered', 'carrier'],
  'carrier.bilateral': [
    'invalid',
    '{kind}须由飞出地与飞入地双方登记',
    'A {kind} is registered by home and host together',
    'kind',
  ],
  'carrier.host-unknown': [
    'missing',
    '省外、境外地点 {host} 未登记；省内的所在地即本区域',
    'Place {host} beyond the province is not registered; inside it the carrier is where its region is',
    'host',
  ],
  'carrier.not-beyond': ['invalid', '“{kind}”不能设在 {host}', 'A {kind} cannot be hosted in {host}', 'host'],
  'carrier.signed': ['conflict', '该方已签署', 'That side has signed already'],
  'carrier.not-negotiating': ['conflict', '已备案，不能再签署', 'It is filed: nothing is left to sign'],
  'carrier.not-signed': [
    'conflict',
    '须飞出地与飞入地均已签署方可备案；尚缺：{missing}',
    'Both sides must have signed before it is filed; missing: {missing}',
  ],
  'carrier.filed': ['conflict', '已备案', 'It is filed already'],
  'carrier.filing-held': [
    'conflict',
    '备案号 {filing} 已用于载体 {holder}',
    'Filing number {filing} is that of carrier {holder}',
    'filing',
  ],
  'carrier.not-filed': ['conflict', '须先由省级备案方可开园', 'The province must file it before it opens'],
  'carrier.opened': ['conflict', '载体已于 {openedOn} 开园', 'The carrier opened on {openedOn}'],
  'carrier.not-suspended': ['conflict', '该日载体未暂停', 'The carrier is not suspended on that day'],
});

const sign =
  (side: Side) =>
  (
    { on, carrier }: { on: string; carrier: string },
    state: AgreementState,
    { by, whole }: { by: Actor; whole: CarrierState },
  ): Decision<CarrierEvent> => {
    const { since, filedOn, openedOn, signed } = state;
    const identity = ofSides(whole, carrier, by, side);
    if (isRefusal(identity)) return identity;
    const early = notBefore(on, [[since, '提出', 'its proposal']]);
    if (early) return early;
    if (filedOn !== null || openedOn !== null) return refuse('carrier.not-negotiating');
    if (signed[side] !== null) return refuse('carrier.signed');
    return [{ type: `carrier.signed-by-${side}.v1`, data: identity }];
  };

/**
 * From registration to opening, and while it is suspended. An enclave incubator or offshore centre opens only when
 * home and host have each signed by their own authority and the province has filed it: neither side alone can.
 */
export const agreement = lifecycle<AgreementState, Carrier>()({
  refuses: { texts: { ...ofCodes.texts, ...refuse.texts } },
  initial: {
    identity: null,
    since: '',
    signed: { home: null, host: null },
    filedOn: null,
    openedOn: null,
    suspensions: Map(),
  },
  decide: {
    RegisterCarrier: ({ on, carrier, name, kind, region, host = region, basis }, { identity }, { by, world }) => {
      const code = world.codes.wanted('carrier-kinds', kind, on, 'kind');
      const foreign = notFor(by, region);
      if (foreign) return foreign;
      if (identity) return refuse('carrier.exists', { carrier });
      if (isRefusal(code)) return code;
      if (!world.has(region)) return unknownRegion(region, 'region');
      const beyond = host === region ? undefined : world.lies(host);
      if (host !== region && beyond === undefined) return refuse('carrier.host-unknown', { host });
      if (beyond && code.beyond !== beyond && code.beyond !== 'either')
        return refuse('carrier.not-beyond', { kind: code.name, host });
      // Beyond the province nobody signs here: what its kind ties to a host inside is registered by two.
      if (!beyond && code.link !== null) return refuse('carrier.bilateral', { kind: code.name });
      return [{ type: 'carrier.registered.v1', data: { carrier, name, kind: code.name, home: region, host, basis } }];
    },

    ProposeCarrier: ({ on, carrier, name, kind, home, host, basis }, { identity }, { by, world }) => {
      const code = world.codes.wanted('carrier-kinds', kind, on, 'kind');
      const foreign = notFor(by, home);
      if (foreign) return foreign;
      if (identity) return refuse('carrier.exists', { carrier });
      if (isRefusal(code)) return code;
      const tie = tieOf(world.codes, code, on);
      if (isRefusal(tie)) return tie;
      const proposal = { carrier, name, kind: code.name, home, host };
      const misplaced = untied(proposal, tie, on, world);
      return misplaced ?? [{ type: 'carrier.proposed.v2', data: { ...proposal, tie, basis } }];
    },

    SignAsHome: sign('home'),
    SignAsHost: sign('host'),

    FileCarrier: ({ on, carrier, filing, agreementUntil = null }, { filedOn, openedOn, signed }, { whole }) => {
      const identity = known(whole, carrier);
      if (isRefusal(identity)) return identity;
      if (filedOn !== null || openedOn !== null) return refuse('carrier.filed');
      const missing = (['home', 'host'] as const).filter((side) => signed[side] === null).map((side) => SIDES[side]);
      if (missing.length > 0) return refuse('carrier.not-signed', { missing: missing.join('、') });
      const early = notBefore(on, [
        [signed.home, '飞出地签署', "home's signature"],
        [signed.host, '飞入地签署', "the host's signature"],
      ]);
      if (early) return early;
      if (agreementUntil !== null && agreementUntil <= on)
        return { ...refuse('period.order'), field: 'agreementUntil' };
      return [{ type: 'carrier.filed.v2', data: { ...identity, filing, agreementUntil } }];
    },

    OpenCarrier: ({ on, carrier }, { filedOn, openedOn }, { by, whole }) => {
      const identity = ofSides(whole, carrier, by, 'home', 'host');
      if (isRefusal(identity)) return identity;
      if (openedOn !== null) return refuse('carrier.opened', { openedOn });
      if (filedOn === null) return refuse('carrier.not-filed');
      const early = notBefore(on, [[filedOn, '备案', 'its filing']]);
      if (early) return early;
      if (!inForce(whole.terms, on)) return refuse('carrier.expired', { until: endOfAgreement(whole.terms, on)! });
      return [{ type: 'carrier.opened.v1', data: identity }];
    },

    SuspendCarrier: ({ on, carrier, reason }, { openedOn }, { whole }) => {
      const identity = known(whole, carrier);
      if (isRefusal(identity)) return identity;
      const barred = notBefore(on, [[openedOn, '开园', 'its opening']]) ?? closed(whole, on);
      return barred ?? [{ type: 'carrier.suspended.v1', data: { ...identity, reason } }];
    },

    ResumeCarrier: ({ on, carrier }, state, { whole }) => {
      const { suspensions } = state;
      const identity = known(whole, carrier);
      if (isRefusal(identity)) return identity;
      if (standing(whole, on) === 'wound-up') return refuse('carrier.wound-up');
      if (suspendedSince(state, on) === null) {
        const first =
          suspensions
            .filter((suspended) => suspended)
            .keySeq()
            .min() ?? null;
        return notBefore(on, [[first, '暂停', 'its suspension']]) ?? refuse('carrier.not-suspended');
      }
      if (!inForce(whole.terms, on)) return refuse('carrier.expired', { until: endOfAgreement(whole.terms, on)! });
      return [{ type: 'carrier.resumed.v1', data: identity }];
    },
  },
  evolve: {
    'carrier.registered.v1': (s, data, on) => ({ ...s, since: on, openedOn: on, identity: identityOf(data) }),
    'carrier.proposed.v2': (s, data, on) => ({ ...s, since: on, identity: identityOf(data) }),
    'carrier.signed-by-home.v1': (s, _, on) => ({ ...s, signed: { ...s.signed, home: on } }),
    'carrier.signed-by-host.v1': (s, _, on) => ({ ...s, signed: { ...s.signed, host: on } }),
    'carrier.filed.v2': (s, _, on) => ({ ...s, filedOn: on }),
    'carrier.opened.v1': (s, _, on) => ({ ...s, openedOn: on }),
    'carrier.suspended.v1': (s, _, on) => ({ ...s, suspensions: s.suspensions.set(on, true) }),
    'carrier.resumed.v1': (s, _, on) => ({ ...s, suspensions: s.suspensions.set(on, false) }),
  },
});

function identityOf({ carrier, name, kind, home, host }: Identity): Identity {
  return { carrier, name, kind, home, host };
}

/** A filing number is of one carrier only. */
export const filingHeld = (filing: string, holder: string): Refusal =>
  refuse('carrier.filing-held', { filing, holder });
