import 'reflect-metadata';
import { Basis, completeUscc, Day, On, OneOf, RegionIds, Slug, Text, Uscc, Whole, type LegalBasis } from '#libs/fields';
import { Form } from './form.js';
import type { ProblemException } from './problem.js';

class Everything {
  @On() readonly on!: string;
  @Slug({ zh: '标识', en: 'Id' }) readonly id!: string;
  @Text(10, { zh: '名称', en: 'Name' }) readonly name!: string;
  @Day({ zh: '至', en: 'Until', optional: true }) readonly until?: string;
  @Uscc({ zh: '代码', en: 'Code', optional: true }) readonly uscc?: string;
  @RegionIds({ zh: '区域', en: 'Regions', optional: true }) readonly regions?: string[];
  @OneOf({ a: ['甲', 'A'], b: ['乙', 'B'] }, { zh: '其一', en: 'One', optional: true }) readonly one?: string;
  @Whole(0, 9, { zh: '数', en: 'Number', optional: true }) readonly number?: number;
  @Basis() readonly basis!: LegalBasis;
}

const TODAY = '2026-11-27';
const asking = (today: string, ...admitted: string[]) => ({ today, admitted: new Set(admitted) });
const form = new Form(Everything);
const right = { on: '2023-02-09', id: 'x', name: '名', basis: { document: 'd', clause: 'c' } };

/** The fields at fault, with their codes. */
async function faults(more: object, today = TODAY): Promise<Record<string, string>> {
  const { errors = [] } = await form.checked({ ...right, ...more }, asking(today)).then(
    () => ({ errors: [] }),
    (error: ProblemException) => error,
  );
  for (const { zh, en } of errors)
    expect([zh, en]).toEqual([expect.stringMatching(/[\u4e00-\u9fff]/), expect.stringMatching(/^[^\u4e00-\u9fff]+$/)]);
  return Object.fromEntries(errors.map(({ field, code }) => [field, code]));
}

it('takes what it names, and what may be left out', async () => {
  expect(await faults({})).toEqual({});
  expect(
    await faults({ until: '2030-01-01', one: 'a', number: 0, regions: ['a'], uscc: completeUscc('91610400MA6Y0A00') }),
  ).toEqual({});
});

describe('a shape is exact', () => {
  // In JSON, where __proto__ is a key as any other.
  it.each(['toString', 'constructor', '__proto__', 'hasOwnProperty', 'valueOf', 'then', 'more'])(
    '%s is no field',
    async (name) => {
      const [outside, inside] = [
        `{${JSON.stringify(name)}:1}`,
        `{"basis":{"document":"d","clause":"c",${JSON.stringify(name)}:{}}}`,
      ];
      const sent = (json: string) => JSON.parse(JSON.stringify(right).slice(0, -1) + ',' + json.slice(1)) as object;
      const faultsOf = (json: string) =>
        form.checked(sent(json)).then(
          () => [],
          (error: ProblemException) => error.errors!.map(({ field }) => field),
        );
      expect(await faultsOf(outside)).toEqual([name]);
      expect(await faultsOf(inside)).toEqual([`basis.${name}`]);
    },
  );

  it.each([[[]], [[[]]], [[{ document: 'd', clause: 'c' }]], ['d'], [1], [null], [true], [{}]])(
    '%j is no basis',
    async (basis) => {
      const fields = Object.keys(await faults({ basis }));
      expect(fields.every((field) => field.startsWith('basis'))).toBe(true);
      expect(fields).not.toEqual([]);
    },
  );

  it.each([[[]], [{}], [['x']], [1], [true], [null], [{ toString: 'x' }]])(
    '%j is no text, no date, no identity, no code',
    async (value) => {
      const fields = { on: value, id: value, name: value, basis: { document: value, clause: value } };
      expect(Object.keys(await faults(fields)).sort()).toEqual(['basis.clause', 'basis.document', 'id', 'name', 'on']);
    },
  );

  it.each([[[]], ['x'], [1], [null], [true]])('%j is no form', async (sent) => {
    await expect(form.checked(sent)).rejects.toMatchObject({ code: 'request.invalid', errors: [{ code: 'object' }] });
  });
});

describe('text', () => {
  it('gets to the domain in its normal form', async () => {
    const sent = {
      ...right,
      name: ' e\u0301\u3000 x ',
      id: ' ｘ１ ',
      basis: { document: '文\u00a0件', clause: '一、３ ' },
    };
    expect(await form.checked(sent, asking(TODAY))).toMatchObject({
      name: '\u00e9 x',
      id: 'x1',
      basis: { document: '文 件', clause: '一、３' },
    });
  });

  it('of a code is mended from full width, as a whole or in part', async () => {
    const uscc = completeUscc('91610400MA6Y0A00');
    const wide = uscc.replaceAll(/[0-9A-Z]/g, (c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0));
    const sent = { ...right, uscc: ` ${wide.slice(0, 9)}${uscc.slice(9)}`, id: 'ｘ－１', regions: ['ｂａｏｊｉ'] };
    expect(await form.checked(sent, asking(TODAY))).toMatchObject({ uscc, id: 'x-1', regions: ['baoji'] });
  });

  it('is measured in characters after that', async () => {
    expect(await faults({ name: '𠮷'.repeat(10) })).toEqual({});
    expect(await faults({ name: 'e\u0301'.repeat(10) })).toEqual({});
    expect(await faults({ name: `  ${'x'.repeat(10)}  ` })).toEqual({});
    expect(await faults({ name: '𠮷'.repeat(11) })).toEqual({ name: 'text' });
    expect(await faults({ name: ' \u3000\u00a0' })).toEqual({ name: 'text' });
  });

  it('that cannot be seen is refused by its code point, and only of people: a process repeats what is recorded', async () => {
    await expect(form.checked({ ...right, name: '飞\u202e地' }, asking(TODAY))).rejects.toMatchObject({
      errors: [{ field: 'name', zh: expect.stringContaining('U+202E'), en: expect.stringContaining('U+202E') }],
    });
    expect(await faults({ basis: { document: 'd\ne', clause: 'c' } })).toEqual({ 'basis.document': 'text' });
    expect(await faults({ name: '飞\u202e地' }, '')).not.toEqual({});
    await expect(form.checked({ ...right, name: '飞\u202e地' })).resolves.toBeDefined();
  });
});

describe('dates', () => {
  it.each([
    '0000-01-01',
    '1949-09-30',
    '2026-11-28',
    '9999-12-31',
    '2023-02-30',
    '2023-2-1',
    '',
    '2023-02-09T00:00:00Z',
  ])('a fact was not true on %j', async (on) => expect(await faults({ on })).toEqual({ on: 'date' }));

  it.each(['1949-10-01', TODAY])('a fact may have been true on %s', async (on) =>
    expect(await faults({ on })).toEqual({}),
  );

  it('a plan reaches fifty years ahead, also from a day that has no anniversary', async () => {
    expect(await faults({ until: '2076-11-27' })).toEqual({});
    expect(await faults({ until: '2076-11-28' })).toEqual({ until: 'date' });
    expect(await faults({ until: '1949-09-30' })).toEqual({ until: 'date' });
    expect(await faults({ until: '2074-02-28' }, '2024-02-29')).toEqual({});
    expect(await faults({ until: '2074-03-01' }, '2024-02-29')).toEqual({ until: 'date' });
  });

  it('what is recorded already is not asked again on another day', async () => {
    await expect(form.checked({ ...right, on: '2099-01-01', until: '2149-12-31' })).resolves.toBeDefined();
    await expect(form.checked({ ...right, until: '2150-01-01' })).rejects.toBeDefined();
  });
});

describe('a code of an organisation', () => {
  it.each([completeUscc('W1610400MA6Y0A00'), '91610400MA6Y0A0024', '91610400MA6Y0A0033'])(
    '%s fails the standard, but is taken once it is admitted, and where it is recorded',
    async (uscc) => {
      expect(await faults({ uscc })).toEqual({ uscc: 'uscc' });
      await expect(form.checked({ ...right, uscc }, asking(TODAY, uscc))).resolves.toBeDefined();
      await expect(form.checked({ ...right, uscc })).resolves.toBeDefined();
    },
  );

  it('that is none at all is taken nowhere', async () => {
    await expect(form.checked({ ...right, uscc: '91610400' }, asking(TODAY, '91610400'))).rejects.toBeDefined();
  });
});
