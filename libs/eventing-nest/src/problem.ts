import { Catch, HttpException, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { ValidationError } from 'class-validator';
import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  CommandIdReusedError,
  ConflictError,
  NotCanonicalError,
  RefusedError,
  RevisionMismatchError,
  StoreUnavailableError,
  type RefusalKind,
} from '#libs/eventing';

/** One field at fault. */
export interface FieldProblem {
  /** Path of the field, with dots. */
  readonly field: string;
  readonly code: string;
  readonly zh: string;
  readonly en: string;
}

/** RFC 9457 problem+json, in Chinese first. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  /** Stable; programs decide by it. */
  readonly code: string;
  readonly detail: string;
  readonly detailEn: string;
  readonly errors?: readonly FieldProblem[];
}

export const STATUS: Record<RefusalKind, number> = { forbidden: 403, missing: 404, conflict: 409, invalid: 422 };

const TITLES: Record<number, string> = {
  400: '请求格式错误',
  401: '未认证',
  403: '无权操作',
  404: '不存在',
  405: '方法不允许',
  409: '与当前状态冲突',
  412: '版本不符',
  413: '请求过大',
  415: '不支持的内容类型',
  422: '内容有误',
  429: '请求过多',
  500: '服务器内部错误',
  503: '暂时不可用',
};

/** An error of the door itself, with both texts. */
export class ProblemException extends HttpException {
  constructor(
    status: number,
    readonly code: string,
    readonly zh: string,
    readonly en: string,
    readonly errors?: readonly FieldProblem[],
  ) {
    super(en, status);
  }
}

/** Every field at fault. */
export function invalidFields(list: readonly FieldProblem[]): ProblemException {
  const names = [...new Set(list.map((e) => e.field))].filter(Boolean);
  const [zh, en] = names.length > 0 ? [names.join('、'), names.join(', ')] : [list[0]!.zh, list[0]!.en];
  return new ProblemException(422, 'request.invalid', `以下内容有误：${zh}`, `At fault: ${en}`, list);
}

/** What class-validator found, field by field. */
export function flatten(error: ValidationError, path = ''): FieldProblem[] {
  const field = path ? `${path}.${error.property}` : error.property;
  const constraints = Object.entries(error.constraints ?? {});
  const said = constraints.filter(([, message], i) => constraints.findIndex(([, other]) => other === message) === i);
  const own = said.map(([code, message]): FieldProblem => {
    const [zh = message, en = message] = message.split('\n');
    return { field, code, zh, en };
  });
  return [...own, ...(error.children ?? []).flatMap((child) => flatten(child, field))];
}

/** The problem that an error is, and whether it is ours to look into. */
export function problemOf(error: unknown): Problem {
  const problem = (
    status: number,
    code: string,
    zh: string,
    en: string,
    errors?: readonly FieldProblem[],
  ): Problem => ({
    type: `urn:liandong:problem:${code}`,
    title: TITLES[status] ?? '错误',
    status,
    code,
    detail: zh,
    detailEn: en,
    ...(errors ? { errors } : {}),
  });
  if (error instanceof RefusedError) {
    const { kind, code, zh, en, field } = error.refusal;
    return problem(STATUS[kind], code, zh, en, field ? [{ field, code, zh, en }] : undefined);
  }
  if (error instanceof ConflictError) {
    return problem(
      409,
      'stream.busy',
      '同一对象正被频繁修改，请重试',
      'Others keep changing the same thing; try again',
    );
  }
  if (error instanceof RevisionMismatchError) {
    const { expected, actual } = error;
    return problem(
      412,
      'revision.mismatch',
      `当前版本为 ${actual}，不是 ${expected}；请重新读取后再提交`,
      `The revision is ${actual}, not ${expected}; read again, then submit`,
    );
  }
  if (error instanceof CommandIdReusedError) {
    return problem(
      422,
      'idempotency-key.reused',
      '该 Idempotency-Key 已用于另一个命令',
      'This Idempotency-Key was used for another command',
    );
  }
  if (error instanceof NotCanonicalError) {
    const { path, problem: what } = error;
    const zh = `该内容无法原样保存：${what}`;
    return problem(422, 'request.not-storable', zh, what, [{ field: path, code: 'not-storable', zh, en: what }]);
  }
  if (error instanceof StoreUnavailableError) {
    return problem(
      503,
      'store.unavailable',
      '事件库暂时不可用；命令是否已记录不确定，请用同一 Idempotency-Key 重试',
      'The event store is not available; whether the command was recorded is unknown: retry with the same Idempotency-Key',
    );
  }
  if (error instanceof ProblemException) {
    return problem(error.getStatus(), error.code, error.zh, error.en, error.errors);
  }
  const status = error instanceof HttpException ? error.getStatus() : (error as { statusCode?: unknown })?.statusCode;
  if (typeof status === 'number' && status >= 400 && status < 500) {
    const en = error instanceof Error ? error.message : 'Bad request';
    return problem(status, `http.${status}`, TITLES[status] ?? '请求有误', en);
  }
  return problem(500, 'internal', '服务器内部错误，已记录', 'An internal error; it has been logged');
}

/** Every error leaves as problem+json; what is not the caller's fault is logged. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly log = new Logger('http');

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    sendProblem(error, request, reply, (line) => this.log.error(line));
  }
}

export function sendProblem(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  log: (line: string) => void,
): void {
  const problem = problemOf(error);
  if (problem.status >= 500) {
    log(`${request.method} ${request.url.split('?')[0]}: ${error instanceof Error ? error.stack : String(error)}`);
  }
  if (problem.status === 503) reply.header('Retry-After', '1');
  if (problem.status === 401) reply.header('WWW-Authenticate', 'Bearer');
  reply
    .status(problem.status)
    .header('Content-Type', 'application/problem+json; charset=utf-8')
    .send(JSON.stringify(problem));
}
