import type { UpcastersOf } from '#libs/eventing';
import type { CarrierEvent, SupersededCarrierEvent } from './carriers.events.js';

/** How what earlier releases stored of carriers is read today. */
export const carriersUpcasters: UpcastersOf<SupersededCarrierEvent, CarrierEvent> = {
  // An agreement's end was not recorded then: nothing is known that would end it.
  'carrier.filed.v1': (data) => ({ type: 'carrier.filed.v2', data: { ...data, agreementUntil: null } }),
  // Until when things would have been there was not recorded then: nothing that ended so can go on by itself.
  'carrier.wound-up.v1': (data) => ({ type: 'carrier.wound-up.v2', data: { ...data, ended: [] } }),
};
