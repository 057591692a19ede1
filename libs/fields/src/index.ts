import { applyDecorators } from '@nestjs/common';
import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayNotEmpty,
  IsArray,
  IsIn,
  IsOptional,
  ValidateBy,
  ValidateNested,
  type ValidationOptions,
} from 'class-validator';
import { usccProblem } from './uscc.js';

export { completeUscc, usccProblem, type UsccProblem } from './uscc.js';

/** How many digits a safe integer of 分 may have: 9 007 199 254 740 991 分 is 90 万亿元. */
const MAX = Number.MAX_SAFE_INTEGER;

/** A message in both languages; the door splits it again at the newline. */
const say = (zh: string, en: string): ValidationOptions => ({ message: `${zh}\n${en}` });

/** What a field is called and how it is filled in: for the API's page, and for forms that are made from it. */
interface Options {
  /** Its label, in Chinese. */
  readonly zh: string;
  /** Its label, in English. */
  readonly en: string;
  /** What its label does not say. */
  readonly help?: readonly [zh: string, en: string];
  /** The list that it names a thing of, where people look it up. */
  readonly lookUp?: string;
  readonly optional?: boolean;
  readonly example?: unknown;
}

/** What OpenAPI tells of a field; what people read is there in both languages, for programs that make forms. */
function described({ zh, en, help, lookUp, optional, example }: Options): ApiPropertyOptions {
  const told = help ? `${zh}：${help[0]} · ${en}: ${help[1]}` : `${zh} · ${en}`;
  const text = { zh, en, ...(help ? { help: { zh: help[0], en: help[1] } } : {}) };
  return {
    description: told,
    required: !optional,
    'x-text': text,
    ...(lookUp === undefined ? {} : { 'x-look-up': lookUp }),
    ...(example === undefined ? {} : { example }),
  } as ApiPropertyOptions;
}

/** One kind of field: how it is checked, what it says when it is wrong, and how OpenAPI describes it. */
function field(
  name: string,
  holds: (value: unknown) => boolean,
  [zh, en]: [zh: string, en: string],
  schema: ApiPropertyOptions,
  options: Options,
  each = false,
): PropertyDecorator {
  return applyDecorators(
    ApiProperty({ ...schema, ...described(options) } as object),
    ValidateBy({ name, validator: { validate: holds } }, { ...say(zh, en), each }),
    ...(options.optional ? [IsOptional()] : []),
  );
}

const SLUG = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const isText = (value: unknown, max: number): value is string =>
  typeof value === 'string' &&
  value.trim().length > 0 &&
  value.length <= max &&
  value.isWellFormed() &&
  !value.includes('\0');
// `in {}`: folds keep slugs as object keys, where "constructor" would always be found.
const isSlug = (value: unknown) => typeof value === 'string' && SLUG.test(value) && !(value in {});
const slugText: [string, string] = [
  '须为 1—63 位小写字母、数字或连字符，首尾不能是连字符',
  'must be 1–63 lower-case letters, digits or hyphens, with no hyphen at either end',
];

/** An identity that the caller chooses: lower-case letters, digits and hyphens. */
export const Slug = (options: Options) =>
  field('slug', isSlug, slugText, { type: String, pattern: SLUG.source, maxLength: 63 }, options);

/** A region's own id (docs/domain.md §3): a slug, not a GB/T 2260 code, because functional areas may have none. */
export const RegionId = (options: Options) => Slug({ example: 'xianyang', ...options });

/** Several region ids, at least one. */
export const RegionIds = (options: Options) =>
  applyDecorators(
    IsArray(say('须为数组', 'must be an array')),
    ArrayNotEmpty(say('至少一项', 'needs at least one entry')),
    ArrayMaxSize(500, say('至多 500 项', 'takes at most 500 entries')),
    field('slug', isSlug, slugText, { type: [String] }, options, true),
  );

/** Text of 1 to `max` characters, not only blanks. */
export const Text = (max: number, options: Options) =>
  field(
    'text',
    (value) => isText(value, max),
    [`须为 1—${max} 个字符的文本`, `must be text of 1–${max} characters`],
    { type: String, minLength: 1, maxLength: max },
    options,
  );

/** One of a closed list. */
export const OneOf = (values: readonly string[], options: Options) =>
  applyDecorators(
    ApiProperty({ enum: [...values], ...described(options) }),
    IsIn([...values], say(`须为其中之一：${values.join('、')}`, `must be one of: ${values.join(', ')}`)),
    ...(options.optional ? [IsOptional()] : []),
  );

function isDate(value: unknown): value is string {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\d$/.test(value)) return false;
  const time = Date.parse(`${value}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(value);
}

/** A calendar date, YYYY-MM-DD, in China Standard Time. */
export const Day = (options: Options) =>
  field(
    'date',
    isDate,
    ['须为存在的日期，格式 YYYY-MM-DD', 'must be an existing date, YYYY-MM-DD'],
    { type: String, format: 'date' },
    { example: '2023-02-09', ...options },
  );

/** When the fact that a command states was true. */
export const On = () => Day({ zh: '事实发生日期', en: 'Day on which the fact was true', example: '2023-02-09' });

/** Money in 分 (fen): an integer, never a float. */
export const Fen = (options: Options) =>
  field(
    'fen',
    (value) => Number.isSafeInteger(value) && (value as number) >= 0,
    ['须为非负整数，单位为分', 'must be a non-negative integer, in fen'],
    { type: 'integer', minimum: 0, maximum: MAX },
    options,
  );

/** A whole number within bounds. */
export const Whole = (minimum: number, maximum: number, options: Options) =>
  field(
    'integer',
    (value) => Number.isSafeInteger(value) && (value as number) >= minimum && (value as number) <= maximum,
    [`须为 ${minimum}—${maximum} 的整数`, `must be an integer from ${minimum} to ${maximum}`],
    { type: 'integer', minimum, maximum },
    options,
  );

/** A quantity with at most two decimals: square metres, hours. */
export const Quantity = (minimum: number, maximum: number, options: Options) =>
  field(
    'quantity',
    (value) =>
      typeof value === 'number' && value >= minimum && value <= maximum && Math.round(value * 100) / 100 === value,
    [
      `须为 ${minimum}—${maximum} 的数，至多两位小数`,
      `must be a number from ${minimum} to ${maximum} with at most two decimals`,
    ],
    { type: Number, minimum, maximum, multipleOf: 0.01 },
    options,
  );

/** 统一社会信用代码, GB 32100-2015; both check characters are verified. */
export const Uscc = (options: Options) =>
  field(
    'uscc',
    (value) => typeof value === 'string' && usccProblem(value) === undefined,
    [
      '不是有效的统一社会信用代码（18 位，校验码不符）',
      'is not a valid unified social credit code (18 characters, both check characters)',
    ],
    { type: String, pattern: '^[0-9A-HJ-NPQRTUWXY]{18}$' },
    options,
  );

/** GB/T 2260 code of an administrative division: six digits. */
export const DivisionCode = (options: Options) =>
  field(
    'division-code',
    (value) => typeof value === 'string' && /^[1-9]\d{5}$/.test(value),
    ['须为六位行政区划代码（GB/T 2260）', 'must be a six-digit GB/T 2260 code'],
    { type: String, pattern: '^[1-9]\\d{5}$' },
    options,
  );

/** The document and clause that a fact rests on. */
export class LegalBasis {
  @Text(200, { zh: '文件名称', en: 'Document', example: '秦创原创新驱动平台建设2023年工作要点' })
  readonly document!: string;
  @Text(100, { zh: '条款', en: 'Clause', example: '一、2' }) readonly clause!: string;
}

/** A legal basis as a field of a command. */
export const Basis = () =>
  applyDecorators(
    ApiProperty({ type: () => LegalBasis, description: '依据：文件与条款' }),
    ValidateBy(
      { name: 'basis', validator: { validate: (value) => typeof value === 'object' && value !== null } },
      say('须注明依据的文件与条款', 'must name the document and clause it rests on'),
    ),
    ValidateNested(),
    Type(() => LegalBasis),
  );
