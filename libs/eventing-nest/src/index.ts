export * from './access.js';
export * from './context.js';
export * from './problem.js';
