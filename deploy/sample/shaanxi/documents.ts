/** A document that the sample quotes; its clauses that are quoted stand in `documents/`, as they were published. */
export interface Quoted {
  readonly document: string;
  readonly file: string;
  /** Its day. Only the first says it; of the others the first day of what they speak of, or that on which a page has it. */
  readonly on: string;
}

export const POINTS: Quoted = {
  document: '秦创原创新驱动平台建设2023年工作要点',
  file: 'points-2023.txt',
  on: '2023-02-09',
};
export const PLAN: Quoted = {
  document: '秦创原创新驱动平台建设三年行动计划（2024—2026年）',
  file: 'plan-2024-2026.txt',
  on: '2024-01-01',
};
export const XIAN: Quoted = { document: '西安市科学技术局2018年度工作要点', file: 'xian-2018.txt', on: '2018-01-01' };
/** Of a city in another province, which the copy does not name. */
export const CONVERSION: Quoted = {
  document: '关于新时代深化科技创新体制机制改革加快科技成果转化应用体系建设行动方案',
  file: 'conversion-plan.txt',
  on: '2024-12-16',
};
export const CHENGDU: Quoted = {
  document: '科创四川记者关于成都2023年科技创新工作的报道',
  file: 'chengdu-2023.txt',
  on: '2023-01-01',
};
