import { ApiProperty, ApiResponse } from '@nestjs/swagger';
import { ofAuthority, ofOrder, type AnyDecider, type RefusalText } from '#libs/eventing';
import { STATUS, type FieldProblem, type Problem } from './problem.js';

export class FieldProblemDto implements FieldProblem {
  @ApiProperty({ description: '字段' }) field!: string;
  @ApiProperty({ description: '代码' }) code!: string;
  @ApiProperty({ description: '说明' }) zh!: string;
  @ApiProperty({ description: 'Text' }) en!: string;
}

export class ProblemDto implements Problem {
  @ApiProperty({ example: 'urn:liandong:problem:region.not-yours' }) type!: string;
  @ApiProperty({ example: '无权操作' }) title!: string;
  @ApiProperty({ example: 403 }) status!: number;
  @ApiProperty({ description: '稳定的代码；程序据此判断', example: 'region.not-yours' }) code!: string;
  @ApiProperty({ description: '说明', example: '只能代表本区域（baoji）及其内未自主办理的区域办理，此事属 xianyang' })
  detail!: string;
  @ApiProperty({ description: 'Text', example: 'You act for baoji only; this belongs to xianyang' }) detailEn!: string;
  @ApiProperty({ type: [FieldProblemDto], required: false, description: '有误的字段' }) errors?: FieldProblemDto[];
}

/** What a door can answer whatever the rules say. */
const OF_THE_DOOR: Readonly<Record<number, readonly string[]>> = {
  400: ['body.not-json', 'body.key-twice', 'body.not-utf8', 'url.form', 'idempotency-key.form', 'if-match.form'],
  401: ['auth.missing', 'auth.invalid'],
  403: ['auth.role'],
  409: ['stream.busy'],
  412: ['revision.mismatch'],
  413: ['http.413'],
  415: ['body.charset', 'http.415'],
  422: ['request.invalid', 'request.too-deep', 'request.not-storable', 'idempotency-key.reused'],
};

/** Every answer that a command can be refused with: by status, each code with its text. */
export function refusalsOf({ refuses }: AnyDecider): MethodDecorator[] {
  const texts = Object.entries<RefusalText>({ ...ofAuthority.texts, ...ofOrder.texts, ...refuses?.texts });
  const statuses = new Set([...Object.keys(OF_THE_DOOR).map(Number), ...texts.map(([, [kind]]) => STATUS[kind])]);
  return [...statuses].sort().map((status) => {
    const ruled = texts.filter(([, [kind]]) => STATUS[kind] === status).map(([code, [, zh]]) => `\`${code}\` ${zh}`);
    const codes = [...(OF_THE_DOOR[status] ?? []).map((code) => `\`${code}\``), ...ruled];
    return ApiResponse({ status, type: ProblemDto, description: codes.join('\n\n') });
  });
}

/** Every answer that a read can be refused with. */
export const readRefusals = (): MethodDecorator[] =>
  [
    [401, '`auth.missing`、`auth.invalid`'],
    [403, '`auth.role`、`region.not-yours`'],
    [422, '`request.invalid`'],
  ].map(([status, description]) =>
    ApiResponse({ status: status as number, type: ProblemDto, description: description as string }),
  );
