import type { EntityManager } from 'typeorm';
import type { RecordedEvent } from '#libs/eventing';
import type { Projected, Work } from '#libs/eventing-postgres';
import {
  checkMessage,
  EMPTY_FEED,
  isPlace,
  nextDigest,
  REFERENCE_FEED,
  regionFeed,
  startOfDayUtc,
  touched,
  type AnyList,
  type FeedHead,
  type FeedRecord,
  type Touched,
} from '#libs/messages';
import { contexts } from '../contexts.js';

const messages = Object.assign(
  {},
  ...contexts.map((context) => context.messages),
) as (typeof contexts)[number]['messages'];

/** A thing as it was last told of, and the sequence of that record in each feed. */
interface Thing {
  readonly data: object | undefined;
  readonly told: Readonly<Record<string, number>>;
}

interface Entry {
  readonly feed: string;
  readonly sequence: number;
  readonly subject: string;
  readonly record: FeedRecord;
}

const subjectOf = ({ list, key }: Touched): string => [list.name, ...key].join('/');

/** What an event says, by subject, each with its number. One that speaks of thousands is asked for each of them. */
const said = new WeakMap<RecordedEvent, ReadonlyMap<string, Touched & { readonly index: number }>>();

function touchesOf(event: RecordedEvent) {
  const { type, data, metadata } = event;
  const made = () => {
    const touches = touched(messages, type, data, metadata.occurredAt.slice(0, 10));
    return new Map(touches.map((touch, index) => [subjectOf(touch), { ...touch, index }]));
  };
  const touches = said.get(event) ?? made();
  said.set(event, touches);
  return touches;
}

/**
 * Numbers each feed's records 1, 2, 3 … in the transaction of the checkpoint, so that no hole and no double can come about,
 * whatever dies in between; the relay and the HTTP door only copy. They have been sent to cities, so that they are never
 * numbered anew. A message that does not fit its schema gets no number: its thing is parked, all others go on.
 */
export const feeds: Projected = {
  name: 'feeds',
  version: 1,
  types: Object.keys(messages),
  keys: (event) => [...touchesOf(event).keys()],
  async apply(tx, work) {
    const things = await load(tx, [...new Set(work.map(({ key }) => key))]);
    const told = work.flatMap((one) => changeOf(one, things));
    const heads = await lockHeads(tx, [...new Set(told.flatMap(({ to }) => to))]);
    const entries = told.flatMap(({ to, ...change }) => to.map((feed) => numbered(feed, change, heads, things)));
    await write(tx, entries, heads, things);
  },
};

interface Told {
  readonly event: RecordedEvent;
  readonly subject: string;
  readonly list: AnyList;
  readonly data: object;
  readonly index: number;
}

/** What an event makes of a thing, and which feeds hear of it: also those that it concerned before. */
function changeOf({ key: subject, event }: Work, things: Map<string, Thing>): (Told & { to: string[] })[] {
  const { list, apply, index } = touchesOf(event).get(subject)!;
  const thing = things.get(subject) ?? { data: undefined, told: {} };
  const data = apply(thing.data);
  if (!data) return [];
  checkMessage(list.type, data);
  const to = new Set([...Object.keys(thing.told), ...feedsOf(list, data)]);
  things.set(subject, {
    ...thing,
    data,
    told: Object.fromEntries([...to].map((feed) => [feed, thing.told[feed] ?? 0])),
  });
  return [{ event, subject, list, data, index, to: [...to].sort() }];
}

function feedsOf({ visibleTo }: AnyList, data: object): string[] {
  if (visibleTo === 'all') return [REFERENCE_FEED];
  const regions = visibleTo.map((field: string) => (data as Readonly<Record<string, string | null>>)[field]);
  // What lies beyond the province has no feed.
  return regions.flatMap((region) => (region && !isPlace(region) ? [regionFeed(region)] : []));
}

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

async function load(tx: EntityManager, subjects: readonly string[]): Promise<Map<string, Thing>> {
  const rows = await tx.query<(Thing & { subject: string })[]>(
    'select subject, data, told from feed_things where subject = any($1)',
    [subjects],
  );
  return new Map(rows.map(({ subject, ...thing }) => [subject, thing]));
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
