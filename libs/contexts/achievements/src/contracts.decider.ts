import { Set } from 'immutable';
import type { Places } from '#libs/contexts/topology';
import { decider, notBefore, notFor, refusals, unknownRegion } from '#libs/eventing';
import { isPlace } from '#libs/messages';
import type * as commands from './contracts.commands.js';
import type { ContractEvent, OfContract, Recognised } from './contracts.events.js';

export interface ContractState {
  readonly status: 'unknown' | 'filed' | 'recognised' | 'refused' | 'reversed';
  readonly identity: OfContract | null;
  readonly filedOn: string;
  /** The recognition in force. */
  readonly recognised: Recognised | null;
  /** Every registration number ever used for it. */
  readonly registrations: Set<string>;
}

const refuse = refusals({
  'contract.exists': ['conflict', '技术合同 {contract} 已申报', 'Contract {contract} is already filed', 'contract'],
  'contract.unknown': ['missing', '技术合同 {contract} 未申报', 'Contract {contract} is not filed', 'contract'],
  'contract.recognised': [
    'conflict',
    '已认定（{registration}）；更正须先冲销',
    'It is recognised ({registration}): reverse it first to correct it',
  ],
  'contract.refused': ['conflict', '该合同不予认定', 'The contract was refused'],
  'contract.not-recognised': ['conflict', '没有生效的认定可冲销', 'There is no recognition in force to reverse'],
  'contract.not-filed': ['conflict', '合同不在待认定状态', 'The contract is not waiting for recognition'],
  'contract.other-registration': [
    'conflict',
    '生效的认定是 {registration}，不是 {reverses}',
    'The recognition in force is {registration}, not {reverses}',
    'reverses',
  ],
  'contract.registration-used': [
    'conflict',
    '认定登记编号 {registration} 已使用',
    'Registration {registration} was used before',
    'registration',
  ],
  'contract.beyond': [
    'invalid',
    '输出方与吸纳方至少有一方在省内',
    'One side at least lies in the province',
    'absorbing',
  ],
  'contract.revenue': [
    'invalid',
    '核定技术性收入不能大于成交额',
    'Technical revenue cannot exceed the amount',
    'technicalRevenueFen',
  ],
  'contract.amount-unconfirmed': [
    'invalid',
    '成交额 {amountFen} 分，即 {yuan} 元；确实如此请以 amountConfirmedFen 再填一次',
    'The amount is {amountFen} fen, {yuan} yuan: repeat it as amountConfirmedFen if that is right',
    'amountConfirmedFen',
  ],
});

/** Above 100 亿元 an amount is asked for twice: most such numbers are a wrong unit. In 分. */
const ASKED_TWICE_ABOVE_FEN = 1_000_000_000_000;

const isUnconfirmed = ({ amountFen, amountConfirmedFen }: commands.FileContract) =>
  amountConfirmedFen === undefined ? amountFen > ASKED_TWICE_ABOVE_FEN : amountConfirmedFen !== amountFen;

/** The rules of a technology contract: filed by the output side, recognised or refused by the province, undone by reversal. */
export const contract = decider<ContractState, ContractEvent, typeof commands, Places>({
  category: 'contract',
  refuses: refuse,
  initial: { status: 'unknown', identity: null, filedOn: '', recognised: null, registrations: Set() },
  id: (command) => command.contract,
  concerns: ({ data }) => [data.output, data.absorbing],
  decide: {
    FileContract: (command, { identity }, { by, world }) => {
      const { on, contract, title, type, output, absorbing, amountFen } = command;
      // Nobody acts here for a place beyond the province: what comes from there is filed by the side that absorbs it.
      const foreign = notFor(by, isPlace(output) ? absorbing : output);
      if (foreign) return foreign;
      if (identity) return refuse('contract.exists', { contract });
      for (const [field, region] of Object.entries({ output, absorbing })) {
        if (!world.knows(region)) return unknownRegion(region, field);
      }
      if (isPlace(output) && isPlace(absorbing)) return refuse('contract.beyond');
      if (isUnconfirmed(command)) return refuse('contract.amount-unconfirmed', { amountFen, yuan: amountFen / 100 });
      return [
        { type: 'contract.filed.v1', data: { contract, title, type, output, absorbing, amountFen, filedOn: on } },
      ];
    },

    RecogniseContract: ({ on, contract, registration, technicalRevenueFen }, state) => {
      const { identity, status, recognised, filedOn, registrations } = state;
      if (!identity) return refuse('contract.unknown', { contract });
      if (recognised) return refuse('contract.recognised', { registration: recognised.registration });
      if (status === 'refused') return refuse('contract.refused');
      if (registrations.has(registration)) return refuse('contract.registration-used', { registration });
      if (technicalRevenueFen > identity.amountFen) return refuse('contract.revenue');
      const early = notBefore(on, [[filedOn, '申报', 'its filing']]);
      if (early) return early;
      return [
        {
          type: 'contract.recognised.v1',
          data: { ...identity, registration, technicalRevenueFen, recognisedOn: on },
        },
      ];
    },

    RefuseContract: ({ on, contract, reason }, { identity, status, filedOn }) => {
      if (!identity) return refuse('contract.unknown', { contract });
      if (status !== 'filed') return refuse('contract.not-filed');
      const early = notBefore(on, [[filedOn, '申报', 'its filing']]);
      return early ?? [{ type: 'contract.refused.v1', data: { ...identity, reason } }];
    },

    ReverseContract: ({ on, contract, reverses, reason }, { identity, recognised }) => {
      if (!identity) return refuse('contract.unknown', { contract });
      if (!recognised) return refuse('contract.not-recognised');
      const { registration } = recognised;
      if (registration !== reverses) return refuse('contract.other-registration', { registration, reverses });
      const early = notBefore(on, [[recognised.recognisedOn, '认定', 'its recognition']]);
      return early ?? [{ type: 'contract.reversed.v1', data: { ...recognised, reason } }];
    },
  },
  evolve: {
    'contract.filed.v1': (s, { contract, type, output, absorbing, amountFen, filedOn }) => ({
      ...s,
      status: 'filed',
      filedOn,
      identity: { contract, type, output, absorbing, amountFen },
    }),
    'contract.recognised.v1': (s, data) => ({
      ...s,
      status: 'recognised',
      recognised: data,
      registrations: s.registrations.add(data.registration),
    }),
    'contract.refused.v1': (s) => ({ ...s, status: 'refused' }),
    'contract.reversed.v1': (s) => ({ ...s, status: 'reversed', recognised: null }),
  },
});
