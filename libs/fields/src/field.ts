import { applyDecorators, type Type } from '@nestjs/common';
import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsOptional, ValidateBy, type ValidationOptions } from 'class-validator';
import { inBoth, unitsOfMeasure, type Said, type Texts, type Unit } from '#libs/messages';

export type { Said };

/** A message in both languages; the door splits it again at the newline. */
export const say = ([zh, en]: Said): ValidationOptions => ({ message: `${zh}\n${en}` });

/** What a field is called and how it is filled in: for the API's page, and for forms that are made from it. */
export interface Options {
  /** Its label, in Chinese. */
  readonly zh: string;
  /** Its label, in English. */
  readonly en: string;
  /** What its label does not say. */
  readonly help?: Said;
  /** The list that it names a thing of, where people look it up. */
  readonly lookUp?: string;
  /** The code list that it is a code of, or the name of one: it is looked up among these. */
  readonly codes?: string;
  /** It names a thing that is not there yet: people choose it. */
  readonly isNew?: true;
  readonly unit?: Unit;
  readonly optional?: boolean;
  readonly example?: unknown;
}

/** What OpenAPI tells of a field; what people read is there in both languages, for programs that make forms. */
export function described(options: Options): ApiPropertyOptions {
  const { zh, en, help, codes, lookUp = codes && 'codes', isNew, unit, optional, example } = options;
  const measure = unit && unitsOfMeasure[unit];
  const label = measure ? [`${zh}（${measure[0]}）`, `${en} (${measure[1]})`] : [zh, en];
  const told = help ? `${label[0]}：${help[0]} · ${label[1]}: ${help[1]}` : label.join(' · ');
  const text = { zh, en, ...(help ? { help: inBoth(help) } : {}) };
  return {
    description: told,
    required: !optional,
    'x-text': text,
    ...(lookUp === undefined ? {} : { 'x-look-up': lookUp }),
    ...(codes === undefined ? {} : { 'x-codes': codes }),
    ...(isNew ? { 'x-new': true } : {}),
    ...(measure ? { 'x-unit': inBoth(measure) } : {}),
    ...(unit === '分' ? { 'x-money': true } : {}),
    ...(example === undefined ? {} : { example }),
  } as ApiPropertyOptions;
}

/** What the door knows when it asks. */
export interface Asking {
  /** The day that it is in China. */
  readonly today: string;
  /** Codes of organisations that the province has admitted although they fail the standard. */
  readonly admitted: ReadonlySet<string>;
}

/**
 * What is asked of a value at the door, on a day, beside its form. A process repeats what is recorded, and what is recorded
 * was right by the rules of its day: it is not asked.
 */
export type AtDoor = (value: unknown, asking: Asking) => Said | undefined;

/** One kind of field. */
export interface Kind {
  readonly name: string;
  /** What is wrong with the form of a value, whoever sends it. */
  readonly problem: (value: unknown) => Said | undefined;
  readonly atDoor?: AtDoor;
  /** The form that the domain gets, of a text that people may write in several. */
  readonly mended?: (text: string) => string;
  readonly schema: ApiPropertyOptions;
}

/** What is known of a field beside the rules of class-validator: by the door, and by whatever makes a form or a sheet of it. */
export interface Known extends Pick<Options, 'zh' | 'en' | 'lookUp' | 'isNew' | 'unit' | 'optional' | 'example'> {
  readonly code: string;
  readonly atDoor?: AtDoor;
  readonly nested?: () => Type<object>;
  readonly mended?: (text: string) => string;
  /** What of JSON a value is. */
  readonly type: 'text' | 'day' | 'whole' | 'number' | 'flag' | 'choice' | 'list' | 'form';
  /** What one of a closed list may be, each with what it is called. */
  readonly choices?: Texts;
}

const FIELDS = 'liandong:fields';

const known = (target: object): ReadonlyMap<string, Known> =>
  (Reflect.getMetadata(FIELDS, target) as ReadonlyMap<string, Known> | undefined) ?? new Map();

/** Notes that a class has a field: whatever it does not note is refused. */
export const registered =
  (of: Known): PropertyDecorator =>
  (target, name) =>
    Reflect.defineMetadata(FIELDS, new Map([...known(target), [name as string, of]]), target);

/** Every field of a class, by name. */
export const fieldsOf = ({ prototype }: Type<object>): ReadonlyMap<string, Known> => known(prototype as object);

/** The first thing wrong with a value, or with one of several. */
const firstOf = (problem: Kind['problem'], value: unknown, each: boolean): Said | undefined =>
  each && Array.isArray(value) ? value.map(problem).find((said) => said) : problem(value);

function typeOf({ type, format }: { type?: unknown; format?: unknown }): Known['type'] {
  if (format === 'date') return 'day';
  if (type === 'integer') return 'whole';
  if (type === Number) return 'number';
  return type === Boolean ? 'flag' : 'text';
}

/** A field of a kind, or of several values of that kind: checked, described, and mended before either. */
export function field({ name, problem, atDoor, mended, schema }: Kind, options: Options, each = false) {
  const mend = (value: unknown): unknown =>
    typeof value === 'string' ? mended!(value) : each && Array.isArray(value) ? value.map(mend) : value;
  const validate = (value: unknown) => problem(value) === undefined;
  const message = ({ value }: { value: unknown }) => firstOf(problem, value, each)?.join('\n') ?? '';
  const ask: AtDoor | undefined = atDoor && ((value, asking) => firstOf((one) => atDoor(one, asking), value, each));
  return applyDecorators(
    ApiProperty({ ...schema, ...described(options) } as object),
    registered({ ...options, code: name, atDoor: ask, mended, type: each ? 'list' : typeOf(schema) }),
    ValidateBy({ name, validator: { validate } }, { message, each }),
    ...(mended ? [Transform(({ value }) => mend(value), { toClassOnly: true })] : []),
    ...(options.optional ? [IsOptional()] : []),
  );
}

/** A kind whose form holds or does not, with one text. */
export const unless = (holds: (value: unknown) => boolean, text: Said) => (value: unknown) =>
  holds(value) ? undefined : text;
