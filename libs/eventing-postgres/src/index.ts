export * from './checkpoints.migrations.js';
export { Checkpoints, type BuildStatus, type ParkedKey } from './checkpoints.js';
export * from './postgres-store.js';
export * from './projected.js';
export { Projectors, type ProjectorStatus } from './projectors.js';
