export * from './feed-record.js';
