import { Readable } from 'node:stream';
import { Controller, Get, Headers, Query, Res, StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { Actor } from '#libs/eventing';
import { Allow, Caller, ProblemException, Reads, validated } from '#libs/eventing-nest';
import { entryText } from '#libs/messages';
import { LogAlarm } from './alarm.js';
import { ComparedLog, type Compared, type Entry } from './compared-log.js';
import { explained, type Difference } from './difference.js';
import { EventLog, type Head, type LogFilter } from './event-log.js';
import { EventsDto, EventsQuery, type TamperedDto } from './events.dto.js';
import { loggedOf } from './log.projection.js';

const LINES = 'application/x-ndjson';
/** Entries of a page, unless it is said how many. */
const PAGE = 200;
/** Entries that are in memory for one answer in lines: as many again wait until the client has taken them. */
const LINES_PAGE = 1_000;

/** What is asked for behind a number. */
interface Question {
  readonly filter: LogFilter;
  readonly after: number;
  readonly head: Head;
}

/** All events in their order, each with its number and the digest of everything up to it. */
@ApiTags('events')
@Controller('api/v1/events')
export class EventsController {
  constructor(
    private readonly log: EventLog,
    private readonly compared: ComparedLog,
    private readonly alarm: LogAlarm,
    private readonly reads: Reads,
  ) {}

  @Get()
  @Allow('province', 'auditor', 'operator')
  @ApiOperation({
    operationId: 'GetEvents',
    summary: '全部事件，按序号；Accept: application/x-ndjson 则一次给出其余全部，一行一条',
  })
  @ApiProduces('application/json', LINES)
  @ApiOkResponse({ type: EventsDto })
  async events(
    @Query(validated(EventsQuery)) { after = 0, limit, region, ...rest }: EventsQuery,
    @Headers('accept') accept: string | undefined,
    @Caller() caller: Actor,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string | StreamableFile> {
    const head = await this.log.head();
    if (after > head.sequence) {
      throw new ProblemException(
        422,
        'log.beyond-head',
        `日志的末条是 ${head.sequence}，没有 ${after}`,
        `The log ends at ${head.sequence}; there is no ${after}`,
      );
    }
    const scope = await this.reads.scopeOf(caller);
    const filter = {
      ...rest,
      region: region === undefined ? undefined : [region],
      seenBy: scope === 'all' ? undefined : scope,
    };
    // Somebody may have written what no header can hold.
    reply.header('Log-Head', `${head.sequence}:${encodeURIComponent(head.digest)}`);
    const question = { filter, after, head };
    if (accept?.includes(LINES)) {
      // One page waits while the one before it is on its way: that is the back-pressure.
      const lines = Readable.from(this.lines(question, limit ?? Infinity), { highWaterMark: 1 });
      return new StreamableFile(lines, { type: LINES });
    }
    reply.header('Content-Type', 'application/json; charset=utf-8');
    return this.page(question, limit ?? PAGE);
  }

  /** Put together from the stored texts, so that a number or a string arrives as it was hashed. */
  private async page(question: Question, limit: number): Promise<string> {
    const { entries, difference } = await this.read(question, limit);
    const { sequence, digest } = question.head;
    const last = entries.at(-1)?.row.sequence ?? sequence;
    const next = entries.length === limit && last < sequence ? last : null;
    const rest = { head: { sequence, digest }, next, tampered: difference ? tampered(difference) : null };
    return `{"events":[${entries.map(textOf).join(',')}],${JSON.stringify(rest).slice(1)}`;
  }

  /** A line for each entry; where store and log differ, behind the entries of the page a line that says so. */
  private async *lines(question: Question, limit: number): AsyncGenerator<string> {
    for (let { after } = question, left = limit; left > 0;) {
      const wanted = Math.min(left, LINES_PAGE);
      const { entries, difference } = await this.read({ ...question, after }, wanted);
      const told = difference ? [JSON.stringify({ tampered: tampered(difference) })] : [];
      yield [...entries.map(textOf), ...told].map((line) => `${line}\n`).join('');
      if (entries.length < wanted) return;
      after = entries.at(-1)!.row.sequence;
      left -= entries.length;
    }
  }

  private async read({ filter, after, head }: Question, limit: number): Promise<Compared> {
    const filtered = Object.values(filter).some((condition) => condition !== undefined);
    const compared = filtered
      ? await this.compared.some(filter, after, head, limit)
      : await this.compared.whole(await this.log.linkAt(after), head, limit);
    if (compared.difference) this.alarm.raise(compared.difference);
    return compared;
  }
}

function tampered(difference: Difference): TamperedDto {
  const { zh, en } = explained(difference);
  return { ...difference, detail: zh, detailEn: en };
}

function textOf({ row, event }: Entry): string {
  const { data, metadata, ...place } = event ? loggedOf(event) : { ...row, data: 'null', metadata: 'null' };
  return entryText(row.sequence, { ...place, data: oneLine(data), metadata: oneLine(metadata) }, row.digest);
}

/** What is stored is canonical; what somebody has put there may be anything, and the answer is JSON all the same. */
function oneLine(stored: string): string {
  try {
    const value: unknown = JSON.parse(stored);
    return /[\n\r]/.test(stored) ? JSON.stringify(value) : stored;
  } catch {
    return JSON.stringify(stored);
  }
}
