import { carrier as carriers, spellOf as spellIn, windingUp, type CarrierEvent } from '#libs/contexts/carriers';
import { processManager, processActor, startOfDay, step, type Reaction } from '#libs/eventing';
import { incubatee } from './incubation.decider.js';
import type { IncubateeEvent } from './incubation.events.js';
import { key, spellOf, type OfSpell } from './spell-key.js';

interface Stay extends OfSpell {
  readonly phase: 'staying' | 'noticing' | 'overstayed' | 'ended';
  readonly home: string;
  readonly allocation: string;
  readonly stayUntil: string | null;
  readonly left: Left | null;
  /** The carrier was wound up, and the firm left with it. */
  readonly withCarrier: boolean;
  /** How often its exit was reversed. */
  readonly reversals: number;
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
          state: {
            ...spellOf(data),
            phase: 'staying',
            home,
            allocation,
            stayUntil,
            left: null,
            withCarrier: false,
            reversals: 0,
          },
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
        return {
          state: { ...state, withCarrier: true },
          do: [step('leave', incubatee, 'ExitFirm', leaving, state.home)],
        };
      },
    },
    'incubatee.exit-reversed.v1': {
      key,
      react: (before, { reason }, { metadata }) => {
        if (!before) return undefined;
        const { carrier, allocation, home, stayUntil, phase } = before;
        const again = { on: metadata.occurredAt, carrier, allocation, reason };
        const state = { ...before, left: null, withCarrier: false, reversals: before.reversals + 1 };
        const restore = [step('restore', carriers, 'ReverseRelease', again, home)];
        if (phase !== 'ended') return { state, do: restore };
        return {
          state: { ...state, phase: 'staying' },
          do: restore,
          deadline: stayUntil === null ? null : { name: 'longest-stay', at: startOfDay(stayUntil) },
          end: null,
        };
      },
    },
    'incubatee.admission-reversed.v1': {
      key,
      react: (before, { from }, { metadata }) => {
        if (!before) return undefined;
        const { carrier, allocation, home } = before;
        const never = { on: metadata.occurredAt, carrier, allocation, until: from };
        return {
          state: { ...before, phase: 'ended' },
          do: [step('take-back', carriers, 'ReleaseSpace', never, home)],
          end: 'reversed',
        };
      },
    },
    'space.release-reversed.v1': {
      key({ carrier, allocation, uscc }) {
        const spell = spellIn(allocation);
        return spell === undefined ? undefined : key({ carrier, uscc, spell });
      },
      // The carrier goes on, and so does the stay that ended only with it.
      react: (state, { carrier, uscc, reason }) => {
        if (!state?.withCarrier || !state.left) return undefined;
        const { on } = state.left;
        const back = { on, carrier, uscc, spell: state.spell, reason };
        return { state, do: [step('come-back', incubatee, 'ReverseExit', back, state.home)] };
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
