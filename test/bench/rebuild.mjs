// `npm run bench:rebuild -- [--events N]`: every read model built anew beside what is read, with a reader that never stops.
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { prepare } from '../../scripts/prepare.mjs';

const HELP = `用法 usage: npm run bench:rebuild -- [--events N] [--write] [--profile]
  --events N   事件数，缺省 10000000；更少则不写入 docs/endurance.md (fewer are not written to the page)
  --write      仍写入 (written all the same)
  --profile    另存平台进程的 CPU profile 到 .cache/bench，列出最热的函数；不写入文件 (profile the platform, never written)`;
const FULL = 10_000_000;
const GOAL_SECONDS = 300;
/** Of disk for each event: the log, two builds of the read models, what PostgreSQL keeps to recover. */
const BYTES_PER_EVENT = 4_000;
const DATABASE = 'liandong';
const READ_EVERY_MS = 100;

const { events: wanted, written, profile } = options();
prepare();
const [
  { Meter, percentile },
  { fill },
  { ask, buildsOf, environment, openBench, progress, rebuildAll, residentOf, serverMemory, show, size, table, write },
] = await Promise.all([import('./measure.mjs'), import('./history.mjs'), import('./endurance.mjs')]);

const bench = await openBench(wanted * BYTES_PER_EVENT + 4 * 2 ** 30);
try {
  await measure();
} catch (error) {
  bench.fail(error);
} finally {
  await bench.stop();
}

async function measure() {
  const { postgres } = bench;
  const began = performance.now();
  const log = await fill(bench, DATABASE, wanted, progress);
  const filled = secondsSince(began);
  const sql = await bench.connect(DATABASE);
  const where = await environment(sql);
  console.log(`\n${where.join('\n')}`);
  console.log(`${show(log.events)} events in ${show(log.streams)} streams, filled in ${show(filled)} s\n`);

  await passNumbered(sql);
  const meter = new Meter(postgres.pid);
  const platform = await bench.platform(DATABASE, { ROLES: 'api,projector' }, profile && 'rebuild');
  const operator = await bench.bearer('province');
  const first = await observed(meter, platform, (see) => firstBuild(platform, operator, log.events, see));
  tell('first build', log.events, first);

  progress('vacuum …', true);
  // What autovacuum would do at some moment of its own choosing.
  await sql.query('vacuum (analyze)');
  const questions = await asked(platform);
  const quiet = { resident: residentOf(platform.pid), server: serverMemory(postgres.pid) };
  const reader = startReading(questions);
  const rebuilt = await observed(meter, platform, async (see) => {
    const told = [];
    const outcome = await rebuildAll(platform, operator, (seconds, builds) => {
      const next = builds.filter((b) => b.build === 'next');
      const share = Math.min(1, ...next.map((b) => b.progress));
      const left = Math.max(0, ...next.map((b) => b.secondsLeft ?? 0));
      const reading = new Set(next.map((b) => b.position)).size;
      told.push({ seconds, share, left, building: next.length, reading });
      const memory = see();
      progress(
        `${show(seconds)} s: ${next.length} being built, ${(share * 100).toFixed(1)} % read, ${left} s left as told; ` +
          `${show((log.events * share) / seconds)} events/s, platform ${size(memory.resident)}, PostgreSQL ${size(memory.own)}; ` +
          reader.line(),
      );
    });
    return { told, ...outcome };
  });
  const reads = await reader.stop();
  tell(`rebuild of ${rebuilt.placed.size} projections`, log.events, rebuilt);

  const sizes = await sql.query(
    `select pg_database_size(current_database()) as database, pg_total_relation_size('eventing.events') as events`,
  );
  await sql.end();
  await platform.stop();
  const lines = report({ log, filled, first, rebuilt, quiet, reads, sizes: sizes.rows[0] });
  console.log(`\n${lines.join('\n\n')}\n`);
  if (written) await write('Rebuild', where, lines);
  const wrong = reads.filter((r) => r.failed + r.different > 0);
  if (wrong.length > 0) throw new Error(`reads were wrong: ${JSON.stringify(wrong)}`);
}

/** Feeds and the log are numbered once and never built anew: they are taken for done, so that only read models are measured. */
async function passNumbered(sql) {
  await (await bench.platform(DATABASE, { ROLES: 'api' })).stop();
  await sql.query(
    `update projection_checkpoints set position = (
        select concat_ws('-', lpad(to_hex(epoch), 4, '0'), lpad(to_hex(xid::text::bigint), 16, '0'), lpad(to_hex(gp), 16, '0'))
          from eventing.events order by epoch desc, xid desc, gp desc limit 1)
      where name in ('feeds', 'log')`,
  );
}

/** Waits until the platform has seen the whole log. */
async function firstBuild(platform, operator, events, see) {
  const started = performance.now();
  for (; ; await delay(1_000)) {
    const { body } = await ask(`${platform.url}/health/ready`, {});
    const stuck = body.projections.find((p) => p.error !== undefined || p.parked > 0);
    if (stuck) throw new Error(`the first build has stopped: ${JSON.stringify(stuck)}`);
    const share = Math.min(...(await buildsOf(platform, operator)).map((b) => b.progress));
    const memory = see();
    progress(
      `first build: ${(share * 100).toFixed(1)} %, ${show((events * share) / secondsSince(started))} events/s, ` +
        `platform ${size(memory.resident)}, PostgreSQL ${size(memory.own)}`,
    );
    if (body.projections.length > 0 && body.projections.every((p) => p.live)) return {};
  }
}

/** Carries out the work, which may look at the memory with `see`; adds the time it took, CPU and the most memory that was seen. */
async function observed(meter, platform, work) {
  const most = { resident: 0, own: 0, all: 0 };
  const see = () => {
    const now = { resident: residentOf(platform.pid), ...serverMemory(bench.postgres.pid) };
    for (const [name, bytes] of Object.entries(now)) most[name] = Math.max(most[name], bytes);
    return now;
  };
  see();
  return { ...(await meter.timed(() => work(see), platform.pid)), most };
}

/** What the reader asks: each read model's lists and figures, as somebody would, and what they must answer throughout. */
async function asked(platform) {
  const province = await bench.bearer('province');
  const city = await bench.bearer('operator', 'xianyang');
  const items = (answer) => answer.items;
  const cells = (answer) => answer.cells;
  const enclave = 'carrier=example-0-xianyang-enclave';
  const questions = [
    { path: 'regions?limit=200', by: province, rows: items },
    { path: 'carriers?sort=-since', by: city, rows: items },
    { path: `figures/capacity?from=2014-01-01&to=2015-01-01&${enclave}`, by: province, rows: cells },
    { path: `incubatees?${enclave}`, by: city, rows: items },
    // The sample's instruments are used every third or fourth day, all on the same.
    { path: 'figures/sharing?from=2014-05-27&to=2014-05-28', by: city, rows: cells },
    { path: 'contracts?sort=-amountFen', by: city, rows: items },
    { path: 'figures/flows?from=2014-06-01&to=2014-07-01', by: city, rows: cells },
    { path: 'processes?process=admission&limit=20', by: city, rows: (a) => a.processes },
  ];
  for (const question of questions) {
    question.url = `${platform.url}/api/v1/${question.path}`;
    const { status, text, body } = await ask(question.url, question.by);
    if (status !== 200 || question.rows(body).length === 0) throw new Error(`${question.path}: ${status} ${text}`);
    question.expected = text;
    question.kib = Buffer.byteLength(text) / 1024;
  }
  return questions;
}

/** Asks every question every READ_EVERY_MS, or as soon as its last answer is there, until it is stopped. */
function startReading(questions) {
  let going = true;
  const results = questions.map(({ path, kib }) => ({
    path,
    kib,
    ms: [],
    failed: 0,
    different: 0,
  }));
  const loops = questions.map(async ({ url, by, expected }, i) => {
    const result = results[i];
    for (let due = performance.now(); going; due = Math.max(due + READ_EVERY_MS, performance.now())) {
      await delay(due - performance.now());
      const from = performance.now();
      const answer = await ask(url, by).catch((error) => ({ status: 0, text: String(error) }));
      result.ms.push(performance.now() - from);
      if (answer.status !== 200) result.failed++;
      else if (answer.text !== expected) result.different++;
      else continue;
      result.first ??= `${answer.status} ${answer.text.slice(0, 500)}`;
    }
  });
  return {
    line: () =>
      `${show(results.reduce((sum, r) => sum + r.ms.length, 0))} reads, ` +
      `${results.reduce((sum, r) => sum + r.failed, 0)} failed, ${results.reduce((sum, r) => sum + r.different, 0)} different`,
    async stop() {
      going = false;
      await Promise.all(loops);
      return results;
    },
  };
}

function tell(what, events, { seconds, most }) {
  progress(
    `${what}: ${show(seconds)} s, ${show(events / seconds)} events/s; most memory: platform ${size(most.resident)}, ` +
      `PostgreSQL's own ${size(most.own)}, with shared buffers ${size(most.all)}`,
    true,
  );
}

function report({ log, filled, first, rebuilt, quiet, reads, sizes }) {
  const { told, placed, standing, most, seconds } = rebuilt;
  const read = told.find(({ share }) => share === 1)?.seconds ?? seconds;
  const apart = Math.max(...told.map((t) => t.reading));
  const cores = (sample, whose) => show(sample[whose] / 1e6 / sample.seconds);
  const met = seconds <= GOAL_SECONDS ? 'met' : 'not met';
  const goal = log.events >= FULL ? `; goal ≤ ${GOAL_SECONDS} s: ${met}` : '';
  return [
    `${show(log.events)} events of the sample's mix in ${show(log.streams)} streams of ${log.regions} regions, ` +
      `${size(Number(sizes.events))}: ${show(log.copies)} copies of the sample with names, firms, districts and years of their own. ` +
      `${log.types.map(([type, share]) => `\`${type}\` ${show(share * 100)} %`).join(', ')}.`,
    table(
      [
        '',
        'time',
        'rate',
        'platform, most',
        "PostgreSQL's own, most",
        'with shared buffers',
        'CPU: platform + PostgreSQL',
      ],
      [
        'filled: the sample recorded once, COPY, indexes',
        `${show(filled)} s`,
        `${show(log.events / filled)} events/s`,
        '–',
        '–',
        '–',
        '–',
      ],
      ...[
        ['first build, into empty tables', first],
        [`**rebuild of all ${placed.size}**, from the request until all were in their place`, rebuilt],
      ].map(([what, sample]) => [
        what,
        `${show(sample.seconds)} s`,
        `${show(log.events / sample.seconds)} events/s`,
        size(sample.most.resident),
        size(sample.most.own),
        size(sample.most.all),
        `${cores(sample, 'applicationUs')} + ${cores(sample, 'serverUs')} cores`,
      ]),
    ),
    `The rebuild took **${show(seconds)} s**${goal}: the log was read after ${show(read)} s, the rest was the digests of both builds and the ` +
      `switch. ${apart === 1 ? 'All shared one read of the log.' : `They read the log in ${apart} groups.`} Before it the platform took ` +
      `${size(quiet.resident)}, PostgreSQL ${size(quiet.server.own)} of its own; the most was ${size(most.resident)} and ${size(most.own)}. ` +
      `The database had ${size(Number(sizes.database))} at the end. ${standing.map((name) => `\`${name}\``).join(', ')} are no part of either: what ` +
      'has been sent to cities, and what auditors have written down, is never built anew.',
    'The time left, as the status route told it, against what it was:',
    table(
      ['log read', 'after', 'told', 'was, until the log was read', 'until all were in their place'],
      ...[...new Set([0.1, 0.25, 0.5, 0.75, 0.9].map((part) => told.find(({ share }) => share >= part)))]
        .filter((at) => at !== undefined && at.share < 1)
        .map(({ share, seconds: after, left }) => [
          `${(share * 100).toFixed(0)} %`,
          ...[after, left, read - after, seconds - after].map((value) => `${show(value)} s`),
        ]),
    ),
    table(
      ['projection', 'in its place after', 'digest of the live build', 'digest of the next build'],
      ...[...placed].map(([name, { seconds: after, was, is }]) => [
        name,
        `${show(after)} s`,
        `\`${was}\``,
        `\`${is}\``,
      ]),
    ),
    `Meanwhile every read model was read every ${READ_EVERY_MS} ms, or as soon as the last answer was there. Each answer had to be 200, and the ` +
      'same text as before the rebuild, which was not empty.',
    table(
      ['read', 'answer', 'reads', 'not 200', 'different or empty', 'p50', 'p99', 'longest'],
      ...reads.map(({ path, kib, ms, failed, different }) => [
        `\`${path}\``,
        `${show(kib)} KiB`,
        show(ms.length),
        failed,
        different,
        ...[percentile(ms, 0.5), percentile(ms, 0.99), Math.max(...ms)].map((value) => `${show(value)} ms`),
      ]),
    ),
  ];
}

function secondsSince(started) {
  return (performance.now() - started) / 1000;
}

function options() {
  try {
    const { values } = parseArgs({
      options: {
        events: { type: 'string', default: String(FULL) },
        write: { type: 'boolean', default: false },
        profile: { type: 'boolean', default: false },
        help: { type: 'boolean' },
      },
    });
    if (values.help) {
      console.log(HELP);
      process.exit(0);
    }
    const events = Number(values.events);
    if (!Number.isSafeInteger(events) || events < 1) throw new Error('--events 须为正整数 takes a positive integer');
    const { write, profile } = values;
    return { events, profile, written: !profile && (write || events >= FULL) };
  } catch (error) {
    console.error(`${error.message}\n${HELP}`);
    return process.exit(1);
  }
}
