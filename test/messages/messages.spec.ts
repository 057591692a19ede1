import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { asyncApi, checkMessage, lists, type AnyList } from '#libs/messages';
import { guide } from './guide.js';

/**
 * A form that was released never changes: released.json holds every one, and RECORD_SCHEMAS=1 adds those of new types and
 * changes none. docs/for-cities.md is made from them: RECORD_GUIDE=1 writes it anew.
 */
const RELEASED = join(__dirname, 'released.json');
const GUIDE = join(__dirname, '..', '..', 'docs', 'for-cities.md');
const MADE = '<!-- made from the schemas by RECORD_GUIDE=1 npx jest test/messages -->\n\n';

type Schemas = Record<string, object>;
const declared: Schemas = Object.fromEntries(
  lists.map(({ type, row }) => [type, JSON.parse(JSON.stringify(row)) as object]),
);
const released = (): Schemas => (existsSync(RELEASED) ? (JSON.parse(readFileSync(RELEASED, 'utf8')) as Schemas) : {});

if (process.env['RECORD_SCHEMAS'] === '1')
  writeFileSync(RELEASED, `${JSON.stringify({ ...declared, ...released() }, null, 2)}\n`);
if (process.env['RECORD_GUIDE'] === '1') {
  const [written] = readFileSync(GUIDE, 'utf8').split(MADE);
  writeFileSync(GUIDE, written! + MADE + guide());
}

/** An example is no part of the form. */
const formOf = (schema: object) =>
  JSON.stringify(schema, (name, value: unknown) => (name === 'examples' ? undefined : value));

/** What of the released forms is no more as it was. */
const changed = (now: Schemas) =>
  Object.entries(released()).flatMap(([type, schema]) =>
    now[type] === undefined || formOf(now[type]) === formOf(schema) ? [] : [type],
  );

it('a form that was released is as it was, and one that was changed is found', () => {
  expect(changed(declared)).toEqual([]);
  const type = 'cn.liandong.region-group.changed.v1';
  const looser = { ...declared[type], required: [] };
  expect(changed({ ...declared, [type]: looser })).toEqual([type]);
});

it('every form that is declared is among the released', () => {
  expect(Object.keys(declared).filter((type) => !(type in released()))).toEqual([]);
});

it.each(lists.map((list): [string, AnyList] => [list.type, list]))(
  '%s: its example is one, and less or more is not',
  (type, list) => {
    const example = list.example as Record<string, unknown>;
    checkMessage(type, example);
    expect(() => checkMessage(type, { ...example, more: 1 })).toThrow(type);
    for (const field of Object.keys(example)) {
      const { [field]: _, ...less } = example;
      expect(() => checkMessage(type, less)).toThrow(type);
      expect(() => checkMessage(type, { ...example, [field]: Symbol('nothing') })).toThrow(type);
    }
  },
);

it('of a type that this release does not know, nothing is said', () => checkMessage('cn.liandong.target.set.v1', {}));

it('names, keys and types are told apart, and each type names its version', () => {
  for (const named of [lists.map(({ name }) => name), lists.map(({ type }) => type)])
    expect(new Set<string>(named).size).toBe(named.length);
  for (const { type } of lists) expect(type).toMatch(/^cn\.liandong\.[a-z-]+\.changed\.v\d+$/);
});

it('AsyncAPI names every message, on the channel that carries it', () => {
  const { channels, components } = asyncApi() as {
    channels: Record<string, { address: string; messages: object }>;
    components: { messages: Record<string, { payload: object }> };
  };
  expect(Object.keys(components.messages)).toEqual(lists.map(({ type }) => type));
  expect([channels['reference']!.address, channels['region']!.address]).toEqual([
    'liandong.reference.messages',
    'liandong.region.{region}.messages',
  ]);
  const carried = Object.values(channels).flatMap(({ messages }) => Object.keys(messages));
  expect(carried.sort()).toEqual(lists.map(({ type }) => type).sort());
});

it('the page for cities says what the schemas say', () => {
  expect(readFileSync(GUIDE, 'utf8').split(MADE)[1]).toBe(guide());
});
