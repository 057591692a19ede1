export * from './feed-record.js';
export * from './feed-source.js';
