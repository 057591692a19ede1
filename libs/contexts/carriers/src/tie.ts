import type { Code, KnownCodes } from '#libs/contexts/codes';
import type { Grounds } from '#libs/contexts/topology';
import { isRefusal, refusals, type Refusal, type RefusalText } from '#libs/eventing';
import type { Identity } from './carrier.lifecycle.js';
import type { Tie } from './carriers.events.js';

/** The refusals of a carrier of two regions. */
export const ofTwo = {
  'carrier.one-region': [
    'invalid',
    '“{kind}”属一个区域，由该区域登记（RegisterCarrier）',
    'A {kind} is of one region, which registers it (RegisterCarrier)',
    'kind',
  ],
} as const satisfies Record<string, RefusalText>;

const refuse = refusals(ofTwo);

/** What a carrier of that kind is to its two regions, as the codes have it on that day. */
export function tieOf(codes: KnownCodes, { name, link }: Code, on: string): Tie | Refusal {
  if (link === null) return refuse('carrier.one-region', { kind: name });
  const kind = codes.wanted('link-kinds', link, on, 'kind');
  if (isRefusal(kind)) return kind;
  const { code, fromEnd, toEnd, level } = kind;
  return { link: code, fromEnd: fromEnd ?? 'any', toEnd: toEnd ?? 'any', level };
}

/** Why the two are not, or are no more, where its tie has them, if so. */
export const untied = (
  { kind, home, host }: Pick<Identity, 'kind' | 'home' | 'host'>,
  tie: Tie,
  on: string,
  world: Grounds,
): Refusal | undefined => world.misplaced({ name: kind, ...tie }, { home, host }, on);
