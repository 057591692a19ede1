export { organisationsContext } from './organisations.context.js';
