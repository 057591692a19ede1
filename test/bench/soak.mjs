// `npm run soak -- [--minutes N] [--rate N]`: the platform under a steady load, with a ledger outside it.
import { createReadStream, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual, parseArgs } from 'node:util';
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
const INDEPENDENT_SQL = new URL('../figures/independent-sql.ts', import.meta.url);
const DATABASE = 'liandong';
const DRAIN_PATIENCE_MS = 600_000;
/** Flat: it grows by less than this share of itself in an hour, or by no more than chance. */
const FLAT_SHARE = 0.05;
/** A lag that has not grown by more than this factor, or is still below this many milliseconds, is flat. */
const LAG = { factor: 1.5, belowMs: 250 };
const PERIOD = ['2023-01-01', '2024-01-01'];
/** Capacity is recomputed day by day, so for a month only. */
const MONTH = ['2023-06-01', '2023-07-01'];

const { minutes, rate, written, profile } = options();
prepare();
const [
  { default: swc },
  { from },
  { Meter, median },
  { structure, cities },
  { loadSample },
  { EMPTY_FEED, nextDigest },
  { ask, environment, openBench, progress, rebuildAll, residentOf, serverMemory, show, size, table, write },
] = await Promise.all([
  import('@swc/core'),
  import('pg-copy-streams'),
  import('./measure.mjs'),
  import('../../dist/deploy/sample/shaanxi/structure.js'),
  import('../../dist/apps/embedded/src/sample.js'),
  import('../../dist/libs/contracts/src/index.js'),
  import('./endurance.mjs'),
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
  const findings = await check(platform, sql, ledgerFile, load);
  await sql.end();
  await platform.stop();

  const trends = trendsOf(samples, lags);
  const wrong = findings.filter((f) => f.found > 0);
  const lines = report({ load, samples, trends, findings, drainSeconds });
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

/** What each check of the store and the feeds selects is wrong; `one` names it. `soak.ledger` is what the clients know. */
const CHECKS = [
  {
    what: 'acknowledged, but an event of it is not in the store',
    select: `select key as one from soak.ledger, unnest(ids) as u(id) where not exists (select from soak.stored s where s.id = u.id)`,
  },
  {
    what: 'acknowledged at another revision or stream than it is stored at',
    select: `select key as one from soak.ledger l join soak.stored s on s.id = l.ids[cardinality(l.ids)]
      where (s.stream, s.revision) is distinct from (l.stream, l.revision)`,
  },
  {
    what: 'stored more or less often than acknowledged, by its command id',
    select: `select key as one from soak.ledger l join soak.stored s on s.id = l.ids[1]
      join (select command, count(*) as n from soak.stored group by command) c using (command) where c.n <> cardinality(l.ids)`,
  },
  {
    what: 'stored, but sent by nobody',
    select: `select s.id as one from soak.stored s where actor not like 'process:%' and stream <> 'province-topology'
      and not exists (select from soak.ids i where i.id = s.id)`,
  },
  {
    what: 'recorded by a process for a command that nobody sent',
    select: `select s.id as one from soak.stored s where actor like 'process:%' and not exists (
      select from soak.stored c join soak.ids i on i.id = c.id where c.command = s.correlation)`,
  },
  {
    what: 'a stream with a hole',
    select: `select coalesce(s.stream, t.name) as one from
      (select stream, min(revision) as first, max(revision) as last, count(*) as n from soak.stored group by stream) s
      full join eventing.streams t on t.name = s.stream
      where s.first is distinct from 0 or s.last <> s.n - 1 or t.revision is distinct from s.last`,
  },
  {
    what: 'a feed with a hole, a double, or a head that is not its last record',
    select: `select region as one from region_feed f join region_feed_heads h using (region) group by region, h.sequence
      having min(f.sequence) <> 1 or max(f.sequence) <> count(*) or h.sequence <> count(*) or count(distinct record->>'id') <> count(*)`,
  },
  {
    what: 'an event that a region was not told of, though it is told of others of its type',
    select: `with told as materialized (select (record->>'id')::uuid as id, region from region_feed),
        due as materialized (select s.id, s.type, r as region from soak.stored s, jsonb_array_elements_text(s.regions) r)
      select id as one from due where type in (select type from due join told using (id, region))
        and not exists (select from told where told.id = due.id and told.region = due.region)`,
  },
  { what: 'a parked key', select: 'select key as one from projection_parked' },
  {
    what: 'an admission that no process has ended',
    select: `select uscc as one from incubatees where status = 'admitted'`,
  },
];

/** Compares what is there with the ledger, and the figures with their recomputation. */
async function check(platform, sql, ledgerFile, load) {
  await sql.query(`set work_mem to '256MB'`);
  await sql.query(`create schema soak`);
  await sql.query(
    `create unlogged table soak.ledger (key text, stream text, status integer, revision bigint, position text, ids uuid[])`,
  );
  await pipeline(createReadStream(ledgerFile), sql.query(from('copy soak.ledger from stdin')));
  progress('checking: reading the store …');
  await sql.query(`create unlogged table soak.ids as select unnest(ids) as id from soak.ledger`);
  await sql.query(`create unlogged table soak.stored as
    select id, stream, revision, type, m->>'commandId' as command, m->>'correlationId' as correlation, m->'actor'->>'id' as actor,
      m->'regions' as regions from (select *, metadata::jsonb as m from eventing.events offset 0) e`);
  await sql.query('analyze soak.ledger, soak.ids, soak.stored');
  const findings = [
    { what: 'an answer that was not expected', found: load.surprises.length, examples: load.surprises.slice(0, 5) },
    { what: 'a command without an entry in the ledger, or with two', ...(await entered(sql, load)) },
  ];
  for (const { what, select } of CHECKS) {
    progress(`checking: ${what} …`);
    const { rows } = await sql.query(`select one::text, count(*) over ()::integer as found from (${select}) w limit 5`);
    findings.push({ what, found: rows[0]?.found ?? 0, examples: rows.map((row) => row.one) });
  }
  progress('checking: the feed of xianyang, record by record …');
  findings.push({ what: 'a feed whose digest a city does not come to', ...(await asTheCity(platform, 'xianyang')) });
  progress('checking: the figures by independent SQL …');
  findings.push({ what: 'a figure that is not its independent recomputation', ...(await recomputed(platform, sql)) });
  progress('checking: all projections built anew …');
  const differing = await rebuildAll(platform, await bench.bearer('province')).then(
    () => [],
    (error) => [error.message],
  );
  findings.push({
    what: 'a projection that comes out differently when it is built anew',
    found: differing.length,
    examples: differing,
  });
  return findings;
}

async function entered(sql, { accepted, refused }) {
  const { rows } = await sql.query(
    'select count(*)::integer as n, count(distinct key)::integer as keys from soak.ledger',
  );
  const { n, keys } = rows[0];
  const found = Math.abs(accepted + refused - n) + (n - keys);
  return { found, examples: [`${accepted + refused} commands, ${n} entries, ${keys} keys`] };
}

/** Reads a region's feed over HTTP as its city does, and computes the digest for itself. */
async function asTheCity(platform, region) {
  const city = await bench.bearer('sub-platform', region);
  let [sequence, digest] = [0, EMPTY_FEED];
  for (;;) {
    const { body } = await ask(`${platform.url}/api/v1/regions/${region}/feed?after=${sequence}&limit=1000`, city);
    for (const record of body.records) {
      if (record.feedsequence !== ++sequence)
        return { found: 1, examples: [`${region}: ${record.feedsequence} after ${sequence - 1}`] };
      digest = nextDigest(digest, record);
    }
    if (body.records.length > 0) continue;
    const same = digest === body.last.digest && sequence === body.last.sequence;
    return {
      found: same ? 0 : 1,
      examples: [`${region}: ${digest} at ${sequence}, not ${body.last.digest} at ${body.last.sequence}`],
    };
  }
}

/** The three figures as the platform answers, against the SQL that test/figures has them recomputed by. */
async function recomputed(platform, sql) {
  const { code } = await swc.transform(readFileSync(INDEPENDENT_SQL, 'utf8'), {
    jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
  });
  const independent = await import(`data:text/javascript,${encodeURIComponent(code)}`);
  const auditor = await bench.bearer('auditor');
  const figure = async (name, [since, to], more = '') =>
    (await ask(`${platform.url}/api/v1/figures/${name}?from=${since}&to=${to}${more}`, auditor)).body;
  const rows = async (text, period) => (await sql.query(text, period)).rows;
  const numbers = (row) =>
    Object.values(row).map((value) => (Number.isNaN(Number(value)) ? value : Number(Number(value).toPrecision(12))));

  const flows = await figure('flows', PERIOD, '&period=month');
  const sharing = await figure('sharing', PERIOD);
  const capacity = await figure('capacity', MONTH);
  const days = ({ id, area, desks }) => [
    id,
    area.allocatedDays,
    area.availableDays,
    desks.allocatedDays,
    desks.availableDays,
  ];
  const compared = {
    flows: [
      flows.cells.map((c) => [c.output, c.absorbing, c.type, c.period, c.count, c.amountFen, c.technicalRevenueFen]),
      (await rows(independent.flows, PERIOD)).map(numbers),
    ],
    sharing: [
      sharing.cells.map((c) => [c.owner, c.using, c.uses, c.hours]),
      (await rows(independent.sharingCells, PERIOD)).map(numbers),
    ],
    rates: [
      [sharing.total, ...sharing.rates].map((r) => numbers([r.owner, r.ratioOfMeans, r.meanOfRatios])),
      (await rows(independent.sharingRates, PERIOD)).map(numbers),
    ],
    capacity: [
      capacity.rows
        .filter(
          (r) =>
            r.by === 'carrier' &&
            days(r)
              .slice(1)
              .some((n) => n > 0),
        )
        .map((r) => numbers(days(r))),
      (await rows(independent.capacityDays, MONTH)).map(numbers),
    ],
  };
  const different = Object.entries(compared).filter(
    ([, [told, own]]) => own.length === 0 || !isDeepStrictEqual(told, own),
  );
  const firstOf = ([told, own]) => {
    const i = told.findIndex((row, n) => !isDeepStrictEqual(row, own[n]));
    return `${told.length} and ${own.length} rows; ${JSON.stringify(told[i])}, not ${JSON.stringify(own[i])}`;
  };
  return { found: different.length, examples: different.map(([name, pair]) => `${name}: ${firstOf(pair)}`) };
}

/** Least squares of memory over time in the second half; the lag of the last quarter against the first. */
function trendsOf(samples, lags) {
  const half = samples.slice(samples.length >> 1);
  /** @param together so many samples count as the least of them */
  const grows = (what, of, together = 1) => {
    const points = Array.from({ length: Math.floor(half.length / together) }, (_, i) => {
      const block = half.slice(i * together, (i + 1) * together).map(of);
      return [(i * together * 10) / 3600, Math.min(...block)];
    });
    const { perHour, error, mean } = leastSquares(points);
    const flat = perHour <= Math.max(FLAT_SHARE * mean, 2 * error);
    const told = `${show(perHour / 2 ** 20)} ± ${show(error / 2 ** 20)} MiB an hour, on ${size(mean)}`;
    return { what, flat, told };
  };
  const quarter = Math.max(1, lags.length >> 2);
  const [first, last] = [lags.slice(0, quarter), lags.slice(-quarter)].map((part) => median(part.map((lag) => lag.ms)));
  const slow = (part) => median(part.map((sample) => sample.p99));
  const of = Math.max(1, samples.length >> 2);
  return [
    grows('platform, resident', (s) => s.resident),
    grows('platform, heap: the least of each two minutes', (s) => s.heap, Math.min(12, Math.floor(half.length / 3))),
    grows("PostgreSQL's own", (s) => s.own),
    {
      what: 'lag of the slowest projection, median',
      flat: last <= Math.max(LAG.belowMs, LAG.factor * first),
      told: `${show(first)} ms in the first quarter, ${show(last)} ms in the last`,
    },
    {
      what: 'p99 of a command, median of ten seconds each',
      flat: slow(samples.slice(-of)) <= Math.max(LAG.belowMs, LAG.factor * slow(samples.slice(0, of))),
      told: `${show(slow(samples.slice(0, of)))} ms in the first quarter, ${show(slow(samples.slice(-of)))} ms in the last`,
    },
  ];
}

/** The slope of a line through the points, with its standard error; `mean` of the values. */
function leastSquares(points) {
  const n = points.length;
  const meanX = points.reduce((sum, [x]) => sum + x, 0) / n;
  const mean = points.reduce((sum, [, y]) => sum + y, 0) / n;
  const spread = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  const perHour = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - mean), 0) / spread;
  const left = points.reduce((sum, [x, y]) => sum + (y - mean - perHour * (x - meanX)) ** 2, 0);
  return { perHour, mean, error: Math.sqrt(left / (n - 2) / spread) };
}

function report({ load, samples, trends, findings, drainSeconds }) {
  const minutesAt = (i) => ((i + 1) * 10) / 60;
  const every = Math.max(1, Math.round(samples.length / 15));
  const [platformCores, serverCores] = ['applicationUs', 'serverUs'].map((whose) =>
    show(load[whose] / 1e6 / load.seconds),
  );
  const wrong = findings.filter((f) => f.found > 0);
  const flat = trends.every((t) => t.flat);
  return [
    `${show(rate)} commands/s for ${show(minutes)} minutes, offered whether or not the ones before were answered: **ledger ` +
      `${wrong.length === 0 ? 'clean' : 'not clean'}, ${flat ? 'flat' : 'not flat'}**. The platform's own process with all its roles, as \`npm start\` ` +
      'runs it, without Kafka. The commands are contracts, instruments and their uses in about the shares of the sample, enclaves and their ' +
      'space, and firms whose admission a process carries to its end; one in forty is sent again with its Idempotency-Key, about as many are ' +
      'refused by the rules.',
    table(
      ['', ''],
      ['offered, answered', `${show(load.offered)}, ${show(load.answered)}`],
      ['carried out, refused, repeated', [load.accepted, load.refused, load.repeated].map(show).join(', ')],
      ['without an answer, settled by the same key', show(load.unanswered)],
      [
        'time of a command from its arrival: p50, p99, longest',
        [load.p50, load.p99, load.max].map((ms) => `${show(ms)} ms`).join(', '),
      ],
      ['CPU: platform, PostgreSQL, generator', `${platformCores}, ${serverCores}, ${show(load.cores)} cores`],
      ['drained after the last answer', `${show(drainSeconds)} s`],
      ['database at the end', size(samples.at(-1)?.database ?? NaN)],
    ),
    'Memory: the slope of a line through the second half, least squares, with its standard error; of the heap the least in each two minutes ' +
      'counts, which is about what a collection leaves. Flat where it grows by less than ' +
      `${FLAT_SHARE * 100} % of itself in an hour or by no more than two standard errors. Times: flat where the last quarter is not ` +
      `${LAG.factor} times the first, or below ${LAG.belowMs} ms.`,
    table(['', '', ''], ...trends.map(({ what, told, flat: is }) => [what, told, is ? 'flat' : '**not flat**'])),
    table(
      [
        'minute',
        'answered/s',
        'p50',
        'p99',
        'resident',
        'heap',
        "PostgreSQL's own",
        'database',
        'lag, median',
        'lag, most',
        'event loop p99',
      ],
      ...samples
        .map((s, i) => [
          minutesAt(i).toFixed(1),
          show(s.answered / 10),
          ...[s.p50, s.p99].map((ms) => `${show(ms)} ms`),
          ...[s.resident, s.heap, s.own, s.database].map(size),
          `${show(s.lagEvents)} events, ${show(s.lagMs)} ms`,
          ...[s.mostLagMs, s.loopP99].map((ms) => `${show(ms)} ms`),
        ])
        .filter((_, i) => i % every === every - 1),
    ),
    'The delay of the event loop is told by its own meter, whose 10 ms it includes. The lag was looked at every second.',
    'Then, against the ledger that the clients kept in a file outside the system, and each figure by SQL that knows no projection:',
    table(
      ['how often there was', ''],
      ...findings.map(({ what, found }) => [what, found === 0 ? '0' : `**${show(found)}**`]),
    ),
  ];
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
