import { Readable } from 'node:stream';
import {
  Body,
  Controller,
  Delete,
  Get,
  Headers,
  HttpCode,
  Param,
  Patch,
  Post,
  Query,
  Req,
  Res,
  StreamableFile,
} from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBody,
  ApiConsumes,
  ApiCreatedResponse,
  ApiHeader,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiProduces,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { Actor } from '#libs/eventing';
import { Allow, Caller, validated, type AuthenticatedRequest } from '#libs/eventing-nest';
import { csvTemplate, xlsxTemplate } from '#libs/sheets';
import { rowOf, summaryOf } from './answers.js';
import { Importables } from './importable.js';
import { ImportStore } from './import-store.js';
import { cellsOf, Imports } from './imports.js';
import {
  ImportDto,
  ImportsDto,
  ImportsQuery,
  MendDto,
  RowDto,
  RowsDto,
  RowsQuery,
  TemplateQuery,
  UploadQuery,
} from './imports.dto.js';
import type { ImportRecord } from './imports.table.js';
import { receiptsOf } from './receipts.js';
import { importProblems, OF_IMPORTS, OF_ROWS } from './refusals.js';
import { asProblem, FILE_TYPES, fileNameOf, uploaded, XLSX } from './upload.js';

/** Rows that an import tells of by itself; the others are asked for. */
const FAULTY = 20;

const Id = () => ApiParam({ name: 'id', format: 'uuid', description: '导入' });
const Row = () => ApiParam({ name: 'n', schema: { type: 'integer', minimum: 2 }, description: '行号' });

/** Sheets of commands: a template, a dry run of what was uploaded, and each accepted row sent as the command that it is. */
@ApiTags('imports')
@Controller('api/v1/imports')
export class ImportsController {
  constructor(
    private readonly imports: Imports,
    private readonly store: ImportStore,
    private readonly importables: Importables,
  ) {}

  @Get('templates/:command')
  @Allow('province', 'operator')
  @ApiOperation({
    operationId: 'GetImportTemplate',
    summary: '模板：表头（* 为必填）与一行示例；CSV（UTF-8，带 BOM），或依 Accept 为 .xlsx',
    description: 'The template of a command: a header (* is required) and a row of examples; CSV, or .xlsx by Accept',
  })
  @ApiParam({ name: 'command', description: '命令', example: 'admit-firm' })
  @ApiProduces('text/csv', XLSX)
  @ApiOkResponse({ description: '模板', content: { 'text/csv': {}, [XLSX]: {} } })
  @importProblems({ 403: ['auth.role'], 404: ['command.unknown'], 422: ['request.invalid'] })
  async template(
    @Param('command') command: string,
    @Query(validated(TemplateQuery)) { format }: TemplateQuery,
    @Headers('accept') accept: string | undefined,
    @Caller() caller: Actor,
  ): Promise<StreamableFile> {
    const { name, columns } = this.importables.of(command, caller);
    const asWorkbook = format === undefined ? (accept?.includes(XLSX) ?? false) : format === 'xlsx';
    const file = asWorkbook ? await xlsxTemplate(columns) : Buffer.from(csvTemplate(columns));
    return new StreamableFile(file, {
      type: asWorkbook ? XLSX : 'text/csv; charset=utf-8',
      disposition: `attachment; filename="${name}.${asWorkbook ? 'xlsx' : 'csv'}"`,
    });
  }

  @Post()
  @Allow('province', 'operator')
  @ApiOperation({
    operationId: 'UploadImport',
    summary: '上传一份表格并检查：每行按命令的全部规则试办，不记录；10 秒内未检查完的，续查 GetImport',
    description:
      'Uploads a sheet and checks it: each row is tried by all the rules of its command, and nothing is recorded. One that takes more than 10 seconds is answered while it is checked',
  })
  @ApiConsumes(...FILE_TYPES)
  @ApiBody({
    description: '文件本身：CSV（UTF-8 或 GB18030）或 .xlsx，至多 20 MB、100 000 行',
    schema: { type: 'string', format: 'binary' },
  })
  @ApiHeader({
    name: 'Content-Disposition',
    required: false,
    description: `文件名：attachment; filename*=UTF-8''…`,
  })
  @ApiCreatedResponse({ type: ImportDto, description: '导入；Location 为其地址' })
  @importProblems({
    403: ['auth.role'],
    404: ['command.unknown'],
    413: ['sheet.too-big'],
    415: ['import.no-file'],
    422: [
      'request.invalid',
      'import.columns',
      'import.no-header',
      'import.no-rows',
      'sheet.csv',
      'sheet.empty',
      'sheet.encoding',
      'sheet.old-excel',
      'sheet.too-many-characters',
      'sheet.too-many-columns',
      'sheet.too-many-rows',
      'sheet.too-much-text',
      'sheet.unknown',
      'sheet.unpacks-to-too-much',
      'sheet.xlsx',
    ],
  })
  async upload(
    @Query(validated(UploadQuery)) { command, sheet }: UploadQuery,
    @Req() request: AuthenticatedRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ImportDto> {
    const { actor } = request;
    const importable = this.importables.of(command, actor);
    const bytes = await uploaded(request);
    const upload = { actor, importable, bytes, sheet, file: fileNameOf(request) };
    const id = await this.imports.upload(upload).catch((error: unknown) => {
      throw asProblem(error);
    });
    reply.header('Location', `/api/v1/imports/${id}`);
    return this.told(await this.imports.seen(id, actor), actor);
  }

  @Get()
  @Allow('province', 'auditor', 'operator')
  @ApiOperation({
    operationId: 'GetImports',
    summary: '导入：本人的；省级与审计看到全部',
    description: 'Imports: one’s own; the province and auditors see all',
  })
  @ApiOkResponse({ type: ImportsDto })
  @importProblems({ 403: ['auth.role'], 422: ['request.invalid'] })
  async list(
    @Query(validated(ImportsQuery)) { command, mine = false, before, limit = 50 }: ImportsQuery,
    @Caller() caller: Actor,
  ): Promise<ImportsDto> {
    const of = mine || caller.role === 'operator' ? caller : undefined;
    const path = command === undefined ? undefined : (this.importables.known(command)?.path ?? command);
    const records = await this.store.list({ of, before, command: path, limit });
    const counts = await this.store.counts(records.map(({ id }) => id));
    return {
      imports: records.map((record) => summaryOf(record, counts.get(record.id)!, caller, this.importables)),
      next: records.length === limit ? records.at(-1)!.number : null,
    };
  }

  @Get(':id')
  @Id()
  @Allow('province', 'auditor', 'operator')
  @ApiOperation({
    operationId: 'GetImport',
    summary: '一次导入：状态、进度、各状态的行数、有误的前几行',
    description: 'An import: its state and progress, how many rows are in which state, the first that are at fault',
  })
  @ApiOkResponse({ type: ImportDto })
  @importProblems({ 403: ['auth.role'], 404: ['import.unknown'] })
  async one(@Param('id') id: string, @Caller() caller: Actor): Promise<ImportDto> {
    return this.told(await this.imports.seen(id, caller), caller);
  }

  @Get(':id/rows')
  @Id()
  @Allow('province', 'auditor', 'operator')
  @ApiOperation({
    operationId: 'GetImportRows',
    summary: '各行：单元格、据此的命令内容、有误之处、请核对之处、答复',
    description: 'Its rows: cells, the command that they make, what is at fault or odd, and the answer',
  })
  @ApiOkResponse({ type: RowsDto })
  @importProblems({ 403: ['auth.role'], 404: ['import.unknown'], 422: ['request.invalid'] })
  async rows(
    @Param('id') id: string,
    @Query(validated(RowsQuery)) { state, after, limit = 100 }: RowsQuery,
    @Caller() caller: Actor,
  ): Promise<RowsDto> {
    await this.imports.seen(id, caller);
    const rows = await this.store.rows(id, { states: state && [state], after, limit });
    return { rows: rows.map(rowOf), next: rows.length === limit ? rows.at(-1)!.n : null };
  }

  @Get(':id/receipts')
  @Id()
  @Allow('province', 'auditor', 'operator')
  @ApiOperation({
    operationId: 'GetImportReceipts',
    summary: '各行的结果，为 CSV：行号、结果、缘由、事件流、版本、事件，其后为原来的各列',
    description:
      'What came of each row, as CSV: number, result, reason, stream, revision, events, then its own columns',
  })
  @ApiProduces('text/csv')
  @ApiOkResponse({ description: '回执', content: { 'text/csv': {} } })
  @importProblems({ 403: ['auth.role'], 404: ['import.unknown'] })
  async receipts(@Param('id') id: string, @Caller() caller: Actor): Promise<StreamableFile> {
    const record = await this.imports.seen(id, caller);
    return new StreamableFile(Readable.from(receiptsOf(this.store, record)), {
      type: 'text/csv; charset=utf-8',
      disposition: `attachment; filename="receipts-${id}.csv"`,
    });
  }

  @Patch(':id/rows/:n')
  @Id()
  @Row()
  @Allow('province', 'operator')
  @ApiOperation({
    operationId: 'MendImportRow',
    summary: '修改一行的单元格并重新检查；不导入的行由此恢复',
    description: 'Mends cells of a row and checks it anew; takes in a row that was left out',
  })
  @ApiBody({ type: MendDto })
  @ApiOkResponse({ type: RowDto })
  @importProblems(OF_ROWS)
  async mend(
    @Param('id') id: string,
    @Param('n') n: string,
    @Body() body: unknown,
    @Caller() caller: Actor,
  ): Promise<RowDto> {
    return rowOf(await this.imports.mend(id, Number(n), cellsOf(body), caller));
  }

  @Delete(':id/rows/:n')
  @Id()
  @Row()
  @Allow('province', 'operator')
  @ApiOperation({
    operationId: 'SkipImportRow',
    summary: '不导入一行',
    description: 'Leaves a row out',
  })
  @ApiOkResponse({ type: RowDto })
  @importProblems(OF_ROWS)
  async skip(@Param('id') id: string, @Param('n') n: string, @Caller() caller: Actor): Promise<RowDto> {
    return rowOf(await this.imports.skip(id, Number(n), caller));
  }

  @Post(':id/check')
  @HttpCode(200)
  @Id()
  @Allow('province', 'operator')
  @ApiOperation({
    operationId: 'CheckImport',
    summary: '重新检查尚未记录的各行：所据的事实可能已变',
    description: 'Checks anew whatever is not recorded: what it rests on may have changed',
  })
  @ApiOkResponse({ type: ImportDto })
  @importProblems(OF_IMPORTS)
  async check(@Param('id') id: string, @Caller() caller: Actor): Promise<ImportDto> {
    await this.imports.check(id, caller);
    return this.one(id, caller);
  }

  @Post(':id/send')
  @HttpCode(202)
  @Id()
  @Allow('province', 'operator')
  @ApiOperation({
    operationId: 'SendImport',
    summary: '发送可以办理的各行，在后台；中断的由此继续。同样的内容只办一次',
    description:
      'Sends the rows that were accepted, in the background; goes on with what was cut short. The same content is carried out once',
  })
  @ApiAcceptedResponse({ type: ImportDto })
  @importProblems({ ...OF_IMPORTS, 409: ['import.busy', 'import.not-checked'] })
  async send(@Param('id') id: string, @Caller() caller: Actor): Promise<ImportDto> {
    await this.imports.send(id, caller);
    return this.one(id, caller);
  }

  @Post(':id/cancel')
  @HttpCode(200)
  @Id()
  @Allow('province', 'operator')
  @ApiOperation({
    operationId: 'CancelImport',
    summary: '停止检查或发送；已记录的不受影响，可再发送',
    description: 'Stops the check or the sending; what is recorded stays, and it may be sent again',
  })
  @ApiOkResponse({ type: ImportDto })
  @importProblems({ ...OF_IMPORTS, 409: ['import.over'] })
  async cancel(@Param('id') id: string, @Caller() caller: Actor): Promise<ImportDto> {
    await this.imports.cancel(id, caller);
    return this.one(id, caller);
  }

  private async told(record: ImportRecord, caller: Actor): Promise<ImportDto> {
    const { id, columns, notices } = record;
    const counts = (await this.store.counts([id])).get(id)!;
    const faulty = await this.store.rows(id, { states: ['faulty', 'refused'], limit: FAULTY });
    return {
      ...summaryOf(record, counts, caller, this.importables),
      columns: columns.map(({ key, header, field = null, unit = null }) => ({ key, header, field, unit })),
      notices: [...notices],
      faulty: faulty.map(rowOf),
    };
  }
}
