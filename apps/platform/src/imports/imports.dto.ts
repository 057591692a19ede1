import { ApiProperty } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import { roles, type Actor, type Role } from '#libs/eventing';
import { FieldProblemDto, ProblemDto, ReceiptDto } from '#libs/eventing-nest';
import { ExactText, Flag, OneOf, Whole } from '#libs/fields';
import { valuesOf } from '#libs/messages';
import { rowStates, type RowState } from './imports.table.js';

const COMMAND = 'incubation/admit-firm';

const command = {
  zh: '命令',
  en: 'Command',
  help: ['其路由的最后一段，或 /api/v1/ 之后的全部', 'The end of its route, or all of it after /api/v1/'],
  example: 'admit-firm',
} as const;

export class UploadQuery {
  @ExactText(100, command) readonly command!: string;
  @ExactText(100, {
    zh: '工作表',
    en: 'Sheet',
    help: ['仅 .xlsx；缺省为第一张', 'Of .xlsx only; the first when absent'],
    optional: true,
  })
  readonly sheet?: string;
}

export class TemplateQuery {
  @OneOf(
    { csv: ['CSV', 'CSV'], xlsx: ['Excel 工作簿', 'Excel workbook'] },
    {
      zh: '格式',
      en: 'Format',
      help: ['缺省依 Accept，再缺省为 csv', 'By Accept when absent, else csv'],
      optional: true,
    },
  )
  readonly format?: 'csv' | 'xlsx';
}

/** A query string has texts only. */
const truth = ({ value }: { value: unknown }): unknown => (value === 'true' ? true : value === 'false' ? false : value);

export class ImportsQuery {
  @ExactText(100, { ...command, zh: '仅此命令', en: 'Only of this command', optional: true }) readonly command?: string;
  @Transform(truth)
  @Flag({
    zh: '仅本人上传的',
    en: 'Only those of the caller',
    help: ['省级与审计可见全部；经办所见均为本人的', 'The province and auditors see all; an operator sees its own'],
    optional: true,
  })
  readonly mine?: boolean;
  @Type(() => Number)
  @Whole(1, Number.MAX_SAFE_INTEGER, { zh: '上一页的 next', en: 'The next of the page before', optional: true })
  readonly before?: number;
  @Type(() => Number)
  @Whole(1, 200, { zh: '至多几个', en: 'Imports a page', help: ['缺省 50', '50 when absent'], optional: true })
  readonly limit?: number;
}

export class RowsQuery {
  @OneOf(rowStates, { zh: '仅此状态', en: 'Only of this state', optional: true }) readonly state?: RowState;
  @Type(() => Number)
  @Whole(0, 2 ** 31 - 1, { zh: '上一页的 next', en: 'The next of the page before', optional: true })
  readonly after?: number;
  @Type(() => Number)
  @Whole(1, 1000, { zh: '至多几行', en: 'Rows a page', help: ['缺省 100', '100 when absent'], optional: true })
  readonly limit?: number;
}

export class MendDto {
  @ApiProperty({
    type: Object,
    description: '要改的单元格：列名或字段名，及其文本；空文本表示空白',
    example: { 企业名称: '示例企业', 'basis.clause': '一、2' },
  })
  cells!: Record<string, string>;
}

export class ColumnDto {
  @ApiProperty({ description: '单元格的键：字段，无字段的为列名', example: 'firm' }) key!: string;
  @ApiProperty({ description: '文件中的列名', example: '企业名称' }) header!: string;
  @ApiProperty({ type: String, nullable: true, description: '命令的字段；没有的不导入', example: 'firm' })
  field!: string | null;
  @ApiProperty({ type: String, nullable: true, description: '单位', example: null }) unit!: string | null;
}

export class NoticeDto {
  @ApiProperty({ example: 'column.unknown' }) code!: string;
  @ApiProperty({ description: '列名', example: '备注' }) column!: string;
  @ApiProperty({ example: '没有“备注”这一列，其内容不导入' }) zh!: string;
  @ApiProperty({ example: 'There is no column "备注": what it says is left out' }) en!: string;
}

export class RowDto {
  @ApiProperty({ description: '文件中的行号，表头为 1', example: 2 }) n!: number;
  @ApiProperty({
    enum: valuesOf(rowStates),
    description:
      'waiting 待检查、accepted 可以办理、faulty 有误、duplicate 与前面某行相同、skipped 不导入、recorded 已记录、repeated 先前已办、refused 发送时未受理',
    example: 'faulty',
  })
  state!: RowState;
  @ApiProperty({ type: Object, description: '单元格的文本，以列的 key 为键', example: { uscc: '9.16101E+17' } })
  cells!: object;
  @ApiProperty({ type: Object, nullable: true, description: '据此的命令内容', example: { uscc: '9.16101E+17' } })
  fields!: object | null;
  @ApiProperty({ type: [FieldProblemDto], description: '有误之处，与命令的答复相同' }) faults!: FieldProblemDto[];
  @ApiProperty({ type: [FieldProblemDto], description: '请核对之处，不妨碍发送' }) warnings!: FieldProblemDto[];
  @ApiProperty({ type: ReceiptDto, nullable: true, description: '发送之后的答复' }) receipt!: ReceiptDto | null;
  @ApiProperty({ type: ProblemDto, nullable: true, description: '发送时未受理的缘由' }) refusal!: ProblemDto | null;
}

export class CountsDto implements Record<RowState, number> {
  @ApiProperty({ description: '待检查', example: 0 }) waiting!: number;
  @ApiProperty({ description: '可以办理', example: 198 }) accepted!: number;
  @ApiProperty({ description: '有误', example: 2 }) faulty!: number;
  @ApiProperty({ description: '与前面某行相同', example: 0 }) duplicate!: number;
  @ApiProperty({ description: '不导入', example: 0 }) skipped!: number;
  @ApiProperty({ description: '已记录', example: 0 }) recorded!: number;
  @ApiProperty({ description: '先前已办', example: 0 }) repeated!: number;
  @ApiProperty({ description: '发送时未受理', example: 0 }) refused!: number;
}

export class ActorDto implements Actor {
  @ApiProperty({ example: 'operator@xianyang' }) id!: string;
  @ApiProperty({ enum: roles, example: 'operator' }) role!: Role;
  @ApiProperty({ required: false, example: 'xianyang' }) region?: string;
}

export class ProgressDto {
  @ApiProperty({ description: '已处理的行', example: 200 }) done!: number;
  @ApiProperty({ description: '共几行', example: 200 }) of!: number;
}

export class ImportSummaryDto {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({ description: '命令', example: COMMAND }) command!: string;
  @ApiProperty({ description: '命令的名称', example: '准入企业（飞出地）' }) zh!: string;
  @ApiProperty({ description: 'Name of the command', example: 'Admit a firm (home)' }) en!: string;
  @ApiProperty({ type: String, nullable: true, description: '文件名', example: '企业名单.xlsx' }) file!: string | null;
  @ApiProperty({ enum: ['csv', 'xlsx'], example: 'xlsx' }) format!: string;
  @ApiProperty({ type: String, nullable: true, description: 'CSV 的编码', example: null }) encoding!: string | null;
  @ApiProperty({ type: String, nullable: true, description: '工作表', example: 'Sheet1' }) sheet!: string | null;
  @ApiProperty({ type: ActorDto, description: '上传者' }) by!: Actor;
  @ApiProperty({ description: '由您上传：只有上传者可以修改与发送', example: true }) mine!: boolean;
  @ApiProperty({ format: 'date-time' }) createdAt!: string;
  @ApiProperty({
    enum: ['checking', 'checked', 'sending', 'sent', 'cancelled'],
    description: 'checking 检查中、checked 已检查、sending 发送中、sent 已发送、cancelled 已取消',
    example: 'checked',
  })
  state!: string;
  @ApiProperty({ description: '共几行', example: 200 }) rows!: number;
  @ApiProperty({ type: CountsDto, description: '各状态的行数' }) counts!: CountsDto;
  @ApiProperty({ type: ProgressDto, description: '检查或发送的进度' }) progress!: ProgressDto;
  @ApiProperty({ type: String, nullable: true, description: '暂不能继续的缘由；将自动重试', example: null })
  trouble!: string | null;
}

export class ImportDto extends ImportSummaryDto {
  @ApiProperty({ type: [ColumnDto], description: '文件的各列' }) columns!: ColumnDto[];
  @ApiProperty({ type: [NoticeDto], description: '关于各列，应当知道的' }) notices!: NoticeDto[];
  @ApiProperty({ type: [RowDto], description: '有误或未受理的前 20 行' }) faulty!: RowDto[];
}

export class ImportsDto {
  @ApiProperty({ type: [ImportSummaryDto], description: '新近上传的在前' }) imports!: ImportSummaryDto[];
  @ApiProperty({ type: Number, nullable: true, description: '下一页的 before；已到末尾则为空' }) next!: number | null;
}

export class RowsDto {
  @ApiProperty({ type: [RowDto], description: '按行号' }) rows!: RowDto[];
  @ApiProperty({ type: Number, nullable: true, description: '下一页的 after；已到末尾则为空' }) next!: number | null;
}
