export { achievementsContext } from './achievements.context.js';
export type { ContractEvent } from './contracts.events.js';
