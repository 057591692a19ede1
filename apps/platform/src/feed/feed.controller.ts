import { setTimeout as delay } from 'node:timers/promises';
import { Controller, Get, Param, Query, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import type { FastifyRequest } from 'fastify';
import { DataSource } from 'typeorm';
import { regionsNow } from '#libs/contexts/topology';
import type { Actor } from '#libs/eventing';
import { Allow, Caller, isSeen, ProblemException, Reads, validated } from '#libs/eventing-nest';
import { OneOf, Whole } from '#libs/fields';
import { EMPTY_FEED, REFERENCE_FEED, type FeedHead, type FeedPage, type FeedRecord } from '#libs/messages';
import { FeedHeadDto } from './feed-head.dto.js';
import { FeedReaders } from './feed-readers.js';

export class FeedQuery {
  @Type(() => Number)
  @Whole(0, Number.MAX_SAFE_INTEGER, {
    zh: '已有的最后序号',
    en: 'Last sequence that is there',
    optional: true,
    example: 0,
  })
  readonly after?: number;

  @Type(() => Number)
  @Whole(1, 1000, { zh: '至多几条', en: 'Records a page', help: ['缺省 500', '500 when absent'], optional: true })
  readonly limit?: number;

  @Type(() => Number)
  @Whole(0, 30, {
    zh: '没有新记录时至多等几秒',
    en: 'Seconds to wait when there is nothing new',
    help: ['缺省 0', '0 when absent'],
    optional: true,
  })
  readonly wait?: number;

  @OneOf(
    { all: ['全部', 'All'], latest: ['各事物最后一条', 'The last of each thing'] },
    {
      zh: '取哪些记录',
      en: 'Which records',
      help: [
        'latest 仅取每一事物的最后一条：新加入者据此建立全貌；缺省 all',
        'latest: only the last of each thing, from which one that joins builds the whole; all when absent',
      ],
      optional: true,
    },
  )
  readonly records?: 'all' | 'latest';
}

export class FeedPageDto {
  @ApiProperty({ description: '事件流：reference，或 region.<区域>' }) feed!: string;
  @ApiProperty({ type: [Object], description: 'CloudEvents 记录；records=all 时序号 feedsequence 连续' })
  records!: object[];
  @ApiProperty({ type: FeedHeadDto, description: '此刻最后的序号与摘要，用于对账' }) last!: FeedHeadDto;
}

/** How often a waiting request looks again, in milliseconds. */
const LOOK_AGAIN_MS = 100;

@ApiTags('feeds')
@Controller('api/v1/feeds')
export class FeedController {
  constructor(
    private readonly database: DataSource,
    private readonly reads: Reads,
    private readonly readers: FeedReaders,
  ) {}

  @Get(':feed')
  @Allow('province', 'auditor', 'operator', 'sub-platform')
  @ApiOperation({ operationId: 'GetFeed', summary: '事件流，与经 Kafka 下发的记录相同' })
  @ApiOkResponse({ type: FeedPageDto })
  async feed(
    @Param('feed') feed: string,
    @Query(validated(FeedQuery))
    { after = 0, limit = 500, wait = 0, records = 'all' }: FeedQuery,
    @Caller() caller: Actor,
    @Req() { raw }: FastifyRequest,
  ): Promise<FeedPage> {
    await this.mayRead(feed, caller);
    const own = caller.role === 'sub-platform' && feed === `region.${caller.region}`;
    for (const until = Date.now() + wait * 1000; ;) {
      // The head first, and no record beyond it: the page and the head that it names then agree.
      const last = await this.head(feed);
      if (after > last.sequence) {
        const [zh, en] = [
          `没有第 ${after} 条：止于第 ${last.sequence} 条`,
          `There is no ${after}: it ends at ${last.sequence}`,
        ];
        throw new ProblemException(422, 'feed.beyond', zh, en, [{ field: 'after', code: 'feed.beyond', zh, en }]);
      }
      // Nobody waits for the answer of a connection that is gone, and the platform does not wait to close.
      if (own && after > 0 && records === 'all') await this.readers.heard(feed, after);
      if (last.sequence > after || Date.now() >= until || raw.socket.destroyed)
        return { feed, records: await this.read(feed, after, last.sequence, limit, records === 'latest'), last };
      await delay(LOOK_AGAIN_MS);
    }
  }

  private async mayRead(feed: string, caller: Actor): Promise<void> {
    if (feed === REFERENCE_FEED) return;
    const [, region] = /^region\.([a-z0-9-]{1,63})$/.exec(feed) ?? [];
    if (!isSeen(await this.reads.scopeOf(caller), region === undefined ? [] : [region])) {
      throw new ProblemException(
        403,
        'region.not-yours',
        `只能读取本区域（region.${caller.region}）、其内各区域与 reference`,
        `You may read region.${caller.region}, those of regions inside it, and reference`,
      );
    }
    const known = region !== undefined && (await regionsNow(this.reads.look)).has(region);
    if (!known) throw new ProblemException(404, 'feed.unknown', `没有事件流 ${feed}`, `There is no feed ${feed}`);
  }

  private async head(feed: string): Promise<FeedHead> {
    const [head] = await this.database.query<{ sequence: string; digest: string }[]>(
      'select sequence, digest from feed_heads where feed = $1',
      [feed],
    );
    return { sequence: Number(head?.sequence ?? 0), digest: head?.digest ?? EMPTY_FEED };
  }

  private async read(feed: string, after: number, upTo: number, limit: number, latest: boolean): Promise<FeedRecord[]> {
    const rows = await this.database.query<{ record: FeedRecord }[]>(
      `select record from feeds where feed = $1 and sequence > $2 and sequence <= $3 ${latest ? 'and latest' : ''}
        order by sequence limit $4`,
      [feed, after, upTo, limit],
    );
    return rows.map(({ record }) => record);
  }
}
