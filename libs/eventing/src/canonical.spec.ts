import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { canonicalJson, NotCanonicalError } from './canonical.js';

it('writes RFC 8785: keys in order of UTF-16 units, numbers as ECMAScript does', () => {
  expect(canonicalJson({ b: 1e21, a: [0.1, '联动', null, true], '\u20ac': '\n', '\r': 1 })).toBe(
    '{"\\r":1,"a":[0.1,"联动",null,true],"b":1e+21,"€":"\\n"}',
  );
});

it.each([
  ['undefined', { a: undefined }, '/a'],
  ['NaN', { a: [1, NaN] }, '/a/1'],
  ['Infinity', { a: Infinity }, '/a'],
  ['-0', { a: -0 }, '/a'],
  ['a lone surrogate', { a: '\ud800' }, '/a'],
  ['a lone surrogate in a key', { '\ud800': 1 }, '/\ud800'],
  ['U+0000', { a: '\u0000' }, '/a'],
  ['a bigint', { a: 1n }, '/a'],
  ['a date', { a: new Date(0) }, '/a'],
  ['a map', { a: new Map() }, '/a'],
])('refuses %s and names its place', (_, value, path) => {
  expect(() => canonicalJson(value)).toThrow(NotCanonicalError);
  expect(() => canonicalJson(value)).toThrow(expect.objectContaining({ path }));
});

it('writes what the reference implementation of RFC 8785 writes, and reads it back', () => {
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
      let text: string;
      try {
        text = canonicalJson(value);
      } catch (error) {
        expect(error).toBeInstanceOf(NotCanonicalError);
        return;
      }
      expect(JSON.parse(text)).toEqual(value);
      expect(text).toBe(canonicalize(value));
    }),
  );
});
