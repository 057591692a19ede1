import { inside, places, regions, type RowOf } from '#libs/messages';
import { askList } from './list-query.js';
import type { Times } from './list-state.js';
import type { Sql } from './sql.js';

type Region = RowOf<typeof regions>;
type Place = RowOf<typeof places>;

/** More than a province has, down to its parks. */
const ALL = 100_000;

/**
 * Which region of a level each region lies in, on the tree of that day, as it was known then; of a place beyond the province
 * whether it lies `elsewhere` (省外) or `abroad` (境外). What lies in none is left out.
 */
export async function rollUpTo(level: string, sql: Sql, times: Times = {}): Promise<ReadonlyMap<string, string>> {
  const all = { scope: 'all', filter: {}, limit: ALL } as const;
  const { items } = await askList(sql, regions, { ...all, ...times });
  // A contract may be older than the day on which its other side was registered here.
  const { items: beyond } = await askList(sql, places, all);
  const tree = new Map(items.map(({ row }) => [(row as Region).region, row as Region]));
  const above = (region: string | null): string | undefined => {
    const at = region === null ? undefined : tree.get(region);
    return !at || at.level === level ? at?.region : above(at.parent);
  };
  return new Map([
    ...[...tree.keys()].flatMap((region) => {
      const to = above(region);
      return to === undefined ? [] : [[region, to] as const];
    }),
    ...beyond.map(({ row }) => [(row as Place).place, (row as Place).lies] as const),
  ]);
}

/** A region and all that lie inside it now: whose things it may see. */
export async function insideOf(region: string, sql: Sql): Promise<ReadonlySet<string>> {
  const { items } = await askList(sql, regions, { scope: 'all', filter: {}, limit: ALL });
  return inside(region, new Map(items.map(({ row }) => [(row as Region).region, row as Region])));
}
