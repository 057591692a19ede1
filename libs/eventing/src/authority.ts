import { refusals, type Refusal } from './decider.js';
import type { Actor } from './event.js';

/** The refusals that every context gives. */
export const ofAuthority = refusals({
  'region.unknown': ['missing', '区域 {region} 未登记', 'Region {region} is not registered'],
  'region.not-yours': [
    'forbidden',
    '只能代表本区域（{mine}）办理，此事属 {region}',
    'You act for {mine} only; this belongs to {region}',
  ],
});

/** Only a region's own operator acts for it; the province may where the command lets it. Undefined when it may go on. */
export function notFor(by: Actor, ...regions: string[]): Refusal | undefined {
  if (by.role === 'province' || (by.role === 'operator' && regions.includes(by.region ?? ''))) return undefined;
  return ofAuthority('region.not-yours', { mine: by.region ?? by.role, region: regions.join('、') });
}

/** The region that `field` names is not registered. */
export function unknownRegion(region: string, field: string): Refusal {
  return { ...ofAuthority('region.unknown', { region }), field };
}
