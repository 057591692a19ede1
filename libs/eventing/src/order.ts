import { refusals, type Refusal } from './decider.js';

/** The refusal that every context gives to a fact which is dated before one that it follows from. */
export const ofOrder = refusals({
  'fact.too-early': ['invalid', '{day} 早于{zh}之日 {earlier}', '{day} is before {earlier}, the day of {en}', 'on'],
});

/** A fact that another follows from: its day, where it has come about, and what it is called. */
export type Earlier = readonly [day: string | null, zh: string, en: string];

/**
 * What follows from a fact is not dated before it; on the same day it may be. Facts that are recorded late are as welcome as
 * any: this compares days on which things were true. Undefined when all is in order.
 *
 * @param field the field that says the day
 */
export function notBefore(day: string, facts: readonly Earlier[], field = 'on'): Refusal | undefined {
  const fact = facts.find(([earlier]) => earlier !== null && day < earlier);
  if (!fact) return undefined;
  const [earlier, zh, en] = fact;
  return { ...ofOrder('fact.too-early', { day, earlier: earlier!, zh, en }), field };
}
