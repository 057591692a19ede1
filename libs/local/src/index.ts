export * from './postgres.js';
export * from './startup-error.js';
export * from './process.js';
export * from './kafka.js';
