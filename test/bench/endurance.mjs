// What `npm run bench:rebuild` and `npm run soak` share: PostgreSQL and the platform as users run them, what they take of
// the machine, the operator's rebuild of everything, and the page of results.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm, statfs } from 'node:fs/promises';
import { cpus, release, tmpdir, totalmem, type } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { format, resolveConfig } from 'prettier';
import { issueToken, localKey } from '../../dist/libs/auth/src/index.js';
import { startPostgres } from '../../dist/libs/local/src/index.js';
import { PROFILES, tellProfile } from './measure.mjs';

const PAGE = fileURLToPath(new URL('../../docs/endurance.md', import.meta.url));
const PLATFORM = fileURLToPath(new URL('../../dist/apps/platform/src/main.js', import.meta.url));
const OPERATIONS = '/api/v1/operations/projections';
const GIB = 2 ** 30;

/**
 * PostgreSQL on a folder of its own, and platforms on its databases; all of it ends with this process.
 *
 * @param bytes that the disk must have free
 */
export async function openBench(bytes) {
  const { bavail, bsize } = await statfs(tmpdir());
  if (bavail * bsize < bytes) {
    throw new Error(
      `${tmpdir()} 只余 ${size(bavail * bsize)}，需要 ${size(bytes)}；请以 TMPDIR 指定别处 (too little disk there; set TMPDIR to another)`,
    );
  }
  const dir = await mkdtemp(join(tmpdir(), 'liandong-bench-'));
  const postgres = await startPostgres({ dir, log: console.log });
  const keyFile = join(dir, 'issuer.jwk.json');
  const key = await localKey(keyFile);
  const children = new Set();
  let stopped;
  const stop = () =>
    (stopped ??= (async () => {
      for (const child of children) await child.stop();
      await postgres.stop();
      await rm(dir, { recursive: true, force: true });
    })());
  const end = (code) => void stop().then(() => process.exit(code));
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => end(130));
  // Also of what nobody awaits; what is under way when it ends fails for want of its server.
  process.on('uncaughtException', (error) => {
    if (!stopped) console.error(error);
    end(1);
  });

  /** A Node program of its own that tells when it is ready; when it ends by itself, so does the measurement. */
  async function run(program, settings = {}, execArgv = []) {
    const child = fork(program, { env: { ...process.env, NODE_ENV: 'production', ...settings }, execArgv });
    let expected = false;
    const gone = once(child, 'exit').then(([code, signal]) => {
      children.delete(running);
      if (expected) return;
      console.error(`${program} 意外终止 ended: ${signal ?? `exit code ${code}`}`);
      end(1);
    });
    const running = {
      child,
      pid: child.pid,
      async stop() {
        expected = true;
        if (child.exitCode === null) child.kill('SIGTERM');
        await gone;
      },
    };
    children.add(running);
    const [ready] = await once(child, 'message');
    return { ...running, ready };
  }

  return {
    postgres,
    key,
    stop,
    run,
    /** Tells of an error, unless it is that everything is being stopped. */
    fail(error) {
      process.exitCode = 1;
      if (!stopped) console.error(error);
    },
    async connect(database) {
      const client = new pg.Client({ connectionString: postgres.url(database) });
      await client.connect();
      return client;
    },
    /** What a client sends to act as this role, and for this region. */
    bearer: async (role, region) => ({
      authorization: `Bearer ${await issueToken(key, { id: region ? `${role}@${region}` : role, role, region })}`,
    }),
    /**
     * The platform's own process on a database, with its default roles unless others are set; no Kafka.
     *
     * @param profile the name to keep a CPU profile of it under
     */
    async platform(database, settings = {}, profile) {
      const env = { DATABASE_URL: postgres.url(database), AUTH_LOCAL_KEY: keyFile, PORT: '0', KAFKA_BROKERS: '' };
      const file = `${profile}.cpuprofile`;
      const flags = [
        '--max-semi-space-size=64',
        ...(profile ? ['--cpu-prof', `--cpu-prof-dir=${PROFILES}`, `--cpu-prof-name=${file}`] : []),
      ];
      const { ready, ...running } = await run(PLATFORM, { ...env, ...settings }, flags);
      return {
        ...running,
        url: ready.url,
        async stop() {
          await running.stop();
          if (profile) tellProfile(join(PROFILES, file));
        },
      };
    },
  };
}

/** @returns the answer's status, text and JSON */
export async function ask(url, headers, body) {
  const request =
    body === undefined
      ? { headers }
      : {
          method: 'POST',
          headers: { ...headers, 'content-type': 'application/json' },
          body: JSON.stringify(body),
        };
  const answer = await fetch(url, request);
  const text = await answer.text();
  return {
    status: answer.status,
    text,
    body: answer.headers.get('content-type')?.includes('json') && JSON.parse(text),
  };
}

/** The builds of all projections, with their progress and the time left, as the operator is told. */
export async function buildsOf(platform, operator) {
  const { status, text, body } = await ask(platform.url + OPERATIONS, operator);
  if (status !== 200) throw new Error(`${OPERATIONS}: ${status} ${text}`);
  return body.builds;
}

/**
 * Asks for every projection to be built anew, and waits until each is in its place.
 *
 * @param seen called about every second with the seconds since it was asked, and the builds
 * @returns for each projection when it was in its place, in seconds, and both digests; and those that are never built anew
 * @throws when one comes out differently
 */
export async function rebuildAll(platform, operator, seen = () => undefined) {
  const live = (await buildsOf(platform, operator)).filter((b) => b.build === 'live');
  const begun = new Map(live.map((b) => [b.projection, b.startedAt]));
  const names = [...begun.keys()];
  const started = performance.now();
  const asked = await Promise.all(
    names.map((projection) => ask(`${platform.url}${OPERATIONS}/rebuild`, operator, { projection })),
  );
  for (const { status, text, body } of asked) {
    if (status !== 202 && body?.code !== 'projection.given-away') throw new Error(`rebuild: ${status} ${text}`);
  }
  const rebuilt = names.filter((_, i) => asked[i].status === 202);
  const placed = new Map();
  while (placed.size < rebuilt.length) {
    await delay(1_000);
    const builds = await buildsOf(platform, operator);
    const seconds = (performance.now() - started) / 1000;
    for (const { projection, build, outcome, startedAt } of builds) {
      if (build === 'next' && outcome?.differs)
        throw new Error(`${projection} came out differently: ${JSON.stringify(outcome)}`);
      // What is in its place is the build that was begun since.
      const fresh = build === 'live' && startedAt !== begun.get(projection);
      if (fresh && !placed.has(projection)) placed.set(projection, { seconds, ...outcome });
    }
    seen(seconds, builds);
  }
  return { placed, standing: names.filter((name) => !rebuilt.includes(name)) };
}

/** Resident memory of a process in bytes; NaN where the system does not tell. */
export const residentOf = (pid) => sizes(`/proc/${pid}/status`).VmRSS ?? NaN;

/**
 * Of all processes of PostgreSQL, in bytes: `own` is what they do not share, `all` counts shared buffers once, as far as
 * they are in use. NaN where the system does not tell.
 */
export function serverMemory(postmaster) {
  if (!existsSync(`/proc/${postmaster}/smaps_rollup`)) return { own: NaN, all: NaN };
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const family = pids.filter((pid) => Number(pid) === postmaster || parentOf(pid) === postmaster);
  const maps = family.map((pid) => sizes(`/proc/${pid}/smaps_rollup`));
  const total = (name) => maps.reduce((sum, map) => sum + (map[name] ?? 0), 0);
  return { own: total('Pss_Anon'), all: total('Pss') };
}

const parentOf = (pid) => Number(/^PPid:\s*(\d+)/m.exec(textOf(`/proc/${pid}/status`))?.[1]);

/** Lines such as `VmRSS:   1234 kB`, in bytes. */
const sizes = (file) =>
  Object.fromEntries([...textOf(file).matchAll(/^(\w+):\s+(\d+) kB$/gm)].map(([, name, kb]) => [name, kb * 1024]));

function textOf(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    // The process has ended meanwhile.
    return '';
  }
}

let shownAt = 0;
/** One line that is written over on a terminal; elsewhere a line every few seconds. */
export function progress(line, done = false) {
  const now = Date.now();
  if (process.stdout.isTTY) process.stdout.write(`\r\x1b[2K  ${line}${done ? '\n' : ''}`);
  else if (done || now - shownAt > 5_000) {
    shownAt = now;
    console.log(`  ${line}`);
  }
}

/** Whole numbers in groups, others with three significant digits. */
export function show(value) {
  if (!Number.isFinite(value)) return '–';
  return Math.abs(value) >= 100
    ? Math.round(value).toLocaleString('en-US').replaceAll(',', ' ')
    : String(Number(value.toPrecision(3)));
}
export const size = (bytes) => (bytes < GIB ? `${show(bytes / 2 ** 20)} MiB` : `${show(bytes / GIB)} GiB`);

export const table = (head, ...rows) =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

/** What a result depends on beside the code. */
export async function environment(client) {
  const setting = async (name) => (await client.query(`show ${name}`)).rows[0][name];
  return [
    `${cpus().length} × ${cpus()[0].model.trim()}, ${Math.round(totalmem() / GIB)} GiB, ${type()} ${release()}`,
    `Node ${process.versions.node}, PostgreSQL ${await setting('server_version')}, fsync ${await setting('fsync')}, ` +
      `shared_buffers ${await setting('shared_buffers')}, all on this machine`,
  ];
}

/** Puts one section into docs/endurance.md, with where and when it was measured; the other stays as it is. */
export async function write(heading, where, lines) {
  const sections = new Map(
    (existsSync(PAGE) ? readFileSync(PAGE, 'utf8') : '')
      .split(/^## /m)
      .slice(1)
      .map((section) => [section.slice(0, section.indexOf('\n')), section.slice(section.indexOf('\n')).trim()]),
  );
  const measured = [...where, `measured on ${new Date().toISOString().slice(0, 10)}`].map((line) => `- ${line}`);
  sections.set(heading, [measured.join('\n'), ...lines].join('\n\n'));
  const order = [...sections].sort(([a], [b]) => (a < b ? -1 : 1));
  const text = [INTRODUCTION, ...order.map(([title, content]) => `## ${title}\n\n${content}`)].join('\n\n');
  const style = { ...(await resolveConfig(PAGE)), parser: 'markdown', proseWrap: 'always', printWidth: 145 };
  writeFileSync(PAGE, await format(text, style));
  console.log(`docs/endurance.md: ${heading}`);
}

const INTRODUCTION = `# Endurance

Written by \`npm run bench:rebuild\` and \`npm run soak\`, each its own section; do not edit. Both run what \`npm start\` runs, the platform's own
process on the PostgreSQL from npm, on a machine that does nothing else.

\`\`\`bash
npm run bench:rebuild                    # 10 000 000 events; about 20 minutes and 45 GB of disk
npm run bench:rebuild -- --events 300000 # a look, not written here
npm run soak                             # 30 minutes at 1 000 commands/s
npm run soak -- --minutes 3 --rate 500   # a look, not written here
\`\`\``;
