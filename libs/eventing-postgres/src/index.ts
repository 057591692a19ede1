export * from './postgres-store.js';
export * from './projector.js';
