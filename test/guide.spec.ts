import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { contexts } from '../apps/platform/src/contexts.js';

const kebab = (name: string) => name.replace(/(?<!^)([A-Z])/g, '-$1').toLowerCase();
const guide = readFileSync(join(__dirname, '..', 'docs', 'guide.zh-CN.md'), 'utf8');
const missing = (names: readonly string[]) => names.filter((name) => !guide.includes(`\`${name}\``));

it('the guide tells its user of every command and of no other, and one that is not told of is found', () => {
  const commands = contexts.flatMap((context) => Object.keys(context.commands).map(kebab));
  expect(missing(commands)).toEqual([]);
  expect(missing([...commands, 'do-something-else'])).toEqual(['do-something-else']);
  const told = [...guide.matchAll(/`((?:[a-z]+-)+[a-z]+)`/g)].map(([, name]) => name!);
  expect(told.filter((name) => !commands.includes(name) && name !== 'admitted-codes')).toEqual([]);
});
