import { Body, Controller, Get, HttpCode, Inject, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import type { EventStore } from '#libs/eventing';
import { Allow, ProblemException, validated } from '#libs/eventing-nest';
import { PostgresStore, type BuildStatus, type ParkedKey, type Projected, type Rebuild } from '#libs/eventing-postgres';
import { ExactText, Text } from '#libs/fields';
import { Runners } from './runners.js';
import { STORED } from './streams.controller.js';

export class ProjectionRequest {
  @Text(60, { zh: '投影', en: 'Projection', example: 'capacity' }) readonly projection!: string;
}

export class KeyRequest extends ProjectionRequest {
  @ExactText(500, {
    zh: '键',
    en: 'Key',
    help: ['如状态所示', 'As the status shows it'],
    example: '["xianyang-enclave","unit","floor-3"]',
  })
  readonly key!: string;
}

export class ResumeRequest extends ProjectionRequest {
  @ExactText(500, {
    zh: '键',
    en: 'Key',
    help: ['缺省为此投影的全部', 'All of this projection when absent'],
    optional: true,
  })
  readonly key?: string;
}

export class BuildDto implements BuildStatus {
  @ApiProperty({ description: '投影' }) projection!: string;
  @ApiProperty({ enum: ['live', 'next'], description: 'live 供查询；next 在旁重建' }) build!: 'live' | 'next';
  @ApiProperty({ description: '版本' }) version!: number;
  @ApiProperty({ description: '已处理到的位置' }) position!: string;
  @ApiProperty({ type: String, nullable: true, description: '由哪个进程维护；租约已过则为空' }) owner!: string | null;
  @ApiProperty({ type: Date, description: '开始于' }) startedAt!: Date;
  @ApiProperty({ type: Object, nullable: true, description: '重建的结果：两版的摘要' }) outcome!: object | null;
  @ApiProperty({ description: '已读日志的份额，0—1' }) progress!: number;
  @ApiProperty({ description: '尚未处理的第一个事件已等待的秒数' }) lagSeconds!: number;
  @ApiProperty({ type: Number, nullable: true, description: '重建尚需秒数，估计' }) secondsLeft!: number | null;
}

export class ParkedDto implements ParkedKey {
  @ApiProperty({ description: '投影' }) projection!: string;
  @ApiProperty({ enum: ['live', 'next'] }) build!: 'live' | 'next';
  @ApiProperty({ description: '键' }) key!: string;
  @ApiProperty({ description: '等待的事件数' }) events!: number;
  @ApiProperty({ description: '第一条的位置' }) position!: string;
  @ApiProperty({ type: String, nullable: true, description: '原因' }) reason!: string | null;
  @ApiProperty({ description: '自' }) since!: string;
}

export class ProjectionsDto {
  @ApiProperty({ type: Number, nullable: true, description: '未结束的事务使读者等待了几秒；非 PostgreSQL 事件库为空' })
  watermarkAgeSeconds!: number | null;
  @ApiProperty({ type: [BuildDto] }) builds!: BuildDto[];
  @ApiProperty({ type: [ParkedDto], description: '暂停的键：所涉统计不完整' }) parked!: ParkedDto[];
}

export class AskedDto {
  @ApiProperty({ description: '所请求的已记下，由维护此投影的进程执行' }) asked!: boolean;
}

/** Where every projection stands, whichever process owns it; and what an operator may ask of the owners. */
@ApiTags('operations')
@Controller('api/v1/operations/projections')
export class ProjectionsController {
  constructor(
    private readonly runners: Runners,
    @Inject(STORED) private readonly store: EventStore,
  ) {}

  @Get()
  @Allow('province', 'auditor')
  @ApiOperation({ operationId: 'GetProjections', summary: '各投影的进度、归属、重建与暂停的键' })
  @ApiOkResponse({ type: ProjectionsDto })
  async status(): Promise<ProjectionsDto> {
    const { checkpoints } = this.runners;
    const [builds, parked] = await Promise.all([checkpoints.builds(), checkpoints.parked()]);
    return {
      watermarkAgeSeconds: this.store instanceof PostgresStore ? (await this.store.watermarkAgeMs()) / 1000 : null,
      builds: await Promise.all(
        builds.map(async (build) => {
          const [progress, lagSeconds] = await Promise.all([
            this.store.progress(build.position),
            this.runners.lagSeconds(build.position),
          ]);
          const seconds = (Date.now() - build.startedAt.getTime()) / 1000;
          const building = build.build === 'next' && build.outcome === null && progress > 0;
          return {
            ...build,
            progress,
            lagSeconds,
            secondsLeft: building ? Math.ceil((seconds * (1 - progress)) / progress) : null,
          };
        }),
      ),
      parked,
    };
  }

  @Post('rebuild')
  @HttpCode(202)
  @Allow('province')
  @ApiOperation({ operationId: 'RebuildProjection', summary: '从头重建；相同版本须得出相同摘要方可替换' })
  @ApiOkResponse({ type: AskedDto })
  async rebuild(@Body(validated(ProjectionRequest)) { projection }: ProjectionRequest): Promise<AskedDto> {
    const { projected, rebuild } = this.rebuildable(projection);
    if (await this.runners.checkpoints.rebuild(projected, rebuild)) return { asked: true };
    throw new ProblemException(409, 'projection.building', '已在重建', 'It is being built anew already');
  }

  @Post('discard')
  @HttpCode(202)
  @Allow('province')
  @ApiOperation({ operationId: 'DiscardRebuild', summary: '放弃重建' })
  @ApiOkResponse({ type: AskedDto })
  async discard(@Body(validated(ProjectionRequest)) { projection }: ProjectionRequest): Promise<AskedDto> {
    await this.runners.checkpoints.discard(projection, this.rebuildable(projection).rebuild);
    return { asked: true };
  }

  @Post('park')
  @HttpCode(202)
  @Allow('province')
  @ApiOperation({ operationId: 'ParkKey', summary: '暂停一个键：其事件等待，其余照常' })
  @ApiOkResponse({ type: AskedDto })
  async park(@Body(validated(KeyRequest)) { projection, key }: KeyRequest): Promise<AskedDto> {
    this.known(projection);
    await this.runners.checkpoints.hold(projection, key);
    return { asked: true };
  }

  @Post('resume')
  @HttpCode(202)
  @Allow('province')
  @ApiOperation({ operationId: 'ResumeKeys', summary: '重试暂停的键，按其次序' })
  @ApiOkResponse({ type: AskedDto })
  async resume(@Body(validated(ResumeRequest)) { projection, key }: ResumeRequest): Promise<AskedDto> {
    this.known(projection);
    if ((await this.runners.checkpoints.requestResume(projection, key)) > 0) return { asked: true };
    throw new ProblemException(404, 'projection.not-parked', '没有这样暂停的键', 'No such key is parked');
  }

  private known(name: string): Projected {
    const projected = this.runners.all.get(name);
    if (projected) return projected;
    const names = [...this.runners.all.keys()].join(', ');
    throw new ProblemException(404, 'projection.unknown', `没有投影 ${name}；有：${names}`, `There are: ${names}`);
  }

  private rebuildable(name: string): { projected: Projected; rebuild: Rebuild } {
    const projected = this.known(name);
    if (projected.rebuild) return { projected, rebuild: projected.rebuild };
    throw new ProblemException(
      409,
      'projection.given-away',
      '已经给出：各市、审计人员记下了它的序号与摘要，不能重新编号',
      'It has been given away: cities and auditors hold its numbers and digests, which never change',
    );
  }
}
