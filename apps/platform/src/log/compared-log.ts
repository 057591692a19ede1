import { isDeepStrictEqual } from 'node:util';
import { Inject, Injectable } from '@nestjs/common';
import type { EventStore, Page, Position, RecordedEvent } from '#libs/eventing';
import { STORED } from '../streams.controller.js';
import type { Difference, What } from './difference.js';
import { EventLog, linkBefore, type Head, type LogFilter } from './event-log.js';
import { rowOf } from './log.projection.js';
import { COLUMNS, type Link, type LogRow } from './log.table.js';

/** An entry, and the event that stands in its place now. */
export interface Entry {
  readonly row: LogRow;
  readonly event: RecordedEvent | undefined;
}

export interface Compared {
  readonly entries: readonly Entry[];
  /** How many of them, from the first on, are what the store says. */
  readonly agreed: number;
  /** Why not all of them are, or what has been taken off the end. */
  readonly difference: Difference | undefined;
}

/** The log read beside the store: every digest is computed anew from the stored bytes and compared with the table. */
@Injectable()
export class ComparedLog {
  constructor(
    private readonly log: EventLog,
    @Inject(STORED) private readonly store: EventStore,
  ) {}

  /** All entries behind one and up to the head, `limit` at most, and whatever else stands between them in the store. */
  async whole(after: Link, head: Head, limit: number): Promise<Compared> {
    const rows = await this.log.rows({}, after.sequence, head.sequence, limit);
    const { found, stray } = await this.between(after.position, rows);
    const entries = rows.map((row) => ({ row, event: found.get(row.position) }));
    for (const [agreed, { row, event }] of entries.entries()) {
      const foreign = stray && stray.position < row.position ? stray : undefined;
      const before = linkBefore(row);
      if (before && !foreign && agrees(row, before, event)) continue;
      if (!before) return { entries, agreed, difference: await this.hole(rows[agreed - 1] ?? after, row) };
      const difference = await (foreign ? this.foreign(foreign, row) : this.differing(row, before));
      return { entries, agreed, difference };
    }
    const full = rows.length === limit;
    return { entries, agreed: entries.length, difference: await this.cutOff(rows.at(-1) ?? after, head, full) };
  }

  /** The entries behind a number that a filter lets through, `limit` at most, none beyond the head. */
  async some(filter: LogFilter, after: number, head: Head, limit: number): Promise<Compared> {
    const rows = await this.log.rows(filter, after, head.sequence, limit);
    const found = await this.oneByOne(rows);
    const entries = rows.map((row) => ({ row, event: found.get(row) }));
    for (const [agreed, { row, event }] of entries.entries()) {
      const before = linkBefore(row);
      if (before && agrees(row, before, event)) continue;
      const difference = before ? await this.differing(row, before) : unlogged(row.sequence - 1, undefined);
      return { entries, agreed, difference };
    }
    return { entries, agreed: entries.length, difference: undefined };
  }

  /** What stands in the store where the rows say, and the first event between them that has no row there. */
  private async between(after: Position, rows: readonly LogRow[]) {
    const found = new Map<Position, RecordedEvent>();
    const wanted = new Set(rows.map((row) => row.position));
    const end = rows.at(-1)?.position ?? after;
    let stray: RecordedEvent | undefined;
    // Somebody may have put in more than memory holds: beyond as many as there are rows, the rest does not matter.
    for (let strays = 0; after < end && strays <= rows.length;) {
      const { events, position } = await this.behind(after, rows.length);
      for (const event of events) {
        const at = event.position;
        if (at > end) break;
        if (wanted.has(at)) found.set(at, event);
        else if (strays++ === 0) stray = event;
      }
      if (position === after) break;
      after = position;
    }
    return { found, stray };
  }

  /** The events of rows that do not follow one another, by their streams: one read for each run of revisions. */
  private async oneByOne(rows: readonly LogRow[]): Promise<Map<LogRow, RecordedEvent>> {
    const found = new Map<LogRow, RecordedEvent>();
    await Promise.all(
      runsOf(rows).map(async (run) => {
        const events = await this.inStream(run[0]!, run.length);
        for (const row of run) {
          const event = events.find(({ revision }) => revision === row.revision);
          if (event) found.set(row, event);
        }
      }),
    );
    return found;
  }

  /** An event that has no entry in its place; `next` is the entry behind it. */
  private async foreign(event: RecordedEvent, next: LogRow): Promise<Difference> {
    const own = await this.log.entryOf(event);
    const before = own && linkBefore(own);
    const moved = before && (await this.differing(own, before));
    if (moved && moved.what.length > 0) return moved;
    const { stream, revision } = event;
    return { sequence: next.sequence, stream, revision, what: ['inserted'] };
  }

  /** Why an entry does not agree with the store; `what` is empty when it does. */
  private async differing(row: LogRow, before: Link): Promise<Difference> {
    const { events } = await this.behind(before.position, 1);
    const here = events.find(({ position }) => position === row.position);
    const [there] = await this.inStream(row, 1);
    const { sequence, stream, revision } = row;
    return { sequence, stream, revision, what: whatDiffers(row, before, here, there) };
  }

  private async hole(last: Link, next: LogRow): Promise<Difference> {
    const [event] = (await this.behind(last.position, 1)).events;
    return unlogged(last.sequence + 1, event && event.position < next.position ? event : undefined);
  }

  /** Entries that were taken off the end: `last` is the last that is there, unless its page was full. */
  private async cutOff(last: Link, head: Head, full: boolean): Promise<Difference | undefined> {
    if (last.sequence < head.sequence) return full ? undefined : unlogged(last.sequence + 1, undefined);
    if (head.numbered <= last.position) return undefined;
    const [event] = (await this.behind(last.position, 1)).events;
    return event && event.position <= head.numbered ? unlogged(last.sequence + 1, event) : undefined;
  }

  private behind(after: Position, limit: number): Promise<Page> {
    return unlessNowhere(this.store.readAll({ after, limit }), { events: [], position: after });
  }

  private inStream({ stream, revision }: LogRow, limit: number): Promise<readonly RecordedEvent[]> {
    return unlessNowhere(this.store.readStream(stream, { from: revision, limit }), []);
  }
}

/** Chain, place, bytes and columns. */
function agrees(row: LogRow, before: Link, event: RecordedEvent | undefined): boolean {
  if (!event) return false;
  const right = rowOf(event, before);
  return COLUMNS.every((column) => row[column] === right[column] || isDeepStrictEqual(row[column], right[column]));
}

const PARTS = [
  ['data', 'data_mark'],
  ['metadata', 'metadata_mark'],
  ['type', 'type'],
  ['id', 'id'],
  ['stream', 'stream'],
  ['revision', 'revision'],
] as const satisfies readonly (readonly [What, keyof LogRow])[];

/** `here` stands in the row's place of the order of all events, `there` in its place of the stream: the same, when all is well. */
function whatDiffers(
  row: LogRow,
  before: Link,
  here: RecordedEvent | undefined,
  there: RecordedEvent | undefined,
): readonly What[] {
  if (agrees(row, before, here)) return [];
  // The event is what was recorded, to the byte: it is the row that is not.
  if ([here, there].some((event) => event && rowOf(event, before).digest === row.digest)) return ['log-row'];
  const event = [here, there].find((one) => one?.id === row.id) ?? here;
  if (!event) return ['removed'];
  if (event.position !== row.position) return ['reordered'];
  const right = rowOf(event, before);
  const parts = PARTS.filter(([, column]) => row[column] !== right[column]).map(([part]) => part);
  return parts.length > 0 ? parts : ['log-digest'];
}

/** An entry that is not there; its event, where one stands there still. */
function unlogged(sequence: number, event: RecordedEvent | undefined): Difference {
  return { sequence, stream: event?.stream ?? null, revision: event?.revision ?? null, what: ['log-removed'] };
}

/** Consecutive revisions of one stream together. */
function runsOf(rows: readonly LogRow[]): LogRow[][] {
  const sorted = rows.toSorted((a, b) =>
    a.stream === b.stream ? a.revision - b.revision : a.stream < b.stream ? -1 : 1,
  );
  const runs: LogRow[][] = [];
  for (const row of sorted) {
    const last = runs.at(-1)?.at(-1);
    if (last?.stream === row.stream && last.revision + 1 === row.revision) runs.at(-1)!.push(row);
    else runs.push([row]);
  }
  return runs;
}

/** A place that somebody has written into the table may be none of the store: then nothing is there. */
async function unlessNowhere<T>(reading: Promise<T>, nothing: T): Promise<T> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof RangeError) return nothing;
    throw error;
  }
}
