import { parsed } from './json-body.js';
import type { ProblemException } from './problem.js';

function refusal(json: string) {
  try {
    return parsed(json);
  } catch (error) {
    const { code, errors } = error as ProblemException;
    return [code, errors?.[0]?.field];
  }
}

it.each([
  ['{"on":1,"on":1}', 'on'],
  ['{"a":{"b":1},"basis":{"clause":"x","document":"y","clause":"z"}}', 'basis.clause'],
  ['[{"a":1,"a":2}]', '.a'],
  ['{"a":1,"\\u0061":2}', 'a'],
  ['{"":1,"":2}', ''],
  ['{"__proto__":1,"__proto__":2}', '__proto__'],
  ['{"a\\"b":"}","a\\"b":"{"}', 'a"b'],
])('a key that is there twice is refused by its place: %s', (json, field) => {
  expect(refusal(json)).toEqual(['body.key-twice', field]);
});

it.each(['{"a":{"b":1},"b":{"b":2}}', '[{"a":1},{"a":2}]', '{"a":"a\\":","b":"\\\\","c":["{","["]}', '"x"', 'null'])(
  'the same key in two objects, or in a text, is none that is there twice: %s',
  (json) => expect(refusal(json)).toEqual(JSON.parse(json)),
);

it('what is no JSON is refused, and what is too deep, however deep', () => {
  for (const json of ['', '{', '{"a":1,}', "{'a':1}", 'NaN'])
    expect(refusal(json)).toEqual(['body.not-json', undefined]);
  expect(refusal('['.repeat(17) + ']'.repeat(17))).toEqual(['request.too-deep', undefined]);
  expect(refusal('['.repeat(100_000) + ']'.repeat(100_000))).toEqual(['request.too-deep', undefined]);
  expect(refusal('['.repeat(16) + ']'.repeat(16))).toEqual(expect.any(Array));
});
