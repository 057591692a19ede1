import { OrderedMap } from 'immutable';
import { lifecycle, notBefore, refusals, unknownRegion } from '#libs/eventing';
import { isBeyond, isPlace, type RegionLevel } from '#libs/messages';
import { codesAt, dependsOnHub, inTheWay, linksAt, ofReferences, zonesAt } from './references.js';
import {
  gone,
  isAbove,
  levelNames,
  levelsAbove,
  ofTree,
  within,
  type Changing,
  type Region,
  type Tree,
} from './region-tree.js';
import type { Province } from './topology.decider.js';

const refuse = refusals({
  'region.exists': [
    'conflict',
    '区域 {region} 已登记；另一区域须另立标识',
    'Region {region} is already registered: another has another id',
    'region',
  ],
  'region.place': [
    'invalid',
    '{region} 是省外、境外地点的标识，不能作区域标识',
    '{region} is the form of a place beyond the province',
    'region',
  ],
  'region.needs-parent': ['invalid', '省级以下的区域须有上级', 'A region below the province needs a parent', 'parent'],
  'region.province-has-no-parent': ['invalid', '省级区域没有上级', 'The province has no parent', 'parent'],
  'region.one-province': [
    'conflict',
    '省级区域已登记；其他区域须在其下',
    'The province is already registered: all others lie under it',
    'level',
  ],
  'region.cycle': [
    'conflict',
    '{parent} 在 {region} 之下，不能作它的上级；请另选上级',
    '{parent} lies under {region} and cannot be its parent: choose another',
    'parent',
  ],
  'region.level': [
    'invalid',
    '{zh}级区域只能在{levelsZh}级之下，{parent} 是{aboveZh}级',
    'A region of level {level} lies under {levels}; {parent} is of level {above}',
    'parent',
  ],
  'region.own-successor': ['invalid', '区域不能由自身承接', 'A region does not succeed itself', 'into'],
  'region.administers-itself': [
    'invalid',
    '代管须由另一区域，且不在其内',
    'Another region administers it, which does not lie inside it',
    'by',
  ],
});

const NEW = { administeredBy: null, endedOn: null, into: [] } as const;

const changed =
  <Field extends Changing>(field: Field, to: Region[Field], on: string) =>
  (at: Region | undefined): Region =>
    on < at!.days[field] ? at! : { ...at!, [field]: to, days: { ...at!.days, [field]: on } };

/** The tree of regions, and groups of them. */
export const regions = lifecycle<Tree, Province>()({
  refuses: { texts: { ...ofTree.texts, ...ofReferences.texts, ...refuse.texts } },
  initial: OrderedMap(),
  decide: {
    RegisterRegion: ({ on, region, name, level, parent = null, basis }, tree) => {
      const isProvince = level === 'province';
      if (isPlace(region) || isBeyond(region)) return refuse('region.place', { region });
      const above = parent === null ? undefined : tree.get(parent);
      if (tree.has(region)) return refuse('region.exists', { region });
      if (isProvince && parent !== null) return refuse('region.province-has-no-parent');
      if (isProvince && tree.some((r) => r.level === 'province')) return refuse('region.one-province');
      if (!isProvince && parent === null) return refuse('region.needs-parent');
      if (parent !== null && !above) return unknownRegion(parent, 'parent');
      const early = above && notBefore(on, [[above.since, '上级登记', 'the registration of its parent']]);
      const misplaced = above && misplacedUnder(tree, level, parent!);
      return early ?? misplaced ?? [{ type: 'region.registered.v1', data: { region, name, level, parent, basis } }];
    },

    RenameRegion: ({ on, region, name, basis }, tree) => {
      const at = tree.get(region);
      if (!at) return unknownRegion(region, 'region');
      const barred = notBefore(on, [[at.since, '区域登记', 'its registration']]) ?? gone(tree, region);
      if (barred) return barred;
      if (at.name === name && on >= at.days.name) return [];
      return [{ type: 'region.renamed.v1', data: { region, name, basis } }];
    },

    MoveRegion: ({ on, region, parent, basis }, tree, { whole, world }) => {
      const at = tree.get(region);
      if (!at) return unknownRegion(region, 'region');
      if (!tree.has(parent)) return unknownRegion(parent, 'parent');
      if (at.level === 'province') return refuse('region.province-has-no-parent');
      if (isAbove(tree, region, parent)) return refuse('region.cycle', { region, parent });
      const early = notBefore(on, [[at.since, '区域登记', 'its registration']]);
      const barred = early ?? gone(tree, region) ?? misplacedUnder(tree, at.level, parent);
      if (barred) return barred;
      if (at.parent === parent && on >= at.days.parent) return [];
      const inHub = (place: string) => whole.hub.region !== null && within(tree, place, whole.hub.region);
      const tied = linksAt(whole, region).filter((link) => dependsOnHub(link, world));
      const torn = region !== whole.hub.region && inHub(region) !== inHub(parent) ? tied.keys() : [];
      const tiedUp = inTheWay([['联动关系', 'links', torn]]);
      if (tiedUp) return tiedUp;
      return [{ type: 'region.moved.v1', data: { region, parent, basis } }];
    },

    AdministerRegion: ({ on, region, by: administeredBy = null, basis }, tree) => {
      const at = tree.get(region);
      if (!at) return unknownRegion(region, 'region');
      if (administeredBy !== null && !tree.has(administeredBy)) return unknownRegion(administeredBy, 'by');
      if (administeredBy !== null && isAbove(tree, region, administeredBy)) return refuse('region.administers-itself');
      const barred = notBefore(on, [[at.since, '区域登记', 'its registration']]) ?? gone(tree, region);
      if (barred) return barred;
      if (at.administeredBy === administeredBy && on >= at.days.administeredBy) return [];
      return [{ type: 'region.administered.v1', data: { region, administeredBy, basis } }];
    },

    EndRegion: ({ on, region, into = [], basis }, tree, { whole }) => {
      const at = tree.get(region);
      const stranger = into.find((successor) => !tree.has(successor));
      if (!at) return unknownRegion(region, 'region');
      if (stranger !== undefined) return unknownRegion(stranger, 'into');
      if (into.includes(region)) return refuse('region.own-successor');
      const changedOn = [at.since, ...Object.values(at.days)].reduce((a, b) => (a < b ? b : a));
      const early = notBefore(on, [[changedOn, '区域登记或最近变更', 'its registration or last change']]);
      const barred = early ?? gone(tree, region) ?? stillUsed(region, on, whole);
      if (barred) return barred;
      return [{ type: 'region.ended.v1', data: { region, into: [...new Set(into)], basis } }];
    },

    DefineRegionGroup: ({ on, group, name, regions: members, basis }, tree) => {
      const stranger = members.find((region) => !tree.has(region));
      if (stranger !== undefined) return unknownRegion(stranger, 'regions');
      const since = members.map(
        (region) => [tree.get(region)!.since, `区域 ${region} 登记`, `the registration of ${region}`] as const,
      );
      const early = notBefore(on, since);
      return (
        early ?? [{ type: 'region-group.defined.v1', data: { group, name, regions: [...new Set(members)], basis } }]
      );
    },
  },
  evolve: {
    'region.registered.v1': (tree, { region, name, level, parent }, on) =>
      tree.set(region, { ...NEW, name, level, parent, since: on, days: { name: on, parent: on, administeredBy: on } }),
    'region.renamed.v1': (tree, { region, name }, on) => tree.update(region, changed('name', name, on)),
    'region.moved.v1': (tree, { region, parent }, on) => tree.update(region, changed('parent', parent, on)),
    'region.administered.v1': (tree, { region, administeredBy }, on) =>
      tree.update(region, changed('administeredBy', administeredBy, on)),
    'region.ended.v1': (tree, { region, into }, on) => tree.update(region, (at) => ({ ...at!, endedOn: on, into })),
    // No rule looks at groups.
    'region-group.defined.v1': (tree) => tree,
  },
});

function misplacedUnder(tree: Tree, level: RegionLevel, parent: string) {
  const above = tree.get(parent)!;
  const levels: readonly RegionLevel[] = levelsAbove[level];
  if (above.endedOn !== null) return gone(tree, parent, 'parent');
  if (levels.includes(above.level)) return undefined;
  return refuse('region.level', {
    level,
    levels: levels.join(', '),
    parent,
    above: above.level,
    zh: levelNames[level],
    levelsZh: levels.map((one) => levelNames[one]).join('、'),
    aboveZh: levelNames[above.level],
  });
}

/** What of the structure refers to a region on a day: none of it goes away with the region. */
function stillUsed(region: string, day: string, whole: Province['state']) {
  const below = whole.regions.filter(
    (at) => at.endedOn === null && (at.parent === region || at.administeredBy === region),
  );
  return inTheWay([
    ['总窗口', 'the hub', whole.hub.region === region ? [region] : []],
    ['下级或代管区域', 'regions under it', below.keys()],
    ['有效代码', 'codes in force', codesAt(whole, region, day)],
    ['区', 'zones', zonesAt(whole, region).keys()],
    ['联动关系', 'links', linksAt(whole, region, 'itself').keys()],
  ]);
}
