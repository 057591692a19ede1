/** One field at fault. */
export interface FieldProblem {
  readonly field: string;
  readonly code: string;
  readonly zh: string;
  readonly en: string;
}

const TITLES: Readonly<Record<number, string>> = {
  400: '请求格式错误',
  404: '不存在',
  422: '内容有误',
  500: '服务器内部错误',
  503: '暂时不可用',
};

/** An answer that is none, in Chinese and in English, as RFC 9457 problem+json. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly zh: string,
    readonly en: string,
    readonly errors?: readonly FieldProblem[],
    /** What it was, for whoever reads the log. */
    cause?: unknown,
  ) {
    super(en, { cause });
    this.name = 'Problem';
  }

  toJSON(): object {
    const { status, code, zh, en, errors } = this;
    const title = TITLES[status] ?? '请求有误';
    return { type: `urn:liandong:problem:${code}`, title, status, code, detail: zh, detailEn: en, errors };
  }
}

export const PROBLEM_JSON = 'application/problem+json; charset=utf-8';

/** What a parameter breaks, by the keyword of JSON Schema. */
const BROKEN: Readonly<Record<string, string>> = {
  additionalProperties: '没有这个参数',
  enum: '不在可选值之中',
  format: '须为存在的日期，格式 YYYY-MM-DD',
  maximum: '过大',
  maxLength: '过长',
  minimum: '过小',
  minLength: '不能为空',
  pattern: '格式不符',
  required: '必填',
  type: '类型不符',
};

interface SchemaError {
  readonly keyword: string;
  readonly instancePath: string;
  readonly params: { readonly additionalProperty?: string; readonly missingProperty?: string };
  readonly message?: string;
}

/** The problem that a query has whose parameters do not fit. */
export function invalid(errors: readonly SchemaError[]): Problem {
  const fields = errors.map(({ keyword, instancePath, params, message = 'is wrong' }): FieldProblem => {
    const field = params.additionalProperty ?? params.missingProperty ?? instancePath.slice(1);
    const isUnknown = keyword === 'additionalProperties';
    const code = isUnknown ? 'unknown' : keyword;
    return { field, code, zh: BROKEN[keyword] ?? '格式不符', en: isUnknown ? 'there is no such parameter' : message };
  });
  const names = [...new Set(fields.map(({ field }) => field))].join('、');
  return new Problem(422, 'request.invalid', `以下内容有误：${names}`, `At fault: ${names}`, fields);
}
