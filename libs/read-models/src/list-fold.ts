import { isDeepStrictEqual } from 'node:util';
import type { Apply } from '#libs/messages';

/** Where a version came from. */
export interface Source {
  readonly id: string;
  readonly type: string;
  readonly stream: string;
  readonly revision: number;
}

/** A fact as far as a fold looks at it: the day on which it was true, and the position at which it was recorded. */
export interface Fact {
  readonly day: string;
  readonly position: string;
  readonly event: Source;
}

/** The state of a thing from a day on, as it was known from a position on, until a later fact replaced it. */
export interface Version {
  readonly row: object;
  readonly validFrom: string;
  readonly knownFrom: string;
  readonly event: Source;
  knownTo: string | null;
  current: boolean;
}

/** The last state of a thing before and after a fact. */
export interface Change {
  readonly before: object | undefined;
  readonly after: object;
}

/**
 * Lets a fact change a thing's timeline: the states that hold from its day on. Versions that it replaces are closed, not
 * changed, so that what was known before can still be told. A late fact changes the states of its day and of all days after it.
 *
 * @param timeline what is known of the thing, in order of days; new versions are put in their place. Only the last is needed
 *   where the fact is not late
 * @param touched is told of each version that is new, closed, or no longer current
 */
export function advance(
  timeline: Version[],
  { day, position, event }: Fact,
  apply: Apply,
  touched: (version: Version) => void,
): Change | undefined {
  const last = timeline.at(-1);
  if (!last || last.validFrom < day) {
    const after = apply(last?.row);
    if (!after || isDeepStrictEqual(after, last?.row)) return undefined;
    const next = { row: after, validFrom: day, knownFrom: position, event, knownTo: null, current: true };
    timeline.push(next);
    touched(next);
    if (last) {
      last.current = false;
      touched(last);
    }
    return { before: last?.row, after };
  }
  const earlier = timeline.filter((known) => known.validFrom < day);
  const states = timeline.slice(earlier.length).map(({ validFrom, row }) => ({ validFrom, row }));
  // The fact's own day begins with what held before it.
  if (states[0]?.validFrom !== day) states.unshift({ validFrom: day, row: earlier.at(-1)?.row as object });
  const later = states.flatMap(({ validFrom, row }): Version[] => {
    const known = timeline.find((v) => v.validFrom === validFrom);
    const after = apply(row);
    if (!after || isDeepStrictEqual(after, row)) return known ? [known] : [];
    if (known) {
      known.knownTo = position;
      touched(known);
    }
    return [{ row: after, validFrom, knownFrom: position, event, knownTo: null, current: false }];
  });
  timeline.splice(earlier.length, timeline.length, ...later);
  const next = timeline.at(-1);
  if (last && last !== next) last.current = false;
  if (next) next.current = true;
  for (const version of last && last !== next ? [last, ...later] : later) touched(version);
  return next && next.row !== last?.row ? { before: last?.row, after: next.row } : undefined;
}
