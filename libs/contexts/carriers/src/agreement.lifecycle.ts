import { lifecycle, notFor, refusals, unknownRegion, type Actor, type Decision } from '#libs/eventing';
import { closed, ofCarrier, standing, type Carrier, type Identity } from './carrier.lifecycle.js';
import type { CarrierEvent } from './carriers.events.js';

type Side = 'home' | 'host';
const SIDES = { home: '飞出地 home', host: '飞入地 host' } as const;

export interface AgreementState {
  /** Null until it is registered; all else has a meaning only then. */
  readonly identity: Identity | null;
  /** How far it has come; where an opened carrier stands today is `standing`. */
  readonly status: 'negotiating' | 'filed' | 'opened';
  readonly signed: Readonly<Record<Side, boolean>>;
  readonly suspended: boolean;
  /** The day, exclusive, on which the agreement of home and host ends; null while none is known. */
  readonly agreementUntil: string | null;
  readonly expired: boolean;
  /** 0 while no agreement is on file. */
  readonly term: number;
}

const refuse = refusals({
  ...ofCarrier,
  'carrier.exists': ['conflict', '载体 {carrier} 已登记', 'Carrier {carrier} is already registered', 'carrier'],
  'carrier.bilateral': [
    'invalid',
    '{kind}须由飞出地与飞入地双方登记',
    'A {kind} is registered by home and host together',
    'kind',
  ],
  'carrier.two-regions': ['invalid', '飞出地与飞入地须为两个区域', 'Home and host must be two regions', 'host'],
  'carrier.host-in-hub': ['invalid', '飞入地须是总窗口或在其内', 'The host must be the hub or lie inside it', 'host'],
  'carrier.signed': ['conflict', '该方已签署', 'That side has signed already'],
  'carrier.not-negotiating': ['conflict', '已备案，不能再签署', 'It is filed: nothing is left to sign'],
  'carrier.not-signed': [
    'conflict',
    '须飞出地与飞入地均已签署方可备案；尚缺：{missing}',
    'Both sides must have signed before it is filed; missing: {missing}',
  ],
  'carrier.filed': ['conflict', '已备案', 'It is filed already'],
  'carrier.not-filed': ['conflict', '须先由省级备案方可开园', 'The province must file it before it opens'],
  'carrier.not-suspended': ['conflict', '载体未暂停', 'The carrier is not suspended'],
  'carrier.no-agreement': ['conflict', '须先由省级备案双方协议', 'There is no agreement on file'],
  'carrier.renewed': ['conflict', '双方协议已续签', 'The agreement has been renewed'],
});

const sign =
  (side: Side) =>
  ({ carrier }: { carrier: string }, state: AgreementState, { by }: { by: Actor }): Decision<CarrierEvent> => {
    const { identity, status, signed } = state;
    if (!identity) return refuse('carrier.unknown', { carrier });
    const foreign = notFor(by, identity[side]);
    if (foreign) return foreign;
    if (status !== 'negotiating') return refuse('carrier.not-negotiating');
    if (signed[side]) return refuse('carrier.signed');
    return [{ type: `carrier.signed-by-${side}.v1`, data: identity }];
  };

/**
 * From registration to opening, and as long as the agreement runs. An enclave incubator or offshore centre opens only when
 * home and host have each signed by their own authority and the province has filed it: neither side alone can.
 */
export const agreement = lifecycle<AgreementState, Carrier>()({
  refuses: refuse,
  initial: {
    identity: null,
    status: 'negotiating',
    signed: { home: false, host: false },
    suspended: false,
    agreementUntil: null,
    expired: false,
    term: 0,
  },
  decide: {
    RegisterCarrier: ({ carrier, name, kind, region, basis }, { identity }, { by, world }) => {
      const foreign = notFor(by, region);
      if (foreign) return foreign;
      if (identity) return refuse('carrier.exists', { carrier });
      if (kind === '飞地孵化器' || kind === '离岸研发中心') return refuse('carrier.bilateral', { kind });
      if (!world.has(region)) return unknownRegion(region, 'region');
      return [{ type: 'carrier.registered.v1', data: { carrier, name, kind, home: region, host: region, basis } }];
    },

    ProposeCarrier: ({ carrier, name, kind, home, host, basis }, { identity }, { by, world }) => {
      const foreign = notFor(by, home);
      if (foreign) return foreign;
      if (identity) return refuse('carrier.exists', { carrier });
      if (home === host) return refuse('carrier.two-regions');
      if (!world.has(home)) return unknownRegion(home, 'home');
      if (!world.has(host)) return unknownRegion(host, 'host');
      if (!world.inHub(host) || world.inHub(home)) return refuse('carrier.host-in-hub');
      return [{ type: 'carrier.proposed.v1', data: { carrier, name, kind, home, host, basis } }];
    },

    SignAsHome: sign('home'),
    SignAsHost: sign('host'),

    FileCarrier: ({ on, carrier, filing, agreementUntil = null }, { identity, status, signed }) => {
      if (!identity) return refuse('carrier.unknown', { carrier });
      if (status !== 'negotiating') return refuse('carrier.filed');
      const missing = (['home', 'host'] as const).filter((side) => !signed[side]).map((side) => SIDES[side]);
      if (missing.length > 0) return refuse('carrier.not-signed', { missing: missing.join('、') });
      if (agreementUntil !== null && agreementUntil <= on)
        return { ...refuse('period.order'), field: 'agreementUntil' };
      return [{ type: 'carrier.filed.v2', data: { ...identity, filing, agreementUntil } }];
    },

    OpenCarrier: ({ carrier }, { identity, status, expired, agreementUntil }, { by }) => {
      if (!identity) return refuse('carrier.unknown', { carrier });
      const foreign = notFor(by, identity.home, identity.host);
      if (foreign) return foreign;
      if (status !== 'filed') return refuse('carrier.not-filed');
      if (expired) return refuse('carrier.expired', { until: agreementUntil! });
      return [{ type: 'carrier.opened.v1', data: identity }];
    },

    SuspendCarrier: ({ carrier, reason }, { identity }, { whole }) => {
      if (!identity) return refuse('carrier.unknown', { carrier });
      return closed(whole) ?? [{ type: 'carrier.suspended.v1', data: { ...identity, reason } }];
    },

    ResumeCarrier: ({ carrier }, { identity, expired, agreementUntil }, { whole }) => {
      if (!identity) return refuse('carrier.unknown', { carrier });
      if (standing(whole) !== 'suspended') return refuse('carrier.not-suspended');
      if (expired) return refuse('carrier.expired', { until: agreementUntil! });
      return [{ type: 'carrier.resumed.v1', data: identity }];
    },

    RenewAgreement: ({ on, carrier, until }, state, { whole }) => {
      const { identity, agreementUntil, expired, term } = state;
      const { closesOn, woundUp } = whole.closing;
      if (!identity) return refuse('carrier.unknown', { carrier });
      if (woundUp) return refuse('carrier.wound-up');
      if (closesOn !== null) return refuse('carrier.winding-up', { closesOn });
      if (term === 0) return refuse('carrier.no-agreement');
      if (until <= on || until <= (agreementUntil ?? on)) return refuse('period.order');
      const status = standing({ ...whole, agreement: { ...state, expired: false } });
      const data = { ...identity, term: expired ? term + 1 : term, agreementUntil: until, status };
      return [{ type: 'carrier.renewed.v1', data }];
    },

    ExpireAgreement: ({ carrier, until }, state, { whole }) => {
      const { identity, agreementUntil, expired, term } = state;
      if (!identity) return refuse('carrier.unknown', { carrier });
      if (whole.closing.woundUp) return refuse('carrier.wound-up');
      if (agreementUntil !== until || expired) return refuse('carrier.renewed');
      const status = standing({ ...whole, agreement: { ...state, expired: true } });
      return [{ type: 'carrier.agreement-expired.v1', data: { ...identity, term, agreementUntil: until, status } }];
    },
  },
  evolve: {
    'carrier.registered.v1': (s, data) => ({ ...s, status: 'opened', identity: identityOf(data) }),
    'carrier.proposed.v1': (s, data) => ({ ...s, status: 'negotiating', identity: identityOf(data) }),
    'carrier.signed-by-home.v1': (s) => ({ ...s, signed: { ...s.signed, home: true } }),
    'carrier.signed-by-host.v1': (s) => ({ ...s, signed: { ...s.signed, host: true } }),
    'carrier.filed.v2': (s, { agreementUntil }) => ({ ...s, status: 'filed', agreementUntil, term: 1 }),
    'carrier.opened.v1': (s) => ({ ...s, status: 'opened' }),
    'carrier.suspended.v1': (s) => ({ ...s, suspended: true }),
    'carrier.resumed.v1': (s) => ({ ...s, suspended: false }),
    'carrier.renewed.v1': (s, { term, agreementUntil }) => ({ ...s, term, agreementUntil, expired: false }),
    'carrier.agreement-expired.v1': (s) => ({ ...s, expired: true }),
  },
});

function identityOf({ carrier, name, kind, home, host }: Identity): Identity {
  return { carrier, name, kind, home, host };
}
