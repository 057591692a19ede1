import type { Readable } from 'node:stream';
import { Controller, Get, Header, Query, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Allow, NoParameters, ProblemDto, validated, type AuthenticatedRequest } from '#libs/eventing-nest';
import { News } from './news.js';

@ApiTags('news')
@Controller('api/v1/news')
export class NewsController {
  constructor(private readonly news: News) {}

  /** A page that shows lists and figures asks again when it hears of something, not every few seconds. */
  @Get()
  @Allow('province', 'operator', 'auditor', 'sub-platform')
  @Header('Content-Type', 'text/event-stream; charset=utf-8')
  @Header('Cache-Control', 'no-store')
  // A proxy that gathers what it passes on would keep it from being news.
  @Header('X-Accel-Buffering', 'no')
  @ApiOperation({
    operationId: 'GetNews',
    summary: '有新内容时告知：server-sent events，每秒至多一次，只告知位置',
    description:
      'Server-sent events: an event `recorded` each time that lists and figures have advanced, at most one a second, with the position and nothing else',
  })
  @ApiHeader({ name: 'Last-Event-ID', required: false, description: '上次告知的位置：其后已有新内容，立即告知' })
  @ApiOkResponse({
    description: '事件流；15 秒一次心跳，15 分钟后结束，可再连接',
    content: {
      'text/event-stream': {
        schema: { type: 'string' },
        example: 'event: recorded\nid: 0000000000000042\ndata: {"position":"0000000000000042"}\n\n',
      },
    },
  })
  @ApiResponse({ status: 401, type: ProblemDto, description: '`auth.missing`、`auth.invalid`' })
  @ApiResponse({ status: 422, type: ProblemDto, description: '`request.invalid`' })
  @ApiResponse({ status: 429, type: ProblemDto, description: '`news.too-many` 同一人的连接过多' })
  stream(
    @Query(validated(NoParameters)) _: NoParameters,
    @Req() { actor, headers }: AuthenticatedRequest,
    @Res({ passthrough: true }) { raw }: FastifyReply,
  ): Promise<Readable> {
    const after = headers['last-event-id'];
    return this.news.open(actor.id, raw, typeof after === 'string' && after !== '' ? after : undefined);
  }
}
