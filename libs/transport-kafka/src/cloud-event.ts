import { canonicalText, MessageError, type FeedRecord } from '#libs/messages';
import type { KafkaMessage } from 'kafkajs';

/** What stands in a header `ce_<name>`; the content type has one of its own, and `data` is the value. */
const attributes = [
  'specversion',
  'id',
  'source',
  'type',
  'subject',
  'time',
  'feed',
  'feedsequence',
  'replaces',
  'occurredon',
  'recordedat',
  'actor',
  'cause',
  'stream',
  'digest',
] as const satisfies readonly (keyof FeedRecord)[];

/**
 * A feed record as the CloudEvents 1.0 Kafka binding writes it in binary mode: attributes are headers `ce_*`, the content
 * type is `content-type`, the value is the data alone.
 */
export interface CloudEventMessage {
  /** The subject, so that tools which follow one thing can do so by key. */
  readonly key: string;
  /** RFC 8785, so that the bytes are those which the digest of the feed was taken over. */
  readonly value: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

export function toMessage(record: FeedRecord): CloudEventMessage {
  return {
    key: record.subject,
    value: Buffer.from(canonicalText(record.data)),
    headers: {
      'content-type': record.datacontenttype,
      ...Object.fromEntries(attributes.map((name) => [`ce_${name}`, String(record[name])])),
    },
  };
}

/**
 * The record that a message of a feed's topic carries; what is an integer in it is one again. Headers that no record has
 * are none of its business: CloudEvents lets anyone add some, as tracing does.
 *
 * @param at what to call the message in an error, for example `topic@offset`
 * @throws MessageError for everything that `toMessage` could not have written
 */
export function fromMessage(
  feed: string,
  { key, value, headers }: Pick<KafkaMessage, 'key' | 'value' | 'headers'>,
  at: string,
): FeedRecord {
  const header = (name: string): string => {
    const content = headers?.[name];
    if (content === undefined) throw new MessageError(`${at} ${name}`, 'is missing');
    if (Array.isArray(content)) throw new MessageError(`${at} ${name}`, 'is there more than once');
    const text = typeof content === 'string' ? content : utf8(content, `${at} ${name}`);
    if (text === '') throw new MessageError(`${at} ${name}`, 'is empty');
    return text;
  };
  const fixed = <const Text extends string>(name: string, expected: Text): Text => {
    const text = header(name);
    if (text !== expected) throw new MessageError(`${at} ${name}`, `is ${JSON.stringify(text)}, not ${expected}`);
    return expected;
  };
  const integer = (name: string, least: number): number => {
    const text = header(name);
    const number = Number(text);
    if (/^(0|[1-9]\d*)$/.test(text) && Number.isSafeInteger(number) && number >= least) return number;
    throw new MessageError(`${at} ${name}`, `is ${JSON.stringify(text)}, not an integer from ${least} on`);
  };

  const subject = header('ce_subject');
  if (key === null || utf8(key, `${at} key`) !== subject) throw new MessageError(`${at} key`, 'is not the subject');
  return {
    specversion: fixed('ce_specversion', '1.0'),
    id: header('ce_id'),
    source: fixed('ce_source', '/liandong/province'),
    type: header('ce_type'),
    subject,
    time: header('ce_time'),
    datacontenttype: fixed('content-type', 'application/json'),
    data: jsonObject(value, `${at} value`),
    feed: fixed('ce_feed', feed),
    feedsequence: integer('ce_feedsequence', 1),
    replaces: integer('ce_replaces', 0),
    occurredon: header('ce_occurredon'),
    recordedat: header('ce_recordedat'),
    actor: header('ce_actor'),
    cause: header('ce_cause'),
    stream: header('ce_stream'),
    digest: header('ce_digest'),
  };
}

function jsonObject(value: Buffer | null, at: string): object {
  if (value === null) throw new MessageError(at, 'is missing');
  const text = utf8(value, at);
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    throw new MessageError(at, 'is not JSON');
  }
  if (typeof data !== 'object' || data === null || Array.isArray(data)) {
    throw new MessageError(at, 'is not a JSON object');
  }
  return data;
}

// A lenient decoder would put U+FFFD for what it cannot read, and the record would be another than the one that was sent.
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function utf8(bytes: Buffer, at: string): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw new MessageError(at, 'is not UTF-8');
  }
}
