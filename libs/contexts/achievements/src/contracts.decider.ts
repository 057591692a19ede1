import { Map } from 'immutable';
import { ofFirms } from '#libs/contexts/carriers';
import type { Places } from '#libs/contexts/topology';
import { decider, notBefore, notFor, refusals, unknownRegion, type Refusal } from '#libs/eventing';
import { isPlace } from '#libs/messages';
import type * as commands from './contracts.commands.js';
import type { ContractEvent, OfContract, Party, Recognised } from './contracts.events.js';
import { differences, ofParties, partyOf } from './parties.js';

export interface ContractState {
  readonly status: 'unknown' | 'filed' | 'recognised' | 'refused' | 'reversed';
  /** Null until it is filed, and where its filing was reversed. */
  readonly identity: OfContract | null;
  readonly seller: Party | null;
  readonly buyer: Party | null;
  readonly filedOn: string;
  /** The recognition in force. */
  readonly recognised: Recognised | null;
  /** How often it was recognised under each registration. */
  readonly recognitions: Map<string, number>;
  /** The report of the same contract that counts in place of this. */
  readonly twinOf: string | null;
  /** How often it was linked with each other report. */
  readonly twinnings: Map<string, number>;
}

/** What the rules may know beside the stream: the regions, and the contract that a command names beside its own. */
export type Contracts = Places & { readonly twin: ContractState | null };

const refuse = refusals({
  ...ofParties,
  'contract.exists': [
    'conflict',
    '技术合同 {contract} 已申报；另一合同须另立标识',
    'Contract {contract} is already filed: another has another id',
    'contract',
  ],
  'contract.unknown': ['missing', '技术合同 {contract} 未申报', 'Contract {contract} is not filed', 'contract'],
  'contract.recognised': [
    'conflict',
    '已认定（{registration}）；更正须先冲销',
    'It is recognised ({registration}): reverse it first to correct it',
  ],
  'contract.refused': ['conflict', '该合同不予认定；须重新申报', 'The contract was refused: it is to be filed anew'],
  'contract.not-recognised': [
    'conflict',
    '没有生效的认定，无须冲销',
    'There is no recognition in force: nothing to reverse',
  ],
  'contract.not-filed': [
    'conflict',
    '只有待认定的合同可以不予认定',
    'Only a contract that waits for recognition can be refused',
  ],
  'contract.other-registration': [
    'conflict',
    '生效的认定是 {registration}，不是 {reverses}；须冲销生效的',
    'The recognition in force is {registration}, not {reverses}: reverse that',
    'reverses',
  ],
  'contract.twin-unknown': ['missing', '技术合同 {twinOf} 未申报', 'Contract {twinOf} is not filed', 'twinOf'],
  'contract.twin-itself': ['invalid', '须是另一份申报', 'It must be another report', 'twinOf'],
  'contract.twin-of-twin': [
    'conflict',
    '{twinOf} 本身不计数，计数的是 {counted}；要换一份计数，须先撤销其关联（ReverseTwin）',
    '{twinOf} does not count itself, {counted} does: to have another count, undo that link first (ReverseTwin)',
    'twinOf',
  ],
  'contract.twin-not-recognised': [
    'conflict',
    '{twinOf} 未认定，不能代本份计数；须先认定',
    '{twinOf} is not recognised and cannot count in place of this: have it recognised first',
    'twinOf',
  ],
  'contract.twinned': [
    'conflict',
    '已认定与 {twinOf} 为同一合同；须先撤销该关联（ReverseTwin）',
    'It is linked with {twinOf} already: undo that first (ReverseTwin)',
  ],
  'contract.no-twin': ['conflict', '未与其他申报关联，无须撤销', 'It is linked with no other report: nothing to undo'],
  'contract.registration-held': [
    'conflict',
    '认定登记编号 {registration} 已用于合同 {holder}；请核对编号',
    'Registration {registration} is that of contract {holder}: check the number',
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
    '成交额 {amountFen} 分，即 {yuan} 元；确实如此请再填一次（amountConfirmedFen）',
    'The amount is {amountFen} fen, {yuan} yuan: repeat it as amountConfirmedFen if that is right',
    'amountConfirmedFen',
  ],
});

/** Above 100 亿元 an amount is asked for twice: most such numbers are a wrong unit. In 分. */
const ASKED_TWICE_ABOVE_FEN = 1_000_000_000_000;

const isUnconfirmed = ({ amountFen, amountConfirmedFen }: commands.FileContract) =>
  amountConfirmedFen === undefined ? amountFen > ASKED_TWICE_ABOVE_FEN : amountConfirmedFen !== amountFen;

/** The rules of a technology contract: filed by the output side, recognised or refused by the province, undone by reversal. */
export const contract = decider<ContractState, ContractEvent, typeof commands, Contracts>({
  category: 'contract',
  refuses: { texts: { ...ofFirms.texts, ...refuse.texts } },
  initial: {
    status: 'unknown',
    identity: null,
    seller: null,
    buyer: null,
    filedOn: '',
    recognised: null,
    recognitions: Map(),
    twinOf: null,
    twinnings: Map(),
  },
  id: (command) => command.contract,
  concerns: ({ data }) => [data.output, data.absorbing],
  decide: {
    FileContract: (command, { identity, status }, { by, world }) => {
      const { on, contract, title, type, output, absorbing, amountFen } = command;
      // Nobody acts here for a place beyond the province: what comes from there is filed by the side that absorbs it.
      const foreign = notFor(by, isPlace(output) ? absorbing : output);
      if (foreign) return foreign;
      // What was refused may be filed anew, as it should have been.
      if (identity && status !== 'refused') return refuse('contract.exists', { contract });
      for (const [field, region] of Object.entries({ output, absorbing })) {
        if (!world.knows(region)) return unknownRegion(region, field);
      }
      if (isPlace(output) && isPlace(absorbing)) return refuse('contract.beyond');
      if (isUnconfirmed(command)) return refuse('contract.amount-unconfirmed', { amountFen, yuan: amountFen / 100 });
      const seller = partyOf('seller', command.seller, command.sellerUscc, command.sellerCountry);
      if (seller && 'refused' in seller) return seller;
      const buyer = partyOf('buyer', command.buyer, command.buyerUscc, command.buyerCountry);
      if (buyer && 'refused' in buyer) return buyer;
      const data = { contract, title, type, output, absorbing, amountFen, filedOn: on, seller, buyer };
      return [{ type: 'contract.filed.v2', data }];
    },

    RecogniseContract: ({ on, contract, registration, technicalRevenueFen }, state) => {
      const { identity, status, recognised, filedOn } = state;
      if (!identity) return refuse('contract.unknown', { contract });
      if (recognised) return refuse('contract.recognised', { registration: recognised.registration });
      if (status === 'refused') return refuse('contract.refused');
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

    ReverseFiling: ({ on, contract, reason }, { identity, recognised, filedOn, twinOf }, { by }) => {
      if (!identity) return refuse('contract.unknown', { contract });
      const barred = notFor(by, identity.output) ?? notBefore(on, [[filedOn, '申报', 'its filing']]);
      if (barred) return barred;
      if (recognised) return refuse('contract.recognised', { registration: recognised.registration });
      if (twinOf !== null) return refuse('contract.twinned', { twinOf });
      return [{ type: 'contract.filing-reversed.v1', data: { ...identity, reason } }];
    },

    LinkTwin: ({ on, contract, twinOf }, state, { world: { twin } }) => {
      const { identity, filedOn, recognised } = state;
      if (!identity) return refuse('contract.unknown', { contract });
      if (contract === twinOf) return refuse('contract.twin-itself');
      if (state.twinOf !== null) return refuse('contract.twinned', { twinOf: state.twinOf });
      if (!twin?.identity) return refuse('contract.twin-unknown', { twinOf });
      if (twin.twinOf !== null) return refuse('contract.twin-of-twin', { twinOf, counted: twin.twinOf });
      if (recognised && !twin.recognised) return refuse('contract.twin-not-recognised', { twinOf });
      const early = notBefore(on, [
        [filedOn, '申报', 'its filing'],
        [twin.filedOn, '另一份申报', 'the filing of the other'],
      ]);
      if (early) return early;
      const data = { ...identity, twinOf, differences: differences(state, twin) };
      return [{ type: 'contract.twinned.v1', data }];
    },

    ReverseTwin: ({ contract, reason }, { identity, twinOf }) => {
      if (!identity) return refuse('contract.unknown', { contract });
      if (twinOf === null) return refuse('contract.no-twin');
      return [{ type: 'contract.twin-reversed.v1', data: { ...identity, twinOf, reason } }];
    },
  },
  evolve: {
    'contract.filed.v2': (s, { contract, type, output, absorbing, amountFen, filedOn, seller, buyer }) => ({
      ...s,
      status: 'filed',
      filedOn,
      identity: { contract, type, output, absorbing, amountFen },
      seller,
      buyer,
    }),
    'contract.filing-reversed.v1': (s) => ({ ...s, status: 'unknown', identity: null, seller: null, buyer: null }),
    'contract.twinned.v1': (s, { twinOf }) => ({
      ...s,
      twinOf,
      twinnings: s.twinnings.update(twinOf, 0, (times) => times + 1),
    }),
    'contract.twin-reversed.v1': (s) => ({ ...s, twinOf: null }),
    'contract.recognised.v1': (s, data) => ({
      ...s,
      status: 'recognised',
      recognised: data,
      recognitions: s.recognitions.update(data.registration, 0, (times) => times + 1),
    }),
    'contract.refused.v1': (s) => ({ ...s, status: 'refused' }),
    'contract.reversed.v1': (s) => ({ ...s, status: 'reversed', recognised: null }),
  },
});

/** A registration number is of one contract only. */
export const registrationHeld = (registration: string, holder: string): Refusal =>
  refuse('contract.registration-held', { registration, holder });

/** Of two reports one counts: which of them, is said once for the pair. */
export const twinHeld = (twinOf: string, counted: string): Refusal =>
  refuse('contract.twin-of-twin', { twinOf, counted });
