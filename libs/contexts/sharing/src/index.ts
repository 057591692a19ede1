export { sharingContext } from './sharing.context.js';
export type { SharingEvent } from './sharing.events.js';
