import type { Texts } from '#libs/messages';
import type { ContractEvent, SupersededContractEvent } from './contracts.events.js';

/** What people read in place of the stored names of a contract's events. */
export const contractEvents: Texts<(ContractEvent | SupersededContractEvent)['type']> = {
  'contract.filed.v1': ['申报技术合同', 'Contract filed'],
  'contract.filed.v2': ['申报技术合同', 'Contract filed'],
  'contract.filing-reversed.v1': ['撤回申报', 'Filing reversed'],
  'contract.twinned.v1': ['认定为同一合同', 'Linked to its other report'],
  'contract.twin-reversed.v1': ['冲销同一合同的认定', 'Link to its other report reversed'],
  'contract.recognised.v1': ['认定登记', 'Contract recognised'],
  'contract.refused.v1': ['不予认定', 'Contract refused'],
  'contract.reversed.v1': ['冲销认定', 'Recognition reversed'],
};
