import fc from 'fast-check';
import { MessageError, type FeedRecord } from '#libs/messages';
import type { IHeaders } from 'kafkajs';
import { fromMessage, toMessage } from './cloud-event.js';

const record: FeedRecord = {
  specversion: '1.0',
  id: '6f1c2f0e-7a52-5b0e-9c83-0d1f6f1d2a11.0',
  source: '/liandong/province',
  type: 'cn.liandong.carrier.changed.v2',
  subject: 'carriers/泾河',
  time: '2026-10-31T16:00:00.000Z',
  datacontenttype: 'application/json',
  data: { name: '泾河飞地', area: 12.5, nested: { z: [1, null, true], a: '' } },
  feed: 'region.xianyang',
  feedsequence: 17,
  replaces: 3,
  occurredon: '2026-11-01',
  recordedat: '2026-11-02T03:04:05.678Z',
  actor: 'operator@xianyang',
  cause: 'carrier.proposed.v1',
  stream: 'carrier-泾河',
  digest: 'ab'.repeat(32),
};

/** What kafkajs hands to a consumer: bytes only. */
const received = (from: FeedRecord) => {
  const { key, value, headers } = toMessage(from);
  const bytes: IHeaders = {};
  for (const [name, text] of Object.entries(headers)) bytes[name] = Buffer.from(text);
  return { key: Buffer.from(key), value, headers: bytes };
};

const problemOf = (read: () => unknown): string => {
  try {
    read();
  } catch (error) {
    expect(error).toBeInstanceOf(MessageError);
    return String(error);
  }
  throw new Error('was accepted');
};

describe('a feed record as a CloudEvent on Kafka', () => {
  it('is binary mode: attributes in headers, the subject as key, the data alone as RFC 8785 value', () => {
    expect(toMessage(record)).toEqual({
      key: 'carriers/泾河',
      value: Buffer.from('{"area":12.5,"name":"泾河飞地","nested":{"a":"","z":[1,null,true]}}'),
      headers: {
        'content-type': 'application/json',
        ce_specversion: '1.0',
        ce_id: record.id,
        ce_source: record.source,
        ce_type: record.type,
        ce_subject: record.subject,
        ce_time: record.time,
        ce_feed: 'region.xianyang',
        ce_feedsequence: '17',
        ce_replaces: '3',
        ce_occurredon: '2026-11-01',
        ce_recordedat: record.recordedat,
        ce_actor: 'operator@xianyang',
        ce_cause: 'carrier.proposed.v1',
        ce_stream: 'carrier-泾河',
        ce_digest: record.digest,
      },
    });
  });

  it('comes back exactly', () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1 });
    // The store keeps no -0, which JSON cannot tell from 0.
    const json = fc.jsonValue({ stringUnit: 'grapheme' }).map((value) => JSON.parse(JSON.stringify(value)) as unknown);
    const records: fc.Arbitrary<FeedRecord> = fc.record({
      specversion: fc.constant('1.0' as const),
      id: text,
      source: fc.constant('/liandong/province' as const),
      type: text,
      subject: text,
      time: text,
      datacontenttype: fc.constant('application/json' as const),
      data: fc.dictionary(fc.string({ unit: 'grapheme' }), json),
      feed: text,
      feedsequence: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
      replaces: fc.maxSafeNat(),
      occurredon: text,
      recordedat: text,
      actor: text,
      cause: text,
      stream: text,
      digest: text,
    });
    fc.assert(
      fc.property(records, (sent) => {
        const back = fromMessage(sent.feed, received(sent), 'topic@0');
        expect(back).toEqual(sent);
        expect(toMessage(back)).toEqual(toMessage(sent));
      }),
    );
  });

  it('ignores headers that no record has', () => {
    const message = received(record);
    expect(
      fromMessage('region.xianyang', { ...message, headers: { ...message.headers, traceparent: 'x' } }, 't@0'),
    ).toEqual(record);
  });

  it.each(Object.keys(toMessage(record).headers))(
    'refuses a message with no, an empty, a double or a broken %s',
    (name) => {
      const message = received(record);
      const withHeader = (content: IHeaders[string]) =>
        problemOf(() =>
          fromMessage('region.xianyang', { ...message, headers: { ...message.headers, [name]: content } }, 't@3'),
        );
      expect(withHeader(undefined)).toBe(`MessageError: t@3 ${name}: is missing`);
      expect(withHeader(Buffer.alloc(0))).toBe(`MessageError: t@3 ${name}: is empty`);
      expect(withHeader([Buffer.from('1'), Buffer.from('2')])).toBe(
        `MessageError: t@3 ${name}: is there more than once`,
      );
      expect(withHeader(Buffer.from([0x31, 0xff]))).toBe(`MessageError: t@3 ${name}: is not UTF-8`);
    },
  );

  it('refuses a message without headers', () => {
    expect(problemOf(() => fromMessage('region.xianyang', { ...received(record), headers: undefined }, 't@3'))).toMatch(
      /missing/,
    );
  });

  it.each([
    ['ce_specversion', '0.3'],
    ['content-type', 'application/avro'],
    ['ce_source', '/liandong/city'],
    ['ce_feed', 'region.weinan'],
    ['ce_subject', 'another than the key'],
    ['ce_feedsequence', '0'],
    ...['-1', '1.5', '01', '1e3', ' 1', '9007199254740993', '一'].flatMap((text) => [
      ['ce_feedsequence', text],
      ['ce_replaces', text],
    ]),
  ] as [string, string][])('refuses %s %s', (name, text) => {
    const message = received(record);
    const headers = { ...message.headers, [name]: Buffer.from(text) };
    expect(problemOf(() => fromMessage('region.xianyang', { ...message, headers }, 't@3'))).toContain('t@3 ');
  });

  it.each([
    ['no value', null],
    ['an empty value', Buffer.alloc(0)],
    ['a text', Buffer.from('"text"')],
    ['a list', Buffer.from('[]')],
    ['null', Buffer.from('null')],
    ['half an object', Buffer.from('{"a":')],
    ['an object with a byte order mark', Buffer.from('\uFEFF{}')],
    ['bytes that are not UTF-8', Buffer.from([0x7b, 0x22, 0xc3, 0x22, 0x3a, 0x31, 0x7d])],
  ])('refuses %s', (_, value) => {
    expect(problemOf(() => fromMessage('region.xianyang', { ...received(record), value }, 't@3'))).toContain(
      't@3 value: ',
    );
  });

  it('refuses a message without a key', () => {
    expect(problemOf(() => fromMessage('region.xianyang', { ...received(record), key: null }, 't@3'))).toContain(
      't@3 key: ',
    );
  });
});
