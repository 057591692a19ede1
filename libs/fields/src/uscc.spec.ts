import fc from 'fast-check';
import { completeUscc, usccProblem } from './uscc.js';

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
});
