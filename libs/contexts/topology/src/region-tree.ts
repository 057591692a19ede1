import type { OrderedMap } from 'immutable';
import { refusals, type Refusal } from '#libs/eventing';
import { above, type RegionLevel } from '#libs/messages';

/** What of a region changes. */
export type Changing = 'name' | 'parent' | 'administeredBy';

export interface Region {
  readonly name: string;
  readonly level: RegionLevel;
  readonly parent: string | null;
  /** 代管: the region that administers it in place of its parent; null for none. */
  readonly administeredBy: string | null;
  /** The day of its registration. */
  readonly since: string;
  /** Since when each is as it is: what is recorded late, of a day before that, does not undo it. */
  readonly days: Readonly<Record<Changing, string>>;
  /** The first day on which it is no more; null while it is there. */
  readonly endedOn: string | null;
  /** The regions that have taken its place. */
  readonly into: readonly string[];
}

/** The regions in the order in which they were registered, each with its parent. */
export type Tree = OrderedMap<string, Region>;

/** The levels that a region of each level may lie under. A functional area (园区) lies in any, and has 乡镇、街道 of its own. */
export const levelsAbove = {
  province: [],
  city: ['province'],
  county: ['province', 'city'],
  town: ['city', 'county', 'park'],
  park: ['province', 'city', 'county', 'town', 'park'],
} as const satisfies Record<RegionLevel, readonly RegionLevel[]>;

/** What a level is called in Chinese, before 级. */
export const levelNames = {
  province: '省',
  city: '市',
  county: '县区',
  town: '乡镇',
  park: '园区',
} as const satisfies Record<RegionLevel, string>;

/** Whether `region` is `ancestor` or lies somewhere under it. */
export function within(tree: Tree, region: string, ancestor: string): boolean {
  for (let at: string | null = region; at !== null; at = tree.get(at)?.parent ?? null) if (at === ancestor) return true;
  return false;
}

/** Whether `region` lies in `ancestor`, administered or taken over by others in between or not. */
export const isAbove = (tree: Tree, ancestor: string, region: string): boolean =>
  above(region, (at) => tree.get(at)).has(ancestor);

export const ofTree = refusals({
  'region.ended': [
    'conflict',
    '区域 {region} 已于 {endedOn} 撤销；请改用现行区域',
    'Region {region} ended on {endedOn}: name one that is there',
    'region',
  ],
});

/** Nothing new is said of a region that has ended, or is put into one. Undefined while it is there. */
export function gone(tree: Tree, region: string, field = 'region'): Refusal | undefined {
  const endedOn = tree.get(region)?.endedOn ?? null;
  return endedOn === null ? undefined : { ...ofTree('region.ended', { region, endedOn }), field };
}
