import { carrier as carriers, spellOf as spellIn, windingUp, type CarrierEvent } from '#libs/contexts/carriers';
import { processManager, processActor, startOfDay, step, type Reaction } from '#libs/eventing';
import { incubatee } from './incubation.decider.js';
import type { IncubateeEvent } from './incubation.events.js';

interface Spell {
  readonly carrier: string;
  readonly uscc: string;
  readonly spell: number;
}

const key = ({ carrier, uscc, spell }: Spell) => `${carrier}-${uscc}-${spell}`;
const spellOf = ({ carrier, uscc, spell }: Spell): Spell => ({ carrier, uscc, spell });

interface Admission extends Spell {
  readonly phase: 'allocating' | 'confirming' | 'rejecting' | 'releasing' | 'ended';
  readonly home: string;
  readonly allocation: string;
  readonly from: string;
  readonly withdrawn: boolean;
  /** The space has been seen to be allocated. */
  readonly held: boolean;
  /** The allocation was answered by a refusal. */
  readonly refused: boolean;
}

const NAME = 'admission';

// It acts with the authority of the home region's operator, who began it: an admission to another region's carrier is
// refused space there as that operator would be.
const release = ({ carrier, allocation, from, home }: Admission, on: string) =>
  // Ending as it begins, the allocation has never taken any space.
  step('release', carriers, 'ReleaseSpace', { on, carrier, allocation, until: from }, home);

const releasing = (state: Admission, on: string): Reaction<Admission> => ({
  state: { ...state, phase: 'releasing' },
  do: [release(state, on)],
});

const ended = (state: Admission, end: 'settled' | 'rejected' | 'withdrawn'): Reaction<Admission> => ({
  state: { ...state, phase: 'ended' },
  end,
});

/**
 * 准入: a firm that is admitted gets its space and settles, or is refused it and is rejected; an admission that is withdrawn
 * in between gives the space back.
 */
export const admission = processManager<Admission, IncubateeEvent | CarrierEvent>({
  name: NAME,
  on: {
    'incubatee.admitted.v3': {
      key,
      react: (state, data, { metadata }) => {
        if (state) return undefined;
        const { carrier, home, allocation, unit, uscc, firm, areaSquareMetres, desks, from, until } = data;
        const space = { carrier, allocation, unit, uscc, firm, areaSquareMetres, desks, from };
        const fields = { on: metadata.occurredAt, ...space, ...(until === null ? {} : { until }) };
        return {
          state: {
            ...spellOf(data),
            phase: 'allocating',
            home,
            allocation,
            from,
            withdrawn: false,
            held: false,
            refused: false,
          },
          do: [step('allocate', carriers, 'AllocateSpace', fields, home)],
        };
      },
    },

    'incubatee.withdrawn.v1': {
      key,
      // While the space, or the rejection, is being decided its answer comes first.
      react: (state, _, { metadata }) =>
        state &&
        (state.phase === 'confirming'
          ? releasing({ ...state, withdrawn: true }, metadata.occurredAt)
          : { state: { ...state, withdrawn: true } }),
    },

    'space.allocated.v1': {
      key({ carrier, allocation, uscc }, { metadata }) {
        const spell = spellIn(allocation);
        const mine = spell !== undefined && metadata.actor.id === processActor(NAME).id;
        return mine ? key({ carrier, uscc, spell }) : undefined;
      },
      // A dispatcher that was stopped in the middle and woke up can have it allocated after another recorded a refusal. The
      // refusal stands, so the space is given back.
      react: (state, _, { metadata }) =>
        state && {
          state: { ...state, held: true },
          do: state.refused ? [release(state, metadata.occurredAt)] : [],
        },
    },

    'process.step-done.v1': {
      react(state, { step: name }, { metadata }) {
        const on = metadata.occurredAt;
        switch (name) {
          case 'allocate':
            return state.withdrawn
              ? releasing(state, on)
              : {
                  state: { ...state, phase: 'confirming' },
                  do: [step('confirm', incubatee, 'ConfirmAdmission', { on, ...spellOf(state) })],
                };
          case 'confirm':
            return ended(state, 'settled');
          case 'reject':
            return ended(state, 'rejected');
          default:
            return state.phase === 'releasing' ? ended(state, 'withdrawn') : undefined;
        }
      },
    },

    'process.step-refused.v1': {
      react(before, { step: name, code, zh, en }, { metadata }) {
        const on = metadata.occurredAt;
        switch (name) {
          case 'allocate': {
            const state = { ...before, refused: true };
            if (state.withdrawn) return state.held ? releasing(state, on) : ended(state, 'withdrawn');
            const fields = { on, ...spellOf(state), code, reason: zh, reasonEn: en };
            return {
              state: { ...state, phase: 'rejecting' },
              do: [step('reject', incubatee, 'RejectAdmission', fields), ...(state.held ? [release(state, on)] : [])],
            };
          }
          // Both are refused only to an admission that has been withdrawn.
          case 'confirm':
            return before.phase === 'confirming' ? releasing(before, on) : undefined;
          default:
            return before.phase === 'ended' ? undefined : ended(before, 'withdrawn');
        }
      },
    },
  },
});

interface Stay extends Spell {
  readonly phase: 'staying' | 'noticing' | 'overstayed' | 'ended';
  readonly home: string;
  readonly allocation: string;
  readonly stayUntil: string | null;
  readonly left: Left | null;
}

/** That the firm left, as an event says. */
interface Left {
  readonly on: string;
  readonly fact: string;
}

const ends = (state: Stay, end: 'exited' | 'overstayed'): Reaction<Stay> => ({
  state: { ...state, phase: end === 'exited' ? 'ended' : 'overstayed' },
  end,
});

/** Whether the firm had left by the last day of its longest stay. */
const inTime = ({ stayUntil }: Stay, on: string) => stayUntil === null || on < stayUntil;

/** A notice is void where the firm had left in time. Whether it had, the firm's own stream says. */
const voidedBy = (state: Stay, { on, fact }: Left) =>
  inTime(state, on) ? [step('void', incubatee, 'VoidOverstay', { on, ...spellOf(state), fact })] : [];

/** Who leaves gives the space back that came with the admission; one that has been given back already stays as it is. */
const givenBack = ({ carrier, allocation, home }: Stay, on: string) =>
  step('give-back', carriers, 'ReleaseSpace', { on, carrier, allocation, until: on }, home);

/**
 * 在孵: from settling to leaving. Who leaves gives the space back, and whose carrier is wound up leaves with it. That a firm is
 * still there when its longest stay is over is noticed; an exit in time that is recorded only after it shows the notice to
 * be void, and the process says so; one that was too late is noticed all the same.
 */
export const overstay = processManager<Stay, IncubateeEvent | CarrierEvent>({
  name: 'overstay',
  on: {
    'incubatee.settled.v2': {
      key,
      react: (state, data) => {
        if (state) return undefined;
        const { home, allocation, stayUntil } = data;
        return {
          state: { ...spellOf(data), phase: 'staying', home, allocation, stayUntil, left: null },
          deadline: stayUntil === null ? null : { name: 'longest-stay', at: startOfDay(stayUntil) },
        };
      },
    },
    'process.deadline-passed.v1': {
      react: (state) => ({
        state: { ...state, phase: 'noticing' },
        do: [step('flag', incubatee, 'FlagOverstay', { on: state.stayUntil!, ...spellOf(state) })],
      }),
    },
    'incubatee.exited.v1': {
      key,
      react: (before, { leftOn }, { id }) => {
        if (!before) return undefined;
        const left = { on: leftOn, fact: id };
        const state = { ...before, left };
        const back = givenBack(state, leftOn);
        switch (before.phase) {
          case 'staying':
            return { ...(inTime(state, leftOn) ? ends(state, 'exited') : { state }), do: [back] };
          case 'overstayed':
            return { state, do: [back, ...voidedBy(state, left)] };
          default:
            // While it is being noticed, the step's answer comes first.
            return { state, do: [back] };
        }
      },
    },
    'space.released.v1': {
      key({ carrier, allocation, uscc }, { metadata }) {
        const spell = spellIn(allocation);
        const closing = spell !== undefined && metadata.actor.id === processActor(windingUp.name).id;
        return closing ? key({ carrier, uscc, spell }) : undefined;
      },
      react: (state, { carrier, uscc, until }) => {
        if (!state || state.left) return undefined;
        const leaving = { on: until!, carrier, uscc, outcome: 'exited' } as const;
        return { state, do: [step('leave', incubatee, 'ExitFirm', leaving, state.home)] };
      },
    },
    'process.step-done.v1': {
      react: (state, { step: name }) => {
        switch (name) {
          case 'flag':
            return { ...ends(state, 'overstayed'), do: state.left ? voidedBy(state, state.left) : [] };
          case 'void':
            return { state: { ...state, phase: 'ended' } };
          default:
            return undefined;
        }
      },
    },
    'process.step-refused.v1': {
      react: (state, { step: name }) => (name === 'flag' ? ends(state, 'exited') : undefined),
    },
  },
});
