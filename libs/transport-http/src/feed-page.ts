import { MessageError, type FeedHead, type FeedPage, type FeedRecord } from '#libs/messages';

type Fields = Readonly<Record<string, unknown>>;

/** What a page was asked for. */
export interface Asked {
  readonly feed: string;
  readonly after: number;
  /** The last record of each thing, in place of all that follow. */
  readonly latest?: boolean;
}

/**
 * The page that an answer's bytes are. Its records follow each other without a hole, the first after `after`; with `latest`
 * they only come in order.
 *
 * Attributes that a record does not have are left out, as the Kafka source leaves out unknown headers: both transports give
 * the same record.
 *
 * @throws MessageError naming the place in the page that is not of its form
 */
export function parsePage(bytes: ArrayBuffer, { feed, after, latest = false }: Asked): FeedPage {
  const page = object(json(bytes), 'page');
  same(page, 'feed', feed, 'page');
  const { records: list } = page;
  if (!Array.isArray(list)) throw new MessageError('page.records', 'is not an array');
  let previous = after;
  const records = list.map((fields: unknown, index) => {
    const at = `records[${index}]`;
    const record = parseRecord(object(fields, at), at, feed);
    const { feedsequence } = record;
    const follows = latest ? feedsequence > previous : feedsequence === previous + 1;
    if (!follows) {
      const expected = latest ? `more than ${previous}` : previous + 1;
      throw new MessageError(`${at}.feedsequence`, `is ${feedsequence}, expected ${expected}`);
    }
    previous = feedsequence;
    return record;
  });
  const last = parseHead(object(page['last'], 'last'));
  const end = records.at(-1)?.feedsequence ?? 0;
  if (last.sequence < end) throw new MessageError('last.sequence', `is ${last.sequence}, before its record ${end}`);
  return { feed, records, last };
}

function parseRecord(fields: Fields, at: string, feed: string): FeedRecord {
  same(fields, 'specversion', '1.0', at);
  same(fields, 'source', '/liandong/province', at);
  same(fields, 'datacontenttype', 'application/json', at);
  same(fields, 'feed', feed, at);
  return {
    specversion: '1.0',
    id: text(fields, 'id', at),
    source: '/liandong/province',
    type: text(fields, 'type', at),
    subject: text(fields, 'subject', at),
    time: text(fields, 'time', at),
    datacontenttype: 'application/json',
    data: object(fields['data'], `${at}.data`),
    feed,
    feedsequence: sequence(fields, 'feedsequence', at),
    replaces: sequence(fields, 'replaces', at),
    occurredon: text(fields, 'occurredon', at),
    recordedat: text(fields, 'recordedat', at),
    actor: text(fields, 'actor', at),
    cause: text(fields, 'cause', at),
    stream: text(fields, 'stream', at),
    digest: digest(fields, at),
  };
}

function parseHead(fields: Fields): FeedHead {
  return { sequence: sequence(fields, 'sequence', 'last'), digest: digest(fields, 'last') };
}

function json(bytes: ArrayBuffer): unknown {
  try {
    // A lenient decoder would put U+FFFD for what it cannot read, and the record would be another than the one sent.
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new MessageError('page', 'is not JSON in UTF-8');
  }
}

function object(value: unknown, at: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new MessageError(at, 'is not an object');
  }
  return value as Fields;
}

function same(fields: Fields, name: string, expected: string, at: string): void {
  if (fields[name] !== expected) {
    throw new MessageError(`${at}.${name}`, `is ${JSON.stringify(fields[name])}, expected ${expected}`);
  }
}

function sequence(fields: Fields, name: string, at: string): number {
  const value = fields[name];
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  throw new MessageError(`${at}.${name}`, 'is not a non-negative integer');
}

function text(fields: Fields, name: string, at: string): string {
  const value = fields[name];
  if (typeof value !== 'string' || value === '') throw new MessageError(`${at}.${name}`, 'is not a text');
  return value;
}

function digest(fields: Fields, at: string): string {
  const value = text(fields, 'digest', at);
  if (!/^[0-9a-f]{64}$/.test(value)) throw new MessageError(`${at}.digest`, 'is not a SHA-256 in lower-case hex');
  return value;
}
