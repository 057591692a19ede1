import { checkMessage, lists, type AnyList, type FeedRecord } from '#libs/messages';
import { fold, type Build, type ReadModel, type Sql, type Touch } from '#libs/read-models';

/** A record that could not be kept, and why. */
interface Skipped {
  readonly record: FeedRecord;
  readonly reason: string;
}

const listsByType = new Map<string, AnyList>(lists.map((list) => [list.type, list]));

/**
 * Folds records, in their order, into the tables of their feed. One that this release does not know, or cannot keep, is put
 * aside: an older city must be able to follow a newer province, and one bad message must not hold up all others.
 *
 * @returns how many were put aside
 */
export async function applyRecords(
  sql: Sql,
  model: ReadModel,
  build: Build,
  records: readonly FeedRecord[],
): Promise<number> {
  const read = records.map((record) => ({ record, ...readOf(model, record) }));
  const kept = read.flatMap(({ record, touch }) => (touch ? [{ record, touch }] : []));
  const skipped = read.flatMap(({ record, reason }) => (reason === undefined ? [] : [{ record, reason }]));
  const touches = kept.map(({ touch }) => touch);
  if ((await failureOf(sql, () => fold(sql, model, build, touches))) !== undefined) {
    // At least one of them: each for itself, so that no other is left out.
    for (const { record, touch } of kept) {
      const reason = await failureOf(sql, () => fold(sql, model, build, [touch]));
      if (reason !== undefined) skipped.push({ record, reason });
    }
  }
  await putAside(sql, skipped);
  return skipped.length;
}

function readOf({ lists: kept }: ReadModel, record: FeedRecord): { readonly touch?: Touch; readonly reason?: string } {
  const list = listsByType.get(record.type);
  if (!list || !kept.includes(list)) return { reason: '本版本不识别此类型 (a type that this release does not know)' };
  try {
    checkMessage(record.type, record.data);
    return { touch: touchOf(list, record) };
  } catch (error) {
    return { reason: (error as Error).message };
  }
}

/** A whole state: what the thing was before does not matter. */
function touchOf(list: AnyList, record: FeedRecord): Touch {
  const { id, cause, stream, feedsequence, data, occurredon } = record;
  return {
    list,
    key: list.key.map((name: string) => (data as Readonly<Record<string, string | number>>)[name]!),
    apply: () => data,
    day: occurredon,
    // Fixed in width, so that positions compare as the numbers do.
    position: String(feedsequence).padStart(16, '0'),
    // The revision of the province's event is not told of; here is the record's own number.
    event: { id, type: cause, stream, revision: feedsequence },
  };
}

/** Does the work, and undoes it where it is the data that PostgreSQL or a figure cannot hold: why, or nothing. */
async function failureOf(sql: Sql, work: () => Promise<void>): Promise<string | undefined> {
  await sql.query('savepoint apply');
  try {
    await work();
    await sql.query('release savepoint apply');
    return undefined;
  } catch (error) {
    if (!isOfData(error)) throw error;
    await sql.query('rollback to savepoint apply');
    return (error as Error).message;
  }
}

/** SQLSTATE classes 22 data exception, 23 constraint violation, 54 program limit exceeded. */
function isOfData(error: unknown): boolean {
  const { code } = error as { readonly code?: unknown };
  return error instanceof RangeError || (typeof code === 'string' && /^(22|23|54)...$/.test(code));
}

async function putAside(sql: Sql, skipped: readonly Skipped[]): Promise<void> {
  if (skipped.length === 0) return;
  const rows = skipped.map(({ record, reason }) => {
    // A text in PostgreSQL holds no NUL; what is kept as JSON keeps it escaped.
    return [record.feed, record.feedsequence, record.type, reason, JSON.stringify(record)];
  });
  await sql.query(
    `insert into skipped select * from unnest($1::text[], $2::bigint[], $3::text[], $4::text[], $5::json[])
      on conflict do nothing`,
    [0, 1, 2, 3, 4].map((i) => rows.map((row) => row[i])),
  );
}
