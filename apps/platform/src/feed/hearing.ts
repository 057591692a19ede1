import type { EntityManager } from 'typeorm';
import type { RecordedEvent } from '#libs/eventing';
import type { Work } from '#libs/eventing-postgres';
import {
  above,
  checkMessage,
  isPlace,
  lists,
  REFERENCE_FEED,
  regionFeed,
  regions,
  touched,
  type AnyList,
  type RowOf,
  type Touched,
} from '#libs/messages';
import { contexts } from '../contexts.js';

const messages = Object.assign(
  {},
  ...contexts.map((context) => context.messages),
) as (typeof contexts)[number]['messages'];

/** The events that feeds are told of. */
export const types = Object.keys(messages);

/** A thing as it was last told of, and the sequence of that record in each feed. */
export interface Thing {
  readonly data: object | undefined;
  readonly told: Readonly<Record<string, number>>;
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

/** The subjects that an event speaks of. */
export const subjectsOf = (event: RecordedEvent): string[] => [...touchesOf(event).keys()];

/** A thing as an event has made it. */
export interface Told {
  readonly event: RecordedEvent;
  readonly subject: string;
  readonly list: AnyList;
  readonly data: object;
  /** Of the event's records the how-manieth. */
  readonly index: number;
}

/** With the feeds that hear of it. */
export interface Addressed extends Told {
  readonly to: readonly string[];
}

type Region = RowOf<typeof regions>;
type Things = Map<string, Thing>;

const REGION = `${regions.name}/`;

/** What events say, in their order, and to whom; with the things as they stand after them. */
export async function toldOf(tx: EntityManager, work: readonly Work[]): Promise<{ told: Addressed[]; things: Things }> {
  const things = await load(tx, [...new Set(work.map(({ key }) => key))]);
  await loadAbove(tx, things, new Set(work.flatMap(({ event }) => event.metadata.regions)));
  const told: Addressed[] = [];
  for (const one of work) told.push(...(await toldBy(tx, one, things)));
  return { told, things };
}

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
