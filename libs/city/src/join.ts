import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import type { FeedHead, FeedRecord } from '#libs/messages';
import { completeTables, createTables, dropTables, replaceTables, type ReadModel } from '#libs/read-models';
import { applyRecords } from './apply.js';
import type { Province } from './connection.js';
import { lockCursor, moveCursor } from './cursor.js';
import { onClient, transaction } from './database.js';
import { errorOf, verify } from './verify.js';

/** Records asked for at once. */
const PAGE = 1000;
/** How often a process looks whether another one has done it, in milliseconds. */
const LOOK_AGAIN_MS = 200;

interface Joining {
  readonly feed: string;
  readonly model: ReadModel;
  readonly province: Province;
  readonly signal: AbortSignal;
}

interface Joined {
  readonly head: FeedHead;
  readonly applied: number;
  readonly skipped: number;
}

/**
 * Builds the tables of a feed from the last record of each thing, beside those that are read, and puts them in their place
 * together with the cursor. The digest that the province names with the first page is where the chain begins.
 *
 * @throws when the province cannot be asked, or what it gives does not follow; then nothing has changed
 */
export function join(pool: pg.Pool, { feed, model, province, signal }: Joining): Promise<Joined> {
  // One process of the city at a time: the others find it done.
  return locked(pool, `liandong ${feed}`, signal, async (client) => {
    const before = await transaction(client, (sql) => lockCursor(sql, feed));
    if (before.sequence > 0) return { head: before, applied: 0, skipped: 0 };
    let page = await province.fetchLatest(0, PAGE, signal);
    let head = page.last;
    const counts = { applied: 0, skipped: 0 };
    const apply = async (records: readonly FeedRecord[]) => {
      counts.skipped += await transaction(client, (sql) => applyRecords(sql, model, 'next', records));
      counts.applied += records.length;
    };
    await transaction(client, async (sql) => {
      await createTables(sql, model, 'next');
      await sql.query('delete from skipped where feed = $1', [feed]);
    });
    for (const end = head.sequence; ;) {
      await apply(page.records.filter((record) => record.feedsequence <= end));
      const last = page.records.at(-1)?.feedsequence ?? end;
      if (last >= end) break;
      page = await province.fetchLatest(last, PAGE, signal);
    }
    // What was replaced while it was read was not among them; it has come with what follows.
    for (let more = true; more;) {
      const { records } = await province.fetchRange(head.sequence, PAGE, signal);
      const followed = verify(head, records);
      if (followed.stopped) throw errorOf(followed.head, followed.stopped);
      await apply(followed.records);
      head = followed.head;
      more = records.length === PAGE;
    }
    const reached = await transaction(client, async (sql) => {
      const now = await lockCursor(sql, feed);
      if (now.sequence > 0) {
        await dropTables(sql, model, 'next');
        return now;
      }
      await completeTables(sql, model, 'next');
      await replaceTables(sql, model);
      await moveCursor(sql, feed, head);
      return head;
    });
    return { head: reached, ...counts };
  });
}

async function locked<T>(
  pool: pg.Pool,
  name: string,
  signal: AbortSignal,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  return onClient(pool, async (client) => {
    const isMine = async () => {
      const { rows } = await client.query<{ mine: boolean }>('select pg_try_advisory_lock(hashtext($1)) as mine', [
        name,
      ]);
      return rows[0]!.mine;
    };
    while (!(await isMine())) await sleep(LOOK_AGAIN_MS, undefined, { signal });
    try {
      return await work(client);
    } finally {
      // With a connection that broke the lock has ended.
      await client.query('select pg_advisory_unlock(hashtext($1))', [name]).catch(() => undefined);
    }
  });
}
