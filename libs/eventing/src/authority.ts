import { refusals, type Refusal } from './decider.js';
import type { Actor } from './event.js';

/** The refusals that every context gives. */
export const ofAuthority = refusals({
  'region.unknown': ['missing', '区域 {region} 未登记', 'Region {region} is not registered'],
  'region.not-yours': [
    'forbidden',
    '只能代表本区域（{mine}）及其内未自主办理的区域办理，此事属 {region}',
    'You act for {mine}, and what lies inside it without an authority of its own; this belongs to {region}',
  ],
});

/** Who acts, and for whom: where nothing is said, for its own region only. */
export interface Acting extends Actor {
  readonly actsFor?: (region: string) => boolean;
}

/**
 * A region's operator acts for it, and for what lies inside it until that has an authority of its own; the province may where
 * the command lets it (docs/domain.md §4a, acting for). Undefined when it may go on.
 */
export function notFor(by: Acting, ...regions: string[]): Refusal | undefined {
  const { actsFor = (region: string) => region === by.region } = by;
  if (by.role === 'province' || (by.role === 'operator' && regions.some(actsFor))) return undefined;
  return ofAuthority('region.not-yours', { mine: by.region ?? by.role, region: regions.join('、') });
}

/** The region that `field` names is not registered. */
export function unknownRegion(region: string, field: string): Refusal {
  return { ...ofAuthority('region.unknown', { region }), field };
}
