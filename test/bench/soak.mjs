// `npm run soak -- [--minutes N] [--rate N]`: the platform under a steady load, with a ledger outside it.
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { prepare } from '../../scripts/prepare.mjs';

const HELP = `用法 usage: npm run soak -- [--minutes N] [--rate N] [--write] [--profile]
  --minutes N  分钟数，缺省 30；更短则不写入 docs/endurance.md (a shorter one is not written to the page)
  --rate N     每秒命令数，缺省 1000；更少则不写入 (commands a second; fewer are not written)
  --write      仍写入 (written all the same)
  --profile    另存平台进程的 CPU profile 到 .cache/bench，列出最热的函数；不写入文件 (profile the platform, never written)`;
const FULL = { minutes: 30, rate: 1_000 };
/** Of disk for each command: its event, the entries, the feeds, what the last checks need. */
const BYTES_PER_COMMAND = 6_000;
const LOAD = fileURLToPath(new URL('./soak-load.mjs', import.meta.url));
const DATABASE = 'liandong';
const DRAIN_PATIENCE_MS = 600_000;
const { minutes, rate, written, profile } = options();
prepare();
const [
  { Meter, median },
  { structure, cities },
  { loadSample },
  { ask, environment, openBench, progress, residentOf, serverMemory, show, size, write },
  { check },
  { report, trendsOf },
] = await Promise.all([
  import('./measure.mjs'),
  import('../../dist/deploy/sample/shaanxi/structure.js'),
  import('../../dist/apps/embedded/src/sample.js'),
  import('./endurance.mjs'),
  import('./soak-checks.mjs'),
  import('./soak-report.mjs'),
]);

async function measure() {
  const { postgres } = bench;
  await postgres.createDatabase(DATABASE);
  const platform = await bench.platform(DATABASE, {}, profile && 'soak');
  const sql = await bench.connect(DATABASE);
  const where = await environment(sql);
  console.log(`\n${where.join('\n')}\n${show(rate)} commands/s for ${show(minutes)} min\n`);
  await loadSample(structure(), platform.url, bench.key, () => undefined);

  const ledgerFile = join(postgres.dir, 'ledger.tsv');
  const samples = [];
  const watch = watchLag(sql);
  const meter = new Meter(postgres.pid);
  const load = await meter.timed(async () => {
    const done = await offered(platform, ledgerFile, async (window) => {
      const sample = { ...window, ...(await lookAt(platform, sql)), ...watch.taken() };
      samples.push(sample);
      console.log(lineOf(sample, samples.length));
    });
    return { ...done, operations: done.offered };
  }, platform.pid);
  const lags = await watch.stop();

  const draining = performance.now();
  await drained(sql);
  const drainSeconds = (performance.now() - draining) / 1000;
  const findings = await check({ bench, platform, sql, ledgerFile, load });
  await sql.end();
  await platform.stop();

  const trends = trendsOf(samples, lags);
  const wrong = findings.filter((f) => f.found > 0);
  const lines = report({ rate, minutes, load, samples, trends, findings, drainSeconds });
  console.log(`\n${lines.join('\n\n')}\n`);
  for (const { what, examples } of wrong) console.error(`${what}:\n  ${examples.join('\n  ')}`);
  if (written) await write('Soak', where, lines);
  return wrong.length === 0 && trends.every((t) => t.flat);
}

/** Lets the generator offer its commands; `seen` is called with what it tells every ten seconds. */
async function offered(platform, ledgerFile, seen) {
  const { child, stop } = await bench.run(LOAD);
  const tokens = { province: (await bench.bearer('province')).authorization };
  for (const [region] of cities) tokens[region] = (await bench.bearer('operator', region)).authorization;
  const result = await new Promise((done, fail) => {
    child.on('message', ({ window, done: totals, failed }) => {
      if (window) seen(window).catch(fail);
      if (totals) done(totals);
      if (failed) fail(new Error(failed));
    });
    child.send({ url: platform.url, tokens, rate, seconds: minutes * 60, ledgerFile });
  });
  await stop();
  return result;
}

/** Events that the slowest projection has not seen, at most 100 000, and how long the first has waited since it was recorded. */
const LAGGING = `
  with slowest as (
    select min(position) as at from projection_checkpoints where build = 'live'
  ), seen as (
    select ('x' || split_part(at, '-', 1))::bit(16)::integer as epoch, ('x' || split_part(at, '-', 2))::bit(64)::bigint::text::xid8 as xid,
      ('x' || split_part(at, '-', 3))::bit(64)::bigint as gp from slowest
  ), unseen as materialized (
    select e.metadata from eventing.events e
      where (e.epoch, e.xid, e.gp) > ((select epoch from seen), (select xid from seen), (select gp from seen))
      order by e.epoch, e.xid, e.gp limit 100000
  ), first as (
    select (metadata::jsonb->>'recordedAt')::timestamptz as at from unseen limit 1
  )
  select (select count(*) from unseen)::integer as events,
    coalesce((select greatest(extract(epoch from clock_timestamp() - at), 0) * 1000 from first), 0)::float as ms`;

/** Looks at the lag every second. */
function watchLag(sql) {
  const lags = [];
  let taken = 0;
  let going = true;
  const watching = (async () => {
    for (; going; await delay(1_000)) lags.push((await sql.query({ name: 'lagging', text: LAGGING })).rows[0]);
  })();
  return {
    /** Since it was asked last: the median and the most. */
    taken() {
      const since = lags.slice(taken);
      taken = lags.length;
      const of = (name) => (since.length > 0 ? since.map((lag) => lag[name]) : [0]);
      return { lagEvents: median(of('events')), lagMs: median(of('ms')), mostLagMs: Math.max(...of('ms')) };
    },
    async stop() {
      going = false;
      await watching;
      return lags;
    },
  };
}

async function lookAt(platform, sql) {
  const { text } = await ask(`${platform.url}/metrics`, {});
  const metric = (name) => Number(new RegExp(`^${name} (.+)$`, 'm').exec(text)?.[1]);
  const { own, all } = serverMemory(bench.postgres.pid);
  const { rows } = await sql.query(
    `select pg_database_size(current_database())::float as database,
      (select count(*)::integer from processes where pending <> '[]'::jsonb) as pending`,
  );
  return {
    resident: residentOf(platform.pid),
    heap: metric('nodejs_heap_size_used_bytes'),
    loopP99: metric('nodejs_eventloop_lag_p99_seconds') * 1000,
    loopMax: metric('nodejs_eventloop_lag_max_seconds') * 1000,
    own,
    all,
    ...rows[0],
  };
}

const lineOf = (s, n) =>
  `${String((n * 10) / 60).slice(0, 4)} min: ${show(s.offered / 10)} offered/s, ${show(s.answered / 10)} answered/s, ${s.waiting} under way; ` +
  `p50 ${show(s.p50)} p99 ${show(s.p99)} max ${show(s.max)} ms; platform ${size(s.resident)}, heap ${size(s.heap)}; ` +
  `PostgreSQL ${size(s.own)} + shared ${size(s.all - s.own)}, database ${size(s.database)}; ` +
  `lag ${show(s.lagEvents)} events ${show(s.lagMs)} ms, most ${show(s.mostLagMs)} ms; ${s.pending} processes wait; ` +
  `event loop p99 ${show(s.loopP99)} max ${show(s.loopMax)} ms${s.surprises > 0 ? `; ${s.surprises} SURPRISES` : ''}`;

/** Waits until every projection has seen every event, and no process has a step to do. */
async function drained(sql) {
  for (const end = performance.now() + DRAIN_PATIENCE_MS; ; await delay(200)) {
    const [{ events }] = (await sql.query(LAGGING)).rows;
    const [{ pending }] = (
      await sql.query(`select count(*)::integer as pending from processes where pending <> '[]'::jsonb`)
    ).rows;
    progress(`draining: ${events} events to project, ${pending} processes with steps to do`);
    if (events === 0 && pending === 0) return;
    if (performance.now() > end) throw new Error('it does not come to rest');
  }
}

function options() {
  try {
    const { values } = parseArgs({
      options: {
        minutes: { type: 'string', default: String(FULL.minutes) },
        rate: { type: 'string', default: String(FULL.rate) },
        write: { type: 'boolean', default: false },
        profile: { type: 'boolean', default: false },
        help: { type: 'boolean' },
      },
    });
    if (values.help) {
      console.log(HELP);
      process.exit(0);
    }
    const [minutes, rate] = [Number(values.minutes), Number(values.rate)];
    // Fewer samples than these have no slope.
    if (!(minutes >= 1)) throw new Error('--minutes 须不小于 1 takes a number from 1 on');
    if (!Number.isSafeInteger(rate) || rate < 1) throw new Error('--rate 须为正整数 takes a positive integer');
    const { write, profile } = values;
    const full = minutes >= FULL.minutes && rate >= FULL.rate;
    return { minutes, rate, profile, written: !profile && (write || full) };
  } catch (error) {
    console.error(`${error.message}\n${HELP}`);
    return process.exit(1);
  }
}

const bench = await openBench(minutes * 60 * rate * BYTES_PER_COMMAND + 4 * 2 ** 30);
try {
  if (!(await measure())) process.exitCode = 1;
} catch (error) {
  bench.fail(error);
} finally {
  await bench.stop();
}
