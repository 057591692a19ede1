import type { UpcastersOf } from '#libs/eventing';
import type { SharingEvent, SupersededSharingEvent } from './sharing.events.js';

/** How what earlier releases stored of instruments is read today. */
export const sharingUpcasters: UpcastersOf<SupersededSharingEvent, SharingEvent> = {
  // That several are networked as one could not be said then, nor the number that its owner has for it.
  'instrument.networked.v1': (data) => ({
    type: 'instrument.networked.v2',
    data: { ...data, units: 1, assetNumber: null },
  }),
  // A use had one day, whatever its hours: these stay as they were told.
  'use.recorded.v1': (data) => ({ type: 'use.recorded.v2', data: { ...data, lastDay: data.usedOn } }),
};
