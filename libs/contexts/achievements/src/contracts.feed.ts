import type { ContractStatus, FeedOf, Published } from '#libs/contracts';
import type { ContractEvent, OfContract } from './contracts.events.js';

const moved =
  (status: ContractStatus) =>
  (data: OfContract & { technicalRevenueFen?: number }): Published => {
    const { contract, type, output, absorbing, amountFen } = data;
    const technicalRevenueFen = status === 'recognised' ? (data.technicalRevenueFen ?? 0) : 0;
    return {
      type: 'cn.liandong.technology-contract.changed.v1',
      data: { contract, type, output, absorbing, amountFen, technicalRevenueFen, status },
    };
  };

/** What the output and the absorbing region are told of a contract. */
export const achievementsFeed: FeedOf<ContractEvent> = {
  'contract.filed.v1': moved('filed'),
  'contract.recognised.v1': moved('recognised'),
  'contract.refused.v1': moved('refused'),
  'contract.reversed.v1': moved('reversed'),
};
