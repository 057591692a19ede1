import type { Map } from 'immutable';

// What held on a day: asked of periods, so that a fact recorded late is judged by what was true then.

/** While the agreement of home and host is in force; `until` is exclusive, null while it is open-ended. */
export interface Term {
  readonly from: string;
  readonly until: string | null;
}

/** A notice of closing. */
export interface Notice {
  /** 1 for the carrier's first, and so on. */
  readonly notice: number;
  /** The day on which it was given. */
  readonly on: string;
  /** The first day on which the carrier is no more. */
  readonly closesOn: string;
  readonly revokedOn: string | null;
}

interface Proposed {
  readonly answerBy: string | null;
  readonly signed: { readonly home: string | null; readonly host: string | null };
}

interface Terms {
  readonly terms: readonly Term[];
}

/** Whether the agreement was in force on that day. Without an agreement nothing is known that would end. */
export const inForce = ({ terms }: Terms, day: string): boolean =>
  terms.length === 0 || terms.some(({ from, until }) => from <= day && (until === null || day < until));

/** The end of the agreement, of all of it or of what had run out by that day; null: it has none. */
export function endOfAgreement({ terms }: Terms, by?: string): string | null {
  const ended = by === undefined ? terms : terms.filter(({ until }) => until !== null && until <= by);
  return ended.at(-1)?.until ?? null;
}

/** The terms with one more, which gives an open-ended one its end. */
export const renewedBy = (terms: readonly Term[], term: Term): readonly Term[] => [
  ...terms.map(({ from, until }) => ({ from, until: until ?? term.from })),
  term,
];

/** The terms with another end of the last. */
export const endedOn = (terms: readonly Term[], until: string | null): readonly Term[] =>
  terms.map((term, n) => (n === terms.length - 1 ? { ...term, until } : term));

/** Whether a proposal is no more on that day, since the two had not both signed before the day by which they were to. */
export const isLapsed = ({ answerBy, signed }: Proposed, day: string): boolean =>
  answerBy !== null && answerBy <= day && (signed.home === null || signed.host === null);

/** Since when it has been suspended on that day; null where it is not. */
export function suspendedSince(
  { suspensions }: { readonly suspensions: Map<string, boolean> },
  day: string,
): string | null {
  const last = suspensions
    .keySeq()
    .filter((since) => since <= day)
    .max();
  return last !== undefined && suspensions.get(last) ? last : null;
}

/** The days from which on a carrier is suspended, or is no more. */
export type Suspensions = Map<string, boolean>;

/** The periods in which it is suspended, in their order. */
export function suspensionsOf(suspensions: Suspensions): readonly Term[] {
  const periods: Term[] = [];
  for (const [day, suspended] of suspensions.entrySeq().sortBy(([from]) => from)) {
    const last = periods.at(-1);
    const goesOn = last !== undefined && last.until === null;
    if (suspended && !goesOn) periods.push({ from: day, until: null });
    if (!suspended && goesOn) periods.splice(-1, 1, { ...last, until: day });
  }
  return periods;
}

/** The one of them that covers a day. */
export const suspensionOn = (suspensions: Suspensions, day: string): Term | undefined =>
  suspensionsOf(suspensions).find(({ from, until }) => from <= day && (until === null || day < until));

/** The notice that was in force on that day. */
export const noticeOn = ({ notices }: { readonly notices: readonly Notice[] }, day: string): Notice | undefined =>
  notices.findLast(({ on, revokedOn }) => on <= day && (revokedOn === null || day < revokedOn));
