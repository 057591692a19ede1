export * from './kafka-sink.js';
export * from './kafka-source.js';
