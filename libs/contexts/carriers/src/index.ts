export { carriersContext } from './carriers.context.js';
export { carrier } from './carriers.decider.js';
export { windingUp } from './carriers.process-managers.js';
export { notRestorable, spellOf } from './space.js';
export { nameOfFirm, ofFirms } from './firms.js';
export { kindOf, type Incubation as IncubationRule } from './kinds.js';
export type { CarrierEvent } from './carriers.events.js';
