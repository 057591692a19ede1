import { change, instruments, put, uses, type MessagesOf } from '#libs/messages';
import type { SharingEvent } from './sharing.events.js';

/** What owner and user are told of an instrument. */
export const sharingMessages: MessagesOf<SharingEvent> = {
  'instrument.networked.v2': put(instruments, ({ instrument, name, owner, units, originalValueFen, since, basis }) => {
    const gone = { withdrawnOn: null, reason: null };
    return { instrument, name, owner, units, originalValueFen, status: 'networked', since, ...gone, basis };
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
