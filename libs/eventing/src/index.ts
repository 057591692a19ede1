export * from './authority.js';
export * from './canonical.js';
export * from './decider.js';
export * from './event.js';
export * from './event-store.js';
export * from './execute.js';
export * from './projection.js';
