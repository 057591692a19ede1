import type { Regions } from '#libs/contexts/topology';
import { decider, notFor, refusals, unknownRegion, type Refusal } from '#libs/eventing';
import type * as commands from './incubation.commands.js';
import type { IncubateeEvent } from './incubation.events.js';
import type * as steps from './incubation.steps.js';
import { monthsAfter } from './months.js';

type Identity = Extract<IncubateeEvent, { type: 'incubatee.withdrawn.v1' }>['data'];

export interface IncubateeState {
  readonly status: 'unknown' | 'admitted' | 'settled' | 'rejected' | 'withdrawn' | 'left';
  /** Of the last spell. */
  readonly identity: Identity | null;
  /** 飞入地, where the carrier is. */
  readonly host: string | null;
  readonly allocation: string;
  readonly from: string;
  readonly stayUntil: string;
  readonly overstayed: boolean;
  readonly leftOn: string | null;
}

/** What the rules may know beside the stream: the regions, and where the carrier is. */
export type Incubation = Regions & { readonly host: string | null };

/** How old a firm may be when it enters, and how long it may stay, in months (docs/domain.md §3). */
const ENTRY_MONTHS = 24;
const STAY_MONTHS = 48;
const LONG_STAY_MONTHS = 60;
const LONG_STAY_FIELDS = ['生物医药', '集成电路', '现代农业'];

const refuse = refusals({
  'incubatee.exists': ['conflict', '{firm}已准入或在孵', '{firm} has been admitted already', 'uscc'],
  'incubatee.unknown': ['missing', '企业 {uscc} 未在此载体准入', 'Firm {uscc} has not been admitted here', 'uscc'],
  'incubatee.not-admitted': ['conflict', '该准入已有结果', 'The admission has come to its end already'],
  'incubatee.settled': ['conflict', '企业已入驻，不能撤回', 'The firm has settled: too late to withdraw'],
  'incubatee.not-settled': ['conflict', '企业不在孵', 'The firm is not in incubation'],
  'incubatee.overstayed': ['conflict', '已记为超期', 'It is recorded as overstaying already'],
  'incubatee.founded-later': ['invalid', '成立日期晚于入孵日', 'The firm is founded after it enters', 'founded'],
  'incubatee.too-old': [
    'invalid',
    '入孵时成立不得超过 {months} 个月（至迟 {latest} 入孵）',
    'A firm enters within {months} months of its founding (by {latest})',
    'founded',
  ],
  'incubatee.stay-too-long': [
    'invalid',
    '在孵不得超过 {months} 个月（至 {stayUntil}）',
    'A stay takes at most {months} months (until {stayUntil})',
    'until',
  ],
  'incubatee.before-exit': ['conflict', '企业 {leftOn} 才离开', 'The firm left on {leftOn} only', 'from'],
  'incubatee.before-entry': ['invalid', '早于入孵日 {from}', 'That is before it entered, on {from}', 'on'],
  'period.order': ['invalid', '终止日须晚于起始日', 'The end must be after the start', 'until'],
});

/** The allocation that an admission asks for: one for each spell, so that a firm that comes back has another. */
export const allocationOf = (uscc: string, spell: number): string => `in-${uscc.toLowerCase()}-${spell}`;

/** What keeps a step of an earlier spell, or of one that has come to its end, from touching another. */
function notIn(
  status: IncubateeState['status'],
  code: 'incubatee.not-admitted' | 'incubatee.not-settled',
  { uscc, spell }: { uscc: string; spell: number },
  state: IncubateeState,
): Refusal | undefined {
  if (!state.identity) return refuse('incubatee.unknown', { uscc });
  return state.status === status && state.identity.spell === spell ? undefined : refuse(code);
}

/** The rules of a firm in a carrier. It is there once at a time; whether there is space for it the carrier decides. */
export const incubatee = decider<IncubateeState, IncubateeEvent, typeof commands & typeof steps, Incubation>({
  category: 'incubatee',
  refuses: refuse,
  initial: {
    status: 'unknown',
    identity: null,
    host: null,
    allocation: '',
    from: '',
    stayUntil: '',
    overstayed: false,
    leftOn: null,
  },
  id: ({ carrier, uscc }) => `${carrier}-${uscc}`,
  concerns: ({ data }, { host }) => (host === null ? [data.home] : [data.home, host]),
  decide: {
    AdmitFirm: (command, { status, identity, leftOn }, { by, world }) => {
      const { carrier, home, uscc, firm, field, founded, unit, areaSquareMetres, desks, from, until = null } = command;
      const foreign = notFor(by, home);
      if (foreign) return foreign;
      if (!world.has(home)) return unknownRegion(home, 'home');
      if (status === 'admitted' || status === 'settled') return refuse('incubatee.exists', { firm });
      if (leftOn !== null && from < leftOn) return refuse('incubatee.before-exit', { leftOn });
      if (founded > from) return refuse('incubatee.founded-later');
      const latest = monthsAfter(founded, ENTRY_MONTHS);
      if (from > latest) return refuse('incubatee.too-old', { months: ENTRY_MONTHS, latest });
      if (until !== null && until <= from) return refuse('period.order');
      const months = LONG_STAY_FIELDS.includes(field) ? LONG_STAY_MONTHS : STAY_MONTHS;
      const stayUntil = monthsAfter(from, months);
      if (until !== null && until > stayUntil) return refuse('incubatee.stay-too-long', { months, stayUntil });
      const spell = (identity?.spell ?? 0) + 1;
      const wanted = { unit, areaSquareMetres, desks, from, until };
      const stay = { field, founded, stayUntil, allocation: allocationOf(uscc, spell) };
      const identified = { carrier, home, host: world.host, uscc, firm, spell };
      return [{ type: 'incubatee.admitted.v2', data: { ...identified, ...wanted, ...stay } }];
    },

    ConfirmAdmission: (command, state) => {
      const { identity, from, stayUntil, allocation } = state;
      const untimely = notIn('admitted', 'incubatee.not-admitted', command, state);
      if (untimely) return untimely;
      return [{ type: 'incubatee.settled.v1', data: { ...identity!, from, stayUntil, allocation } }];
    },

    RejectAdmission: (command, state) => {
      const { code, reason, reasonEn } = command;
      const untimely = notIn('admitted', 'incubatee.not-admitted', command, state);
      if (untimely) return untimely;
      return [{ type: 'incubatee.rejected.v1', data: { ...state.identity!, code, reason, reasonEn } }];
    },

    WithdrawAdmission: ({ uscc }, { identity, status }, { by }) => {
      if (!identity) return refuse('incubatee.unknown', { uscc });
      const foreign = notFor(by, identity.home);
      if (foreign) return foreign;
      if (status === 'settled') return refuse('incubatee.settled');
      if (status !== 'admitted') return refuse('incubatee.not-admitted');
      return [{ type: 'incubatee.withdrawn.v1', data: identity }];
    },

    FlagOverstay: (command, state) => {
      const { identity, stayUntil, overstayed } = state;
      const untimely = notIn('settled', 'incubatee.not-settled', command, state);
      if (untimely) return untimely;
      if (overstayed) return refuse('incubatee.overstayed');
      return [{ type: 'incubatee.overstayed.v1', data: { ...identity!, stayUntil } }];
    },

    ExitFirm: ({ on, uscc, outcome }, { identity, status, from }, { by }) => {
      if (!identity) return refuse('incubatee.unknown', { uscc });
      const foreign = notFor(by, identity.home);
      if (foreign) return foreign;
      if (status !== 'settled') return refuse('incubatee.not-settled');
      if (on < from) return refuse('incubatee.before-entry', { from });
      return [{ type: 'incubatee.exited.v1', data: { ...identity, outcome, leftOn: on } }];
    },
  },
  evolve: {
    'incubatee.admitted.v2': (s, { carrier, home, host, uscc, firm, spell, allocation, from, stayUntil }) => {
      const identity = { carrier, home, uscc, firm, spell };
      return { ...s, status: 'admitted', identity, host, allocation, from, stayUntil, overstayed: false };
    },
    'incubatee.settled.v1': (s) => ({ ...s, status: 'settled' }),
    'incubatee.rejected.v1': (s) => ({ ...s, status: 'rejected' }),
    'incubatee.withdrawn.v1': (s) => ({ ...s, status: 'withdrawn' }),
    'incubatee.overstayed.v1': (s) => ({ ...s, overstayed: true }),
    'incubatee.exited.v1': (s, { leftOn }) => ({ ...s, status: 'left', leftOn }),
  },
});
