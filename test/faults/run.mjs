// `npm run test:faults -- [R1 R4 …]`: what the system must survive, how often each fault fired, and whether its planted
// bugs are caught.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { prepare } from '../../scripts/prepare.mjs';

const HELP = `用法 usage: npm run test:faults -- [R1 R4 …] [--seed N] [--rounds N] [--bug NAME] [--list]
  R1 R4 …      只跑这些故障 (only these faults)
  --seed N     随机种子，缺省每次不同并打印 (the seed; another one each time, and printed, when absent)
  --rounds N   每种故障的轮数，缺省 5；与 --bug 同用时缺省 1 (rounds of each fault; 5, with --bug 1)
  --bug NAME   打开一个植入的缺陷：必须变红 (switches a planted bug on: the run must be red)
  --list       列出故障与植入的缺陷 (lists the faults and their planted bugs)`;

/** Faults that are proven on the whole platform: one round, with all its steps. They have no planted bug. */
const JOURNEYS = [
  {
    id: 'R2',
    what: 'kill −9 of the platform in every gap between two steps of a process',
    file: 'killed-between-steps',
  },
  { id: 'R3', what: 'kill −9 of the platform under load', file: 'killed-under-load' },
];

const { ids, seed, rounds, bug, list } = options();
prepare();

const dir = mkdtempSync(join(tmpdir(), 'liandong-faults-report-'));
const report = join(dir, 'report.jsonl');
const env = {
  ...process.env,
  FAULTS_REPORT: report,
  FAULTS_SEED: String(seed),
  FAULTS_ROUNDS: String(rounds),
  ...(bug ? { FAULTS_BUG: bug } : {}),
  // Nothing is run: no server is needed.
  ...(list ? { FAULTS_LIST: '1', TEST_POSTGRES_URL: 'none' } : {}),
};
const chosen = ({ id }) => ids.length === 0 || ids.includes(id);
const journeys = bug || list ? [] : JOURNEYS.filter(chosen);
const results = join(dir, 'results.json');
const jest = [
  'node_modules/jest/bin/jest.js',
  '--verbose',
  '--json',
  `--outputFile=${results}`,
  ...['test/faults/', ...journeys.map(({ file }) => `test/journeys/${file}`)].map((p) => `--testPathPatterns=${p}`),
  ...(ids.length > 0 ? ['-t', `^(${ids.join('|')}|killed) `] : []),
];
if (!list) console.log(`种子 seed ${seed}，轮数 rounds ${rounds}`);
const { status } = spawnSync(process.execPath, jest, { stdio: ['ignore', 'ignore', list ? 'ignore' : 'inherit'], env });
if (!existsSync(report) || !existsSync(results)) process.exit(status ?? 1);
const lines = readFileSync(report, 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line));

const suites = JSON.parse(readFileSync(results, 'utf8')).testResults;
rmSync(dir, { recursive: true, force: true });

const declared = lines.filter((line) => line.declared).sort((a, b) => number(a.declared) - number(b.declared));
const unknown = ids.filter((id) => !declared.some((d) => d.declared === id) && !JOURNEYS.some((j) => j.id === id));
if (unknown.length > 0) fail(`没有 there is no ${unknown.join(' ')}`);
if (bug && !declared.some((d) => d.bugs.includes(bug))) fail(`没有植入的缺陷 there is no planted bug "${bug}"`);
if (list) {
  for (const { declared: id, what, bugs } of declared) console.log(`${id.padEnd(4)} ${what}\n     ${bugs.join(', ')}`);
  process.exit(0);
}

const selected = declared.filter(({ declared: id }) => chosen({ id }));
const lacking = selected.filter((d) => d.lacks && (!bug || d.bugs.includes(bug)));
console.log(`\n种子 seed ${seed}，轮数 rounds ${rounds}\n`);
row('', '', '触发 fired', '核对 compared', '秒 s');
for (const { declared: id, what, lacks } of selected) {
  const trials = lines.filter((line) => line.id === id && line.what === what);
  for (const trial of trials.filter((t) => !t.bug)) {
    const survived = trial.violations?.length === 0 && trial.fired > 0;
    row(id, survived ? '经受 survived' : '未经受 NOT SURVIVED', trial.fired, trial.checked, trial.seconds, what);
  }
  for (const trial of trials.filter((t) => t.bug)) {
    const caught = trial.violations?.length > 0 && trial.active;
    row(id, caught ? '捕获 caught' : '未捕获 NOT CAUGHT', trial.fired, trial.checked, trial.seconds, trial.bug);
    if (bug) for (const violation of trial.violations ?? []) console.log(`     ${violation}`);
  }
  if (lacks) console.log(`${id.padEnd(4)} 跳过 skipped: ${lacks}`);
}
for (const { id, what, file } of journeys) {
  const told = lines.find((line) => line.id === id && line.journey === file);
  const suite = suites.find((s) => s.name.includes(file));
  const seconds = suite ? Math.round((suite.endTime - suite.startTime) / 100) / 10 : '';
  const outcome = suite?.status === 'passed' ? '经受 survived' : '未经受 NOT SURVIVED';
  row(id, outcome, told?.fired ?? '', told?.checked ?? '', seconds, what);
}
// As in `npm test`: what is required must not be skipped.
const required = (process.env.LIANDONG_REQUIRE ?? '').split(',').includes('postgres');
if (required && lacking.length > 0) {
  console.log(`必需但未运行 required but not run: ${lacking.map((d) => d.declared).join(' ')}`);
}
process.exit(status === 0 && required && lacking.length > 0 ? 1 : (status ?? 1));

function row(id, outcome, fired, compared, seconds, what = '') {
  const cells = [id.padEnd(4), wide(outcome, 20), right(fired, 12), right(compared, 14), right(seconds, 8), ` ${what}`];
  console.log(cells.join(' '));
}

/** Pads to a width in columns: a Chinese character takes two. */
function wide(text, width) {
  const columns = [...text].reduce((sum, c) => sum + (c > '\u2e7f' ? 2 : 1), 0);
  return text + ' '.repeat(Math.max(width - columns, 0));
}

function right(value, width) {
  const text = String(value);
  return wide('', width - [...text].reduce((sum, c) => sum + (c > '\u2e7f' ? 2 : 1), 0)) + text;
}

function number(id) {
  return Number(id.slice(1));
}

function options() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        seed: { type: 'string' },
        rounds: { type: 'string' },
        bug: { type: 'string' },
        list: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    });
    if (values.help) {
      console.log(HELP);
      process.exit(0);
    }
    const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
    const rounds = Number(values.rounds ?? (values.bug ? 1 : 5));
    if (!Number.isSafeInteger(seed) || seed < 0) throw new Error('--seed 须为非负整数 takes an integer from 0');
    if (!Number.isSafeInteger(rounds) || rounds < 1) throw new Error('--rounds 须为正整数 takes a positive integer');
    return { ids: positionals.map((id) => id.toUpperCase()), seed, rounds, bug: values.bug, list: values.list };
  } catch (error) {
    console.error(`${error.message}\n${HELP}`);
    process.exit(2);
  }
}

/** Not 1: that is a fault that was not survived, or a bug that was caught. */
function fail(message) {
  console.error(`${message}；列表 for a list: npm run test:faults -- --list`);
  process.exit(2);
}
