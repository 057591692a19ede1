import { change, incubatees, put, type MessagesOf } from '#libs/messages';
import type { IncubateeEvent } from './incubation.events.js';

/** What home and host are told of a firm's stay. */
export const incubationMessages: MessagesOf<IncubateeEvent> = {
  'incubatee.admitted.v2': put(incubatees, (data) => {
    const { carrier, uscc, spell, firm, home, host, field, founded, from, stayUntil } = data;
    const { unit, areaSquareMetres, desks, allocation } = data;
    const stay = { carrier, uscc, spell, firm, home, host, field, founded, from, stayUntil };
    const wanted = { unit, areaSquareMetres, desks, allocation };
    return { ...stay, ...wanted, status: 'admitted', leftOn: null, overstayed: false, refusal: null };
  }),
  'incubatee.settled.v2': change(incubatees, () => ({ status: 'settled' })),
  'incubatee.rejected.v1': change(incubatees, ({ code, reason, reasonEn }) => {
    return { status: 'rejected', refusal: { code, zh: reason, en: reasonEn } };
  }),
  'incubatee.withdrawn.v1': change(incubatees, () => ({ status: 'withdrawn' })),
  'incubatee.overstayed.v1': change(incubatees, () => ({ overstayed: true })),
  'incubatee.overstay-voided.v1': change(incubatees, () => ({ overstayed: false })),
  'incubatee.admission-reversed.v1': change(incubatees, () => ({ status: 'reversed', overstayed: false })),
  'incubatee.exit-reversed.v1': change(incubatees, () => ({ status: 'settled', leftOn: null })),
  'incubatee.exited.v1': change(incubatees, ({ outcome, leftOn }) => ({ status: outcome, leftOn })),
};
