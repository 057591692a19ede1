import { Map } from 'immutable';
import { ofCodes } from '#libs/contexts/codes';
import { isRefusal, lifecycle, notBefore, notFor, refusals, unknownRegion } from '#libs/eventing';
import { closed, known, ofCarrier, ofSides, standing, type Carrier, type Identity } from './carrier.lifecycle.js';
import { untied } from './tie.js';
import { suspendedDays } from './suspended.js';
import { endOfAgreement, inForce, suspendedSince, suspensionOn, type Suspensions } from './timelines.js';

/** What became true of the carrier, and since when. Of each day the rules ask these, never how things stand by now. */
export interface AgreementState {
  /** Null until it is registered; all else has a meaning only then. */
  readonly identity: Identity | null;
  readonly filedOn: string | null;
  readonly openedOn: string | null;
  /** The days from which on it is suspended, or is no more. */
  readonly suspensions: Suspensions;
}

const refuse = refusals({
  ...ofCarrier,
  'carrier.bilateral': [
    'invalid',
    '{kind}须由飞出地与飞入地双方登记',
    'A {kind} is registered by home and host together',
    'kind',
  ],
  'carrier.of-two': [
    'conflict',
    '载体 {carrier} 已规划为“{kind}”，须由飞出地提出（ProposeCarrier）',
    '{carrier} is planned as a {kind}: home proposes it (ProposeCarrier)',
    'carrier',
  ],
  'carrier.host-unknown': [
    'missing',
    '省外、境外地点 {host} 未登记；省内的所在地即本区域',
    'Place {host} beyond the province is not registered; inside it the carrier is where its region is',
    'host',
  ],
  'carrier.not-beyond': ['invalid', '“{kind}”不能设在 {host}', 'A {kind} cannot be hosted in {host}', 'host'],
  'carrier.cannot-open': [
    'conflict',
    '备案以后情况有变：{zh}；须由飞出地重新提出，并重新签署、备案（ProposeCarrier）',
    'It is not as it was filed any more. {en}: home proposes it anew, to be signed and filed again (ProposeCarrier)',
  ],
  'carrier.not-filed': ['conflict', '须先由省级备案方可开园', 'The province must file it before it opens'],
  'carrier.opened': [
    'conflict',
    '载体已于 {openedOn} 开园，无须再办',
    'The carrier opened on {openedOn}: nothing is left to open',
  ],
  'carrier.not-suspended': [
    'conflict',
    '该日载体未暂停，无须恢复',
    'The carrier is not suspended on that day: nothing to resume',
  ],
});

/** Its opening, and while it is suspended. A carrier of two regions opens only once the province has filed what they signed. */
export const agreement = lifecycle<AgreementState, Carrier>()({
  refuses: { texts: { ...ofCodes.texts, ...refuse.texts } },
  initial: {
    identity: null,
    filedOn: null,
    openedOn: null,
    suspensions: Map(),
  },
  decide: {
    RegisterCarrier: (
      { on, carrier, name, kind, region, host = region, basis },
      { identity },
      { by, whole, world },
    ) => {
      const code = world.codes.wanted('carrier-kinds', kind, on, 'kind');
      const foreign = notFor(by, region);
      if (foreign) return foreign;
      if (identity) return refuse('carrier.exists', { carrier });
      if (whole.proposal.plan) return refuse('carrier.of-two', { carrier, kind: whole.proposal.plan.kind });
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

    OpenCarrier: ({ on, carrier }, { filedOn, openedOn }, { by, whole, world }) => {
      const identity = ofSides(whole, carrier, by, 'home', 'host');
      if (isRefusal(identity)) return identity;
      if (openedOn !== null) return refuse('carrier.opened', { openedOn });
      const { tie } = whole.proposal;
      if (filedOn === null || tie === null) return refuse('carrier.not-filed');
      const early = notBefore(on, [[filedOn, '备案', 'its filing']]);
      if (early) return early;
      if (!inForce(whole.terms, on)) return refuse('carrier.expired', { until: endOfAgreement(whole.terms, on)! });
      const changed = untied(identity, tie, on, world);
      if (changed) return refuse('carrier.cannot-open', { zh: changed.zh, en: changed.en });
      return [{ type: 'carrier.opened.v1', data: identity }];
    },

    SuspendCarrier: ({ on, carrier, reason }, { openedOn, suspensions }, { whole }) => {
      const identity = known(whole, carrier);
      if (isRefusal(identity)) return identity;
      const barred = notBefore(on, [[openedOn, '开园', 'its opening']]) ?? closed(whole, on);
      if (barred) return barred;
      const after = suspensions.set(on, true);
      return [
        { type: 'carrier.suspended.v1', data: { ...identity, reason } },
        ...suspendedDays(identity, whole.space, after, [suspensionOn(after, on)!]),
      ];
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
      return [
        { type: 'carrier.resumed.v1', data: identity },
        ...suspendedDays(identity, whole.space, suspensions.set(on, false), [suspensionOn(suspensions, on)!]),
      ];
    },
  },
  evolve: {
    'carrier.registered.v1': (s, data, on) => ({ ...s, openedOn: on, identity: identityOf(data) }),
    'carrier.proposed.v2': (s, data) => ({ ...s, filedOn: null, identity: identityOf(data) }),
    'carrier.revised.v1': (s, data) => ({ ...s, identity: identityOf(data) }),
    'carrier.filed.v2': (s, _, on) => ({ ...s, filedOn: on }),
    'carrier.opened.v1': (s, _, on) => ({ ...s, openedOn: on }),
    'carrier.suspended.v1': (s, _, on) => ({ ...s, suspensions: s.suspensions.set(on, true) }),
    'carrier.resumed.v1': (s, _, on) => ({ ...s, suspensions: s.suspensions.set(on, false) }),
  },
});

function identityOf({ carrier, name, kind, home, host }: Identity): Identity {
  return { carrier, name, kind, home, host };
}
