import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';
import { hiddenCharacter, lengthOf, normalCode, normalText, textsOf, valuesOf, type Texts } from '#libs/messages';
import { described, field, registered, say, type Kind, type Options, type Said } from './field.js';

function textProblem(value: unknown, max: number): Said | undefined {
  const said: Said = [`须为 1—${max} 个字符的文本`, `must be text of 1–${max} characters`];
  if (typeof value !== 'string' || value.trim() === '') return said;
  if (value.includes('\0') || !value.isWellFormed()) return notReadable(hiddenCharacter(value)!);
  const length = lengthOf(value);
  return length > max ? [`${said[0]}，现有 ${length} 个`, `${said[1]}; it has ${length}`] : undefined;
}

/** A text that somebody sees must be what they see. */
export function hidden(value: unknown): Said | undefined {
  const found = typeof value === 'string' ? hiddenCharacter(value) : undefined;
  return found === undefined ? undefined : notReadable(found);
}

const notReadable = (found: string): Said => [
  `含有看不见或不能使用的字符 ${found}`,
  `has ${found}, a character that cannot be seen or used`,
];

const kind = (max: number, rest: Partial<Kind>): Kind => ({
  name: 'text',
  problem: (value) => textProblem(value, max),
  schema: { type: String, minLength: 1, maxLength: max },
  ...rest,
});

/** Text of 1 to `max` characters, not only blanks; stored in NFC, trimmed, single-spaced. */
export const Text = (max: number, options: Options) =>
  field(kind(max, { atDoor: hidden, mended: normalText }), options);

/** Why something is taken back, ended or refused. */
export const Reason = (example = '登记有误') => Text(200, { zh: '原因', en: 'Reason', example });

/** A number or code that others have given, of 1 to `max` characters; full-width letters and digits are mended. */
export const Code = (max: number, options: Options) =>
  field(kind(max, { atDoor: hidden, mended: normalCode }), options);

/** Text that names something as it is stored, blank for blank. */
export const ExactText = (max: number, options: Options) => field(kind(max, {}), options);

/** One of a closed list: each value has its texts. */
export const OneOf = (texts: Texts, options: Options) => {
  const values = valuesOf(texts);
  return applyDecorators(
    ApiProperty({ enum: values, ...described(options), 'x-values': textsOf(texts) } as object),
    registered({ ...options, code: 'isIn', type: 'choice', choices: texts }),
    IsIn(values, say([`须为其中之一：${values.join('、')}`, `must be one of: ${values.join(', ')}`])),
    ...(options.optional ? [IsOptional()] : []),
  );
};

/** Yes or no. */
export const Flag = (options: Options) =>
  field(
    {
      name: 'flag',
      problem: (value) => (typeof value === 'boolean' ? undefined : ['须为 true 或 false', 'must be true or false']),
      schema: { type: Boolean },
    },
    options,
  );

/** That whoever states the name of a firm knows that its code has had another. */
export const NameConfirmed = () =>
  Flag({
    zh: '名称无误',
    en: 'Name confirmed',
    help: ['此代码已有其他名称、确已更名时填写', 'Where this code is known by another name, and has this one now'],
    optional: true,
    example: true,
  });
