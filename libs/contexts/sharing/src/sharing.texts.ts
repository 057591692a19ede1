import type { Texts } from '#libs/messages';
import type { SharingEvent, SupersededSharingEvent } from './sharing.events.js';

/** What people read in place of the stored names of an instrument's events. */
export const sharingEvents: Texts<(SharingEvent | SupersededSharingEvent)['type']> = {
  'instrument.networked.v1': ['仪器入网', 'Instrument networked'],
  'instrument.networked.v2': ['仪器入网', 'Instrument networked'],
  'instrument.reversed.v1': ['冲销入网', 'Joining reversed'],
  'instrument.withdrawn.v1': ['仪器退网', 'Instrument withdrawn'],
  'instrument.withdrawal-reversed.v1': ['冲销退网', 'Withdrawal reversed'],
  'use.recorded.v1': ['登记仪器使用', 'Use recorded'],
  'use.recorded.v2': ['登记仪器使用', 'Use recorded'],
  'use.reversed.v1': ['冲销使用记录', 'Use reversed'],
};
