import { Controller, Get, Injectable } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { DataSource, type MigrationInterface, type QueryRunner } from 'typeorm';
import { Allow } from '#libs/eventing-nest';
import { FeedHeadDto } from './feed-head.dto.js';

/** How far each city's sub-platform has come, as it says itself when it asks for what follows. */
export class FeedReaders1764000000044 implements MigrationInterface {
  name = 'FeedReaders1764000000044';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table feed_readers (
        feed text collate "C" primary key, sequence bigint not null, heard_at timestamptz not null)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table feed_readers');
  }
}

/** A city that asks in a loop is noted no more often, in milliseconds. */
const NOTED_EVERY_MS = 5_000;

/** Who hears the feeds. A city that follows over Kafka reconciles over HTTP, and is heard there. */
@Injectable()
export class FeedReaders {
  private readonly noted = new Map<string, { readonly sequence: number; readonly at: number }>();

  constructor(private readonly database: DataSource) {}

  /** Notes that a city has everything up to `sequence`. */
  async heard(feed: string, sequence: number): Promise<void> {
    const before = this.noted.get(feed);
    const at = Date.now();
    if (before && at - before.at < NOTED_EVERY_MS && before.sequence >= sequence) return;
    this.noted.set(feed, { sequence, at });
    await this.database.query(
      `insert into feed_readers values ($1, $2, now())
         on conflict (feed) do update set sequence = excluded.sequence, heard_at = excluded.heard_at`,
      [feed, sequence],
    );
  }
}

class FeedReaderDto {
  @ApiProperty({ description: '分平台已有的最后序号', example: 1485 }) sequence!: number;
  @ApiProperty({ type: String, format: 'date-time', description: '最近一次来取的时刻' }) heardAt!: Date;
  @ApiProperty({ description: '尚未取走的记录数', example: 0 }) behind!: number;
}

class FeedStateDto extends FeedHeadDto {
  @ApiProperty({ description: '事件流', example: 'region.xianyang' }) feed!: string;
  @ApiProperty({ description: '所属区域；reference 为空', type: String, nullable: true, example: 'xianyang' })
  region!: string | null;
  @ApiProperty({ type: FeedReaderDto, nullable: true, description: '其分平台；从未来取过则为空' })
  reader!: FeedReaderDto | null;
}

class FeedsDto {
  @ApiProperty({ type: [FeedStateDto] }) feeds!: FeedStateDto[];
}

interface Row {
  readonly feed: string;
  readonly sequence: string;
  readonly digest: string;
  readonly read: string | null;
  readonly heard_at: Date | null;
}

/** All feeds: how long each is, and how far its city has come. */
@ApiTags('feeds')
@Controller('api/v1/feeds')
export class FeedsController {
  constructor(private readonly database: DataSource) {}

  @Get()
  @Allow('province', 'auditor')
  @ApiOperation({
    operationId: 'ListFeeds',
    summary: '各事件流的末条、摘要，及其分平台取到何处、最近何时来取',
    description:
      'Every feed: its last record and digest, how far its sub-platform has come, and when it was last heard',
  })
  @ApiOkResponse({ type: FeedsDto })
  async feeds(): Promise<FeedsDto> {
    const rows = await this.database.query<Row[]>(
      `select h.feed, h.sequence, h.digest, r.sequence as read, r.heard_at
         from feed_heads h left join feed_readers r using (feed) order by h.feed`,
    );
    return { feeds: rows.map(stateOf) };
  }
}

function stateOf({ feed, sequence, digest, read, heard_at: heardAt }: Row): FeedStateDto {
  const [, region = null] = /^region\.(.+)$/.exec(feed) ?? [];
  const reader =
    read === null ? null : { sequence: Number(read), heardAt: heardAt!, behind: Number(sequence) - Number(read) };
  return { feed, region, sequence: Number(sequence), digest, reader };
}
