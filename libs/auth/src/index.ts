export * from './actor.js';
export { issueToken, localKey, localSessionKey } from './local-key.js';
export * from './local-provider.js';
export * from './return-to.js';
export * from './sealed.js';
export * from './sign-in.js';
export * from './verifier.js';
