import { Controller, Get, Headers, Inject, Param, Query, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import type { FastifyReply } from 'fastify';
import { DataSource } from 'typeorm';
import { processStream, type Actor, type EventStore, type RecordedEvent } from '#libs/eventing';
import { Allow, Caller, isSeen, leftOut, ProblemException, Reads, validated } from '#libs/eventing-nest';
import { ExactText, OneOf, Slug, Whole } from '#libs/fields';
import type { Texts } from '#libs/messages';
import { STORED } from '../streams.controller.js';
import { ProcessRow } from './processes.entities.js';
import { Processes } from './processes.js';

const STATUSES = { running: ['进行中', 'Running'], ended: ['已结束', 'Ended'] } as const satisfies Texts;

export class ProcessesQuery {
  @Slug({ zh: '仅此流程', en: 'Only this process', optional: true, example: 'admission' }) readonly process?: string;
  @ExactText(200, { zh: '仅此实例', en: 'Only this instance', optional: true }) readonly key?: string;
  @OneOf(STATUSES, { zh: '仅此状态', en: 'Only this status', optional: true })
  readonly status?: keyof typeof STATUSES;
  @Type(() => Number)
  @Whole(1, 1000, { zh: '至多几个', en: 'Instances a page', help: ['缺省 200', '200 when absent'], optional: true })
  readonly limit?: number;
  @ExactText(100, { zh: '上一页的 next', en: 'The next of the page before', optional: true }) readonly before?: string;
}

export class PendingDto {
  @ApiProperty({ description: '步骤' }) step!: string;
  @ApiProperty({ description: '命令' }) command!: string;
  @ApiProperty({ type: Object, description: '命令内容' }) fields!: object;
  @ApiProperty({ format: 'uuid', description: '命令标识：重试亦同' }) commandId!: string;
}

export class DeadlineDto {
  @ApiProperty({ description: '期限' }) name!: string;
  @ApiProperty({ format: 'date-time', description: '到期时刻（UTC）' }) due!: string;
}

export class ProcessDto {
  @ApiProperty({ description: '流程', example: 'admission' }) process!: string;
  @ApiProperty({ description: '实例' }) key!: string;
  @ApiProperty({ enum: ['running', 'ended'], description: '状态' }) status!: string;
  @ApiProperty({ type: String, nullable: true, description: '如何结束' }) end!: string | null;
  @ApiProperty({ type: Object, description: '流程所记' }) state!: object;
  @ApiProperty({ type: [PendingDto], description: '尚无结果的步骤，按顺序' }) pending!: PendingDto[];
  @ApiProperty({ type: DeadlineDto, nullable: true, description: '下一个期限' }) deadline!: DeadlineDto | null;
  @ApiProperty({ type: [String], description: '有关区域' }) regions!: readonly string[];
  @ApiProperty({ description: '开始的日期' }) occurredAt!: string;
  @ApiProperty({ type: String, nullable: true, description: '暂不能继续的原因与次数（仅本进程所知）' }) trouble!:
    string | null;
}

export class ProcessesDto {
  @ApiProperty({ type: [ProcessDto], description: '新近开始的在前' }) processes!: ProcessDto[];
  @ApiProperty({ type: String, nullable: true, description: '下一页的 before；已到末尾则为空' }) next!: string | null;
}

export class ProcessHistoryDto extends ProcessDto {
  @ApiProperty({ type: [Object], description: '起作用的事件与每一步的结果，按先后，含完整元数据' }) events!: object[];
}

/** What processes are doing, for people. */
@ApiTags('processes')
@Controller('api/v1/processes')
export class ProcessesController {
  constructor(
    private readonly database: DataSource,
    private readonly processes: Processes,
    private readonly reads: Reads,
    @Inject(STORED) private readonly store: EventStore,
  ) {}

  @Get()
  @Allow('province', 'auditor', 'operator')
  @ApiOperation({ operationId: 'GetProcesses', summary: '流程：状态、待办步骤、下一期限与结局' })
  @ApiOkResponse({ type: ProcessesDto })
  async list(
    @Query(validated(ProcessesQuery)) { process, key, status, before, limit = 200 }: ProcessesQuery,
    @Headers('consistency-token') token: string | undefined,
    @Caller() caller: Actor,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ProcessesDto> {
    const incomplete = await this.reach(token, caller, reply);
    const scope = await this.reads.scopeOf(caller);
    const rows = await this.database
      .getRepository(ProcessRow)
      .createQueryBuilder('p')
      .where('(:process::text is null or p.process = :process)', { process: process ?? null })
      .andWhere('(:key::text is null or p.key = :key)', { key: key ?? null })
      .andWhere('(:status::text is null or p.status = :status)', { status: status ?? null })
      .andWhere('(:scope::text[] is null or p.regions ?| :scope::text[])', { scope: scope === 'all' ? null : scope })
      .andWhere('(:before::text is null or p.position < :before)', { before: before ?? null })
      .orderBy('p.position', 'DESC')
      .limit(limit)
      .getMany();
    const next = rows.length === limit ? rows.at(-1)!.position : null;
    return { processes: rows.map((row) => this.view(row)), next, ...incomplete };
  }

  @Get(':process/:key')
  @Allow('province', 'auditor', 'operator')
  @ApiOperation({ operationId: 'GetProcess', summary: '一个流程实例及其历史' })
  @ApiOkResponse({ type: ProcessHistoryDto })
  async one(
    @Param('process') process: string,
    @Param('key') key: string,
    @Headers('consistency-token') token: string | undefined,
    @Caller() caller: Actor,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ProcessHistoryDto> {
    const incomplete = await this.reach(token, caller, reply);
    const row = await this.database.getRepository(ProcessRow).findOneBy({ process, key });
    if (!row) {
      throw new ProblemException(
        404,
        'process.unknown',
        `没有流程 ${process} ${key}`,
        `There is no process ${process} ${key}`,
      );
    }
    const scope = await this.reads.scopeOf(caller);
    if (!isSeen(scope, row.regions)) {
      throw new ProblemException(
        403,
        'process.not-yours',
        '此流程与本区域无关',
        'This process does not concern your region',
      );
    }
    const own = await this.store.readStream(processStream(row));
    const triggers = await Promise.all(
      row.triggers.map(({ stream, revision }) => this.store.readStream(stream, { from: revision, limit: 1 })),
    );
    const events = [...triggers.flat(), ...own]
      .filter(({ metadata }) => isSeen(scope, metadata.regions))
      .sort((a, b) => (a.position < b.position ? -1 : 1))
      .map(({ id, type, data, metadata, stream, revision, position }: RecordedEvent) => ({
        id,
        type,
        data,
        metadata,
        stream,
        revision,
        position,
      }));
    return { ...this.view(row), events, ...incomplete };
  }

  /** As queries do: waits for the caller's own write, and says where the rows stand and what is left out of them. */
  private async reach(token: string | undefined, caller: Actor, reply: FastifyReply): Promise<{ incomplete?: object }> {
    const { position, stale, parked } = await this.reads.reach(['processes'], token);
    reply
      .header('Projection-Position', position)
      .header('Consistency', token === undefined ? 'eventual' : stale ? 'stale' : 'current');
    return leftOut(parked, caller);
  }

  private view(row: ProcessRow): ProcessDto {
    const { process, key, status, end, state, pending, deadline, due, regions, occurredAt } = row;
    const trouble = this.processes.troubleOf(row);
    return {
      process,
      key,
      status,
      end,
      state: state as object,
      pending: pending.map(({ step, command, fields, commandId }) => ({ step, command, fields, commandId })),
      deadline: deadline && due ? { name: deadline.name, due } : null,
      regions,
      occurredAt,
      trouble: trouble ? `${trouble.failures} × ${trouble.message}` : null,
    };
  }
}
