import { change, instruments, put, uses, type MessagesOf } from '#libs/messages';
import type { SharingEvent } from './sharing.events.js';

/** What owner and user are told of an instrument. */
export const sharingMessages: MessagesOf<SharingEvent> = {
  'instrument.networked.v1': put(instruments, ({ instrument, name, owner, originalValueFen, since, basis }) => {
    const gone = { withdrawnOn: null, reason: null };
    return { instrument, name, owner, originalValueFen, status: 'networked', since, ...gone, basis };
  }),
  'instrument.withdrawn.v1': change(instruments, ({ reason }, withdrawnOn) => {
    return { status: 'withdrawn', withdrawnOn, reason };
  }),
  'use.recorded.v1': put(uses, ({ instrument, use, owner, using, hours, sharing, usedOn }) => {
    return { instrument, use, owner, using, hours, sharing, usedOn, status: 'recorded', reason: null };
  }),
  'use.reversed.v1': change(uses, ({ reason }) => ({ status: 'reversed', reason })),
};
