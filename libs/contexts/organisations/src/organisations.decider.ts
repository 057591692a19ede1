import { decider, refusals } from '#libs/eventing';
import type * as commands from './organisations.commands.js';
import type { OrganisationEvent } from './organisations.events.js';

export interface OrganisationState {
  /** The name that its code was admitted for, while it is. */
  readonly admitted: string | null;
}

const refuse = refusals({
  'code.admitted': [
    'conflict',
    '{uscc} 已承认，属 {name}，无须再办',
    '{uscc} is admitted, of {name}: nothing is left to do',
    'uscc',
  ],
  'code.not-admitted': ['missing', '{uscc} 未经承认', '{uscc} is not admitted', 'uscc'],
});

/**
 * The rules of an organisation whose registered code fails the check of GB 32100-2015: some were issued so, and it is the
 * organisation's all the same. Only the province lets such a code in, and says on what evidence.
 */
export const organisation = decider<OrganisationState, OrganisationEvent, typeof commands>({
  category: 'organisation',
  refuses: refuse,
  initial: { admitted: null },
  id: ({ uscc }) => uscc,
  concerns: () => [],
  decide: {
    AdmitCode: ({ uscc, name, evidence, basis }, { admitted }) => {
      if (admitted !== null) return refuse('code.admitted', { uscc, name: admitted });
      return [{ type: 'organisation.code-admitted.v1', data: { uscc, name, evidence, basis } }];
    },
    WithdrawCode: ({ uscc, reason }, { admitted }) => {
      if (admitted === null) return refuse('code.not-admitted', { uscc });
      return [{ type: 'organisation.code-withdrawn.v1', data: { uscc, name: admitted, reason } }];
    },
  },
  evolve: {
    'organisation.code-admitted.v1': (_, { name }) => ({ admitted: name }),
    'organisation.code-withdrawn.v1': () => ({ admitted: null }),
  },
});
