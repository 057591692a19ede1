import { carrier as carriers, spellOf as spellIn, type CarrierEvent } from '#libs/contexts/carriers';
import { processManager, processActor, step, type Reaction } from '#libs/eventing';
import { incubatee } from './incubation.decider.js';
import type { IncubateeEvent } from './incubation.events.js';
import { key, spellOf, type OfSpell } from './spell-key.js';

interface Admission extends OfSpell {
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
    'incubatee.admitted.v2': {
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
