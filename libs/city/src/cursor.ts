import type { FeedHead } from '#libs/messages';
import type { Sql } from '#libs/read-models';
import { shape } from './tables.js';

/**
 * Where the city is in a feed; until the end of the transaction nobody else moves it.
 *
 * @throws when another release has made the tables anew meanwhile: this one must not write into them
 */
export async function lockCursor(sql: Sql, feed: string): Promise<FeedHead> {
  const [row] = await sql.query<{ sequence: string; digest: string }>(
    'select sequence, digest from feeds, city where feed = $1 and shape = $2 for update of feeds',
    [feed, await shape()],
  );
  if (!row)
    throw new Error('本市数据库的表已由另一版本重建 (another release has made the tables of this database anew)');
  return { sequence: Number(row.sequence), digest: row.digest };
}

export async function moveCursor(sql: Sql, feed: string, { sequence, digest }: FeedHead): Promise<void> {
  await sql.query('update feeds set sequence = $2, digest = $3, updated_at = now() where feed = $1', [
    feed,
    sequence,
    digest,
  ]);
}
