/** The five types of technology contract: 开发 转让 许可 咨询 服务. */
export const contractTypes = ['development', 'transfer', 'licence', 'consulting', 'service'] as const;
export type TechnologyContractType = (typeof contractTypes)[number];

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

export type ContractEvent =
  | { type: 'contract.filed.v1'; data: OfContract & { title: string; filedOn: string } }
  | { type: 'contract.recognised.v1'; data: Recognised }
  | { type: 'contract.refused.v1'; data: OfContract & { reason: string } }
  | { type: 'contract.reversed.v1'; data: Recognised & { reason: string } };
