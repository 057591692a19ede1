import type { UpcastersOf } from '#libs/eventing';
import type { IncubateeEvent, SupersededIncubateeEvent } from './incubation.events.js';

/** How what earlier releases stored of incubatees is read today. */
export const incubationUpcasters: UpcastersOf<SupersededIncubateeEvent, IncubateeEvent> = {
  // Where the carrier is was not recorded then: the host hears of the firm from its next admission on.
  'incubatee.admitted.v1': (data) => ({ type: 'incubatee.admitted.v2', data: { ...data, host: null } }),
  'incubatee.settled.v1': (data) => ({ type: 'incubatee.settled.v2', data }),
};
