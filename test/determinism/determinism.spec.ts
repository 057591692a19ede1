import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import type { NewEvent } from '#libs/eventing';
import { upcasters } from '../../apps/platform/src/contexts.js';
import { randomHistory } from '../figures/random-history.js';
import { declaredShapes } from '../histories/shapes.js';

/**
 * The same events give the same states, rows and records, whenever and wherever they are folded. What is folded with is the
 * build, every decider, projection and message of every context, in two processes that agree on nothing but the events.
 */
const BUILD = join(__dirname, '..', '..', 'dist');
const HISTORIES = join(__dirname, '..', 'histories');
const worlds = [
  { TZ: 'Pacific/Kiritimati', LANG: 'tr_TR.UTF-8', CLOCK_SHIFT_MS: '0' },
  { TZ: 'America/St_Johns', LANG: 'en_US.UTF-8', CLOCK_SHIFT_MS: String(-4_000 * 86_400_000) },
];

interface Folded {
  readonly world: { readonly year: number; readonly timeZone: string; readonly locale: string };
  readonly digests: Readonly<Record<string, string>>;
  readonly folded: readonly string[];
}

type Stored = NewEvent & { readonly stream: string };

let dir: string;
let file: string;

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'liandong-determinism-'));
  file = join(dir, 'events.json');
  const committed = readdirSync(HISTORIES)
    .filter((name) => name.endsWith('.jsonl'))
    .map((name) => readFileSync(join(HISTORIES, name), 'utf8').trim().split('\n'))
    .map((lines) => lines.map((line) => JSON.parse(line) as Stored));
  const random: Stored[][] = fc.sample(randomHistory, { numRuns: 20, seed: 20230209 });
  const placed = [...committed, ...random].map((history) =>
    history.map((event, n) => ({ ...event, revision: n, position: String(n).padStart(4, '0') })),
  );
  writeFileSync(file, JSON.stringify(placed));
});
afterAll(() => rmSync(dir, { recursive: true }));

async function fold(...modules: string[]): Promise<readonly [Folded, Folded]> {
  const [one, other] = await Promise.all(
    worlds.map(async (world) => {
      const env = { ...process.env, ...world, LC_ALL: world.LANG };
      const args = [join(__dirname, 'fold.mjs'), file, ...modules];
      const { stdout } = await promisify(execFile)(process.execPath, args, { env });
      return JSON.parse(stdout) as Folded;
    }),
  );
  return [one!, other!];
}

it('every reducer gives the same in two processes with other clocks, time zones and languages', async () => {
  const modules = ['libs/contexts', 'apps/platform'].flatMap((part) =>
    readdirSync(join(BUILD, part), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(decider|messages|projection)\.js$/.test(name) && !/(feed|log)\.projection\.js$/.test(name))
      .map((name) => join(BUILD, part, name)),
  );
  modules.push(join(BUILD, 'libs/eventing/src/natural-key.js'));
  const [one, other] = await fold(...modules);
  expect(one.world).not.toEqual(other.world);
  for (const part of ['year', 'timeZone', 'locale'] as const) expect(one.world[part]).not.toBe(other.world[part]);
  expect(Object.keys(one.digests).length).toBeGreaterThanOrEqual(modules.length);
  expect(one.digests).toEqual(other.digests);
  // Every type that can be written today was folded; those of processes have no decider.
  const types = [...declaredShapes().keys()].filter((type) => !(type in upcasters) && !type.startsWith('process.'));
  expect(one.folded).toEqual(types.sort());
}, 60_000);

it('a reducer that looks at clock, zone, language or chance is found', async () => {
  const [one, other] = await fold(join(__dirname, 'planted.mjs'));
  const same = Object.keys(one.digests).filter((name) => one.digests[name] === other.digests[name]);
  expect(Object.keys(one.digests)).toHaveLength(7);
  expect(same).toEqual(['byTheEventsAlone']);
}, 60_000);
