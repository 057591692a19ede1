import type { Texts } from '#libs/messages';
import type { OrganisationEvent } from './organisations.events.js';

/** What people read in place of the stored names of an organisation's events. */
export const organisationEvents: Texts<OrganisationEvent['type']> = {
  'organisation.code-admitted.v1': ['承认统一社会信用代码', 'Credit code admitted'],
  'organisation.code-withdrawn.v1': ['撤回对代码的承认', 'Admission of a code withdrawn'],
};
