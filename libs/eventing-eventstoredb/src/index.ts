export { EventStoreDBStore, type EventStoreDBOptions } from './eventstoredb-store.js';
export { AppendTooLargeError } from './log-events.js';
