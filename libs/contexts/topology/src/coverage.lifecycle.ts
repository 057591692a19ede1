import { OrderedMap } from 'immutable';
import { isRefusal, lifecycle, notBefore, refusals, type Refusal } from '#libs/eventing';
import type { Province } from './topology.decider.js';

/** The days of its steps: a fact that follows is not dated before them. */
interface CoverageRule {
  readonly statedOn: string;
  readonly endedOn: string | null;
}
/** In the order in which they were stated. */
export type Rules = OrderedMap<string, CoverageRule>;

const refuse = refusals({
  'rule.exists': [
    'conflict',
    '覆盖要求 {rule} 已提出；另一要求须另立标识',
    'Coverage rule {rule} exists: another has another id',
    'rule',
  ],
  'rule.unknown': ['missing', '覆盖要求 {rule} 未提出', 'Coverage rule {rule} does not exist', 'rule'],
  'rule.ended': [
    'conflict',
    '覆盖要求 {rule} 已于 {endedOn} 终止；须另行提出',
    'Coverage rule {rule} ended on {endedOn}: state another',
    'rule',
  ],
});

const standing = (rules: Rules, rule: string, on: string): Refusal | undefined => {
  const at = rules.get(rule);
  if (!at) return refuse('rule.unknown', { rule });
  if (at.endedOn !== null) return refuse('rule.ended', { rule, endedOn: at.endedOn });
  return notBefore(on, [[at.statedOn, '提出', 'the day on which it was stated']]);
};

/** 覆盖要求: how many carriers of a kind a document asks of every region of a level, or that it wants some without a number. */
export const rules = lifecycle<Rules, Province>()({
  refuses: refuse,
  initial: OrderedMap(),
  decide: {
    StateCoverageRule: (said, rules, { world }) => {
      const { on, rule, carrierKind, level, minimum = null, modality = 'requires', hub = 'left-out', basis } = said;
      const kind = world.codes.wanted('carrier-kinds', carrierKind, on, 'carrierKind');
      if (isRefusal(kind)) return kind;
      if (rules.has(rule)) return refuse('rule.exists', { rule });
      const data = { rule, carrierKind: kind.name, level, minimum, modality, includesHub: hub === 'counted', basis };
      return [{ type: 'coverage-rule.stated.v2', data }];
    },

    ReviseCoverageRule: (said, rules, { world }) => {
      const { on, rule, carrierKind, level, minimum = null, modality = 'requires', hub = 'left-out', basis } = said;
      const kind = world.codes.wanted('carrier-kinds', carrierKind, on, 'carrierKind');
      if (isRefusal(kind)) return kind;
      const barred = standing(rules, rule, on);
      if (barred) return barred;
      const data = { rule, carrierKind: kind.name, level, minimum, modality, includesHub: hub === 'counted', basis };
      return [{ type: 'coverage-rule.revised.v1', data }];
    },

    EndCoverageRule: ({ on, rule, basis }, rules) =>
      standing(rules, rule, on) ?? [{ type: 'coverage-rule.ended.v1', data: { rule, basis } }],
  },
  evolve: {
    'coverage-rule.stated.v2': (rules, { rule }, on) => rules.set(rule, { statedOn: on, endedOn: null }),
    'coverage-rule.revised.v1': (rules) => rules,
    'coverage-rule.ended.v1': (rules, { rule }, on) => rules.update(rule, (at) => ({ ...at!, endedOn: on })),
  },
});
