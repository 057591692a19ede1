export { incubationContext } from './incubation.context.js';
export type { IncubateeEvent } from './incubation.events.js';
