import { applyDecorators } from '@nestjs/common';
import { ArrayMaxSize, ArrayNotEmpty, IsArray } from 'class-validator';
import { normalCode } from '#libs/messages';
import { field, say, unless, type AtDoor, type Kind, type Options, type Said } from './field.js';
import { isOddUscc, unassigned, usccProblem, type Unassigned, type UsccProblem } from './uscc.js';

const SLUG = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

const slug = (schema: object): Kind => ({
  name: 'slug',
  problem: unless(
    // `in {}`: folds keep slugs as object keys, where "constructor" would always be found.
    (value) => typeof value === 'string' && SLUG.test(value) && !(value in {}),
    [
      '须为 1—63 位小写字母、数字或连字符，首尾不能是连字符',
      'must be 1–63 lower-case letters, digits or hyphens, with no hyphen at either end',
    ],
  ),
  mended: normalCode,
  schema,
});

/** An identity that the caller chooses: lower-case letters, digits and hyphens. */
export const Slug = (options: Options) => field(slug({ type: String, pattern: SLUG.source, maxLength: 63 }), options);

/** A region's own id (docs/domain.md §3): a slug, not a GB/T 2260 code, because functional areas may have none. */
export const RegionId = (options: Options) => Slug({ example: 'xianyang', ...options });

/** How many regions one field may name. */
const MANY = 500;

/** Several region ids, at least one. */
export const RegionIds = (options: Options) =>
  applyDecorators(
    IsArray(say(['须为数组', 'must be an array'])),
    ArrayNotEmpty(say(['至少一项', 'needs at least one entry'])),
    ArrayMaxSize(MANY, say([`至多 ${MANY} 项`, `takes at most ${MANY} entries`])),
    field(
      slug({
        type: 'array',
        items: { type: 'string', pattern: SLUG.source, maxLength: 63 },
        minItems: 1,
        maxItems: MANY,
      }),
      options,
      true,
    ),
  );

const USCC_PROBLEMS: Readonly<Record<UsccProblem, Said>> = {
  form: [
    '不是统一社会信用代码：须为 18 位数字或大写字母，不含 I、O、Z、S、V',
    'is no unified social credit code: 18 digits or capital letters other than I, O, Z, S, V',
  ],
  'organisation-check-character': [
    '不是有效的统一社会信用代码：第 17 位校验码不符',
    'is no valid unified social credit code: its 17th character does not check',
  ],
  'check-character': [
    '不是有效的统一社会信用代码：第 18 位校验码不符',
    'is no valid unified social credit code: its 18th character does not check',
  ],
};

const UNASSIGNED: Readonly<Record<Unassigned, Said>> = {
  department: [
    '统一社会信用代码的前两位不是已分配的登记管理部门与机构类别（GB 32100-2015）',
    'its first two characters are no department and category that GB 32100-2015 assigns',
  ],
  region: [
    '统一社会信用代码的第 3—8 位不是登记机关所在的行政区划',
    'its characters 3–8 are no division that a registering authority is in',
  ],
  empty: ['统一社会信用代码的主体标识码为空', 'its organisation code says nothing but zeros'],
};

/** Some codes were issued before 2016 that fail the standard: they are let in by whoever has seen the certificate. */
const byHand = ([zh, en]: Said): Said => [
  `${zh}；登记证确系如此的，可由省级承认（admit-code）`,
  `${en}; if its certificate says so, the province can admit it (admit-code)`,
];

const isUsccForm = (value: unknown) => typeof value === 'string' && usccProblem(value) !== 'form';

const uscc = (atDoor?: AtDoor): Kind => ({
  name: 'uscc',
  problem: unless(isUsccForm, USCC_PROBLEMS.form),
  atDoor,
  mended: normalCode,
  schema: { type: String, pattern: '^[0-9A-HJ-NPQRTUWXY]{18}$' },
});

/**
 * 统一社会信用代码, GB 32100-2015: at the door both check characters, and that department, kind and province are assigned; or
 * one that the province has admitted.
 */
export const Uscc = (options: Options) => field(uscc(standardOrAdmitted), options);

const standardOrAdmitted: AtDoor = (value, { admitted }) => {
  const code = value as string;
  const said = USCC_PROBLEMS[usccProblem(code)!] ?? UNASSIGNED[unassigned(code)!];
  return said && !admitted.has(code) ? byHand(said) : undefined;
};

/** One that names what is recorded under it already: whatever let it in is not asked again. */
export const KnownUscc = (options: Options) => field(uscc(), options);

/** A 统一社会信用代码 that fails the standard, to be admitted all the same. */
export const OddUscc = (options: Options) => field(uscc(oddOnly), options);

const oddOnly: AtDoor = (value) =>
  isOddUscc(value as string)
    ? undefined
    : ['此代码合乎国家标准，无须承认', 'this code is as the standard has it: it needs no admission'];

const DIVISION = '^[1-9]\\d{5}(?:(?!000)\\d{3})?$';

/** Code of an administrative division: six digits of GB/T 2260; of 乡镇、街道 those of its county and three of GB/T 10114. */
export const DivisionCode = (options: Options) =>
  field(
    {
      name: 'division-code',
      problem: unless(
        (value) => typeof value === 'string' && new RegExp(DIVISION).test(value),
        [
          '须为六位行政区划代码（GB/T 2260），乡镇、街道为九位（GB/T 10114）',
          'must be a code of six digits (GB/T 2260), or of nine for a town or subdistrict (GB/T 10114)',
        ],
      ),
      mended: normalCode,
      schema: { type: String, pattern: DIVISION },
    },
    options,
  );
