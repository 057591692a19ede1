import { Map } from 'immutable';
import { ofFirms, type IncubationRule } from '#libs/contexts/carriers';
import type { Regions } from '#libs/contexts/topology';
import { decider, notBefore, notFor, refusals, unknownRegion, type Refusal } from '#libs/eventing';
import type * as commands from './incubation.commands.js';
import type { IncubateeEvent } from './incubation.events.js';
import type * as steps from './incubation.steps.js';
import { monthsAfter } from './months.js';
import {
  admissionOf,
  longest,
  notAdmitted,
  notFit,
  ofSpells,
  overlap,
  overstays,
  withSpell,
  type IncubateeState,
} from './spells.js';

/**
 * What the rules may know beside the stream: the regions; of the carrier where it is, what its kind asks of firms, if anything,
 * and why it could not give the firm again the space that it had, if so.
 */
export type Incubation = Regions & {
  readonly host: string | null;
  readonly incubation: IncubationRule | null;
  notRestorable(allocation: string): Refusal | undefined;
};

const refuse = refusals({
  ...ofSpells,
  'incubatee.settled': [
    'conflict',
    '企业已入驻，不能撤回；须办理离开（ExitFirm），误准入则冲销准入（ReverseAdmission）',
    'The firm has settled, too late to withdraw: record that it leaves (ExitFirm), or reverse a mistaken admission (ReverseAdmission)',
  ],
  'incubatee.not-settled': [
    'conflict',
    '企业不在孵；须先准入并落实空间',
    'The firm is not in incubation: it is admitted and gets its space first',
  ],
  'incubatee.noticed': ['conflict', '已记为超期，无须再记', 'It is recorded as overstaying already: nothing to record'],
  'incubatee.not-noticed': [
    'conflict',
    '没有超期的记载，无须更正',
    'It is not recorded as overstaying: nothing to void',
  ],
  'incubatee.in-time': [
    'conflict',
    '企业已于 {leftOn} 按期离开，无须记超期',
    'The firm left in time, on {leftOn}: nothing to record',
  ],
  'incubatee.overstayed': [
    'conflict',
    '企业至 {stayUntil} 仍未离开，超期的记载无须更正',
    'The firm had not left by {stayUntil}: nothing to void',
  ],
  'incubatee.any-stay': [
    'conflict',
    '该类载体不限在孵期，无须记超期',
    'A stay in a carrier of this kind has no longest: nothing to record',
  ],
  'incubatee.left': ['conflict', '须先冲销其离开（{leftOn}）', 'It left on {leftOn}: reverse that first', 'uscc'],
  'incubatee.not-left': [
    'conflict',
    '该企业未办理离开，无须冲销',
    'No exit of the firm is recorded: nothing to reverse',
  ],
  'incubatee.founded-later': ['invalid', '成立日期晚于入孵日', 'The firm is founded after it enters', 'founded'],
  'period.order': ['invalid', '终止日须晚于起始日', 'The end must be after the start', 'until'],
});

/** The rules of a firm in a carrier. It is there once at a time; whether there is space for it the carrier decides. */
export const incubatee = decider<IncubateeState, IncubateeEvent, typeof commands & typeof steps, Incubation>({
  category: 'incubatee',
  refuses: { texts: { ...ofFirms.texts, ...refuse.texts } },
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
      const { incubation } = world;
      const unfit = incubation && notFit(incubation, command);
      if (unfit) return unfit;
      const stayUntil = incubation && monthsAfter(from, longest(incubation, field));
      const spell = state.spells.size + 1;
      const wanted = { unit, areaSquareMetres, desks, from, until };
      const stay = { field, founded, stayUntil, allocation: admissionOf(uscc, spell) };
      const identified = { carrier, home, host: world.host, uscc, firm, spell };
      return [{ type: 'incubatee.admitted.v2', data: { ...identified, ...wanted, ...stay } }];
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

    ReverseAdmission: ({ on, uscc, spell, reason }, { spells }, { by }) => {
      const at = spells.get(spell ?? spells.size);
      if (!at) return refuse('incubatee.unknown', { uscc });
      const { identity, status, admittedOn, from, allocation, leftOn } = at;
      const barred = notFor(by, identity.home) ?? notBefore(on, [[admittedOn, '准入', 'its admission']]);
      if (barred) return barred;
      if (status === 'left') return refuse('incubatee.left', { leftOn: leftOn! });
      if (status !== 'settled') return refuse('incubatee.not-settled');
      return [{ type: 'incubatee.admission-reversed.v1', data: { ...identity, from, allocation, reason } }];
    },

    ReverseExit: ({ on, uscc, spell, reason }, state, { by, world }) => {
      const at = state.spells.get(spell ?? state.spells.size);
      if (!at) return refuse('incubatee.unknown', { uscc });
      const { identity, leftOn, allocation, until } = at;
      const foreign = notFor(by, identity.home);
      if (foreign) return foreign;
      if (at.status !== 'left' || leftOn === null) return refuse('incubatee.not-left');
      const others = { spells: state.spells.delete(identity.spell) };
      const barred =
        notBefore(on, [[leftOn, '离开', 'its exit']]) ??
        overlap(others, identity.firm, at.from, until) ??
        world.notRestorable(allocation);
      return barred ?? [{ type: 'incubatee.exit-reversed.v1', data: { ...identity, leftOn, allocation, reason } }];
    },

    ExitFirm: ({ on, uscc, outcome }, { spells }, { by }) => {
      const last = spells.get(spells.size);
      if (!last) return refuse('incubatee.unknown', { uscc });
      const foreign = notFor(by, last.identity.home);
      if (foreign) return foreign;
      const settled = spells.toList().filter(({ status }) => status === 'settled');
      // Of a firm that came back it is the stay that it is in on that day.
      const at = settled.filter(({ from }) => from <= on).maxBy(({ from }) => from) ?? settled.first();
      if (!at) return refuse('incubatee.not-settled');
      const early = notBefore(on, [
        [at.from, '入孵', 'its entry'],
        [at.admittedOn, '准入', 'its admission'],
      ]);
      return early ?? [{ type: 'incubatee.exited.v1', data: { ...at.identity, outcome, leftOn: on } }];
    },
  },
  evolve: {
    'incubatee.admitted.v2': (s, { carrier, home, host, uscc, firm, spell, ...data }, on) => {
      const identity = { carrier, home, uscc, firm, spell };
      const { allocation, from, until, stayUntil } = data;
      const stay = { from, until, stayUntil, leftOn: null, noticed: false };
      const admitted = { identity, host, admittedOn: on, allocation, ...stay };
      return { spells: s.spells.set(spell, { status: 'admitted', ...admitted }) };
    },
    'incubatee.settled.v2': (s, data) => withSpell(s, data, { status: 'settled' }),
    'incubatee.rejected.v1': (s, data) => withSpell(s, data, { status: 'rejected' }),
    'incubatee.withdrawn.v1': (s, data) => withSpell(s, data, { status: 'withdrawn' }),
    'incubatee.overstayed.v1': (s, data) => withSpell(s, data, { noticed: true }),
    'incubatee.overstay-voided.v1': (s, data) => withSpell(s, data, { noticed: false }),
    'incubatee.admission-reversed.v1': (s, data) => withSpell(s, data, { status: 'reversed', noticed: false }),
    'incubatee.exit-reversed.v1': (s, data) => withSpell(s, data, { status: 'settled', leftOn: null }),
    'incubatee.exited.v1': (s, data) => withSpell(s, data, { status: 'left', leftOn: data.leftOn }),
  },
});
