import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import type { DomainEvent, NewEvent, RecordedEvent } from '#libs/eventing';
import { sqlOf, workOf } from '#libs/eventing-postgres';
import { EMPTY_FEED, nextDigest, type FeedHead, type FeedPage, type FeedRecord } from '#libs/messages';
import type { Sql } from '#libs/read-models';
import { createTestDatabase, type TestDatabase } from '#libs/testing';
import { contexts, upcasters } from '../apps/platform/src/contexts.js';
import { feeds } from '../apps/platform/src/feed/feed.projection.js';
import { migrations } from '../apps/platform/src/migrations.js';
import { readModelOf } from '../apps/platform/src/read-models.js';

type Stored = NewEvent & { readonly stream: string };

/** Every event of a committed release, in order, as it is read today. */
export const committedHistory = (release: string): Stored[] =>
  readFileSync(join(__dirname, 'histories', `${release}.jsonl`), 'utf8')
    .trim()
    .split('\n')
    .map((line) => upcast(JSON.parse(line) as Stored));

function upcast(event: Stored): Stored {
  const step = (upcasters as Readonly<Record<string, ((data: object) => DomainEvent) | undefined>>)[event.type];
  return step ? upcast({ ...event, ...step(event.data) }) : event;
}

/** What the province's own mappings and projections make of a history: its read models, and its feeds as they are numbered. */
export class TestProvince {
  private position = 0;
  private readonly revisions = new Map<string, number>();

  private constructor(
    private readonly database: TestDatabase,
    private readonly source: DataSource,
  ) {}

  static async open(): Promise<TestProvince> {
    const database = await createTestDatabase();
    const source = await new DataSource({ type: 'postgres', url: database.url, migrations }).initialize();
    await source.runMigrations();
    for (const context of contexts) await source.transaction((tx) => readModelOf(context).create!(tx));
    return new TestProvince(database, source);
  }

  async record(history: readonly Stored[]): Promise<void> {
    const events = history.map((event): RecordedEvent => {
      const revision = (this.revisions.get(event.stream) ?? -1) + 1;
      this.revisions.set(event.stream, revision);
      return { ...event, revision, position: String(++this.position).padStart(16, '0') };
    });
    await this.source.transaction(async (tx) => {
      for (const one of [...contexts.map(readModelOf), feeds]) await one.apply(tx, workOf(one, events), 'live');
    });
  }

  async feed(name: string): Promise<FeedRecord[]> {
    const rows = await this.source.query<{ record: FeedRecord }[]>(
      'select record from feeds where feed = $1 order by sequence',
      [name],
    );
    return rows.map(({ record }) => record);
  }

  ask<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    return this.source.transaction((tx) => work(sqlOf(tx)));
  }

  /** Forgets everything. */
  async clear(): Promise<void> {
    for (const context of contexts) await this.source.transaction((tx) => readModelOf(context).create!(tx));
    await this.source.query('truncate feeds, feed_heads, feed_things');
    this.revisions.clear();
  }

  async close(): Promise<void> {
    await this.source.destroy();
    await this.database.drop();
  }
}

export function headOf(records: readonly FeedRecord[]): FeedHead {
  const last = records.at(-1);
  return last ? { sequence: last.feedsequence, digest: last.digest } : { sequence: 0, digest: EMPTY_FEED };
}

/** What the province's door answers of a feed. */
export const pageOf = (feed: string, records: readonly FeedRecord[], after: number, limit: number): FeedPage => ({
  feed,
  records: records.slice(after, after + limit),
  last: headOf(records),
});

/** The same with `records=latest`. */
export function latestOf(feed: string, records: readonly FeedRecord[], after: number, limit: number): FeedPage {
  const replaced = new Set(records.map(({ replaces }) => replaces));
  const latest = records.filter(({ feedsequence }) => feedsequence > after && !replaced.has(feedsequence));
  return { feed, records: latest.slice(0, limit), last: headOf(records) };
}

const BASIS = { document: '示例', clause: '一' };

/** A random event with what deciders do not look at, and messages do. */
export const wellFormed = <E extends NewEvent>(event: E): E => ({
  ...event,
  data: {
    ...event.data,
    ...('basis' in event.data ? { basis: BASIS } : {}),
  },
});

/** A feed of these records, numbered and linked anew. */
export function linked(records: readonly FeedRecord[]): FeedRecord[] {
  const last = new Map<string, number>();
  return records.reduce<FeedRecord[]>((before, one) => {
    const feedsequence = before.length + 1;
    const record = { ...one, feedsequence, replaces: last.get(one.subject) ?? 0 };
    last.set(one.subject, feedsequence);
    return [...before, { ...record, digest: nextDigest(before.at(-1)?.digest ?? EMPTY_FEED, record) }];
  }, []);
}
