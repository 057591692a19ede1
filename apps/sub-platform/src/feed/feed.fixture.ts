import { EMPTY_FEED, nextDigest, type FeedHead, type FeedPage, type FeedRecord } from '#libs/contracts';

/** What a record says; everything else of it follows. */
export interface Content {
  readonly type: string;
  readonly data: object;
}

export const REGION = 'xianyang';

export const content = {
  region: (region: string, name: string): Content => ({
    type: 'cn.liandong.region.registered.v1',
    data: { region, name, level: '市', parent: null },
  }),
  hub: (hub: string | null): Content => ({ type: 'cn.liandong.hub.changed.v1', data: { hub } }),
  zone: (zone: string, change: string, more: object = {}): Content => ({
    type: 'cn.liandong.zone.changed.v1',
    data: { zone, region: REGION, change, ...more },
  }),
  link: (link: string, status: string): Content => ({
    type: 'cn.liandong.link.changed.v1',
    data: { link, kind: '飞地孵化器', from: REGION, to: 'xixian', status },
  }),
  carrier: (carrier: string, status: string, name = '咸阳飞地孵化器'): Content => ({
    type: 'cn.liandong.carrier.changed.v1',
    data: { carrier, name, kind: '飞地孵化器', home: REGION, host: 'xixian', status },
  }),
  space: (carrier: string, unit: string, until: string | null, areaSquareMetres = 120.5): Content => ({
    type: 'cn.liandong.space.changed.v1',
    data: { carrier, unit, areaSquareMetres, desks: 12, from: '2026-01-01', until },
  }),
  allocation: (carrier: string, allocation: string, until: string | null): Content => ({
    type: 'cn.liandong.allocation.changed.v1',
    data: {
      carrier,
      allocation,
      unit: 'a-101',
      uscc: '91610000MA6TG48H29',
      firm: '咸阳智造科技有限公司',
      areaSquareMetres: 60.25,
      desks: 6,
      from: '2026-02-01',
      until,
    },
  }),
  contract: (contract: string, status: string, amountFen = 1_234_567_890): Content => ({
    type: 'cn.liandong.technology-contract.changed.v1',
    data: { contract, type: '开发', output: 'xixian', absorbing: REGION, amountFen, technicalRevenueFen: 0, status },
  }),
  instrument: (instrument: string): Content => ({
    type: 'cn.liandong.instrument.networked.v1',
    data: { instrument, name: '透射电镜', owner: REGION, originalValueFen: 500_000_000 },
  }),
  use: (instrument: string, use: string, status: string): Content => ({
    type: 'cn.liandong.use.changed.v1',
    data: { instrument, use, owner: REGION, using: 'xixian', hours: 3.5, sharing: 'external', status },
  }),
  unknown: (type = 'cn.liandong.target.set.v1'): Content => ({ type, data: { figure: '突破 6000亿元' } }),
};

/** The feed that the province makes of these, one day after another. */
export function feedOf(contents: readonly Content[], region = REGION): FeedRecord[] {
  let digest = EMPTY_FEED;
  return contents.map(({ type, data }, index) => {
    const record: Omit<FeedRecord, 'digest'> = {
      specversion: '1.0',
      id: `event-${index + 1}`,
      source: 'urn:liandong:province',
      type,
      subject: `subject-${type}`,
      time: new Date(Date.UTC(2026, 0, 1 + index)).toISOString().slice(0, 10),
      datacontenttype: 'application/json',
      data,
      region,
      feedsequence: index + 1,
      recordedat: new Date(Date.UTC(2026, 10, 1, 0, 0, index)).toISOString(),
    };
    digest = nextDigest(digest, record);
    return { ...record, digest };
  });
}

export function headOf(feed: readonly FeedRecord[]): FeedHead {
  const last = feed.at(-1);
  return last ? { sequence: last.feedsequence, digest: last.digest } : { sequence: 0, digest: EMPTY_FEED };
}

/** What the province answers of a feed. */
export function pageOf(feed: readonly FeedRecord[], after: number, limit: number, region = REGION): FeedPage {
  return { region, records: feed.slice(after, after + limit), last: headOf(feed) };
}
