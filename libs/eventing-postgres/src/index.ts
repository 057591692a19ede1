export {
  Checkpoints,
  Checkpoints1764000000000,
  Ownership1764000000020,
  type BuildStatus,
  type ParkedKey,
} from './checkpoints.js';
export * from './postgres-store.js';
export * from './projected.js';
export { Projectors, type ProjectorStatus } from './projectors.js';
