import { PROVINCE, waiting } from '#libs/eventing-nest';
import { allocations, carriers, units, type CarrierStatus } from '#libs/messages';

/** Days ahead within which somebody should know that a term ends: what comes after it takes a negotiation (decisions/0030). */
const SOON = 60;
/** Days that space is empty before somebody is told (decisions/0030). */
const IDLE = 180;

const is = (...statuses: readonly CarrierStatus[]) => ({ is: statuses });
const unsaid = { said: false } as const;
const said = { said: true } as const;

/** A proposal that has not lapsed by itself: the last day to sign is the one before `answerBy` (isLapsed of timelines.ts). */
const open = [
  { status: is('proposed', 'negotiating'), answerBy: unsaid },
  { status: is('proposed', 'negotiating'), answerBy: { from: 1 } },
] as const;

/** Home and host each sign by their own authority: the one is not told that it is the other's turn (docs/domain.md §4). */
const signatures = [
  waiting({
    kind: 'carrier-sign-home',
    list: carriers,
    title: ['待飞出地签署', 'To be signed by home'],
    says: ['“{name}”待飞出地 {home} 签署', '“{name}” waits for home, {home}, to sign'],
    where: open.map((one) => ({ ...one, signedByHomeOn: unsaid })),
    to: ['home'],
    turn: ({ home }) => [home],
    apart: ['home', 'host'],
    since: ['since'],
    deadline: 'answerBy',
    commands: ['SignAsHome', 'ReviseProposal', 'WithdrawProposal'],
  }),
  waiting({
    kind: 'carrier-sign-host',
    list: carriers,
    title: ['待飞入地签署', 'To be signed by the host'],
    says: ['“{name}”待飞入地 {host} 签署', '“{name}” waits for the host, {host}, to sign'],
    where: open.map((one) => ({ ...one, signedByHostOn: unsaid })),
    to: ['host'],
    turn: ({ host }) => [host],
    apart: ['home', 'host'],
    since: ['since'],
    deadline: 'answerBy',
    commands: ['SignAsHost', 'ReviseProposal', 'DeclineProposal'],
  }),
];

/** From both signatures on (docs/domain.md §4): the province files it, either side opens it. */
const onTheWay = [
  waiting({
    kind: 'carrier-file',
    list: carriers,
    title: ['待省级备案', 'To be filed by the province'],
    says: ['“{name}”双方均已签署，待省级备案', '“{name}” is signed by both sides and waits to be filed'],
    where: [{ status: is('negotiating'), signedByHomeOn: said, signedByHostOn: said }],
    to: ['home', 'host'],
    turn: () => [PROVINCE],
    since: ['signedByHomeOn', 'signedByHostOn'],
    commands: ['FileCarrier'],
  }),
  waiting({
    kind: 'carrier-open',
    list: carriers,
    title: ['已备案，待开园', 'Filed, to be opened'],
    says: [
      '“{name}”已备案（{filing}），待任一方开园',
      '“{name}” is filed ({filing}) and waits for either side to open it',
    ],
    where: [{ status: is('filed') }],
    to: ['home', 'host'],
    turn: ({ home, host }) => [home, host],
    since: ['filedOn'],
    commands: ['OpenCarrier'],
  }),
];

/** Terms that end, or have ended: of a proposal its days to answer, of an agreement those that it is in force. */
const terms = [
  waiting({
    kind: 'proposal-lapsing',
    list: carriers,
    title: [`提议 ${SOON} 日内失效`, `Proposals that lapse within ${SOON} days`],
    says: ['“{name}”未经双方签署，{answerBy} 起失效', '“{name}” is not signed by both sides and lapses on {answerBy}'],
    where: [{ signedByHomeOn: unsaid }, { signedByHostOn: unsaid }].map((missing) => {
      return { status: is('proposed', 'negotiating'), answerBy: { from: 1, before: SOON + 1 }, ...missing };
    }),
    to: ['home', 'host'],
    turn: ({ home, host, signedByHomeOn, signedByHostOn }) => [
      ...(signedByHomeOn === null ? [home] : []),
      ...(signedByHostOn === null ? [host] : []),
    ],
    apart: ['home', 'host'],
    since: ['since'],
    deadline: 'answerBy',
    commands: ['SignAsHome', 'SignAsHost', 'ReviseProposal'],
  }),
  waiting({
    kind: 'agreement-ending',
    list: carriers,
    title: [`协议 ${SOON} 日内到期`, `Agreements that end within ${SOON} days`],
    says: ['“{name}”的双方协议 {agreementUntil} 到期', 'The agreement on “{name}” ends on {agreementUntil}'],
    where: [{ status: is('filed', 'open', 'suspended'), agreementUntil: { before: SOON + 1 } }],
    to: ['home', 'host'],
    turn: () => [PROVINCE],
    since: ['openedOn', 'filedOn'],
    deadline: 'agreementUntil',
    commands: ['RenewAgreement', 'GiveNotice'],
  }),
  waiting({
    kind: 'agreement-ended',
    list: carriers,
    title: ['协议已到期', 'Agreements that have ended'],
    says: ['“{name}”的双方协议已于 {agreementUntil} 到期', 'The agreement on “{name}” ended on {agreementUntil}'],
    where: [{ status: is('expired') }],
    to: ['home', 'host'],
    turn: ({ home, host }) => [PROVINCE, home, host],
    since: ['agreementUntil'],
    commands: ['RenewAgreement', 'GiveNotice'],
  }),
];

/** What is there and not in use. */
const unused = [
  waiting({
    kind: 'carrier-suspended',
    list: carriers,
    title: ['载体已暂停', 'Suspended carriers'],
    says: ['“{name}”已暂停：{suspendedFor}', '“{name}” is suspended: {suspendedFor}'],
    where: [{ status: is('suspended') }],
    to: ['home', 'host'],
    turn: () => [PROVINCE],
    since: { state: 'status' },
    commands: ['ResumeCarrier'],
  }),
  waiting({
    kind: 'space-idle',
    list: units,
    title: [`空间闲置 ${IDLE} 日以上`, `Space that has been empty for ${IDLE} days`],
    says: [
      '“{name}”的空间单元 {unit}（{areaSquareMetres} 平方米）长期无人入驻',
      'Unit {unit} of “{name}” ({areaSquareMetres} m²) has long been let to nobody',
    ],
    where: [
      { from: { before: 1 - IDLE }, until: unsaid },
      { from: { before: 1 - IDLE }, until: { from: 1 } },
    ],
    without: [
      {
        list: allocations,
        on: ['carrier', 'unit'],
        // An allocation that was reversed ends as it begins: nobody was there.
        where: [{ until: unsaid }, { until: { from: 1 - IDLE, after: 'from' } }],
        ends: 'until',
      },
      // Where nothing can be let, its being empty waits for nobody.
      { list: carriers, on: ['carrier'], where: [{ status: is('suspended', 'expired', 'winding-up', 'wound-up') }] },
    ],
    to: ['home', 'host'],
    turn: ({ home }) => [home],
    since: ['from'],
    commands: ['AllocateSpace', 'WithdrawSpaceUnit'],
  }),
];

/** What of carriers and their space waits for somebody. */
export const carriersWaiting = [...signatures, ...onTheWay, ...terms, ...unused];
