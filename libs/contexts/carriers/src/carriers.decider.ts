import { combine } from '#libs/eventing';
import { agreement } from './agreement.lifecycle.js';
import { closing } from './closing.lifecycle.js';
import { corrections } from './corrections.lifecycle.js';
import { proposal } from './proposal.lifecycle.js';
import { space } from './space.lifecycle.js';
import { terms } from './terms.lifecycle.js';

export type { CarrierState } from './carrier.lifecycle.js';

/** The rules of a carrier: one stream for each, with the lives that it has. */
export const carrier = combine({
  category: 'carrier',
  id: (command) => command.carrier,
  concerns: ({ data }) => [data.home, data.host].flatMap((region) => region ?? []),
  parts: { proposal, agreement, terms, space, closing, corrections },
});
