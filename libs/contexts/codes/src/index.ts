export { codesContext } from './codes.context.js';
export type { Code } from './codes.decider.js';
export type { CodeList, CodesEvent, LinkEnd } from './codes.events.js';
export { codesNow, knownCodes, ofCodes, type KnownCodes } from './codes.lookup.js';
export { shippedCodes } from './codes.shipped.js';
