export * from './postgres.js';
export * from './startup-error.js';
