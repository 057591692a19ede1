import type { FeedOf, IncubateeStatus, Published } from '#libs/contracts';
import type { IncubateeEvent } from './incubation.events.js';

type Identity = Extract<IncubateeEvent, { type: 'incubatee.withdrawn.v1' }>['data'];

const stands = ({ carrier, home, uscc, firm, spell }: Identity, status: IncubateeStatus): Published => ({
  type: 'cn.liandong.incubatee.changed.v1',
  data: { carrier, home, uscc, firm, spell, status },
});

/** What home is told of its firms. */
export const incubationFeed: FeedOf<IncubateeEvent> = {
  'incubatee.admitted.v1': (data) => stands(data, 'admitted'),
  'incubatee.settled.v1': (data) => stands(data, 'settled'),
  'incubatee.rejected.v1': (data) => stands(data, 'rejected'),
  'incubatee.withdrawn.v1': (data) => stands(data, 'withdrawn'),
  'incubatee.overstayed.v1': (data) => stands(data, 'overstayed'),
  'incubatee.exited.v1': (data) => stands(data, data.outcome),
};
