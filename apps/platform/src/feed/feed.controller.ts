import { setTimeout as delay } from 'node:timers/promises';
import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { DataSource } from 'typeorm';
import { TopologyDirectory } from '#libs/contexts/topology';
import { EMPTY_FEED, type FeedPage } from '#libs/contracts';
import type { Actor } from '#libs/eventing';
import { Allow, Caller, ProblemException, scopeOf, validated } from '#libs/eventing-nest';
import { Whole } from '#libs/fields';
import { FeedEntry, FeedHeadRow } from './feed.entities.js';

export class FeedQuery {
  @Type(() => Number)
  @Whole(0, 2_147_483_647, { zh: '已有的最后序号', optional: true, example: 0 })
  readonly after?: number;

  @Type(() => Number) @Whole(1, 1000, { zh: '至多几条；缺省 500', optional: true }) readonly limit?: number;

  @Type(() => Number) @Whole(0, 30, { zh: '没有新记录时至多等几秒；缺省 0', optional: true }) readonly wait?: number;
}

export class FeedPageDto {
  @ApiProperty({ description: '区域' }) region!: string;
  @ApiProperty({ type: [Object], description: 'CloudEvents 记录，序号 feedsequence 连续' }) records!: object[];
  @ApiProperty({ type: Object, description: '此刻最后的序号与摘要，用于对账' }) last!: object;
}

/** How often a waiting request looks again, in milliseconds. */
const LOOK_AGAIN_MS = 100;

@ApiTags('feed')
@Controller('api/v1/regions')
export class FeedController {
  constructor(
    private readonly database: DataSource,
    private readonly topology: TopologyDirectory,
  ) {}

  @Get(':region/feed')
  @Allow('province', 'auditor', 'operator', 'sub-platform')
  @ApiOperation({ operationId: 'GetFeed', summary: '区域的事件流，与经 Kafka 下发的记录相同' })
  @ApiOkResponse({ type: FeedPageDto })
  async feed(
    @Param('region') region: string,
    @Query(validated(FeedQuery))
    { after = 0, limit = 500, wait = 0 }: FeedQuery,
    @Caller() caller: Actor,
  ): Promise<FeedPage> {
    const scope = scopeOf(caller);
    if (scope !== undefined && scope !== region) {
      throw new ProblemException(403, 'region.not-yours', `只能读取本区域（${scope}）`, `You may read ${scope} only`);
    }
    if (!(await this.topology.current()).has(region)) {
      throw new ProblemException(404, 'region.unknown', `区域 ${region} 未登记`, `Region ${region} is not registered`);
    }
    for (const until = Date.now() + wait * 1000; ;) {
      // The head first, and no record beyond it: the page and the head that it names then agree.
      const head = await this.database.getRepository(FeedHeadRow).findOneBy({ region });
      const last = { sequence: head?.sequence ?? 0, digest: head?.digest ?? EMPTY_FEED };
      if (last.sequence > after || Date.now() >= until)
        return { region, records: await this.read(region, after, last.sequence, limit), last };
      await delay(LOOK_AGAIN_MS);
    }
  }

  private async read(region: string, after: number, upTo: number, limit: number) {
    const entries = await this.database
      .getRepository(FeedEntry)
      .createQueryBuilder('e')
      .where('e.region = :region and e.sequence > :after and e.sequence <= :upTo', { region, after, upTo })
      .orderBy('e.sequence')
      .limit(limit)
      .getMany();
    return entries.map((e) => e.record);
  }
}
