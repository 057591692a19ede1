export * from './city.js';
export * from './connection.js';
export type { FeedCounts, FeedStatus } from './reader.js';
export { OtherCityError } from './tables.js';
