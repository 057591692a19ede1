export * from './event-store.features.js';
export * from './process-manager-specification.js';
export * from './specification.js';
export * from './tcp-proxy.js';
export * from './test-database.js';
export * from './oidc-issuer.js';
export { gb18030 } from './gb18030.js';
