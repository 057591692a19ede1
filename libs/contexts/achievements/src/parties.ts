import { refusals, type Refusal, type RefusalText } from '#libs/eventing';
import type { Difference, OfContract, Party } from './contracts.events.js';

/** What is refused of a party. */
export const ofParties = {
  'party.name': ['invalid', '须填写该方名称', 'The name of that party is missing', 'seller'],
  'party.code-or-country': [
    'invalid',
    '须填写统一社会信用代码；境外单位填写国别（两位大写字母）',
    'A party has either its unified social credit code or, a foreign one, its country (two capital letters)',
    'seller',
  ],
} as const satisfies Record<string, RefusalText>;

const refuse = refusals(ofParties);

/** A party as it was told: none at all, one that is whole, or why it is not. */
export function partyOf(side: string, name?: string, uscc?: string, country?: string): Party | null | Refusal {
  if (name === undefined && uscc === undefined && country === undefined) return null;
  if (name === undefined) return { ...refuse('party.name'), field: side };
  const known = uscc === undefined ? country !== undefined && /^[A-Z]{2}$/.test(country) : country === undefined;
  if (!known) return { ...refuse('party.code-or-country'), field: `${side}Uscc` };
  return { name, uscc: uscc ?? null, country: country ?? null };
}

/** What a report says of its contract. */
interface Reported {
  readonly identity: OfContract | null;
  readonly seller: Party | null;
  readonly buyer: Party | null;
}

/** What two reports of one contract say otherwise. */
export function differences(here: Reported, there: Reported): Difference[] {
  const told = ({ identity, seller, buyer }: Reported): Record<string, string> => {
    const { contract: _, ...said } = identity!;
    const party = (one: Party | null) => (one ? `${one.name} ${one.uscc ?? one.country}` : '—');
    return { ...mapped(said), seller: party(seller), buyer: party(buyer) };
  };
  const other = told(there);
  return Object.entries(told(here))
    .filter(([field, value]) => value !== other[field])
    .map(([field, value]) => ({ field, here: value, there: other[field]! }));
}
const mapped = (said: object) =>
  Object.fromEntries(Object.entries(said).map(([field, value]): [string, string] => [field, String(value)]));
