import { waiting } from '#libs/eventing-nest';
import { incubatees } from '#libs/messages';

/** What of firms in carriers waits for somebody (docs/domain.md §4.3). */
export const incubationWaiting = [
  waiting({
    kind: 'admission-rejected',
    list: incubatees,
    title: ['准入未落实空间', 'Admissions that the carrier has rejected'],
    says: ['{firm}（{uscc}）准入 {carrier} 未成', 'The admission of {firm} ({uscc}) to {carrier} was rejected'],
    where: [{ status: { is: ['rejected'] } }],
    // Who was admitted anew waits no more for what came before.
    last: 'spell',
    to: ['home', 'host'],
    turn: ({ home }) => [home],
    since: { state: 'status' },
    commands: ['AdmitFirm'],
  }),
  waiting({
    kind: 'stay-over',
    list: incubatees,
    title: ['在孵超期', 'Firms that overstay'],
    says: ['{firm}（{uscc}）在 {carrier} 已超过在孵时限', '{firm} ({uscc}) is in {carrier} beyond its longest stay'],
    where: [{ overstayed: { is: [true] }, leftOn: { said: false } }],
    to: ['home', 'host'],
    turn: ({ home }) => [home],
    since: ['stayUntil'],
    commands: ['ExitFirm'],
  }),
];
