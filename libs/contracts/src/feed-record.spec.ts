import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { EMPTY_FEED, nextDigest, type FeedRecord } from './feed-record.js';

const record: Omit<FeedRecord, 'digest'> = {
  specversion: '1.0',
  id: '00000000-0000-4000-8000-000000000001',
  source: '/liandong/province',
  type: 'cn.liandong.contract.filed.v1',
  subject: 'contract-1',
  time: '2023-05-01T00:00:00+08:00',
  datacontenttype: 'application/json',
  data: {},
  region: 'xixian',
  feedsequence: 1,
  recordedat: '2023-05-02T00:00:00.000Z',
};

it('is what a city computes that has the reference implementation of RFC 8785 and SHA-256', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (data) => {
      const told = { ...record, data };
      const text = EMPTY_FEED + canonicalize(told);
      expect(nextDigest(EMPTY_FEED, told)).toBe(createHash('sha256').update(text).digest('hex'));
      // The record's own digest is no part of what it is taken over.
      expect(nextDigest(EMPTY_FEED, { ...told, digest: 'x' } as never)).toBe(nextDigest(EMPTY_FEED, told));
    }),
  );
});
