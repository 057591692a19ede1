import { change, contracts, put, type MessagesOf } from '#libs/messages';
import type { ContractEvent } from './contracts.events.js';

/** What the output and the absorbing region are told of a contract. */
export const achievementsMessages: MessagesOf<ContractEvent> = {
  'contract.filed.v2': put(contracts, (filed) => {
    const { contract, title, type, output, absorbing, amountFen, filedOn, seller, buyer } = filed;
    const said = { contract, title, type, output, absorbing, amountFen, filedOn, seller, buyer };
    const recognition = { registration: null, recognisedOn: null, technicalRevenueFen: null };
    return { ...said, status: 'filed', ...recognition, reason: null, twinOf: null, differences: [] };
  }),
  'contract.filing-reversed.v1': change(contracts, ({ reason }) => ({ status: 'withdrawn', reason })),
  'contract.twinned.v1': change(contracts, ({ twinOf, differences }) => ({ twinOf, differences: [...differences] })),
  'contract.twin-reversed.v1': change(contracts, () => ({ twinOf: null, differences: [] })),
  'contract.recognised.v1': change(contracts, ({ registration, recognisedOn, technicalRevenueFen }) => {
    return { status: 'recognised', registration, recognisedOn, technicalRevenueFen, reason: null };
  }),
  'contract.refused.v1': change(contracts, ({ reason }) => ({ status: 'refused', reason })),
  'contract.reversed.v1': change(contracts, ({ reason }) => ({ status: 'reversed', reason })),
};
