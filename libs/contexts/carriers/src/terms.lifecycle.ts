import { isRefusal, lifecycle, notBefore, refusals } from '#libs/eventing';
import { known, ofCarrier, standing, type Carrier } from './carrier.lifecycle.js';
import { endedOn, endOfAgreement, inForce, noticeOn, renewedBy, type Term } from './timelines.js';

export interface TermsState {
  /** In the order of their ends. None: the agreement, if there is one, is not known to end. */
  readonly terms: readonly Term[];
  /** How many terms without a gap there have been; 0 while no agreement is on file. */
  readonly term: number;
  /** The end that was noticed, while no later fact has shown that it was none. Without power over what is decided. */
  readonly noticed: string | null;
}

const refuse = refusals({
  ...ofCarrier,
  'carrier.renewed': [
    'conflict',
    '双方协议已续签，或到期已记，无须再记',
    'The agreement has been renewed, or its end is recorded: nothing to record',
  ],
  'carrier.not-noticed': [
    'conflict',
    '没有到期的记载，无须更正',
    'No end of the agreement is on record: nothing to void',
  ],
});

/** 双方协议: while the agreement of home and host is in force, and what was noticed of its end. */
export const terms = lifecycle<TermsState, Carrier>()({
  refuses: refuse,
  initial: { terms: [], term: 0, noticed: null },
  decide: {
    RenewAgreement: ({ on, carrier, until }, state, { whole }) => {
      const { terms, term } = state;
      const { filedOn } = whole.agreement;
      const identity = known(whole, carrier);
      if (isRefusal(identity)) return identity;
      if (standing(whole, on) === 'wound-up') return refuse('carrier.wound-up');
      const notice = noticeOn(whole.closing, on);
      if (notice) return refuse('carrier.winding-up', { closesOn: notice.closesOn });
      if (term === 0) return refuse('carrier.no-agreement');
      const early = notBefore(on, [[filedOn, '备案', 'its filing']]);
      if (early) return early;
      const end = endOfAgreement(state);
      if (until <= on || until <= (end ?? on)) return refuse('period.order');
      const renewed = { ...state, terms: renewedBy(terms, { from: on, until }) };
      const data = {
        ...identity,
        term: end !== null && on > end ? term + 1 : term,
        agreementUntil: until,
        status: standing({ ...whole, terms: renewed }, on),
      };
      return [{ type: 'carrier.renewed.v1', data }];
    },

    ExpireAgreement: ({ carrier, until }, state, { whole }) => {
      const { term, noticed } = state;
      const identity = known(whole, carrier);
      if (isRefusal(identity)) return identity;
      if (standing(whole, until) === 'wound-up') return refuse('carrier.wound-up');
      if (endOfAgreement(state) !== until || noticed === until) return refuse('carrier.renewed');
      const data = { ...identity, term, agreementUntil: until, status: standing(whole, until) };
      return [{ type: 'carrier.agreement-expired.v1', data }];
    },

    VoidExpiry: ({ carrier, until, fact }, state, { whole }) => {
      const { term, noticed } = state;
      const identity = known(whole, carrier);
      if (isRefusal(identity)) return identity;
      if (noticed !== until) return refuse('carrier.not-noticed');
      if (!inForce(state, until)) return refuse('carrier.expired', { until });
      const data = { ...identity, term, agreementUntil: until, status: standing(whole, until), fact };
      return [{ type: 'carrier.expiry-voided.v1', data }];
    },
  },
  evolve: {
    // One that was filed and could not open is proposed anew: its agreement is none.
    'carrier.proposed.v2': () => ({ terms: [], term: 0, noticed: null }),
    'carrier.filed.v2': (s, { agreementUntil }, on) => ({
      ...s,
      term: 1,
      terms: [{ from: on, until: agreementUntil }],
    }),
    'carrier.renewed.v1': (s, { term, agreementUntil }, on) => ({
      ...s,
      term,
      terms: renewedBy(s.terms, { from: on, until: agreementUntil }),
    }),
    'carrier.agreement-corrected.v1': (s, { agreementUntil }) => ({ ...s, terms: endedOn(s.terms, agreementUntil) }),
    'carrier.agreement-expired.v1': (s, { agreementUntil }) => ({ ...s, noticed: agreementUntil }),
    'carrier.expiry-voided.v1': (s) => ({ ...s, noticed: null }),
  },
});
