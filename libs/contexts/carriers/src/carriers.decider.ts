import { combine } from '#libs/eventing';
import { agreement } from './agreement.lifecycle.js';
import { closing } from './closing.lifecycle.js';
import { space } from './space.lifecycle.js';

export type { CarrierState } from './carrier.lifecycle.js';

/** The rules of a carrier: one stream for each, with three lives. */
export const carrier = combine({
  category: 'carrier',
  id: (command) => command.carrier,
  concerns: ({ data }) => [data.home, data.host],
  parts: { agreement, space, closing },
});
