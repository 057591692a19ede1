import { ApiQuery } from '@nestjs/swagger';
import Type, { type TObject, type TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { Value } from 'typebox/value';
import { FIRST_DAY, LAST_DAY } from '#libs/messages';
import { ProblemException, type FieldProblem } from './problem.js';

/** What is asked for by a query string: each parameter's schema, with `title` in Chinese and `description` in English. */
export type Parameters = Readonly<Record<string, TSchema>>;

interface SchemaError {
  readonly keyword: string;
  readonly instancePath: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** Checks a query string against its parameters, as texts that are converted; one that is not named is refused. */
export function parametersOf<Read extends object>(
  parameters: Parameters,
  required: readonly string[] = [],
): (query: object) => Read {
  const schema = Type.Object(
    Object.fromEntries(
      Object.entries(parameters).map(([name, of]) => [name, required.includes(name) ? of : Type.Optional(of)]),
    ),
    { additionalProperties: false },
  );
  const validator = Compile(schema);
  return (query) => {
    const read = Value.Convert(schema, { ...query });
    const errors = validator.Check(read) ? farDays(schema, read) : validator.Errors(read);
    if (errors.length === 0) return read as Read;
    throw refusal(schema, errors);
  };
}

/** Days that no fact or plan can have; JSON Schema knows no bounds of dates. */
function farDays({ properties }: TObject, read: object): SchemaError[] {
  return Object.entries(read)
    .filter(([name, day]) => (properties[name] as Limits).format === 'date' && (day < FIRST_DAY || day > LAST_DAY))
    .map(([name]) => ({ keyword: 'format', instancePath: `/${name}`, params: {} }));
}

/** The same parameters in the OpenAPI document. */
export const described = (parameters: Parameters, required: readonly string[] = []): MethodDecorator[] =>
  Object.entries(parameters).map(([name, schema]) => {
    const { title, description, examples } = schema as { title?: string; description?: string; examples?: unknown[] };
    const told = [title, description].filter(Boolean).join(' · ');
    return ApiQuery({
      name,
      required: required.includes(name),
      description: told,
      schema,
      ...(examples ? { example: examples[0] } : {}),
    });
  });

function refusal(schema: TObject, errors: readonly SchemaError[]): ProblemException {
  const found = new Map<string, FieldProblem>();
  const add = (field: string, code: string, zh: string, en: string) => {
    if (field !== '' && !found.has(field)) found.set(field, { field, code, zh, en });
  };
  for (const { params } of errors) {
    const { additionalProperties = [], requiredProperties = [] } = params as Readonly<Record<string, string[]>>;
    for (const name of additionalProperties) add(name, 'unknown', '没有这个参数', 'there is no such parameter');
    for (const name of requiredProperties) add(name, 'required', '必须给出', 'is required');
  }
  for (const { keyword, instancePath } of errors) {
    const field = instancePath.split('/')[1] ?? '';
    const [zh, en] = textOf(keyword, schema.properties[field]);
    add(field, keyword, zh, en);
  }
  const list = [...found.values()];
  const names = list.map(({ field }) => field).join('、');
  return new ProblemException(422, 'request.invalid', `以下内容有误：${names}`, `At fault: ${names}`, list);
}

interface Limits {
  readonly enum?: readonly string[];
  readonly format?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly type?: string;
}

function textOf(keyword: string, limits: Limits = {}): readonly [zh: string, en: string] {
  const { enum: values, format, minimum, maximum, minLength = 0, maxLength } = limits;
  if (values) return [`须为其中之一：${values.join('、')}`, `must be one of: ${values.join(', ')}`];
  if (format === 'date') {
    const days = [FIRST_DAY, LAST_DAY] as const;
    return [
      `须为存在的日期，格式 YYYY-MM-DD，自 ${days.join(' 至 ')}`,
      `must be an existing date, YYYY-MM-DD, from ${days.join(' to ')}`,
    ];
  }
  if (limits.type === 'integer')
    return [`须为 ${minimum}—${maximum} 的整数`, `must be an integer from ${minimum} to ${maximum}`];
  if (limits.type === 'boolean') return ['须为 true 或 false', 'must be true or false'];
  if (keyword === 'pattern') return ['格式不符', 'is not of the form'];
  return [`须为 ${minLength}—${maxLength} 个字符的文本`, `must be text of ${minLength}–${maxLength} characters`];
}
