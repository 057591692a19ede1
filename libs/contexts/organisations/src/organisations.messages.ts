import { admittedCodes, change, put, type MessagesOf } from '#libs/messages';
import type { OrganisationEvent } from './organisations.events.js';

/** What everyone is told: by it the rows that have such a code are marked. */
export const organisationMessages: MessagesOf<OrganisationEvent> = {
  'organisation.code-admitted.v1': put(admittedCodes, ({ uscc, name, evidence, basis }, _, admittedOn) => {
    return { uscc, name, evidence, status: 'admitted', admittedOn, withdrawnOn: null, reason: null, basis };
  }),
  'organisation.code-withdrawn.v1': change(admittedCodes, ({ reason }, withdrawnOn) => {
    return { status: 'withdrawn', withdrawnOn, reason };
  }),
};
