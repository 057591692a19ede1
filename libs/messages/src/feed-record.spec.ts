import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { digested, EMPTY_FEED, nextDigest, type FeedRecord } from './feed-record.js';

const record: Omit<FeedRecord, 'digest'> = {
  specversion: '1.0',
  id: '00000000-0000-4000-8000-000000000001.0',
  source: '/liandong/province',
  type: 'cn.liandong.technology-contract.changed.v2',
  subject: 'contracts/tc-2023-0001',
  time: '2023-04-30T16:00:00.000Z',
  datacontenttype: 'application/json',
  data: {},
  feed: 'region.xixian',
  feedsequence: 2,
  replaces: 1,
  occurredon: '2023-05-01',
  recordedat: '2023-05-02T00:00:00.000Z',
  actor: 'operator@xixian',
  cause: 'contract.recognised.v1',
  stream: 'contract-tc-2023-0001',
};

it('is what a city computes that has the reference implementation of RFC 8785 and SHA-256', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (data) => {
      const { specversion: _s, time: _t, datacontenttype: _d, ...content } = { ...record, data };
      const text = EMPTY_FEED + canonicalize(content);
      expect(nextDigest(EMPTY_FEED, { ...record, data })).toBe(createHash('sha256').update(text).digest('hex'));
    }),
  );
});

it('is another when anything is another that it is taken over, and the same whatever else is', () => {
  const told = nextDigest(EMPTY_FEED, record);
  expect(nextDigest('1'.repeat(64), record)).not.toBe(told);
  for (const name of digested) {
    const other = {
      ...record,
      [name]: name === 'data' ? { title: '' } : typeof record[name] === 'number' ? 7 : 'other',
    };
    expect([name, nextDigest(EMPTY_FEED, other)]).not.toEqual([name, told]);
  }
  // The digest itself, what an SDK writes in its own way, and what one may add.
  const handedOn = { ...record, digest: 'x', time: '2023-04-30T16:00:00Z', traceparent: 'x' };
  expect(nextDigest(EMPTY_FEED, handedOn)).toBe(told);
});
