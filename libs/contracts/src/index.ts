export * from './feed-record.js';
export * from './feed-source.js';
export * from './contract-types.js';
