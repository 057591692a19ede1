import { hash } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import type { Metadata, RecordedEvent } from '#libs/eventing';
import { cellText, copyIn, type Projected } from '#libs/eventing-postgres';
import { canonicalText, nextLogDigest, type LoggedEvent } from '#libs/messages';
import { BEGINNING, COLUMNS, LINK, selected, type Link, type LogRow } from './log.table.js';

/** Every event has the same key: none is numbered before the one ahead of it. */
const KEYS = ['log'];

/** From so many rows on, COPY takes less time than an INSERT. */
const MANY = 200;

/**
 * Numbers every event of the store 1, 2, 3 … and chains them, in the transaction of the checkpoint. It depends on what is
 * stored and on nothing else, so that anyone comes to the same numbers and digests; auditors have written them down, so that
 * nothing is numbered anew. Whatever an event says, it is numbered.
 */
export const eventLog: Projected = {
  name: 'log',
  version: 1,
  keys: () => KEYS,
  async apply(tx, work) {
    let last = await lastLink(tx);
    await write(
      tx,
      work.map(({ event }) => (last = rowOf(event, last))),
    );
  },
};

/** The row of an event behind another entry. */
export function rowOf(event: RecordedEvent, before: Link): LogRow {
  const sequence = before.sequence + 1;
  const logged = loggedOf(event);
  const { position, stream, revision, type, id, data, metadata } = logged;
  const { recordedAt, occurredAt, regions, actor, commandId, correlationId } = told(event);
  const recorded = instant(recordedAt);
  return {
    sequence,
    position,
    digest: nextLogDigest(before.digest, sequence, logged),
    as_at: recorded && before.as_at && recorded < before.as_at ? before.as_at : (recorded ?? before.as_at),
    stream,
    revision,
    type,
    id,
    data_mark: mark(data),
    metadata_mark: mark(metadata),
    recorded_at: recorded,
    occurred_on: day(occurredAt),
    regions: Array.isArray(regions) ? regions.flatMap((region) => text(region) ?? []) : [],
    actor: text(actor?.id),
    command: text(commandId),
    correlation: text(correlationId),
  };
}

/** As it was stored, not as it is read today. */
export function loggedOf(event: RecordedEvent): LoggedEvent {
  const stored = event.stored ?? event;
  const { id, position, revision, stream, type } = stored;
  const { data, metadata } = stored.texts ?? {
    data: canonicalText(stored.data),
    metadata: canonicalText(stored.metadata),
  };
  return { data, metadata, id, position, revision, stream, type };
}

type Told = { readonly [K in keyof Metadata]?: K extends 'actor' ? { readonly id?: unknown } : unknown };

/** What the metadata says; it may say anything where somebody else has written it. */
function told(event: RecordedEvent): Told {
  try {
    return event.metadata ?? {};
  } catch {
    return {};
  }
}

/** The first 13 digits: 52 bits, which a number holds. */
const mark = (stored: string) => parseInt(hash('sha256', stored).slice(0, 13), 16);

/** What a column of text can hold. */
const text = (value: unknown) => (typeof value === 'string' && !value.includes('\0') ? value : null);

/** A date, or an instant that says its offset: anything else would mean what the clock of this machine makes of it. */
const DATED = /^\d{4}-\d\d-\d\d(T[\d:.]+(Z|[+-]\d\d:\d\d))?$/;

/** The instant of a date or an instant, within the years that have four digits in any time zone. */
function timeOf(value: unknown): number | undefined {
  if (typeof value !== 'string' || !DATED.test(value)) return undefined;
  const time = Date.parse(value);
  return time >= FIRST_MS && time < LAST_MS ? time : undefined;
}

const FIRST_MS = Date.parse('0001-01-02');
const LAST_MS = Date.parse('9999-12-31');
const CHINA_STANDARD_TIME_MS = 8 * 3_600_000;

function instant(value: unknown): string | null {
  const time = timeOf(value);
  return time === undefined ? null : new Date(time).toISOString();
}

/** The day of a date or an instant. */
function day(value: unknown): string | null {
  const time = timeOf(value);
  if (time === undefined) return null;
  const offset = String(value).includes('T') ? CHINA_STANDARD_TIME_MS : 0;
  return new Date(time + offset).toISOString().slice(0, 10);
}

async function lastLink(tx: EntityManager): Promise<Link> {
  const [last] = await tx.query<Link[]>(
    `select ${selected(LINK, 'l')} from event_log l order by l.sequence desc limit 1`,
  );
  return last ?? BEGINNING;
}

async function write(tx: EntityManager, rows: readonly LogRow[]): Promise<void> {
  if (rows.length < MANY) {
    await tx.query(
      `insert into event_log (${COLUMNS.join(', ')})
        select ${COLUMNS.join(', ')} from jsonb_populate_recordset(null::event_log, $1)`,
      [JSON.stringify(rows)],
    );
    return;
  }
  const lines = rows.map((row) => COLUMNS.map((column) => cellOf(row[column])).join('\t'));
  await copyIn(tx, `copy event_log (${COLUMNS.join(', ')}) from stdin`, lines);
}

function cellOf(value: LogRow[keyof LogRow]): string {
  if (typeof value !== 'object' || value === null) return cellText(value);
  return cellText(`{${value.map((element) => `"${element.replace(/["\\]/g, '\\$&')}"`).join(',')}}`);
}
