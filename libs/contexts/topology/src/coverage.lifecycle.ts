import { OrderedMap } from 'immutable';
import { lifecycle, refusals } from '#libs/eventing';
import type { Province } from './topology.decider.js';
import type { RegionLevel } from './topology.events.js';

export interface CoverageRule {
  readonly rule: string;
  readonly carrierKind: string;
  readonly level: RegionLevel;
  readonly minimum: number;
}
/** In the order in which they were stated. */
export type Rules = OrderedMap<string, CoverageRule>;

const refuse = refusals({
  'rule.exists': ['conflict', '覆盖要求 {rule} 已提出', 'Coverage rule {rule} exists', 'rule'],
});

/** 覆盖要求: how many carriers of a kind a document asks of every region of a level. */
export const rules = lifecycle<Rules, Province>()({
  refuses: refuse,
  initial: OrderedMap(),
  decide: {
    StateCoverageRule: ({ rule, carrierKind, level, minimum, basis }, rules) => {
      if (rules.has(rule)) return refuse('rule.exists', { rule });
      return [{ type: 'coverage-rule.stated.v1', data: { rule, carrierKind, level, minimum, basis } }];
    },
  },
  evolve: {
    'coverage-rule.stated.v1': (rules, { rule, carrierKind, level, minimum }) =>
      rules.set(rule, { rule, carrierKind, level, minimum }),
  },
});
