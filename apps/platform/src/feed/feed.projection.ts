import type { EntityManager } from 'typeorm';
import type { Projected } from '#libs/eventing-postgres';
import { EMPTY_FEED, nextDigest, startOfDayUtc, type FeedHead, type FeedRecord } from '#libs/messages';
import { subjectsOf, toldOf, types, type Thing, type Told } from './hearing.js';

interface Entry {
  readonly feed: string;
  readonly sequence: number;
  readonly subject: string;
  readonly record: FeedRecord;
}

/**
 * Numbers each feed's records 1, 2, 3 … in the transaction of the checkpoint, so that no hole and no double can come about,
 * whatever dies in between; the relay and the HTTP door only copy. They have been sent to cities, so that they are never
 * numbered anew. A message that does not fit its schema gets no number: its thing is parked, all others go on.
 */
export const feeds: Projected = {
  name: 'feeds',
  version: 1,
  types,
  keys: subjectsOf,
  async apply(tx, work) {
    const { told, things } = await toldOf(tx, work);
    const heads = await lockHeads(tx, [...new Set(told.flatMap(({ to }) => to))]);
    const entries = told.flatMap(({ to, ...change }) => to.map((feed) => numbered(feed, change, heads, things)));
    await write(tx, entries, heads, things);
  },
};

function numbered(feed: string, told: Told, heads: Map<string, FeedHead>, things: Map<string, Thing>): Entry {
  const { event, subject, list, data, index } = told;
  const { metadata } = event;
  const head = heads.get(feed) ?? { sequence: 0, digest: EMPTY_FEED };
  const thing = things.get(subject)!;
  const sequence = head.sequence + 1;
  const occurredon = metadata.occurredAt.slice(0, 10);
  const record: Omit<FeedRecord, 'digest'> = {
    specversion: '1.0',
    id: `${event.id}.${index}`,
    source: '/liandong/province',
    type: list.type,
    subject,
    time: startOfDayUtc(occurredon),
    datacontenttype: 'application/json',
    data,
    feed,
    feedsequence: sequence,
    replaces: thing.told[feed] ?? 0,
    occurredon,
    recordedat: metadata.recordedAt,
    actor:
      metadata.actor.region === undefined ? metadata.actor.role : `${metadata.actor.role}@${metadata.actor.region}`,
    cause: event.type,
    stream: event.stream,
  };
  const digest = nextDigest(head.digest, record);
  heads.set(feed, { sequence, digest });
  things.set(subject, { ...thing, told: { ...thing.told, [feed]: sequence } });
  return { feed, sequence, subject, record: { ...record, digest } };
}

async function lockHeads(tx: EntityManager, feedNames: readonly string[]): Promise<Map<string, FeedHead>> {
  const rows = await tx.query<{ feed: string; sequence: string; digest: string }[]>(
    'select feed, sequence, digest from feed_heads where feed = any($1) order by feed for update',
    [feedNames],
  );
  return new Map(rows.map(({ feed, sequence, digest }) => [feed, { sequence: Number(sequence), digest }]));
}

async function write(
  tx: EntityManager,
  entries: readonly Entry[],
  heads: ReadonlyMap<string, FeedHead>,
  things: ReadonlyMap<string, Thing>,
): Promise<void> {
  if (entries.length === 0) return;
  const replaced = new Set(entries.map(({ feed, record }) => `${feed} ${record.replaces}`));
  const rows = entries.map((entry) => ({ ...entry, latest: !replaced.has(`${entry.feed} ${entry.sequence}`) }));
  await tx.query(
    `update feeds f set latest = false
      from jsonb_to_recordset($1) as r(feed text, replaces bigint) where f.feed = r.feed and f.sequence = r.replaces`,
    [JSON.stringify(entries.map(({ feed, record: { replaces } }) => ({ feed, replaces })))],
  );
  await tx.query(
    `insert into feeds (feed, sequence, subject, latest, record)
      select feed, sequence, subject, latest, record from jsonb_populate_recordset(null::feeds, $1)`,
    [JSON.stringify(rows)],
  );
  await tx.query(
    `insert into feed_heads select * from jsonb_populate_recordset(null::feed_heads, $1)
      on conflict (feed) do update set sequence = excluded.sequence, digest = excluded.digest`,
    [JSON.stringify([...heads].map(([feed, head]) => ({ feed, ...head })))],
  );
  const subjects = new Set(entries.map(({ subject }) => subject));
  await tx.query(
    `insert into feed_things select * from jsonb_populate_recordset(null::feed_things, $1)
      on conflict (subject) do update set data = excluded.data, told = excluded.told`,
    [JSON.stringify([...subjects].map((subject) => ({ subject, ...things.get(subject)! })))],
  );
}
