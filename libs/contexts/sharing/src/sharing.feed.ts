import type { FeedOf, Published } from '#libs/contracts';
import type { SharingEvent } from './sharing.events.js';

type Use = Extract<SharingEvent, { type: 'use.recorded.v1' }>['data'];

const use =
  (status: 'recorded' | 'reversed') =>
  ({ instrument, use, owner, using, hours, sharing }: Use): Published => ({
    type: 'cn.liandong.use.changed.v1',
    data: { instrument, use, owner, using, hours, sharing, status },
  });

/** What owner and user are told of an instrument. */
export const sharingFeed: FeedOf<SharingEvent> = {
  'instrument.networked.v1': ({ instrument, name, owner, originalValueFen }) => ({
    type: 'cn.liandong.instrument.networked.v1',
    data: { instrument, name, owner, originalValueFen },
  }),
  'instrument.withdrawn.v1': () => undefined,
  'use.recorded.v1': use('recorded'),
  'use.reversed.v1': use('reversed'),
};
