import { decider, refusals } from './decider.js';

interface OfKey {
  /** What it numbers: `registration`, `filing`, `asset`, `firm`. */
  readonly kind: string;
  readonly value: string;
  /** The thing that has it. */
  readonly holder: string;
}

/** Whose a natural key is: a stream of its own for each, so that two things never have one. */
export type NaturalKeyEvent = { type: 'key.claimed.v1'; data: OfKey } | { type: 'key.released.v1'; data: OfKey };

/** What people read in place of their names. */
export const naturalKeyEvents: Readonly<Record<NaturalKeyEvent['type'], readonly [zh: string, en: string]>> = {
  'key.claimed.v1': ['占用编号', 'Key claimed'],
  'key.released.v1': ['释放编号', 'Key released'],
};

export interface NaturalKeyState {
  readonly holder: string | null;
  /** How often the holder has claimed it: once for each command that gives it the key. */
  readonly claims: number;
}

class ClaimKey implements OfKey {
  readonly on!: string;
  readonly kind!: string;
  readonly value!: string;
  readonly holder!: string;
  /** Takes it over from a holder that has claimed it so often, and no more often since. */
  readonly after?: number;
}
class ReleaseKey implements OfKey {
  readonly on!: string;
  readonly kind!: string;
  readonly value!: string;
  readonly holder!: string;
}

const refuse = refusals({
  'key.held': ['conflict', '{value} 已由 {holder} 使用', '{value} is used by {holder}'],
});

/**
 * The rules of a natural key: who claims it first has it. It is claimed before the fact that uses it is recorded, and
 * released when that is refused; the revision of its stream lets no two claims pass each other.
 */
export const naturalKey = decider<
  NaturalKeyState,
  NaturalKeyEvent,
  { ClaimKey: typeof ClaimKey; ReleaseKey: typeof ReleaseKey }
>({
  category: 'key',
  refuses: refuse,
  initial: { holder: null, claims: 0 },
  id: ({ kind, value }) => `${kind}-${value}`,
  concerns: () => [],
  decide: {
    ClaimKey: ({ kind, value, holder, after }, state) => {
      const isFree = state.holder === null || state.holder === holder || state.claims === after;
      if (!isFree) return refuse('key.held', { value, holder: state.holder });
      return [{ type: 'key.claimed.v1', data: { kind, value, holder } }];
    },
    ReleaseKey: ({ kind, value, holder }, state) =>
      state.holder === holder ? [{ type: 'key.released.v1', data: { kind, value, holder } }] : [],
  },
  evolve: {
    'key.claimed.v1': (s, { holder }) => ({ holder, claims: s.holder === holder ? s.claims + 1 : 1 }),
    'key.released.v1': (s) => (s.claims > 1 ? { ...s, claims: s.claims - 1 } : { holder: null, claims: 0 }),
  },
});
