import { decider, refusals, unknownRegion } from '#libs/eventing';
import type * as commands from './topology.commands.js';
import type { LinkKind, RegionLevel, TopologyEvent } from './topology.events.js';

interface Region {
  readonly name: string;
  readonly level: RegionLevel;
  readonly parent: string | null;
}
interface Code {
  readonly region: string;
  readonly code: string;
  readonly from: string;
  readonly until: string | null;
}
interface Zone {
  readonly region: string;
  readonly kind: string;
  readonly theme: string | null;
}
interface Link {
  readonly kind: LinkKind;
  readonly from: string;
  readonly to: string;
  readonly open: boolean;
}
export interface CoverageRule {
  readonly rule: string;
  readonly carrierKind: string;
  readonly level: RegionLevel;
  readonly minimum: number;
}

type Of<T> = Readonly<Record<string, T>>;

/** The whole 一总多区 of a province. */
export interface Topology {
  readonly regions: Of<Region>;
  readonly codes: readonly Code[];
  readonly hub: string | null;
  readonly zones: Of<Zone>;
  readonly links: Of<Link>;
  readonly groups: Of<readonly string[]>;
  readonly rules: Of<CoverageRule>;
}

const refuse = refusals({
  'region.exists': ['conflict', '区域 {region} 已登记', 'Region {region} is already registered', 'region'],
  'region.needs-parent': ['invalid', '省级以下的区域须有上级', 'A region below the province needs a parent', 'parent'],
  'region.province-has-no-parent': ['invalid', '省级区域没有上级', 'The province has no parent', 'parent'],
  'region.one-province': ['conflict', '省级区域已登记', 'The province is already registered', 'level'],
  'region.cycle': [
    'conflict',
    '{parent} 在 {region} 之下，不能作它的上级',
    '{parent} lies under {region}: it cannot be its parent',
    'parent',
  ],
  'code.period': ['invalid', '失效日期须晚于生效日期', 'The end must be after the start', 'until'],
  'code.taken': ['conflict', '同一时期该代码属于 {region}', 'The code belongs to {region} in that period', 'code'],
  'code.second': ['conflict', '同一时期该区域已有代码 {code}', 'The region has code {code} in that period', 'from'],
  'hub.exists': [
    'conflict',
    '总窗口已设在 {region}；一省只有一个总窗口，须先撤销',
    'The hub is {region}; a province has exactly one, revoke it first',
    'region',
  ],
  'hub.not-there': ['conflict', '{region} 不是总窗口', '{region} is not the hub', 'region'],
  'hub.none': ['conflict', '尚未设立总窗口', 'There is no hub yet', 'kind'],
  'zone.exists': ['conflict', '区 {zone} 已设立', 'Zone {zone} exists', 'zone'],
  'zone.unknown': ['missing', '区 {zone} 未设立', 'Zone {zone} does not exist', 'zone'],
  'link.exists': ['conflict', '关系标识 {link} 已使用', 'Link id {link} is in use', 'link'],
  'link.unknown': ['missing', '关系 {link} 不存在', 'Link {link} does not exist', 'link'],
  'link.closed': ['conflict', '关系 {link} 已终止', 'Link {link} is closed', 'link'],
  'link.from-hub': [
    'invalid',
    '协同创新基地须由总窗口（{hub}）建在其他区域',
    'A collaboration base goes from the hub ({hub}) to another region',
    'from',
  ],
  'link.to-hub': [
    'invalid',
    '飞地孵化器与离岸研发中心须由其他区域建在总窗口（{hub}）',
    'An enclave or offshore centre goes from another region to the hub ({hub})',
    'to',
  ],
  'rule.exists': ['conflict', '覆盖要求 {rule} 已提出', 'Coverage rule {rule} exists', 'rule'],
});

const overlap = (a: { from: string; until: string | null }, b: { from: string; until: string | null }) =>
  a.from < (b.until ?? '9999') && b.from < (a.until ?? '9999');

/** Whether `region` is `ancestor` or lies somewhere under it. */
export function within(regions: Of<Region>, region: string, ancestor: string): boolean {
  for (let at: string | null = region; at !== null; at = regions[at]?.parent ?? null) if (at === ancestor) return true;
  return false;
}

/**
 * The rules of the structure: the tree without cycles, one hub at a time, links between the right ends. One stream holds
 * all of it, since each of these rules speaks of several regions at once (docs/decisions/0002).
 */
export const topology = decider<Topology, TopologyEvent, typeof commands>({
  category: 'province',
  initial: { regions: {}, codes: [], hub: null, zones: {}, links: {}, groups: {}, rules: {} },
  id: () => 'topology',
  concerns: ({ type, data }, { regions, hub }) => {
    switch (type) {
      case 'hub.designated.v1':
      case 'hub.revoked.v1':
      case 'coverage-rule.stated.v1':
        return Object.keys(regions);
      case 'region-group.defined.v1':
        return data.regions;
      case 'link.opened.v1':
      case 'link.closed.v1':
        return [data.from, data.to];
      case 'zone.designated.v1':
      case 'zone.theme-changed.v1':
      case 'zone.revoked.v1':
        return hub === null ? [data.region] : [data.region, hub];
      default:
        return [data.region];
    }
  },
  decide: {
    RegisterRegion: ({ region, name, level, parent = null, basis }, { regions }) =>
      regions[region]
        ? refuse('region.exists', { region })
        : level === 'province' && parent !== null
          ? refuse('region.province-has-no-parent')
          : level === 'province' && Object.values(regions).some((r) => r.level === 'province')
            ? refuse('region.one-province')
            : level !== 'province' && parent === null
              ? refuse('region.needs-parent')
              : parent !== null && !regions[parent]
                ? unknownRegion(parent, 'parent')
                : [{ type: 'region.registered.v1', data: { region, name, level, parent, basis } }],

    MoveRegion: ({ region, parent, basis }, { regions }) =>
      !regions[region]
        ? unknownRegion(region, 'region')
        : !regions[parent]
          ? unknownRegion(parent, 'parent')
          : within(regions, parent, region)
            ? refuse('region.cycle', { region, parent })
            : regions[region].parent === parent
              ? []
              : [{ type: 'region.moved.v1', data: { region, parent, basis } }],

    MapRegionCode: ({ region, code, from, until = null, basis }, { regions, codes }) => {
      if (!regions[region]) return unknownRegion(region, 'region');
      if (until !== null && until <= from) return refuse('code.period');
      const taken = codes.find((c) => c.code === code && c.region !== region && overlap(c, { from, until }));
      if (taken) return refuse('code.taken', { region: taken.region });
      const second = codes.find((c) => c.region === region && overlap(c, { from, until }));
      if (second) return refuse('code.second', { code: second.code });
      return [{ type: 'region.code-mapped.v1', data: { region, code, from, until, basis } }];
    },

    DefineRegionGroup: ({ group, name, regions: members, basis }, { regions }) => {
      const stranger = members.find((region) => !regions[region]);
      if (stranger !== undefined) return unknownRegion(stranger, 'regions');
      return [{ type: 'region-group.defined.v1', data: { group, name, regions: [...new Set(members)], basis } }];
    },

    DesignateHub: ({ region, basis }, { regions, hub }) =>
      !regions[region]
        ? unknownRegion(region, 'region')
        : hub !== null
          ? refuse('hub.exists', { region: hub })
          : [{ type: 'hub.designated.v1', data: { region, basis } }],

    RevokeHub: ({ region, basis }, { hub }) =>
      hub !== region ? refuse('hub.not-there', { region }) : [{ type: 'hub.revoked.v1', data: { region, basis } }],

    DesignateZone: ({ zone, region, kind, name, theme = null, basis }, { regions, zones }) =>
      !regions[region]
        ? unknownRegion(region, 'region')
        : zones[zone]
          ? refuse('zone.exists', { zone })
          : [{ type: 'zone.designated.v1', data: { zone, region, kind, name, theme, basis } }],

    ChangeZoneTheme: ({ zone, theme, basis }, { zones }) =>
      !zones[zone]
        ? refuse('zone.unknown', { zone })
        : zones[zone].theme === theme
          ? []
          : [{ type: 'zone.theme-changed.v1', data: { zone, region: zones[zone].region, theme, basis } }],

    RevokeZone: ({ zone, basis }, { zones }) =>
      !zones[zone]
        ? refuse('zone.unknown', { zone })
        : [{ type: 'zone.revoked.v1', data: { zone, region: zones[zone].region, basis } }],

    OpenLink: ({ link, kind, from, to, basis }, { regions, links, hub }) => {
      if (links[link]) return refuse('link.exists', { link });
      if (!regions[from]) return unknownRegion(from, 'from');
      if (!regions[to]) return unknownRegion(to, 'to');
      if (hub === null) return refuse('hub.none');
      const [near, far] = kind === 'collaboration-base' ? [from, to] : [to, from];
      if (near !== hub || far === hub)
        return refuse(kind === 'collaboration-base' ? 'link.from-hub' : 'link.to-hub', { hub });
      return [{ type: 'link.opened.v1', data: { link, kind, from, to, basis } }];
    },

    CloseLink: ({ link, basis }, { links }) => {
      const at = links[link];
      if (!at) return refuse('link.unknown', { link });
      if (!at.open) return refuse('link.closed', { link });
      return [{ type: 'link.closed.v1', data: { link, kind: at.kind, from: at.from, to: at.to, basis } }];
    },

    StateCoverageRule: ({ rule, carrierKind, level, minimum, basis }, { rules }) =>
      rules[rule]
        ? refuse('rule.exists', { rule })
        : [{ type: 'coverage-rule.stated.v1', data: { rule, carrierKind, level, minimum, basis } }],
  },
  evolve: {
    'region.registered.v1': (s, { region, name, level, parent }) => ({
      ...s,
      regions: { ...s.regions, [region]: { name, level, parent } },
    }),
    'region.moved.v1': (s, { region, parent }) => ({
      ...s,
      regions: { ...s.regions, [region]: { ...s.regions[region]!, parent } },
    }),
    'region.code-mapped.v1': (s, code) => ({ ...s, codes: [...s.codes, code] }),
    'region-group.defined.v1': (s, { group, regions }) => ({ ...s, groups: { ...s.groups, [group]: regions } }),
    'hub.designated.v1': (s, { region }) => ({ ...s, hub: region }),
    'hub.revoked.v1': (s) => ({ ...s, hub: null }),
    'zone.designated.v1': (s, { zone, region, kind, theme }) => ({
      ...s,
      zones: { ...s.zones, [zone]: { region, kind, theme } },
    }),
    'zone.theme-changed.v1': (s, { zone, theme }) => ({
      ...s,
      zones: { ...s.zones, [zone]: { ...s.zones[zone]!, theme } },
    }),
    'zone.revoked.v1': (s, { zone }) => {
      const { [zone]: _, ...zones } = s.zones;
      return { ...s, zones };
    },
    'link.opened.v1': (s, { link, kind, from, to }) => ({
      ...s,
      links: { ...s.links, [link]: { kind, from, to, open: true } },
    }),
    'link.closed.v1': (s, { link }) => ({ ...s, links: { ...s.links, [link]: { ...s.links[link]!, open: false } } }),
    'coverage-rule.stated.v1': (s, { rule, carrierKind, level, minimum }) => ({
      ...s,
      rules: { ...s.rules, [rule]: { rule, carrierKind, level, minimum } },
    }),
  },
});
