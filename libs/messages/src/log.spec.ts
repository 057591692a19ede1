import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { itWithPython, recomputed } from '../../../test/log-by-python.js';
import { EMPTY_LOG, entryText, nextLogDigest, type LoggedEvent } from './log.js';

const placed = fc.record({
  id: fc.uuid(),
  position: fc.stringMatching(/^[0-9a-f]{4}-[0-9a-f]{16}$/),
  revision: fc.nat(),
  stream: fc.string({ unit: 'grapheme', minLength: 1 }),
  type: fc.string({ unit: 'grapheme', minLength: 1 }),
});

/** -0 and lone surrogates no store takes. */
const value = fc.jsonValue({ stringUnit: 'grapheme' }).map((json) => JSON.parse(JSON.stringify(json)) as unknown);

/** Numbers that Python writes in another way, and keys that it sorts in another order. */
function differsInPython(json: unknown): boolean {
  if (typeof json === 'number') return json !== 0 && Math.abs(json) < 1e-4;
  if (typeof json !== 'object' || json === null) return false;
  return (
    Object.keys(json).some((key) => /[\u{10000}-\u{10ffff}]/u.test(key)) || Object.values(json).some(differsInPython)
  );
}

const logged = (place: Omit<LoggedEvent, 'data' | 'metadata'>, data: unknown, metadata: unknown): LoggedEvent => ({
  ...place,
  data: canonicalize(data)!,
  metadata: canonicalize(metadata)!,
});

/** An export, and its head. */
function exported(events: readonly LoggedEvent[]): { readonly lines: string; readonly head: string } {
  let digest = EMPTY_LOG;
  const lines = events.map((event, i) => {
    digest = nextLogDigest(digest, i + 1, event);
    return `${entryText(i + 1, event, digest)}\n`;
  });
  return { lines: lines.join(''), head: `${events.length}:${digest}` };
}

const at = (revision: number) => ({
  id: `id-${revision}`,
  position: `p${revision}`,
  revision,
  stream: 's',
  type: 't.v1',
});

it('is what anyone computes who has the reference implementation of RFC 8785 and SHA-256', () => {
  fc.assert(
    fc.property(placed, value, value, fc.integer({ min: 1 }), fc.stringMatching(/^[0-9a-f]{64}$/), (...made) => {
      const [place, data, metadata, sequence, before] = made;
      const event = logged(place, data, metadata);
      const whole = { ...place, data, metadata, sequence };
      expect(entryText(sequence, event)).toBe(canonicalize(whole));
      expect(entryText(sequence, event, before)).toBe(canonicalize({ ...whole, digest: before }));
      const text = before + canonicalize(whole);
      expect(nextLogDigest(before, sequence, event)).toBe(createHash('sha256').update(text).digest('hex'));
    }),
  );
});

it('changes with every part of an entry, with its number and with what was before it', () => {
  const event = logged(at(1), { n: 1 }, { by: 'a' });
  const others = [
    ...(['data', 'metadata', 'id', 'position', 'stream', 'type'] as const).map((part) => ({ ...event, [part]: '"x"' })),
    { ...event, revision: 2 },
  ].map((other) => nextLogDigest(EMPTY_LOG, 1, other));
  const all = [
    nextLogDigest(EMPTY_LOG, 1, event),
    nextLogDigest(EMPTY_LOG, 2, event),
    nextLogDigest('1'.repeat(64), 1, event),
    ...others,
  ];
  expect(new Set(all).size).toBe(all.length);
});

itWithPython('ten lines of Python come to the same from an export, whatever events say that this system stores', () => {
  const numbers = [1e21, 60.0, 60.5, 0.01, 1e-4, 1e20, 2 ** 53 - 1, 123456789012345680000, 1.5e300, -7, 0];
  const texts = ['联动 "一总多区"\\', '\u0001\b\t\n\f\r\u007f\u2028', '😀', { z: 1, a: { 区: [true, null], B: '' } }];
  const fixed = [...numbers, ...texts].map((content, i) => logged(at(i), { content }, {}));
  const { lines, head } = exported(fixed);
  expect(recomputed(lines)).toEqual({ status: 0, stdout: head, stderr: '' });
  fc.assert(
    fc.property(fc.array(fc.tuple(placed, value, value)), (made) => {
      fc.pre(!made.some(([, data, metadata]) => differsInPython([data, metadata])));
      const random = exported(made.map(([place, data, metadata]) => logged(place, data, metadata)));
      expect(recomputed(random.lines).stdout).toBe(random.head);
    }),
    { numRuns: 20 },
  );
});

itWithPython('what the docstring says of Python is so: these two it writes in another way', () => {
  for (const data of [{ n: 0.00001 }, { '\u{10000}': 1, '\u{ffff}': 2 }]) {
    expect(recomputed(exported([logged(at(0), data, {})]).lines)).toMatchObject({ status: 1, stderr: '1 s@0' });
  }
});

itWithPython('they name the first line that does not follow', () => {
  const { lines } = exported([0, 1, 2].map((n) => logged(at(n), { n }, {})));
  expect(recomputed(lines.replace('{"n":1}', '{"n":7}'))).toMatchObject({ status: 1, stderr: '2 s@1' });
  const [first, , third] = lines.split('\n');
  expect(recomputed(`${first}\n${third}\n`)).toMatchObject({ status: 1, stderr: '2 s@2' });
});
