export { inner } from '../../beta/src/inner.js';
