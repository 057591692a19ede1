import { change, instruments, put, uses, type MessagesOf } from '#libs/messages';
import type { SharingEvent } from './sharing.events.js';

/** What owner and user are told of an instrument. */
export const sharingMessages: MessagesOf<SharingEvent> = {
  'instrument.networked.v2': put(instruments, (data) => {
    const { instrument, name, owner, units, assetNumber, originalValueFen, since, basis } = data;
    const known = { instrument, name, owner, units, assetNumber, originalValueFen, since, basis };
    return { ...known, status: 'networked', withdrawnOn: null, reason: null };
  }),
  'instrument.reversed.v1': change(instruments, ({ reason }) => ({ status: 'reversed', reason })),
  'instrument.withdrawn.v1': change(instruments, ({ reason }, withdrawnOn) => {
    return { status: 'withdrawn', withdrawnOn, reason };
  }),
  'instrument.withdrawal-reversed.v1': change(instruments, () => {
    return { status: 'networked', withdrawnOn: null, reason: null };
  }),
  'use.recorded.v2': put(uses, ({ instrument, use, owner, using, hours, sharing, usedOn, lastDay }) => {
    return { instrument, use, owner, using, hours, sharing, usedOn, lastDay, status: 'recorded', reason: null };
  }),
  'use.reversed.v1': change(uses, ({ reason }) => ({ status: 'reversed', reason })),
};
