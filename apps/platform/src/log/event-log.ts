import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { START, type Position } from '#libs/eventing';
import { BEGINNING, COLUMNS, LINK, selected, type Link, type LogRow } from './log.table.js';

/** What entries are asked for; each condition narrows. */
export interface LogFilter {
  readonly type?: string;
  /** What the stream's name begins with. */
  readonly stream?: string;
  /** Regions that the event concerns, all of them. */
  readonly region?: readonly string[];
  /** Regions of which it concerns one at least. */
  readonly seenBy?: readonly string[];
  readonly actor?: string;
  readonly command?: string;
  readonly correlation?: string;
  /** Days; `to` is exclusive, as it is of all periods. */
  readonly occurredFrom?: string;
  readonly occurredTo?: string;
  /** Instants; `to` is exclusive. */
  readonly recordedFrom?: string;
  readonly recordedTo?: string;
}

const CONDITIONS: Readonly<Record<string, string>> = {
  type: 'l.type = $',
  stream: 'starts_with(l.stream, $)',
  region: 'l.regions @> $::text[]',
  seenBy: 'l.regions && $::text[]',
  actor: 'l.actor = $',
  // As the indexes have it: a command is its own correlation but in processes.
  command: '(l.correlation = $ and l.command = $ or l.command is distinct from l.correlation and l.command = $)',
  correlation: 'l.correlation = $',
  occurredFrom: 'l.occurred_on >= $',
  occurredTo: 'l.occurred_on < $',
  recordedFrom: 'l.recorded_at >= $',
  recordedTo: 'l.recorded_at < $',
} satisfies Record<keyof LogFilter, string>;

/** Where the log ends. */
export interface Head extends Link {
  /** What has been numbered up to: no event at or before it may be without an entry. */
  readonly numbered: Position;
}

/** A row and, where the table has it, the entry before it. */
export interface Chained extends LogRow {
  readonly before_position: Position | null;
  readonly before_digest: string | null;
  readonly before_as_at: string | null;
}

const CHAINED = `${selected(COLUMNS, 'l')}, ${selected(['position', 'digest', 'as_at'], 'b', 'before_')}
  from event_log l left join event_log b on b.sequence = l.sequence - 1`;

/** What an entry goes on from; undefined where the table has a hole before it. */
export function linkBefore({ sequence, before_position, before_digest, before_as_at }: Chained): Link | undefined {
  if (sequence === 1) return BEGINNING;
  if (before_position === null || before_digest === null) return undefined;
  return { sequence: sequence - 1, position: before_position, digest: before_digest, as_at: before_as_at };
}

/** The table of the log, as it stands. */
@Injectable()
export class EventLog {
  constructor(private readonly database: DataSource) {}

  async head(): Promise<Head> {
    // While its events are held back by hand, nothing is said of what may be without an entry.
    const [head] = await this.database.query<(Omit<Head, 'sequence'> & { sequence: number | null })[]>(
      `select ${selected(LINK, 'l')}, coalesce(c.position, '') as numbered from (select 1) one
        left join (select * from event_log order by sequence desc limit 1) l on true
        left join projection_checkpoints c on c.name = 'log' and c.build = 'live'
          and not exists (select from projection_parked p where p.name = 'log')`,
    );
    const { sequence, ...rest } = head!;
    return sequence === null ? { ...BEGINNING, numbered: rest.numbered } : { sequence, ...rest };
  }

  /**
   * The position that an answer *as at* a moment goes up to: of the last entry such that neither it nor any before it says
   * that it was recorded later. `recordedAt` is by the clock of whoever wrote it and may go back, so that an entry counts as
   * recorded no earlier than those before it. The answer for a moment that has passed never changes then, whatever a clock
   * does later; what follows an event whose clock ran ahead is known only from the time that it said.
   *
   * @throws RangeError when it is not an instant
   */
  async positionAt(moment: string): Promise<Position> {
    const at = new Date(moment);
    if (Number.isNaN(at.getTime())) throw new RangeError(`"${moment}" is not an instant`);
    const [last] = await this.database.query<{ position: Position }[]>(
      'select position from event_log where as_at <= $1 order by as_at desc, sequence desc limit 1',
      [at],
    );
    return last?.position ?? START;
  }

  /** What the entries after a number go on from. */
  async linkAt(sequence: number): Promise<Link> {
    const [link] = await this.database.query<Link[]>(
      `select ${selected(LINK, 'l')} from event_log l where l.sequence <= $1 order by l.sequence desc limit 1`,
      [sequence],
    );
    return link ?? BEGINNING;
  }

  /** The entries behind `after` and up to `upTo` that the filter lets through, `limit` at most. */
  async rows(filter: LogFilter, after: number, upTo: number, limit: number): Promise<Chained[]> {
    const parameters: unknown[] = [after, upTo, limit];
    const conditions = Object.entries(filter).flatMap(([name, value]) => {
      if (value === undefined) return [];
      parameters.push(value);
      return [CONDITIONS[name]!.replaceAll('$', () => `$${parameters.length}`)];
    });
    return this.database.query<Chained[]>(
      `select ${CHAINED} where ${['l.sequence > $1 and l.sequence <= $2', ...conditions].join(' and ')}
        order by l.sequence limit $3`,
      parameters,
    );
  }

  /** The entry of an event, wherever that stands now. */
  async entryOf({ stream, revision, id }: Pick<LogRow, 'stream' | 'revision' | 'id'>): Promise<Chained | undefined> {
    const [row] = await this.database.query<Chained[]>(
      `select ${CHAINED} where l.stream = $1 and l.revision = $2 and l.id = $3`,
      [stream, revision, id],
    );
    return row;
  }
}
