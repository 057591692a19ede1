import { regions, type RowOf } from '#libs/messages';
import { askList, type Times } from './list-query.js';
import type { Sql } from './sql.js';

type Region = RowOf<typeof regions>;

/** More than a province has, down to its parks. */
const ALL = 100_000;

/** Which region of a level each region lies in, on the tree of that day, as it was known then; what lies in none is left out. */
export async function rollUpTo(level: string, sql: Sql, times: Times = {}): Promise<ReadonlyMap<string, string>> {
  const { items } = await askList(sql, regions, { scope: 'all', filter: {}, limit: ALL, ...times });
  const tree = new Map(items.map(({ row }) => [(row as Region).region, row as Region]));
  const above = (region: string | null): string | undefined => {
    const at = region === null ? undefined : tree.get(region);
    return !at || at.level === level ? at?.region : above(at.parent);
  };
  return new Map(
    [...tree.keys()].flatMap((region) => {
      const to = above(region);
      return to === undefined ? [] : [[region, to] as const];
    }),
  );
}
