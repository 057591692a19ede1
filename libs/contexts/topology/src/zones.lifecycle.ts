import { Map } from 'immutable';
import { lifecycle, refusals, unknownRegion } from '#libs/eventing';
import type { Province } from './topology.decider.js';

interface Zone {
  readonly region: string;
  readonly theme: string | null;
}
export type Zones = Map<string, Zone>;

const refuse = refusals({
  'zone.exists': ['conflict', '区 {zone} 已设立', 'Zone {zone} exists', 'zone'],
  'zone.unknown': ['missing', '区 {zone} 未设立', 'Zone {zone} does not exist', 'zone'],
});

/** 先行区, 示范区, 试验区, 引领区 … */
export const zones = lifecycle<Zones, Province>()({
  refuses: refuse,
  initial: Map(),
  decide: {
    DesignateZone: ({ zone, region, kind, name, theme = null, basis }, zones, { whole }) => {
      if (!whole.regions.has(region)) return unknownRegion(region, 'region');
      if (zones.has(zone)) return refuse('zone.exists', { zone });
      return [{ type: 'zone.designated.v1', data: { zone, region, kind, name, theme, basis } }];
    },

    ChangeZoneTheme: ({ zone, theme, basis }, zones) => {
      const at = zones.get(zone);
      if (!at) return refuse('zone.unknown', { zone });
      if (at.theme === theme) return [];
      return [{ type: 'zone.theme-changed.v1', data: { zone, region: at.region, theme, basis } }];
    },

    RevokeZone: ({ zone, basis }, zones) => {
      const at = zones.get(zone);
      if (!at) return refuse('zone.unknown', { zone });
      return [{ type: 'zone.revoked.v1', data: { zone, region: at.region, basis } }];
    },
  },
  evolve: {
    'zone.designated.v1': (zones, { zone, region, theme }) => zones.set(zone, { region, theme }),
    'zone.theme-changed.v1': (zones, { zone, region, theme }) => zones.set(zone, { region, theme }),
    'zone.revoked.v1': (zones, { zone }) => zones.delete(zone),
  },
});
