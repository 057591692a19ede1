import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { ValidateBy, ValidateNested } from 'class-validator';
import { described, registered, say, type Options } from './field.js';
import { Text } from './text.js';

/** The document and clause that a fact rests on. */
export class LegalBasis {
  @Text(200, { zh: '文件名称', en: 'Document', example: '秦创原创新驱动平台建设2023年工作要点' })
  readonly document!: string;
  @Text(100, { zh: '条款', en: 'Clause', example: '一、2' }) readonly clause!: string;
}

const NAMED = ['须注明依据的文件与条款', 'must name the document and clause it rests on'] as const;

const BASIS: Options = { zh: '依据', en: 'Basis', help: ['文件与条款', 'Document and clause'] };

/** A legal basis as a field of a command. */
export const Basis = () =>
  applyDecorators(
    ApiProperty({ type: () => LegalBasis, ...described(BASIS) }),
    registered({ ...BASIS, code: 'basis', type: 'form', nested: () => LegalBasis }),
    // What is no object does not become one, and of a list each would.
    ValidateBy({ name: 'basis', validator: { validate: (value) => value instanceof LegalBasis } }, say(NAMED)),
    ValidateNested(say(NAMED)),
    Type(() => LegalBasis),
  );
