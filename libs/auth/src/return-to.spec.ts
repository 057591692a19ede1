import fc from 'fast-check';
import { returnTo } from './index.js';

const ORIGIN = 'https://liandong.example.gov.cn';

it.each(['/', '/carriers', '/carriers?kind=%E5%AD%B5&after=a+b#row-3', '/a/b/../c', '/@host', '/:80/'])(
  'goes back to %j',
  (path) => expect(returnTo(path)).toBe(path),
);

it.each([
  undefined,
  ['/a', '/b'],
  '',
  'carriers',
  'https://evil.example',
  'javascript:alert(1)',
  '//evil.example',
  '///evil.example',
  '/\\evil.example',
  '\\\\evil.example',
  '/\t/evil.example',
  '/\n/evil.example',
  '\t//evil.example',
  '/\u0000',
  '/咸阳',
  '/a//b',
  `/${'x'.repeat(1000)}`,
])('goes to the root instead of %j', (wanted) => expect(returnTo(wanted)).toBe('/'));

it('never leaves the origin, whatever is asked for', () => {
  const pieces = fc.constantFrom(
    '/',
    '\\',
    '//',
    '.',
    '..',
    '@',
    ':',
    '?',
    '#',
    '%2f',
    '%5c',
    '\t',
    '\n',
    'evil.example',
  );
  const nasty = fc.array(fc.oneof(pieces, fc.string({ unit: 'binary', maxLength: 3 })), { maxLength: 12 });
  fc.assert(
    fc.property(nasty, (parts) => {
      for (const wanted of [parts.join(''), `/${parts.join('')}`]) {
        const path = returnTo(wanted);
        const { origin, href } = new URL(path, ORIGIN);
        expect(origin).toBe(ORIGIN);
        // Nor where it is put behind the origin as it stands.
        expect(new URL(ORIGIN + path).href).toBe(href);
      }
    }),
    { numRuns: 2000 },
  );
});
