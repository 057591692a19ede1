import { List, OrderedMap } from 'immutable';
import { lifecycle, refusals, unknownRegion } from '#libs/eventing';
import type { Province } from './topology.decider.js';
import type { RegionLevel } from './topology.events.js';

interface Region {
  readonly name: string;
  readonly level: RegionLevel;
  readonly parent: string | null;
}
/** `until` is exclusive, null while it is open-ended. */
interface Period {
  readonly from: string;
  readonly until: string | null;
}
interface Code extends Period {
  readonly region: string;
  readonly code: string;
}

/** The regions in the order in which they were registered, each with its parent. */
export type Tree = OrderedMap<string, Region>;
export type Codes = List<Code>;

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
});

const overlap = (a: Period, b: Period) => a.from < (b.until ?? '9999') && b.from < (a.until ?? '9999');

/** Whether `region` is `ancestor` or lies somewhere under it. */
export function within(tree: Tree, region: string, ancestor: string): boolean {
  for (let at: string | null = region; at !== null; at = tree.get(at)?.parent ?? null) if (at === ancestor) return true;
  return false;
}

/** The tree of regions, and groups of them. */
export const regions = lifecycle<Tree, Province>()({
  refuses: refuse,
  initial: OrderedMap(),
  decide: {
    RegisterRegion: ({ region, name, level, parent = null, basis }, tree) => {
      const isProvince = level === 'province';
      if (tree.has(region)) return refuse('region.exists', { region });
      if (isProvince && parent !== null) return refuse('region.province-has-no-parent');
      if (isProvince && tree.some((r) => r.level === 'province')) return refuse('region.one-province');
      if (!isProvince && parent === null) return refuse('region.needs-parent');
      if (parent !== null && !tree.has(parent)) return unknownRegion(parent, 'parent');
      return [{ type: 'region.registered.v1', data: { region, name, level, parent, basis } }];
    },

    MoveRegion: ({ region, parent, basis }, tree) => {
      const at = tree.get(region);
      if (!at) return unknownRegion(region, 'region');
      if (!tree.has(parent)) return unknownRegion(parent, 'parent');
      if (within(tree, parent, region)) return refuse('region.cycle', { region, parent });
      if (at.parent === parent) return [];
      return [{ type: 'region.moved.v1', data: { region, parent, basis } }];
    },

    DefineRegionGroup: ({ group, name, regions: members, basis }, tree) => {
      const stranger = members.find((region) => !tree.has(region));
      if (stranger !== undefined) return unknownRegion(stranger, 'regions');
      return [{ type: 'region-group.defined.v1', data: { group, name, regions: [...new Set(members)], basis } }];
    },
  },
  evolve: {
    'region.registered.v1': (tree, { region, name, level, parent }) => tree.set(region, { name, level, parent }),
    'region.moved.v1': (tree, { region, parent }) => tree.update(region, (at) => ({ ...at!, parent })),
    // No rule looks at groups.
    'region-group.defined.v1': (tree) => tree,
  },
});

/** GB/T 2260 codes: in any period a code belongs to one region, and a region has one code. */
export const codes = lifecycle<Codes, Province>()({
  refuses: refuse,
  initial: List(),
  decide: {
    MapRegionCode: ({ region, code, from, until = null, basis }, all, { whole }) => {
      if (!whole.regions.has(region)) return unknownRegion(region, 'region');
      if (until !== null && until <= from) return refuse('code.period');
      const rivals = all.filter((c) => overlap(c, { from, until }));
      const taken = rivals.find((c) => c.code === code && c.region !== region);
      if (taken) return refuse('code.taken', { region: taken.region });
      const second = rivals.find((c) => c.region === region);
      if (second) return refuse('code.second', { code: second.code });
      return [{ type: 'region.code-mapped.v1', data: { region, code, from, until, basis } }];
    },
  },
  evolve: {
    'region.code-mapped.v1': (all, { region, code, from, until }) => all.push({ region, code, from, until }),
  },
});
