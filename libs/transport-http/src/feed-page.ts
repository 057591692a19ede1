import { ContractError, type FeedHead, type FeedPage, type FeedRecord } from '#libs/contracts';

type Fields = Readonly<Record<string, unknown>>;

/**
 * The page that an answer's bytes are. Its records follow each other without a hole, the first after `after`.
 *
 * What the contract does not know is left out, as the Kafka source leaves out unknown headers: both transports give the
 * same record, and so the same digest.
 *
 * @throws ContractError naming the place in the page that is not of the contract
 */
export function parsePage(bytes: ArrayBuffer, { region, after }: { region: string; after: number }): FeedPage {
  const page = object(json(bytes), 'page');
  same(page, 'region', region, 'page');
  const { records: list } = page;
  if (!Array.isArray(list)) throw new ContractError('page.records', 'is not an array');
  const records = list.map((record: unknown, index) =>
    parseRecord(object(record, `records[${index}]`), `records[${index}]`, region, after + 1 + index),
  );
  const last = parseHead(object(page['last'], 'last'));
  const end = records.at(-1)?.feedsequence ?? 0;
  if (last.sequence < end) throw new ContractError('last.sequence', `is ${last.sequence}, before its record ${end}`);
  return { region, records, last };
}

function parseRecord(fields: Fields, at: string, region: string, sequence: number): FeedRecord {
  same(fields, 'specversion', '1.0', at);
  same(fields, 'datacontenttype', 'application/json', at);
  same(fields, 'region', region, at);
  if (fields['feedsequence'] !== sequence) {
    throw new ContractError(`${at}.feedsequence`, `is ${JSON.stringify(fields['feedsequence'])}, expected ${sequence}`);
  }
  return {
    specversion: '1.0',
    id: text(fields, 'id', at),
    source: text(fields, 'source', at),
    type: text(fields, 'type', at),
    subject: text(fields, 'subject', at),
    time: text(fields, 'time', at),
    datacontenttype: 'application/json',
    data: object(fields['data'], `${at}.data`),
    region,
    feedsequence: sequence,
    recordedat: text(fields, 'recordedat', at),
    digest: digest(fields, at),
  };
}

function parseHead(fields: Fields): FeedHead {
  const { sequence } = fields;
  if (typeof sequence !== 'number' || !Number.isSafeInteger(sequence) || sequence < 0) {
    throw new ContractError('last.sequence', 'is not a non-negative integer');
  }
  return { sequence, digest: digest(fields, 'last') };
}

function json(bytes: ArrayBuffer): unknown {
  try {
    // A lenient decoder would put U+FFFD for what it cannot read, and the record would be another than the one sent.
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new ContractError('page', 'is not JSON in UTF-8');
  }
}

function object(value: unknown, at: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ContractError(at, 'is not an object');
  }
  return value as Fields;
}

function same(fields: Fields, name: string, expected: string, at: string): void {
  if (fields[name] !== expected) {
    throw new ContractError(`${at}.${name}`, `is ${JSON.stringify(fields[name])}, expected ${expected}`);
  }
}

function text(fields: Fields, name: string, at: string): string {
  const value = fields[name];
  if (typeof value !== 'string' || value === '') throw new ContractError(`${at}.${name}`, 'is not a text');
  return value;
}

function digest(fields: Fields, at: string): string {
  const value = text(fields, 'digest', at);
  if (!/^[0-9a-f]{64}$/.test(value)) throw new ContractError(`${at}.digest`, 'is not a SHA-256 in lower-case hex');
  return value;
}
