import { Set } from 'immutable';
import { lifecycle, refusals } from '#libs/eventing';
import type { Province } from './topology.decider.js';

/** Those that were recorded. */
export type Statements = Set<string>;

const refuse = refusals({
  'statement.exists': [
    'conflict',
    '表述 {statement} 已记录；另一表述须另立标识',
    'Statement {statement} is recorded: another has another id',
    'statement',
  ],
});

/**
 * What documents say, word for word and with how they say it: that something is required, supported or under way. Nothing is
 * designated, opened or ended by it: that is a fact of its own, with its own basis.
 */
export const statements = lifecycle<Statements, Province>()({
  refuses: refuse,
  initial: Set(),
  decide: {
    RecordStatement: ({ on: _, subjectId = null, ...said }, statements) => {
      const { statement, modality, wording, subjectKind, subject, basis } = said;
      if (statements.has(statement)) return refuse('statement.exists', { statement });
      const data = { statement, modality, wording, subjectKind, subject, subjectId, basis };
      return [{ type: 'statement.recorded.v1', data }];
    },
  },
  evolve: {
    'statement.recorded.v1': (statements, { statement }) => statements.add(statement),
  },
});
