export { inner } from '../../../libs/contexts/beta/src/inner.js';
