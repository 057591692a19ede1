import type { UpcastersOf } from '#libs/eventing';
import type { CarrierEvent, SupersededCarrierEvent, Tie } from './carriers.events.js';

/** The kinds that two regions could register together then. */
const OUT = { fromEnd: 'outside-hub', toEnd: 'hub', level: null } as const;
const TIES: Readonly<Record<string, Tie>> = {
  飞地孵化器: { link: 'enclave-incubator', ...OUT },
  离岸研发中心: { link: 'offshore-centre', ...OUT },
  协同创新基地: { link: 'collaboration-base', fromEnd: 'hub', toEnd: 'outside-hub', level: null },
};

/** How what earlier releases stored of carriers is read today. */
export const carriersUpcasters: UpcastersOf<SupersededCarrierEvent, CarrierEvent> = {
  // Which link it is followed from its kind; nobody could propose twice, or say until when.
  'carrier.proposed.v1': (data) => ({
    type: 'carrier.proposed.v2',
    data: { ...data, proposal: 1, tie: TIES[data.kind]!, answerBy: null },
  }),
  // An agreement's end was not recorded then: nothing is known that would end it.
  'carrier.filed.v1': (data) => ({ type: 'carrier.filed.v2', data: { ...data, agreementUntil: null } }),
  // Until when things would have been there was not recorded then: nothing that ended so can go on by itself.
  'carrier.wound-up.v1': (data) => ({ type: 'carrier.wound-up.v2', data: { ...data, ended: [] } }),
};
