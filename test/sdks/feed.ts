import { EMPTY_FEED, lists, nextDigest, startOfDayUtc, type FeedRecord } from '#libs/messages';

/** A feed that has the example of every list. */
export const feed: readonly FeedRecord[] = lists.reduce<FeedRecord[]>((records, { name, type, example }) => {
  const feedsequence = records.length + 1;
  const record: Omit<FeedRecord, 'digest'> = {
    specversion: '1.0',
    id: `00000000-0000-4000-8000-${String(feedsequence).padStart(12, '0')}.0`,
    source: '/liandong/province',
    type,
    subject: `${name}/泾河`,
    time: startOfDayUtc('2023-02-09'),
    datacontenttype: 'application/json',
    data: example,
    feed: 'region.xianyang',
    feedsequence,
    replaces: feedsequence - 1,
    occurredon: '2023-02-09',
    recordedat: '2023-02-10T01:02:03.450Z',
    actor: 'operator@xianyang',
    cause: 'carrier.opened.v1',
    stream: 'carrier-泾河',
  };
  return [...records, { ...record, digest: nextDigest(records.at(-1)?.digest ?? EMPTY_FEED, record) }];
}, []);
