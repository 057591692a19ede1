import { Map } from 'immutable';
import { lifecycle, notBefore, refusals } from '#libs/eventing';
import type { Province } from './topology.decider.js';

/** Those that were recorded, and the day of the document. */
export type Statements = Map<string, string>;

const refuse = refusals({
  'statement.exists': [
    'conflict',
    '表述 {statement} 已记录；另一表述须另立标识',
    'Statement {statement} is recorded: another has another id',
    'statement',
  ],
  'statement.unknown': ['missing', '表述 {statement} 未记录', 'Statement {statement} is not recorded', 'statement'],
});

/**
 * What documents say, word for word and with how they say it: that something is required, supported or under way. Nothing is
 * designated, opened or ended by it: that is a fact of its own, with its own basis.
 */
export const statements = lifecycle<Statements, Province>()({
  refuses: refuse,
  initial: Map(),
  decide: {
    RecordStatement: ({ on: _, subjectId = null, ...said }, statements) => {
      const { statement, modality, wording, subjectKind, subject, basis } = said;
      if (statements.has(statement)) return refuse('statement.exists', { statement });
      const data = { statement, modality, wording, subjectKind, subject, subjectId, basis };
      return [{ type: 'statement.recorded.v1', data }];
    },

    CorrectStatement: ({ on, subjectId = null, ...said }, statements) => {
      const { statement, modality, wording, subjectKind, subject, reason, basis } = said;
      const statedOn = statements.get(statement);
      if (statedOn === undefined) return refuse('statement.unknown', { statement });
      const early = notBefore(on, [[statedOn, '表述', 'the day of the document']]);
      const data = { statement, modality, wording, subjectKind, subject, subjectId, reason, basis };
      return early ?? [{ type: 'statement.corrected.v1', data }];
    },
  },
  evolve: {
    'statement.recorded.v1': (statements, { statement }, on) => statements.set(statement, on),
    'statement.corrected.v1': (statements) => statements,
  },
});
