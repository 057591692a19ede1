import type { Map } from 'immutable';
import type { IncubationRule } from '#libs/contexts/carriers';
import { refusals, type Refusal, type RefusalText } from '#libs/eventing';
import type { AdmitFirm } from './incubation.commands.js';
import type { IncubateeEvent } from './incubation.events.js';
import { monthsAfter } from './months.js';

type Identity = Extract<IncubateeEvent, { type: 'incubatee.withdrawn.v1' }>['data'];

/** One admission of the firm, and the stay that comes of it. */
export interface Spell {
  readonly status: 'admitted' | 'settled' | 'rejected' | 'withdrawn' | 'left' | 'reversed';
  readonly identity: Identity;
  /** 飞入地, where the carrier is. */
  readonly host: string | null;
  readonly admittedOn: string;
  readonly allocation: string;
  readonly from: string;
  /** The end of its space, as it was asked for. */
  readonly until: string | null;
  readonly stayUntil: string | null;
  readonly leftOn: string | null;
  /** Somebody noticed that it stayed too long, and no later fact has shown otherwise. Without power over what is decided. */
  readonly noticed: boolean;
}

export interface IncubateeState {
  /** By their numbers, in the order in which they were recorded. */
  readonly spells: Map<number, Spell>;
}

/** What is refused by the periods of stays. */
export const ofSpells = {
  'incubatee.unknown': ['missing', '企业 {uscc} 未在此载体准入', 'Firm {uscc} has not been admitted here', 'uscc'],
  'incubatee.not-admitted': [
    'conflict',
    '该准入已有结果，无须再办',
    'The admission has come to its end already: nothing is left to do',
  ],
  'incubatee.exists': [
    'conflict',
    '{firm}自 {from} 起已准入或在孵；补录更早的在孵期须填写终止日',
    '{firm} has been admitted from {from} on; a stay before that is recorded with its end',
    'uscc',
  ],
  'incubatee.before-exit': [
    'conflict',
    '企业 {from} 至 {leftOn} 在孵，与所填期间重叠；请改期间，或先冲销有误的一次',
    'The firm was there from {from} until {leftOn}, the periods overlap: choose another, or reverse the mistaken stay first',
    'from',
  ],
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
} as const satisfies Record<string, RefusalText>;

const refuse = refusals(ofSpells);

/** The allocation that an admission asks for: one for each spell, so that a firm that comes back has another. */
export const admissionOf = (uscc: string, spell: number): string => `in-${uscc.toLowerCase()}-${spell}`;

/** What keeps a step of a spell that has come to its end from touching it. */
export function notAdmitted({ uscc, spell }: OfSpell, { spells }: IncubateeState): Refusal | undefined {
  if (spells.isEmpty()) return refuse('incubatee.unknown', { uscc });
  return spells.get(spell)?.status === 'admitted' ? undefined : refuse('incubatee.not-admitted');
}
interface OfSpell {
  readonly uscc: string;
  readonly spell: number;
}

/** Why the firm cannot be admitted for that period: it is, or was, there on some of its days. */
export function overlap(
  { spells }: IncubateeState,
  firm: string,
  from: string,
  until: string | null,
): Refusal | undefined {
  const there = spells.filter(({ status }) => ['admitted', 'settled', 'left'].includes(status)).toList();
  const clash = there.find((s) => (until === null || s.from < until) && (s.leftOn === null || from < s.leftOn));
  if (!clash) return undefined;
  const { from: since, leftOn } = clash;
  return leftOn === null
    ? refuse('incubatee.exists', { firm, from: since })
    : refuse('incubatee.before-exit', { from: since, leftOn });
}

/** Whether it was still there on the day after the last that its stay may have, as far as is known. */
export const overstays = ({ status, leftOn, stayUntil }: Spell): boolean =>
  stayUntil !== null && (status === 'settled' || (leftOn !== null && leftOn >= stayUntil));

/** The last day of a period that ends, exclusive, on `until`. */
export const lastDay = (until: string): string =>
  new Date(Date.parse(`${until}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10);

/** The longest stay, in months. */
export const longest = ({ longStayFields, longStayMonths, stayMonths }: IncubationRule, field: string): number =>
  longStayFields.includes(field) ? longStayMonths : stayMonths;

/** Why the firm cannot be incubated: it is too old, or would stay too long. */
export function notFit(rule: IncubationRule, { founded, from, until, field }: AdmitFirm): Refusal | undefined {
  const latest = monthsAfter(founded, rule.entryMonths);
  if (from > latest) return refuse('incubatee.too-old', { months: rule.entryMonths, latest });
  const months = longest(rule, field);
  const stayUntil = monthsAfter(from, months);
  if (until === undefined || until <= stayUntil) return undefined;
  return refuse('incubatee.stay-too-long', { months, lastDay: lastDay(stayUntil) });
}

export const withSpell = ({ spells }: IncubateeState, { spell }: OfSpell, change: Partial<Spell>): IncubateeState => ({
  spells: spells.update(spell, (at) => ({ ...at!, ...change })),
});
