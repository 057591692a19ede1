import fc from 'fast-check';
import { hiddenCharacter, lengthOf, normalCode, normalText, urlProblem } from './characters.js';

const HIDDEN =
  '0000 0009 000A 007F 0085 00AD 034F 061C 200B 200D 200E 2028 2029 202E 2060 2066 3164 D800 DFFF E000 FE0F FEFF FFA0 FFFD E0001 E0100 F0000 10FFFD'
    .split(' ')
    .map((hex) => `U+${hex}`);

it.each(HIDDEN)('%s cannot be seen or used, and is named', (name) => {
  expect(hiddenCharacter(`咸阳${String.fromCodePoint(parseInt(name.slice(2), 16))}飞地`)).toBe(name);
});

it('what people write can be seen', () => {
  for (const text of ['咸阳（西咸）飞地孵化器', '𠮷林', 'Ångström-№1', '〔2023〕5号', 'n\u0308', '“三项改革”'])
    expect(hiddenCharacter(text)).toBeUndefined();
});

it('the normal form of a text is its own normal form, has no blank at its ends, and no two together', () => {
  const character = fc.constantFrom('咸', 'e', '\u0301', ' ', '\u00a0', '\u3000', '\t', '\n', '\uff21', '\ufb01', '𠮷');
  fc.assert(
    fc.property(fc.string({ unit: character }), (text) => {
      for (const normal of [normalText, normalCode]) {
        const once = normal(text);
        expect(normal(once)).toBe(once);
        expect(once).toBe(once.trim());
        expect(once).not.toMatch(/\p{Zs}{2}|[\u00a0\u3000]/u);
      }
    }),
  );
});

it('texts that look the same are the same, codes in full width are the codes they look like', () => {
  expect(normalText(' 咸阳\u3000 飞地\n')).toBe('咸阳 飞地');
  expect(normalText('e\u0301')).toBe('\u00e9');
  expect(normalText('（西咸）')).toBe('（西咸）');
  expect(normalCode('９１６１０４００ＭＡ６Ｙ')).toBe('91610400MA6Y');
});

it('characters are counted, not code units', () => {
  expect(lengthOf('𠮷'.repeat(31))).toBe(31);
  expect(lengthOf(normalText('e\u0301'.repeat(60)))).toBe(60);
});

it('a path or query is UTF-8, percent-encoded, and can be read', () => {
  for (const url of ['/api/v1/streams/carrier-%E5%92%B8', '/a?search=%E5%92%B8+b', '/a?b=%25'])
    expect(urlProblem(url)).toBeUndefined();
  for (const url of ['/a%00', '/a?b=%00', '/a?b=%E5%92', '/a%', '/a%C0%80', '/a%ED%A0%80', '/a?b=%ZZ'])
    expect([url, urlProblem(url)]).toEqual([url, expect.any(String)]);
  expect(urlProblem('/a?b=%E2%80%AE')).toBe('U+202E');
});
