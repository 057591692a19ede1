// `npm run bench -- [P1 P5 …]`: the goals of the event core, each against a peer and against what the machine allows.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { prepare } from '../../scripts/prepare.mjs';

const HELP = `用法 usage: npm run bench -- [P1 P5 …] [--rounds N] [--entries N] [--quick] [--profile]
  P1 P5 …      只测这些行，并只替换 docs/benchmarks.md 中的这些行 (only these rows)
  --rounds N   轮数，缺省 5；少于 5 轮不写入文件 (fewer than 5 rounds are not written to the page)
  --entries N  P14、P15 各统计的条目数，缺省 1000000；不同则不写入文件 (entries of each figure; another number is not written)
  --quick      粗看一眼：1 轮，小数据，不写入文件 (one short round on little data, never written)
  --profile    另存本平台一侧的 CPU profile 到 .cache/bench，列出最热的函数；不写入文件 (profile our side, never written)`;
const MINIMUM_ROUNDS = 5;
const ENTRIES = 1_000_000;
let shownAt = 0;

const { ids, rounds, entries, quick, profile } = options();
prepare();
install();

// After the installation: these need what it installed.
const [
  { default: pg },
  { startPostgres },
  { Meter },
  { closeLog },
  { appends },
  { reads },
  { projections },
  { figures },
  { page },
  { verification },
  { command },
  { decision },
  report,
] = await Promise.all([
  import('pg'),
  import('../../dist/libs/local/src/index.js'),
  import('./measure.mjs'),
  import('./log.mjs'),
  import('./appends.mjs'),
  import('./reads.mjs'),
  import('./projections.mjs'),
  import('./figure-rows.mjs'),
  import('./lists.mjs'),
  import('./verification.mjs'),
  import('./http.mjs'),
  import('./commands.mjs'),
  import('./report.mjs'),
]);
const workloads = [...appends, ...reads, ...projections, ...figures, page, verification, command, decision].sort(byId);
const unknown = ids.filter((id) => !workloads.some((w) => w.id === id));
if (unknown.length > 0) {
  fail(`没有 ${unknown.join(' ')}；有 ${workloads.map((w) => w.id).join(' ')} (there is no such workload)`);
}
const selected = workloads.filter((w) => ids.length === 0 || ids.includes(w.id));

const dir = await mkdtemp(join(tmpdir(), 'liandong-bench-'));
const postgres = await startPostgres({ dir, log: console.log });
let stopped;
const stop = () => (stopped ??= postgres.stop().then(() => rm(dir, { recursive: true, force: true })));
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => {
    // Whatever is under way now fails for want of its server.
    process.on('uncaughtException', () => undefined);
    void stop().then(() => process.exit(130));
  });
}

try {
  const environment = await report.environment(postgres.url('postgres'));
  console.log(`\n${environment.join('\n')}`);
  console.log(`${rounds} round${rounds > 1 ? 's' : ''} after one to warm up; median (lowest–highest)\n`);
  const written = !quick && !profile && rounds >= MINIMUM_ROUNDS && entries === ENTRIES;
  // Before anything is measured: it may refuse.
  const kept = written ? report.linesToKeep(selected, workloads, environment) : [];
  const rows = [];
  for (const workload of selected) {
    rows.push(...(await run(workload)));
    // At once: what comes later may fail, and then only that has to be measured again.
    if (written) await report.write(rows, kept, workloads, environment);
  }
  await closeLog();
} finally {
  await stop();
}

async function run(workload) {
  const { id, what, peerName, limitName } = workload;
  console.log(`${id} ${what}`);
  const meter = new Meter(postgres.pid);
  const databases = [];
  const { close, ...sides } = await workload.open({
    meter,
    quick,
    progress,
    profile,
    entries: quick ? 50_000 : entries,
    seconds: quick ? 1 : 2,
    /** Makes a database and answers its URL; one that is shared stays for the workloads that come. */
    async database(name, shared = false) {
      if (!shared) databases.push(`bench_${name}`);
      await postgres.createDatabase(`bench_${name}`);
      return postgres.url(`bench_${name}`);
    },
  });
  const names = { ours: 'ours', peer: peerName, limit: limitName };
  const samples = [];
  try {
    for (let round = -1; round < rounds; round++) {
      const sample = {};
      for (const side of ['ours', 'peer', 'limit'].filter((name) => name in sides)) {
        progress(`round ${round + 1} of ${rounds}: ${names[side]} …`);
        meter.profiled = profile && side === 'ours' && round === rounds - 1 ? id : undefined;
        sample[side] = await sides[side](round);
      }
      progress(
        `round ${round + 1} of ${rounds}: ${report.figures(workload, sample)}${round < 0 ? ' (warm-up)' : ''}`,
        true,
      );
      if (round >= 0) samples.push(sample);
    }
  } finally {
    await close?.();
  }
  await drop(databases);
  const rows = report.summarise(workload, samples);
  console.log(rows.flatMap(report.lines).join('\n'));
  return rows;
}

/** What a workload has written must not be in the way of the next one. */
async function drop(databases) {
  const client = new pg.Client({ connectionString: postgres.url('postgres') });
  await client.connect();
  for (const name of databases) {
    await client.query(`drop database ${client.escapeIdentifier(name)} with (force)`);
  }
  await client.end();
}

/** One line that is written over on a terminal; elsewhere a line now and then. */
function progress(line, done = false) {
  const now = Date.now();
  if (process.stdout.isTTY) process.stdout.write(`\r\x1b[2K  ${line}${done ? '\n' : ''}`);
  else if (done || (now - shownAt > 5_000 && !line.endsWith('…'))) {
    shownAt = now;
    console.log(`  ${line}`);
  }
}

function options() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        rounds: { type: 'string' },
        entries: { type: 'string', default: String(ENTRIES) },
        quick: { type: 'boolean', default: false },
        profile: { type: 'boolean', default: false },
        help: { type: 'boolean' },
      },
    });
    if (values.help) {
      console.log(HELP);
      process.exit(0);
    }
    const rounds = Number(values.rounds ?? (values.quick ? 1 : MINIMUM_ROUNDS));
    if (!Number.isSafeInteger(rounds) || rounds < 1) throw new Error('--rounds 须为正整数 takes a positive integer');
    const entries = Number(values.entries);
    if (!Number.isSafeInteger(entries) || entries < 10_000)
      throw new Error('--entries 须不小于 takes a number from 10000');
    return {
      ids: positionals.map((id) => id.toUpperCase().replace(/[A-Z]$/, (part) => part.toLowerCase())),
      rounds,
      entries,
      quick: values.quick,
      profile: values.profile,
    };
  } catch (error) {
    return fail(`${error.message}\n${HELP}`);
  }
}

/** The peers, when the lock file has changed; `npm install` for the reason of docs/decisions/0007. */
function install() {
  const here = fileURLToPath(new URL('.', import.meta.url));
  const mark = join(here, 'node_modules', '.liandong-lock');
  const lock = createHash('sha256')
    .update(readFileSync(join(here, 'package-lock.json')))
    .digest('hex');
  if (existsSync(mark) && readFileSync(mark, 'utf8') === lock) return;
  console.log('安装对照 installing the peers …');
  const args = ['install', '--no-audit', '--no-fund', '--loglevel=error'];
  const { status } = spawnSync('npm', args, { cwd: here, stdio: 'inherit', shell: process.platform === 'win32' });
  if (status !== 0) fail('安装失败，原因见上 (the installation failed; the lines above say why)');
  writeFileSync(mark, lock);
}

function byId(a, b) {
  return a.id.localeCompare(b.id, 'en', { numeric: true });
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
