import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Violation {
  rule: { name: string };
  from: string;
  to: string;
}

function violations(...paths: string[]): string[] {
  const args = ['node_modules/dependency-cruiser/bin/dependency-cruise.mjs', '--config', '.dependency-cruiser.mjs'];
  const { stdout, stderr } = spawnSync(process.execPath, [...args, '--output-type', 'json', ...paths], {
    encoding: 'utf8',
    maxBuffer: 100e6,
  });
  if (!stdout) throw new Error(stderr);
  const { summary } = JSON.parse(stdout) as { summary: { violations: Violation[]; totalCruised: number } };
  expect(summary.totalCruised).toBeGreaterThan(3);
  return summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`);
}

const ROOT = join(__dirname, '..', '..');

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name));
}

/** The stored event names that a tree declares, from the unions of its *.events.ts. */
function declaredEvents(root: string): string[] {
  const sources = filesBelow(root).filter((file) => file.endsWith('.events.ts'));
  return sources.flatMap((file) => [...readFileSync(file, 'utf8').matchAll(/type: '([^']+)'/g)].map((m) => m[1]!));
}

/** The stored event names that stand in the committed histories. */
function rememberedEvents(): Set<string> {
  const histories = filesBelow(join(ROOT, 'test', 'histories')).filter((file) => file.endsWith('.jsonl'));
  const lines = histories.flatMap((file) => readFileSync(file, 'utf8').trim().split('\n'));
  return new Set(lines.map((line) => (JSON.parse(line) as { type: string }).type));
}

const forgotten = (declared: string[]) => declared.filter((type) => !rememberedEvents().has(type));

it('the tree keeps every rule', () => {
  expect(violations('apps', 'libs', 'deploy')).toEqual([]);
}, 60_000);

it('each rule fires on its planted breach', () => {
  const fired = new Set(violations('test/architecture/violations').map((v) => v.split(':')[0]));
  expect([...fired].sort()).toEqual([
    'cities-choose-their-framework',
    'contexts-through-their-door',
    'domain-is-pure',
    'no-cycles',
    'only-messages-cross',
    'others-through-the-door',
    'sheets-know-sheets',
  ]);
}, 60_000);

it('every stored event name stands in a committed history', () => {
  const declared = declaredEvents(join(ROOT, 'libs', 'contexts'));
  expect(declared.length).toBeGreaterThan(20);
  expect(forgotten(declared)).toEqual([]);
});

it('a stored event name without a history is found', () => {
  expect(forgotten(['carrier.opened.v1', 'carrier.renamed-by-accident.v1'])).toEqual([
    'carrier.renamed-by-accident.v1',
  ]);
});

it('every stored event name is versioned and in kebab case', () => {
  for (const type of declaredEvents(join(ROOT, 'libs', 'contexts'))) expect(type).toMatch(/^[a-z-]+\.[a-z-]+\.v\d+$/);
});
