import type { TechnologyContractType } from '#libs/messages';

/** What every event of a technology contract says of it, so that no reader has to look it up. */
export interface OfContract {
  readonly contract: string;
  readonly type: TechnologyContractType;
  /** 输出: where the technology comes from. */
  readonly output: string;
  /** 吸纳: where it goes. */
  readonly absorbing: string;
  /** 成交额 in 分. */
  readonly amountFen: number;
}

/** A recognition. 核定技术性收入 in 分 is what was recognised as technical revenue, never more than 成交额. */
export interface Recognised extends OfContract {
  /** 认定登记编号; a reversal names it. */
  readonly registration: string;
  readonly technicalRevenueFen: number;
  /** Its date decides the period it counts in. */
  readonly recognisedOn: string;
}

/** Who sells or buys: a unit by its code, or a foreign one by its country (ISO 3166-1 alpha-2). */
export interface Party {
  readonly name: string;
  readonly uscc: string | null;
  readonly country: string | null;
}

type Filed = OfContract & { title: string; filedOn: string };

/** What two reports of one contract say otherwise, as text. */
export interface Difference {
  readonly field: string;
  readonly here: string;
  readonly there: string;
}

export type ContractEvent =
  /** 卖方, 买方; null where it was not told. */
  | { type: 'contract.filed.v2'; data: Filed & { seller: Party | null; buyer: Party | null } }
  | { type: 'contract.filing-reversed.v1'; data: OfContract & { reason: string } }
  /** It is the other report of a contract that another stream holds, and that one counts. */
  | { type: 'contract.twinned.v1'; data: OfContract & { twinOf: string; differences: readonly Difference[] } }
  | { type: 'contract.twin-reversed.v1'; data: OfContract & { twinOf: string; reason: string } }
  | { type: 'contract.recognised.v1'; data: Recognised }
  | { type: 'contract.refused.v1'; data: OfContract & { reason: string } }
  | { type: 'contract.reversed.v1'; data: Recognised & { reason: string } };

/** What earlier releases have stored, as they stored it: contracts.upcasters.ts makes today's events of it. */
export type SupersededContractEvent = { type: 'contract.filed.v1'; data: Filed };
