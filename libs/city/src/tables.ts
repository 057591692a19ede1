import { hash } from 'node:crypto';
import type pg from 'pg';
import { canonicalText, EMPTY_FEED, figures, lists, REFERENCE_FEED, regionFeed, type AnyList } from '#libs/messages';
import { createTables, type ReadModel, type Sql } from '#libs/read-models';
import { onClient, SCHEMA, transaction } from './database.js';

const isReference = ({ visibleTo }: AnyList) => visibleTo === 'all';

const REFERENCE: ReadModel = { lists: lists.filter(isReference), figures: [] };
const OF_A_REGION: ReadModel = { lists: lists.filter((list) => !isReference(list)), figures };

/** What comes by a feed: each list comes by one of the two, so that its positions are numbers of one feed. */
export const modelOf = (feed: string): ReadModel => (feed === REFERENCE_FEED ? REFERENCE : OF_A_REGION);

/** Raise it when the same records would be kept in another way: every city then builds everything anew. */
const RELEASE = 1;

const OWN_TABLES = `
  create table city (region text primary key, shape text not null);
  create table feeds (
    feed text primary key, sequence bigint not null, digest text not null, updated_at timestamptz not null
  );
  create table skipped (
    feed text, sequence bigint, type text not null, reason text not null, record json not null,
    primary key (feed, sequence)
  )`;

/** The tables of the release before this one, which lay beside the city's others. */
const EARLIER = `public.feed_cursor, public.carriers, public.space, public.allocations, public.contracts,
  public.instrument_uses, public.structure, public.skipped_types`;

/** The database belongs to another city. */
export class OtherCityError extends Error {
  constructor(
    readonly city: string,
    readonly wanted: string,
  ) {
    super(`the database belongs to ${city}, not to ${wanted}`);
    this.name = 'OtherCityError';
  }
}

/**
 * Makes the tables that this release keeps; what an earlier one has left in another shape is dropped, since all of it can be
 * had from the province again.
 *
 * @throws OtherCityError
 */
export async function openTables(pool: pg.Pool, region: string): Promise<void> {
  const mine = await shape();
  await onClient(pool, (client) =>
    transaction(client, async (sql) => {
      // Two processes of one city may start at once.
      await sql.query(`select pg_advisory_xact_lock(hashtext('${SCHEMA}'))`);
      const found = await earlier(sql);
      if (found && found.region !== region) throw new OtherCityError(found.region, region);
      if (found?.shape === mine) return;
      if (found && found.shape === null) await sql.query(`drop table if exists ${EARLIER}`);
      await sql.query(`drop schema if exists ${SCHEMA} cascade; create schema ${SCHEMA}; ${OWN_TABLES}`);
      for (const feed of feedsOf(region)) {
        await createTables(sql, modelOf(feed), 'live');
        await sql.query('insert into feeds values ($1, 0, $2, now())', [feed, EMPTY_FEED]);
      }
      await sql.query('insert into city values ($1, $2)', [region, mine]);
    }),
  );
}

/** The feeds of a city; what the second says of regions is in the first. */
export const feedsOf = (region: string): readonly [reference: string, region: string] => [
  REFERENCE_FEED,
  regionFeed(region),
];

/** Whose database it is; no shape where the release was one that did not keep it. */
async function earlier(sql: Sql): Promise<{ readonly region: string; readonly shape: string | null } | undefined> {
  const tables = await sql.query<{ own: string | null; before: string | null }>(
    `select to_regclass('${SCHEMA}.city') as own, to_regclass('public.feed_cursor') as before`,
  );
  const { own, before } = tables[0]!;
  if (own !== null) return (await sql.query<{ region: string; shape: string }>('select region, shape from city'))[0];
  if (before === null) return undefined;
  return (await sql.query<{ region: string; shape: null }>('select region, null as shape from public.feed_cursor'))[0];
}

let known: Promise<string> | undefined;

/** A digest of all that decides what the tables look like and hold: the declarations, and the statements that make them. */
export const shape = (): Promise<string> => (known ??= shapeOf());

async function shapeOf(): Promise<string> {
  const statements: string[] = [OWN_TABLES];
  const told: Sql = {
    query: async (text) => {
      statements.push(text);
      return [];
    },
  };
  for (const model of [REFERENCE, OF_A_REGION]) await createTables(told, model, 'live');
  return hash('sha256', canonicalText([RELEASE, statements, lists, figures]) ?? '');
}
