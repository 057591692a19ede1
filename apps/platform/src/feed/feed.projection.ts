import type { EntityManager } from 'typeorm';
import { achievementsFeed } from '#libs/contexts/achievements';
import { carriersFeed } from '#libs/contexts/carriers';
import { incubationFeed } from '#libs/contexts/incubation';
import { sharingFeed } from '#libs/contexts/sharing';
import { topologyFeed } from '#libs/contexts/topology';
import { EMPTY_FEED, nextDigest, type FeedRecord, type Published } from '#libs/contracts';
import type { RecordedEvent } from '#libs/eventing';
import type { Projected } from '#libs/eventing-postgres';

const maps = {
  ...topologyFeed,
  ...carriersFeed,
  ...incubationFeed,
  ...sharingFeed,
  ...achievementsFeed,
} as unknown as Readonly<Record<string, (data: object) => Published | undefined>>;

interface Head {
  region: string;
  sequence: number;
  digest: string;
}

/**
 * Numbers each region's records 1, 2, 3 … in the transaction of the checkpoint, so that no hole and no double can come
 * about, whatever dies in between; the relay and the HTTP door only copy. It has been sent to cities, so that it is never
 * numbered anew. A record that cannot be made holds up its region alone.
 */
export const regionFeed: Projected = {
  name: 'region-feed',
  version: 1,
  types: Object.keys(maps),
  keys: (event) => (publishedOf(event) ? event.metadata.regions : []),
  async apply(tx, work) {
    const told = work.map(({ key: region, event }) => ({ region, event, published: publishedOf(event)! }));
    const heads = await lockHeads(tx, [...new Set(told.map((t) => t.region))]);
    const entries = told.map(({ region, event, published }) => {
      const head = heads.get(region) ?? { region, sequence: 0, digest: EMPTY_FEED };
      const record = recordOf(event, published, head);
      heads.set(region, { region, sequence: record.feedsequence, digest: record.digest });
      return { region, sequence: record.feedsequence, record };
    });
    await tx.query('insert into region_feed select * from jsonb_populate_recordset(null::region_feed, $1)', [
      JSON.stringify(entries),
    ]);
    await tx.query(
      `insert into region_feed_heads (region, sequence, digest)
        select region, sequence, digest from jsonb_populate_recordset(null::region_feed_heads, $1)
        on conflict (region) do update set sequence = excluded.sequence, digest = excluded.digest`,
      [JSON.stringify([...heads.values()])],
    );
  },
};

const publishedOf = ({ type, data }: RecordedEvent) => maps[type]?.(data);

async function lockHeads(tx: EntityManager, regions: string[]): Promise<Map<string, Head>> {
  const rows = await tx.query<Head[]>(
    'select region, sequence, digest from region_feed_heads where region = any($1) order by region for update',
    [regions],
  );
  return new Map(rows.map((row) => [row.region, row]));
}

function recordOf(
  { id, stream, metadata }: RecordedEvent,
  { type, data }: Published,
  { region, sequence, digest }: Head,
) {
  const record: Omit<FeedRecord, 'digest'> = {
    specversion: '1.0',
    id,
    source: '/liandong/province',
    type,
    subject: stream,
    // A fact is dated in China Standard Time; CloudEvents wants an instant.
    time: `${metadata.occurredAt}T00:00:00+08:00`,
    datacontenttype: 'application/json',
    data,
    region,
    feedsequence: sequence + 1,
    recordedat: metadata.recordedAt,
  };
  return { ...record, digest: nextDigest(digest, record) };
}
