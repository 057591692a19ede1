import type { UpcastersOf } from '#libs/eventing';
import type { ContractEvent, SupersededContractEvent } from './contracts.events.js';

/** How what earlier releases stored of contracts is read today. */
export const contractsUpcasters: UpcastersOf<SupersededContractEvent, ContractEvent> = {
  // Who sold and who bought was not asked then.
  'contract.filed.v1': (data) => ({ type: 'contract.filed.v2', data: { ...data, seller: null, buyer: null } }),
};
