import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { Day, ExactText, Instant, RegionId, Whole } from '#libs/fields';
import { whats, type What } from './difference.js';

export class EventsQuery {
  @Type(() => Number)
  @Whole(0, Number.MAX_SAFE_INTEGER, {
    zh: '已有的最后序号；缺省 0',
    en: 'The last sequence that is there already; 0 unless it is given',
    optional: true,
    example: 0,
  })
  readonly after?: number;

  @Type(() => Number)
  @Whole(1, 1000, {
    zh: '至多几条；JSON 缺省 200，JSON 行缺省其余全部',
    en: 'At most so many; 200 as JSON, the whole rest as JSON lines unless it is given',
    optional: true,
  })
  readonly limit?: number;

  @ExactText(200, { zh: '仅此类型', en: 'Only this type', optional: true, example: 'carrier.opened.v1' })
  readonly type?: string;
  @ExactText(300, {
    zh: '仅名称以此开头的事件流',
    en: 'Only streams whose names begin with this',
    optional: true,
    example: 'carrier-',
  })
  readonly stream?: string;
  @RegionId({ zh: '仅与此区域有关', en: 'Only what concerns this region', optional: true }) readonly region?: string;
  @ExactText(200, { zh: '仅由此人办理', en: 'Only by this actor', optional: true, example: 'operator@xianyang' })
  readonly actor?: string;
  @ExactText(200, { zh: '仅由此命令产生', en: 'Only of this command', optional: true }) readonly command?: string;
  @ExactText(200, { zh: '仅属此关联', en: 'Only of this correlation', optional: true }) readonly correlation?: string;
  @Day({ zh: '发生日期起', en: 'True from this day', optional: true }) readonly occurredFrom?: string;
  @Day({ zh: '发生日期止（不含）', en: 'True before this day', optional: true }) readonly occurredTo?: string;
  @Instant({ zh: '记录时刻起', en: 'Recorded from this instant', optional: true }) readonly recordedFrom?: string;
  @Instant({ zh: '记录时刻止（不含）', en: 'Recorded before this instant', optional: true })
  readonly recordedTo?: string;
}

export class LoggedEventDto {
  @ApiProperty({ description: '序号：1、2、3……，连续' }) sequence!: number;
  @ApiProperty({ description: '至此的链式摘要，SHA-256' }) digest!: string;
  @ApiProperty({ format: 'uuid', description: '事件标识' }) id!: string;
  @ApiProperty({ description: '事件流' }) stream!: string;
  @ApiProperty({ description: '在事件流中的版本，自 0 起' }) revision!: number;
  @ApiProperty({ description: '类型' }) type!: string;
  @ApiProperty({ description: '在全部事件中的位置' }) position!: string;
  @ApiProperty({ type: Object, nullable: true, description: '数据，如所存；事件已不在则为空' }) data!: object | null;
  @ApiProperty({ type: Object, nullable: true, description: '元数据，如所存' }) metadata!: object | null;
}

export class LogHeadDto {
  @ApiProperty({ description: '最后的序号' }) sequence!: number;
  @ApiProperty({ description: '最后的摘要：记下来，日后以 npm run verify -- --head 序号:摘要 核对' }) digest!: string;
}

export class TamperedDto {
  @ApiProperty({ description: '序号；多出的事件为其后一条的序号' }) sequence!: number;
  @ApiProperty({ type: String, nullable: true, description: '事件流' }) stream!: string | null;
  @ApiProperty({ type: Number, nullable: true, description: '版本' }) revision!: number | null;
  @ApiProperty({ enum: whats, isArray: true, description: '何处不符' }) what!: readonly What[];
  @ApiProperty({ description: '说明' }) detail!: string;
  @ApiProperty({ description: '说明（英文）' }) detailEn!: string;
}

export class EventsDto {
  @ApiProperty({ type: [LoggedEventDto], description: '按序号' }) events!: LoggedEventDto[];
  @ApiProperty({ type: LogHeadDto, description: '此刻日志的末条' }) head!: LogHeadDto;
  @ApiProperty({ type: Number, nullable: true, description: '下一页的 after；已到末尾则为空' }) next!: number | null;
  @ApiProperty({ type: TamperedDto, nullable: true, description: '事件库与日志第一处不符；相符则为空' })
  tampered!: TamperedDto | null;
}
