export * from './postgres.js';
export * from './startup-error.js';
export * from './process.js';
