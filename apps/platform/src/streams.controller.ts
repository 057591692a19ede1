import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import type { Actor, EventStore, RecordedEvent } from '#libs/eventing';
import { Allow, Caller, isSeen, ProblemException, Reads, validated } from '#libs/eventing-nest';
import { Whole } from '#libs/fields';

/** The injection token of the store as it is: what an auditor reads is what was stored, not what is made of it today. */
export const STORED = Symbol('stored events');

export class StreamQuery {
  @Type(() => Number)
  @Whole(0, Number.MAX_SAFE_INTEGER, { zh: '自此版本起', en: 'From this revision', optional: true })
  readonly from?: number;
  @Type(() => Number)
  @Whole(1, 1000, { zh: '至多几条', en: 'Events a page', help: ['缺省 200', '200 when absent'], optional: true })
  readonly limit?: number;
}

export class StreamDto {
  @ApiProperty({ description: '事件流' }) stream!: string;
  @ApiProperty({ type: [Object], description: '事件，含完整元数据' }) events!: object[];
  @ApiProperty({ type: Number, nullable: true, description: '下一页的 from；已到末尾则为空' }) next!: number | null;
}

@ApiTags('streams')
@Controller('api/v1/streams')
export class StreamsController {
  constructor(
    @Inject(STORED) private readonly store: EventStore,
    private readonly reads: Reads,
  ) {}

  @Get(':stream')
  @Allow('province', 'auditor', 'operator', 'sub-platform')
  @ApiOperation({ operationId: 'GetStream', summary: '一个事件流的历史' })
  @ApiOkResponse({ type: StreamDto })
  async history(
    @Param('stream') stream: string,
    @Query(validated(StreamQuery))
    { from = 0, limit = 200 }: StreamQuery,
    @Caller() caller: Actor,
  ): Promise<StreamDto> {
    const events = await this.store.readStream(stream, { from, limit });
    if (events.length === 0 && from === 0) {
      throw new ProblemException(404, 'stream.unknown', `没有事件流 ${stream}`, `There is no stream ${stream}`);
    }
    const scope = await this.reads.scopeOf(caller);
    const visible = events.filter(({ metadata }) => isSeen(scope, metadata.regions));
    if (visible.length === 0 && events.length > 0) {
      throw new ProblemException(
        403,
        'stream.not-yours',
        '此事件流与本区域无关',
        'This stream does not concern your region',
      );
    }
    return { stream, events: visible.map(asStored), next: events.length === limit ? from + limit : null };
  }
}

/** Field by field: what a store hands out may be of a class, whose getters do not show in JSON. */
function asStored({ id, type, data, metadata, stream, revision, position }: RecordedEvent): object {
  return { id, type, data, metadata, stream, revision, position };
}
