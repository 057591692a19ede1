import { Map } from 'immutable';
import { ofCodes } from '#libs/contexts/codes';
import { isRefusal, lifecycle, notBefore, refusals, unknownRegion } from '#libs/eventing';
import { gone } from './region-tree.js';
import type { Province } from './topology.decider.js';
import type { Stage } from './topology.events.js';

interface Zone {
  readonly region: string;
  readonly kind: string;
  readonly theme: string | null;
  readonly stage: Stage | 'established';
  /** The day of its last step. */
  readonly steppedOn: string;
  /** The first day on which it is no more; null while it is planned or there. */
  readonly endedOn: string | null;
}
export type Zones = Map<string, Zone>;

const refuse = refusals({
  'zone.exists': [
    'conflict',
    '区 {zone} 已到这一步；另一个区须另立标识',
    'Zone {zone} has come as far as that already: another has another id',
    'zone',
  ],
  'zone.unknown': ['missing', '区 {zone} 未规划或设立', 'Zone {zone} is neither planned nor there', 'zone'],
  'zone.another': [
    'conflict',
    '区 {zone} 是按 {region} 的“{kind}”规划的；另一个区须另立标识',
    'Zone {zone} is planned as a {kind} of {region}: another zone has another id',
    'zone',
  ],
});

const STEP = (zone: Zone | undefined) => [[zone?.steppedOn ?? null, '上一步', 'its last step']] as const;

/**
 * 先行区, 示范区, 试验区, 引领区 …: one identity from planned through under way and established to ended. That a document wants a
 * zone is one thing, that it was established another, with a basis of its own (批复, 揭牌).
 */
export const zones = lifecycle<Zones, Province>()({
  refuses: { texts: { ...ofCodes.texts, ...refuse.texts } },
  initial: Map(),
  decide: {
    PlanZone: ({ on, zone, region, kind, name, theme = null, stage, basis }, zones, { whole, world }) => {
      const at = zones.get(zone);
      const before = at?.endedOn === null ? at : undefined;
      const code = world.codes.wanted('zone-kinds', kind, on, 'kind');
      if (!whole.regions.has(region)) return unknownRegion(region, 'region');
      if (isRefusal(code)) return code;
      const barred = gone(whole.regions, region) ?? notBefore(on, STEP(at)) ?? another(zone, before, region, code.name);
      if (barred) return barred;
      if (before?.stage === 'established' || before?.stage === stage) return refuse('zone.exists', { zone });
      return [{ type: 'zone.planned.v1', data: { zone, region, kind: code.name, name, theme, stage, basis } }];
    },

    DesignateZone: ({ on, zone, region, kind, name, theme = null, basis }, zones, { whole, world }) => {
      const at = zones.get(zone);
      const before = at?.endedOn === null ? at : undefined;
      const code = world.codes.wanted('zone-kinds', kind, on, 'kind');
      if (!whole.regions.has(region)) return unknownRegion(region, 'region');
      if (isRefusal(code)) return code;
      if (before?.stage === 'established') return refuse('zone.exists', { zone });
      const barred = gone(whole.regions, region) ?? notBefore(on, STEP(at)) ?? another(zone, before, region, code.name);
      return barred ?? [{ type: 'zone.designated.v1', data: { zone, region, kind: code.name, name, theme, basis } }];
    },

    ChangeZoneTheme: ({ on, zone, theme, basis }, zones) => {
      const at = zones.get(zone);
      if (!at || at.endedOn !== null) return refuse('zone.unknown', { zone });
      const early = notBefore(on, STEP(at));
      if (early) return early;
      if (at.theme === theme) return [];
      return [{ type: 'zone.theme-changed.v1', data: { zone, region: at.region, theme, basis } }];
    },

    RevokeZone: ({ on, zone, basis }, zones) => {
      const at = zones.get(zone);
      if (!at || at.endedOn !== null) return refuse('zone.unknown', { zone });
      const early = notBefore(on, STEP(at));
      return early ?? [{ type: 'zone.revoked.v1', data: { zone, region: at.region, basis } }];
    },
  },
  evolve: {
    'zone.planned.v1': (zones, { zone, region, kind, theme, stage }, on) =>
      zones.set(zone, { region, kind, theme, stage, steppedOn: on, endedOn: null }),
    'zone.designated.v1': (zones, { zone, region, kind, theme }, on) =>
      zones.set(zone, { region, kind, theme, stage: 'established', steppedOn: on, endedOn: null }),
    'zone.theme-changed.v1': (zones, { zone, theme }, on) =>
      zones.update(zone, (at) => ({ ...at!, theme, steppedOn: on })),
    'zone.revoked.v1': (zones, { zone }, on) => zones.update(zone, (at) => ({ ...at!, steppedOn: on, endedOn: on })),
  },
});

/** What is planned here and there is not one zone. */
function another(zone: string, before: Zone | undefined, region: string, kind: string) {
  if (!before || (before.region === region && before.kind === kind)) return undefined;
  return refuse('zone.another', { zone, region: before.region, kind: before.kind });
}
