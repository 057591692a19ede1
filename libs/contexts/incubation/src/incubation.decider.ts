import { Map } from 'immutable';
import { admissionOf, kindOf, type IncubationRule } from '#libs/contexts/carriers';
import type { Regions } from '#libs/contexts/topology';
import { decider, notBefore, notFor, refusals, unknownRegion, type Refusal } from '#libs/eventing';
import type * as commands from './incubation.commands.js';
import type { IncubateeEvent } from './incubation.events.js';
import type * as steps from './incubation.steps.js';
import { monthsAfter } from './months.js';

type Identity = Extract<IncubateeEvent, { type: 'incubatee.withdrawn.v1' }>['data'];

/** One admission of the firm, and the stay that comes of it. */
interface Spell {
  readonly status: 'admitted' | 'settled' | 'rejected' | 'withdrawn' | 'left';
  readonly identity: Identity;
  /** 飞入地, where the carrier is. */
  readonly host: string | null;
  readonly admittedOn: string;
  readonly allocation: string;
  readonly from: string;
  readonly stayUntil: string | null;
  readonly leftOn: string | null;
  /** Somebody noticed that it stayed too long, and no later fact has shown otherwise. Without power over what is decided. */
  readonly noticed: boolean;
}

export interface IncubateeState {
  /** By their numbers, in the order in which they were recorded. */
  readonly spells: Map<number, Spell>;
}

/** What the rules may know beside the stream: the regions, and of the carrier where it is and its kind, once it is registered. */
export type Incubation = Regions & { readonly host: string | null; readonly kind: string | null };

const refuse = refusals({
  'incubatee.exists': [
    'conflict',
    '{firm}自 {from} 起已准入或在孵；补录更早的在孵期须填写终止日',
    '{firm} has been admitted from {from} on; a stay before that is recorded with its end',
    'uscc',
  ],
  'incubatee.unknown': ['missing', '企业 {uscc} 未在此载体准入', 'Firm {uscc} has not been admitted here', 'uscc'],
  'incubatee.not-admitted': ['conflict', '该准入已有结果', 'The admission has come to its end already'],
  'incubatee.settled': ['conflict', '企业已入驻，不能撤回', 'The firm has settled: too late to withdraw'],
  'incubatee.not-settled': ['conflict', '企业不在孵', 'The firm is not in incubation'],
  'incubatee.noticed': ['conflict', '已记为超期', 'It is recorded as overstaying already'],
  'incubatee.not-noticed': ['conflict', '没有超期的记载', 'It is not recorded as overstaying'],
  'incubatee.in-time': ['conflict', '企业已于 {leftOn} 按期离开', 'The firm left in time, on {leftOn}'],
  'incubatee.overstayed': ['conflict', '企业至 {stayUntil} 仍未离开', 'The firm had not left by {stayUntil}'],
  'incubatee.any-stay': ['conflict', '该类载体不限在孵期', 'A stay in a carrier of this kind has no longest'],
  'incubatee.founded-later': ['invalid', '成立日期晚于入孵日', 'The firm is founded after it enters', 'founded'],
  'incubatee.too-old': [
    'invalid',
    '入孵时成立不得超过 {months} 个月（至迟 {latest} 入孵）',
    'A firm enters within {months} months of its founding (by {latest})',
    'founded',
  ],
  'incubatee.stay-too-long': [
    'invalid',
    '在孵不得超过 {months} 个月，最后一日为 {lastDay}',
    'A stay takes at most {months} months; its last day is {lastDay}',
    'until',
  ],
  'incubatee.before-exit': [
    'conflict',
    '企业 {from} 至 {leftOn} 在孵，与所填期间重叠',
    'The firm was there from {from} until {leftOn}: the periods overlap',
    'from',
  ],
  'period.order': ['invalid', '终止日须晚于起始日', 'The end must be after the start', 'until'],
});

/** What keeps a step of a spell that has come to its end from touching it. */
function notAdmitted({ uscc, spell }: OfSpell, { spells }: IncubateeState): Refusal | undefined {
  if (spells.isEmpty()) return refuse('incubatee.unknown', { uscc });
  return spells.get(spell)?.status === 'admitted' ? undefined : refuse('incubatee.not-admitted');
}
interface OfSpell {
  readonly uscc: string;
  readonly spell: number;
}

/** Why the firm cannot be admitted for that period: it is, or was, there on some of its days. */
function overlap({ spells }: IncubateeState, firm: string, from: string, until: string | null): Refusal | undefined {
  const there = spells.filter(({ status }) => status !== 'rejected' && status !== 'withdrawn').toList();
  const clash = there.find((s) => (until === null || s.from < until) && (s.leftOn === null || from < s.leftOn));
  if (!clash) return undefined;
  const { from: since, leftOn } = clash;
  return leftOn === null
    ? refuse('incubatee.exists', { firm, from: since })
    : refuse('incubatee.before-exit', { from: since, leftOn });
}

/** Whether it was still there on the day after the last that its stay may have, as far as is known. */
const overstays = ({ status, leftOn, stayUntil }: Spell): boolean =>
  stayUntil !== null && (status === 'settled' || (leftOn !== null && leftOn >= stayUntil));

/** The last day of a period that ends, exclusive, on `until`. */
const lastDay = (until: string): string =>
  new Date(Date.parse(`${until}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10);

/** The longest stay, in months. */
const longest = ({ longStayFields, longStayMonths, stayMonths }: IncubationRule, field: string): number =>
  longStayFields.includes(field) ? longStayMonths : stayMonths;

/** Why the firm cannot be incubated: it is too old, or would stay too long. */
function notFit(rule: IncubationRule, { founded, from, until, field }: commands.AdmitFirm): Refusal | undefined {
  const latest = monthsAfter(founded, rule.entryMonths);
  if (from > latest) return refuse('incubatee.too-old', { months: rule.entryMonths, latest });
  const months = longest(rule, field);
  const stayUntil = monthsAfter(from, months);
  if (until === undefined || until <= stayUntil) return undefined;
  return refuse('incubatee.stay-too-long', { months, lastDay: lastDay(stayUntil) });
}

/** The rules of a firm in a carrier. It is there once at a time; whether there is space for it the carrier decides. */
export const incubatee = decider<IncubateeState, IncubateeEvent, typeof commands & typeof steps, Incubation>({
  category: 'incubatee',
  refuses: refuse,
  initial: { spells: Map() },
  id: ({ carrier, uscc }) => `${carrier}-${uscc}`,
  concerns: ({ data }, { spells }) => {
    const host = spells.get(data.spell)?.host ?? null;
    return host === null ? [data.home] : [data.home, host];
  },
  decide: {
    AdmitFirm: (command, state, { by, world }) => {
      const { carrier, home, uscc, firm, field, founded, unit, areaSquareMetres, desks, from, until = null } = command;
      const foreign = notFor(by, home);
      if (foreign) return foreign;
      if (!world.has(home)) return unknownRegion(home, 'home');
      if (until !== null && until <= from) return refuse('period.order');
      const there = overlap(state, firm, from, until);
      if (there) return there;
      if (founded > from) return refuse('incubatee.founded-later');
      const { incubation } = kindOf(world.kind ?? '');
      const unfit = incubation && notFit(incubation, command);
      if (unfit) return unfit;
      const stayUntil = incubation && monthsAfter(from, longest(incubation, field));
      const spell = state.spells.size + 1;
      const wanted = { unit, areaSquareMetres, desks, from, until };
      const stay = { field, founded, stayUntil, allocation: admissionOf(uscc, spell) };
      const identified = { carrier, home, host: world.host, uscc, firm, spell };
      return [{ type: 'incubatee.admitted.v3', data: { ...identified, ...wanted, ...stay } }];
    },

    ConfirmAdmission: (command, state) => {
      const untimely = notAdmitted(command, state);
      if (untimely) return untimely;
      const { identity, from, stayUntil, allocation } = state.spells.get(command.spell)!;
      return [{ type: 'incubatee.settled.v2', data: { ...identity, from, stayUntil, allocation } }];
    },

    RejectAdmission: (command, state) => {
      const { spell, code, reason, reasonEn } = command;
      const untimely = notAdmitted(command, state);
      if (untimely) return untimely;
      return [
        { type: 'incubatee.rejected.v1', data: { ...state.spells.get(spell)!.identity, code, reason, reasonEn } },
      ];
    },

    WithdrawAdmission: ({ on, uscc }, { spells }, { by }) => {
      const last = spells.get(spells.size);
      if (!last) return refuse('incubatee.unknown', { uscc });
      const foreign = notFor(by, last.identity.home);
      if (foreign) return foreign;
      if (last.status === 'settled') return refuse('incubatee.settled');
      if (last.status !== 'admitted') return refuse('incubatee.not-admitted');
      const early = notBefore(on, [[last.admittedOn, '准入', 'its admission']]);
      return early ?? [{ type: 'incubatee.withdrawn.v1', data: last.identity }];
    },

    FlagOverstay: ({ uscc, spell }, { spells }) => {
      const at = spells.get(spell);
      if (!at) return refuse('incubatee.unknown', { uscc });
      const { identity, stayUntil, leftOn } = at;
      if (stayUntil === null) return refuse('incubatee.any-stay');
      if (leftOn !== null && !overstays(at)) return refuse('incubatee.in-time', { leftOn });
      if (!overstays(at)) return refuse('incubatee.not-settled');
      if (at.noticed) return refuse('incubatee.noticed');
      return [{ type: 'incubatee.overstayed.v1', data: { ...identity, stayUntil } }];
    },

    VoidOverstay: ({ uscc, spell, fact }, { spells }) => {
      const at = spells.get(spell);
      if (!at) return refuse('incubatee.unknown', { uscc });
      const { identity, stayUntil } = at;
      if (!at.noticed || stayUntil === null) return refuse('incubatee.not-noticed');
      if (overstays(at)) return refuse('incubatee.overstayed', { stayUntil });
      return [{ type: 'incubatee.overstay-voided.v1', data: { ...identity, stayUntil, fact } }];
    },

    ExitFirm: ({ on, uscc, outcome }, { spells }, { by }) => {
      const last = spells.get(spells.size);
      if (!last) return refuse('incubatee.unknown', { uscc });
      const foreign = notFor(by, last.identity.home);
      if (foreign) return foreign;
      const settled = spells.toList().filter(({ status }) => status === 'settled');
      // Of a firm that came back it is the stay that it is in on that day.
      const at = settled.findLast(({ from }) => from <= on) ?? settled.first();
      if (!at) return refuse('incubatee.not-settled');
      const early = notBefore(on, [
        [at.from, '入孵', 'its entry'],
        [at.admittedOn, '准入', 'its admission'],
      ]);
      return early ?? [{ type: 'incubatee.exited.v1', data: { ...at.identity, outcome, leftOn: on } }];
    },
  },
  evolve: {
    'incubatee.admitted.v3': (s, { carrier, home, host, uscc, firm, spell, allocation, from, stayUntil }, on) => {
      const identity = { carrier, home, uscc, firm, spell };
      const admitted = { identity, host, admittedOn: on, allocation, from, stayUntil, leftOn: null, noticed: false };
      return { spells: s.spells.set(spell, { status: 'admitted', ...admitted }) };
    },
    'incubatee.settled.v2': (s, data) => withSpell(s, data, { status: 'settled' }),
    'incubatee.rejected.v1': (s, data) => withSpell(s, data, { status: 'rejected' }),
    'incubatee.withdrawn.v1': (s, data) => withSpell(s, data, { status: 'withdrawn' }),
    'incubatee.overstayed.v1': (s, data) => withSpell(s, data, { noticed: true }),
    'incubatee.overstay-voided.v1': (s, data) => withSpell(s, data, { noticed: false }),
    'incubatee.exited.v1': (s, data) => withSpell(s, data, { status: 'left', leftOn: data.leftOn }),
  },
});

const withSpell = ({ spells }: IncubateeState, { spell }: OfSpell, change: Partial<Spell>): IncubateeState => ({
  spells: spells.update(spell, (at) => ({ ...at!, ...change })),
});
