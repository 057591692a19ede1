import { canonicalText, ContractError, type FeedRecord } from '#libs/contracts';
import type { KafkaMessage } from 'kafkajs';

/**
 * A feed record as the CloudEvents 1.0 Kafka binding writes it in binary mode: attributes are headers `ce_*`, the content
 * type is `content-type`, the value is the data alone.
 */
export interface CloudEventMessage {
  /** The subject, so that tools which follow one stream can do so by key. */
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
      ce_specversion: record.specversion,
      ce_id: record.id,
      ce_source: record.source,
      ce_type: record.type,
      ce_subject: record.subject,
      ce_time: record.time,
      ce_region: record.region,
      ce_feedsequence: String(record.feedsequence),
      ce_recordedat: record.recordedat,
      ce_digest: record.digest,
    },
  };
}

/**
 * The record that a message of a region's topic carries. Headers that this contract does not know are none of its business:
 * CloudEvents lets anyone add some, as tracing does.
 *
 * @param at what to call the message in an error, for example `topic@offset`
 * @throws ContractError for everything that `toMessage` could not have written
 */
export function fromMessage(
  region: string,
  { key, value, headers }: Pick<KafkaMessage, 'key' | 'value' | 'headers'>,
  at: string,
): FeedRecord {
  const header = (name: string): string => {
    const content = headers?.[name];
    if (content === undefined) throw new ContractError(`${at} ${name}`, 'is missing');
    if (Array.isArray(content)) throw new ContractError(`${at} ${name}`, 'is there more than once');
    const text = typeof content === 'string' ? content : utf8(content, `${at} ${name}`);
    if (text === '') throw new ContractError(`${at} ${name}`, 'is empty');
    return text;
  };
  const fixed = <const Text extends string>(name: string, expected: Text): Text => {
    const text = header(name);
    if (text !== expected) throw new ContractError(`${at} ${name}`, `is ${JSON.stringify(text)}, not ${expected}`);
    return expected;
  };

  const sequence = header('ce_feedsequence');
  const feedsequence = Number(sequence);
  if (!/^[1-9]\d*$/.test(sequence) || !Number.isSafeInteger(feedsequence)) {
    throw new ContractError(`${at} ce_feedsequence`, `is ${JSON.stringify(sequence)}, not a positive integer`);
  }
  const subject = header('ce_subject');
  if (key === null || utf8(key, `${at} key`) !== subject) throw new ContractError(`${at} key`, 'is not the subject');
  return {
    specversion: fixed('ce_specversion', '1.0'),
    id: header('ce_id'),
    source: header('ce_source'),
    type: header('ce_type'),
    subject,
    time: header('ce_time'),
    datacontenttype: fixed('content-type', 'application/json'),
    data: jsonObject(value, `${at} value`),
    region: fixed('ce_region', region),
    feedsequence,
    recordedat: header('ce_recordedat'),
    digest: header('ce_digest'),
  };
}

function jsonObject(value: Buffer | null, at: string): object {
  if (value === null) throw new ContractError(at, 'is missing');
  const text = utf8(value, at);
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    throw new ContractError(at, 'is not JSON');
  }
  if (typeof data !== 'object' || data === null || Array.isArray(data)) {
    throw new ContractError(at, 'is not a JSON object');
  }
  return data;
}

// A lenient decoder would put U+FFFD for what it cannot read, and the record would be another than the one that was sent.
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function utf8(bytes: Buffer, at: string): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw new ContractError(at, 'is not UTF-8');
  }
}
