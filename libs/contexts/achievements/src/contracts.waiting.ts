import { PROVINCE, waiting } from '#libs/eventing-nest';
import { contracts, isPlace } from '#libs/messages';

/** Nobody acts for a place beyond the province: what comes from there is filed by the side that absorbs it. */
const filer = ({ output, absorbing }: { readonly output: string; readonly absorbing: string }) => [
  isPlace(output) ? absorbing : output,
];

/** What of contracts waits for somebody (docs/domain.md §4.5). */
export const contractsWaiting = [
  waiting({
    kind: 'contract-recognise',
    list: contracts,
    title: ['合同待认定', 'Contracts to be recognised'],
    says: ['“{title}”已申报，待省级认定', '“{title}” is filed and waits for the province to recognise it'],
    where: [{ status: { is: ['filed'] } }],
    to: ['output', 'absorbing'],
    turn: () => [PROVINCE],
    since: ['filedOn'],
    commands: ['RecogniseContract', 'RefuseContract'],
  }),
  waiting({
    kind: 'contract-refused',
    list: contracts,
    title: ['合同不予认定', 'Contracts that were refused'],
    says: ['“{title}”不予认定：{reason}', '“{title}” was refused: {reason}'],
    where: [{ status: { is: ['refused'] } }],
    to: ['output', 'absorbing'],
    turn: filer,
    since: { state: 'status' },
    commands: ['FileContract', 'ReverseFiling'],
  }),
  waiting({
    kind: 'contract-twin',
    list: contracts,
    title: ['可能重复申报的合同', 'Contracts that may have been reported twice'],
    says: [
      '“{title}”与更早认定的一份名称、类型、双方、金额均相同，可能是同一合同',
      '“{title}” has the title, type, sides, parties and amount of an earlier recognised report: they may be one contract',
    ],
    where: [{ status: { is: ['filed', 'recognised'] }, twinOf: { said: false } }],
    // Names are written in many ways, codes in one; of a foreign party nothing says for sure that it is the same.
    alike: {
      fields: ['title', 'type', 'output', 'absorbing', 'amountFen', 'seller.uscc', 'buyer.uscc'],
      where: { status: { is: ['recognised'] }, twinOf: { said: false } },
      by: 'filedOn',
    },
    to: ['output', 'absorbing'],
    turn: () => [PROVINCE],
    since: ['filedOn'],
    commands: ['LinkTwin'],
  }),
];
