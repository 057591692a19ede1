import type { EntityManager } from 'typeorm';
import type { RecordedEvent } from '#libs/eventing';
import type { Projected, Work } from '#libs/eventing-postgres';
import {
  above,
  checkMessage,
  EMPTY_FEED,
  isPlace,
  lists,
  nextDigest,
  REFERENCE_FEED,
  regionFeed,
  regions,
  startOfDayUtc,
  touched,
  type AnyList,
  type FeedHead,
  type FeedRecord,
  type RowOf,
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
    await loadAbove(tx, things, new Set(work.flatMap(({ event }) => event.metadata.regions)));
    const told: Addressed[] = [];
    for (const one of work) told.push(...(await toldBy(tx, one, things)));
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
  /** Of the event's records the how-manieth. */
  readonly index: number;
}

/** With the feeds that hear of it. */
interface Addressed extends Told {
  readonly to: readonly string[];
}

type Region = RowOf<typeof regions>;
type Things = Map<string, Thing>;

const REGION = `${regions.name}/`;

/** What an event makes of a thing, and which feeds hear of it: also those that it concerned until now. */
async function toldBy(tx: EntityManager, { key: subject, event }: Work, things: Things): Promise<Addressed[]> {
  const { list, apply, index } = touchesOf(event).get(subject)!;
  const before = things.get(subject);
  const data = apply(before?.data);
  if (!data) return [];
  checkMessage(list.type, data);
  const lay = before?.data && list === regions ? hearing((data as Region).region, things) : undefined;
  await loadAbove(tx, things, concernedBy(list, data));
  things.set(subject, { data, told: before?.told ?? {} });
  const to = [data, before?.data ?? data].flatMap((at) => feedsOf(list, at, things));
  const told = addressed({ event, subject, list, data, index }, to, things);
  return lay ? [told, ...(await heardAnew(tx, told, lay, things))] : [told];
}

/** The regions that a thing names as its own; what lies beyond the province has no feed. */
function concernedBy({ visibleTo }: AnyList, data: object): string[] {
  if (visibleTo === 'all') return [];
  const named = visibleTo.map((field: string) => (data as Readonly<Record<string, string | null>>)[field]);
  return named.flatMap((region) => (region && !isPlace(region) ? [region] : []));
}

const feedsOf = (list: AnyList, data: object, things: Things): string[] =>
  list.visibleTo === 'all'
    ? [REFERENCE_FEED]
    : concernedBy(list, data).flatMap((region) => hearing(region, things).map(regionFeed));

/** A region and all that it lies in, below the province itself, which knows without a feed. */
function hearing(region: string, things: Things): string[] {
  const at = (one: string) => things.get(REGION + one)?.data as Region | undefined;
  return [...above(region, at)].filter((one) => one === region || at(one)?.level !== 'province');
}

/**
 * What a region comes to lie in is told of all that concerned it before, as it stands: from then on that feed, too, holds the
 * whole of it.
 */
async function heardAnew(
  tx: EntityManager,
  region: Told,
  lay: readonly string[],
  things: Things,
): Promise<Addressed[]> {
  const { event, index, data: moved } = region;
  const id = (moved as Region).region;
  const newly = hearing(id, things)
    .filter((one) => !lay.includes(one))
    .map(regionFeed);
  if (newly.length === 0) return [];
  const own = regionFeed(id);
  for (const [subject, thing] of await toldTo(tx, own)) if (!things.has(subject)) things.set(subject, thing);
  const told = [...things].filter(([, thing]) => own in thing.told).sort(([a], [b]) => (a < b ? -1 : 1));
  const listed = told.map(([subject, { data }]) => ({ subject, list: listOf(subject), data: data! }));
  await loadAbove(tx, things, new Set(listed.flatMap(({ list, data }) => concernedBy(list, data))));
  return listed.map(({ subject, list, data }, n) => {
    const to = feedsOf(list, data, things).filter((feed) => newly.includes(feed));
    return addressed({ event, subject, list, data, index: index + 1 + n }, to, things);
  });
}

/** To each of these feeds once; that they are told of it is known before the record has its number there. */
function addressed(told: Told, feedNames: readonly string[], things: Things): Addressed {
  const to = [...new Set(feedNames)].sort();
  const thing = things.get(told.subject)!;
  things.set(told.subject, { ...thing, told: { ...Object.fromEntries(to.map((feed) => [feed, 0])), ...thing.told } });
  return { ...told, to };
}

const listOf = (subject: string): AnyList => lists.find(({ name }) => subject.startsWith(`${name}/`))!;

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

async function load(tx: EntityManager, subjects: readonly string[]): Promise<Things> {
  return thingsOf(await tx.query('select subject, data, told from feed_things where subject = any($1)', [subjects]));
}

async function toldTo(tx: EntityManager, feed: string): Promise<Things> {
  return thingsOf(await tx.query('select subject, data, told from feed_things where told ? $1', [feed]));
}

/** What these regions lie in. */
async function loadAbove(tx: EntityManager, things: Things, concerned: Iterable<string>): Promise<void> {
  const missing = [...concerned].map((region) => REGION + region).filter((subject) => !things.has(subject));
  if (missing.length === 0) return;
  const found: (Thing & { subject: string })[] = await tx.query(
    `with recursive up as (
      select subject, data, told from feed_things where subject = any($1)
      union
      select t.subject, t.data, t.told from up, feed_things t where t.subject = any(
        array[$2 || (up.data ->> 'parent'), $2 || (up.data ->> 'administeredBy')]
        || array(select $2 || jsonb_array_elements_text(up.data -> 'into')))
    ) select subject, data, told from up`,
    [missing, REGION],
  );
  for (const [subject, thing] of thingsOf(found)) if (!things.has(subject)) things.set(subject, thing);
  // One that is not registered is not looked for again.
  for (const subject of missing) if (!things.has(subject)) things.set(subject, { data: undefined, told: {} });
}

const thingsOf = (rows: readonly (Thing & { subject: string })[]): Things =>
  new Map(rows.map(({ subject, ...thing }) => [subject, thing]));

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
