import {
  jsonEvent,
  START as FIRST,
  type AllStreamResolvedEvent,
  type EventData,
  type JSONType,
  type Position as LogPosition,
  type RecordedEvent as LogEvent,
} from '@eventstore/db-client';
import { canonicalJson, START, type Metadata, type NewEvent, type Position, type RecordedEvent } from '#libs/eventing';

/** The server takes 1 MiB in one append. */
export class AppendTooLargeError extends RangeError {
  constructor(
    readonly stream: string,
    readonly bytes: number,
  ) {
    super(`${stream}: an append of ${bytes} bytes; ${MAX_APPEND_BYTES} is the limit`);
    this.name = 'AppendTooLargeError';
  }
}

const MAX_APPEND_BYTES = 1024 * 1024;
/** More than the server counts for an event beside its data, metadata and type: better refused here than there. */
const EVENT_OVERHEAD_BYTES = 100;

export interface Prepared {
  readonly ids: readonly string[];
  readonly data: EventData[];
  readonly bytes: number;
}

/** @throws NotCanonicalError, AppendTooLargeError */
export function prepare(stream: string, events: readonly NewEvent[]): Prepared {
  let bytes = 0;
  const data = events.map(({ id, type, data, metadata }) => {
    const text = canonicalJson(data);
    const about = Buffer.from(canonicalJson(metadata));
    bytes += Buffer.byteLength(text) + about.length + 2 * type.length + EVENT_OVERHEAD_BYTES;
    return jsonEvent({ id, type, data: inOrder(text) as JSONType, metadata: about });
  });
  if (bytes > MAX_APPEND_BYTES) throw new AppendTooLargeError(stream, bytes);
  return { ids: events.map(({ id }) => id), data, bytes };
}

const INTEGER_KEY = /"(?:0|[1-9]\d*)":/;

/**
 * A value that the client's JSON.stringify writes as exactly this canonical text. Objects keep the order of their
 * members, but for keys like "430100", which would be sorted by number and come first.
 */
function inOrder(canonical: string): unknown {
  if (!INTEGER_KEY.test(canonical)) return JSON.parse(canonical);
  const ownKeys = (target: object) => Object.keys(target).sort((a, b) => (a < b ? -1 : 1));
  return JSON.parse(canonical, (_, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value) ? new Proxy(value, { ownKeys }) : value,
  );
}

export const escaped = (type: string) => type.replace(/[\\^$.|?*+(){}[\]]/g, '\\$&');

/** Only what this system wrote: JSON with metadata, neither of the server's own types nor in its own streams. */
export function ours(event: LogEvent): RecordedEvent | undefined {
  const { id, type, streamId: stream, isJson, data, metadata, position } = event;
  if (type.startsWith('$') || stream.startsWith('$') || !isJson) return undefined;
  if (!data || typeof data !== 'object' || !metadata || typeof metadata !== 'object') return undefined;
  if (!position || position.commit > MAX_POSITION) throw new Error('the server is older than 22.6: no positions');
  return {
    id,
    type,
    data,
    metadata: metadata as unknown as Metadata,
    stream,
    revision: Number(event.revision),
    position: format(position),
  };
}

export function wanted(
  { event }: AllStreamResolvedEvent,
  types: ReadonlySet<string> | undefined,
): RecordedEvent | undefined {
  return event && (!types || types.has(event.type)) ? ours(event) : undefined;
}

export function positionOf({ event, link }: AllStreamResolvedEvent): Position | undefined {
  const position = (link ?? event)?.position;
  return position && format(position);
}

const MAX_POSITION = 2n ** 63n - 1n;

/** Fixed width, so that positions compare as strings. */
export function format({ commit, prepare }: LogPosition): Position {
  return `${hex(commit)}-${hex(prepare)}`;
}

const hex = (n: bigint) => n.toString(16).padStart(16, '0');

/** @throws RangeError for what is not a position of this adapter */
export function parse(position: Position): LogPosition | typeof FIRST {
  if (position === START) return FIRST;
  const [, commit, prepare] = /^([0-9a-f]{16})-([0-9a-f]{16})$/.exec(position) ?? [];
  if (!commit || !prepare) throw new RangeError(`"${position}" is not a position of EventStoreDB`);
  return { commit: BigInt(`0x${commit}`), prepare: BigInt(`0x${prepare}`) };
}
