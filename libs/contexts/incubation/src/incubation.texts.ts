import type { Texts } from '#libs/messages';
import type { IncubateeEvent, SupersededIncubateeEvent } from './incubation.events.js';

/** What people read in place of the stored names of a stay's events. */
export const incubateeEvents: Texts<(IncubateeEvent | SupersededIncubateeEvent)['type']> = {
  'incubatee.admitted.v1': ['准入企业', 'Firm admitted'],
  'incubatee.admitted.v2': ['准入企业', 'Firm admitted'],
  'incubatee.settled.v1': ['企业入孵', 'Firm settled'],
  'incubatee.settled.v2': ['企业入孵', 'Firm settled'],
  'incubatee.rejected.v1': ['不予准入', 'Admission rejected'],
  'incubatee.withdrawn.v1': ['撤回准入', 'Admission withdrawn'],
  'incubatee.overstayed.v1': ['在孵超期', 'Firm overstayed'],
  'incubatee.overstay-voided.v1': ['更正：并未超期', 'Overstay voided'],
  'incubatee.exited.v1': ['企业离开', 'Firm left'],
  'incubatee.admission-reversed.v1': ['冲销准入', 'Admission reversed'],
  'incubatee.exit-reversed.v1': ['冲销企业离开', 'Exit reversed'],
};
