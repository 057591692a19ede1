import Type, { type TSchema } from 'typebox';
import { called, noted, type FieldKind } from './notes.js';
import { valuesOf, type Texts } from './said.js';

/** What a field is, in both languages, and how it may look. */
interface Told {
  readonly zh: string;
  readonly en: string;
  readonly example?: unknown;
}

const told = ({ zh, en, example }: Told) => ({
  title: zh,
  description: en,
  ...(example === undefined ? {} : { examples: [example] }),
});

const of = <Schema extends TSchema>(kind: FieldKind, schema: Schema): Schema => noted(schema, { kind });

const SLUG = '^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$';

/** An identity that people choose: lower-case letters, digits and hyphens. */
export const slug = (zh: string, en: string, example = 'xianyang-enclave') =>
  of('slug', Type.String({ pattern: SLUG, maxLength: 63, ...told({ zh, en, example }) }));

/** A region's own id (docs/domain.md §3). Figures roll it up along the tree, scopes are compared with it. */
export const region = (zh: string, en: string, example = 'xianyang') =>
  of('region', Type.String({ pattern: SLUG, maxLength: 63, 'x-region': true, ...told({ zh, en, example }) }));

/** Text of 1 to `max` characters. */
export const text = (max: number, zh: string, en: string, example?: string) =>
  of('text', Type.String({ minLength: 1, maxLength: max, ...told({ zh, en, example }) }));

/** A calendar date in China Standard Time. */
export const day = (zh: string, en: string, example = '2023-02-09') =>
  of('day', Type.String({ format: 'date', ...told({ zh, en, example }) }));

/** One of a list that this version of the message is closed over: each value with its texts. */
export function oneOf(values: Texts, zh: string, en: string) {
  const names = valuesOf(values);
  return noted(Type.Enum(names, told({ zh, en, example: names[0] })), { kind: 'choice', values });
}

/** Money in 分 (fen): an integer, never a float. */
export const fen = (zh: string, en: string, example = 50_000_000) =>
  of('fen', Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, ...told({ zh, en, example }) }));

/** A count. */
export const whole = (zh: string, en: string, example = 1) =>
  of('count', Type.Integer({ minimum: 0, maximum: 2_147_483_647, ...told({ zh, en, example }) }));

/** Square metres or hours, at most two decimals: exact in hundredths. */
export const hundredths = (zh: string, en: string, example = 80.5) =>
  of('hundredths', Type.Number({ minimum: 0, maximum: 1e9, multipleOf: 0.01, ...told({ zh, en, example }) }));

export const flag = (zh: string, en: string) => of('flag', Type.Boolean(told({ zh, en, example: false })));

/** 统一社会信用代码, GB 32100-2015; its check characters were verified where it was entered. */
export const uscc = (zh: string, en: string) =>
  of('uscc', Type.String({ pattern: '^[0-9A-HJ-NPQRTUWXY]{18}$', ...told({ zh, en, example: '91610400MA6Y0A0065' }) }));

/** A field that may have nothing to say: null, never left out. */
export const nullable = <Schema extends TSchema>(schema: Schema) => Type.Union([schema, Type.Null()]);

/** The document and clause that a fact rests on. */
export const basis = () =>
  called(
    'Basis',
    Type.Object(
      {
        document: text(200, '文件名称', 'Document', '秦创原创新驱动平台建设2023年工作要点'),
        clause: text(100, '条款', 'Clause', '一、2'),
      },
      { additionalProperties: false, title: '依据', description: 'The document and clause that it rests on' },
    ),
  );
