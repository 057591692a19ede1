export { carriersContext } from './carriers.context.js';
export { carrier } from './carriers.decider.js';
export type { CarrierEvent } from './carriers.events.js';
