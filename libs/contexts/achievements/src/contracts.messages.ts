import { change, contracts, put, type MessagesOf } from '#libs/messages';
import type { ContractEvent } from './contracts.events.js';

/** What the output and the absorbing region are told of a contract. */
export const achievementsMessages: MessagesOf<ContractEvent> = {
  'contract.filed.v1': put(contracts, ({ contract, title, type, output, absorbing, amountFen, filedOn }) => {
    const recognition = { registration: null, recognisedOn: null, technicalRevenueFen: null };
    return {
      contract,
      title,
      type,
      output,
      absorbing,
      amountFen,
      filedOn,
      status: 'filed',
      ...recognition,
      reason: null,
    };
  }),
  'contract.recognised.v1': change(contracts, ({ registration, recognisedOn, technicalRevenueFen }) => {
    return { status: 'recognised', registration, recognisedOn, technicalRevenueFen, reason: null };
  }),
  'contract.refused.v1': change(contracts, ({ reason }) => ({ status: 'refused', reason })),
  'contract.reversed.v1': change(contracts, ({ reason }) => ({ status: 'reversed', reason })),
};
