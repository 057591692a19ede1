import fc from 'fast-check';
import { completeUscc, unassigned, usccProblem } from './uscc.js';

const CHARACTERS = '0123456789ABCDEFGHJKLMNPQRTUWXY';

describe('统一社会信用代码 (GB 32100-2015)', () => {
  // Codes of public bodies, as published on their own pages.
  it.each(['91350100M000100Y43', '9111000071093123XX'])('accepts %s', (code) =>
    expect(usccProblem(code)).toBeUndefined(),
  );

  it('refuses a code of another length or with I, O, Z, S, V', () => {
    expect(usccProblem('91350100M000100Y4')).toBe('form');
    for (const letter of 'IOZSVa') expect(usccProblem(`91350100M000100${letter}43`)).toBe('form');
  });

  it('refuses when only the organisation code check (GB 11714) is wrong', () => {
    const body = '91350100M000100Y';
    const right = completeUscc(body);
    const check = right[16] === '1' ? '2' : '1';
    expect(usccProblem(body + check + right[17])).toBe('organisation-check-character');
  });

  it('accepts every completed code and refuses every change of one character', () => {
    const first16 = fc.string({ unit: fc.constantFrom(...CHARACTERS), minLength: 16, maxLength: 16 });
    fc.assert(
      fc.property(first16, fc.nat(17), fc.constantFrom(...CHARACTERS), (body, at, other) => {
        const code = completeUscc(body);
        expect(usccProblem(code)).toBeUndefined();
        fc.pre(code[at] !== other);
        expect(usccProblem(code.slice(0, at) + other + code.slice(at + 1))).toBeDefined();
      }),
    );
  });

  // The first three as published by whom they belong to; of the others, the registering authority is no division of GB/T 2260.
  it.each([
    '91350100M000100Y43',
    '9111000071093123XX',
    '91100000100003962T',
    completeUscc('91610131MA6Y0A00'),
    completeUscc('91611100MA6Y0A00'),
    completeUscc('54610402MA6Y0A00'),
  ])('takes %s for assigned', (code) => expect([usccProblem(code), unassigned(code)]).toEqual([undefined, undefined]));

  it('takes only departments with the categories that they assign, and provinces that there are', () => {
    const assigned = (prefix: string) => unassigned(completeUscc(`${prefix}MA6Y0A00`)) === undefined;
    const all = (first: string, then: string) => [...first].flatMap((a) => [...then].map((b) => a + b));
    const prefixes = all(CHARACTERS, CHARACTERS).filter((prefix) => assigned(`${prefix}610400`));
    expect(prefixes.join(' ')).toBe(
      '11 12 13 19 21 29 31 32 33 34 35 39 41 49 51 52 53 54 59 61 62 69 71 72 79 81 89 91 92 93 A1 A9 N1 N2 N3 N9 Y1',
    );
    for (const region of ['000000', '999999', '200000', '660000', '6A0400', 'MA6Y0A'])
      expect(unassigned(completeUscc(`91${region}MA6Y0A00`))).toBe('region');
  });

  it('refuses what is well-formed and empty', () => {
    const zeros = '0'.repeat(16);
    expect([usccProblem(completeUscc(zeros)), unassigned(completeUscc(zeros))]).toEqual([undefined, 'department']);
    expect(unassigned(completeUscc('9161040000000000'))).toBe('empty');
  });
});
