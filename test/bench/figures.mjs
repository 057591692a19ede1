// `node test/bench/figures.mjs [flows|capacity|sharing …] [--entries N] [--questions N] [--data DIR]`: figures at any size (P14, P15).
// The journal is loaded set-based and the sums are built from it, as a rebuild does; then random questions are asked, and events
// folded through the writer. Nothing is written to a page.
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { startPostgres } from '../../dist/libs/local/src/index.js';
import { askFigure } from '../../dist/libs/read-models/src/figure-ask.js';
import { applyDeltas } from '../../dist/libs/read-models/src/figure-deltas.js';
import { differences } from '../../dist/libs/read-models/src/figure-differences.js';
import { explainFigure } from '../../dist/libs/read-models/src/figure-explain.js';
import { DAYS, dayOf, load, positionOf, questionOf, worlds } from './figure-worlds.mjs';
import { percentile } from './measure.mjs';
import { randomOf } from './random.mjs';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    entries: { type: 'string', default: '1000000' },
    questions: { type: 'string', default: '300' },
    fold: { type: 'string', default: '0' },
    data: { type: 'string' },
    only: { type: 'string' },
    background: { type: 'boolean', default: false },
  },
});
const ENTRIES = Number(options.entries);
const QUESTIONS = Number(options.questions);

const dir = options.data ?? (await mkdtemp(join(tmpdir(), 'liandong-figures-')));
const postgres = await startPostgres({ dir, log: () => undefined });
try {
  for (const name of positionals.length > 0 ? positionals : Object.keys(worlds)) await measure(name, worlds[name]);
} finally {
  await postgres.stop();
  if (!options.data) await rm(dir, { recursive: true, force: true });
}

async function measure(name, world) {
  const database = `figures_${name}_${ENTRIES}`;
  await postgres.createDatabase(database);
  const client = new pg.Client({ connectionString: postgres.url(database) });
  // When the server ends first, what failed before is told.
  client.on('error', () => undefined);
  await client.connect();
  const sql = {
    query: async (text, parameters = []) => (await client.query(text, parameters)).rows,
    copyIn: (statement, lines) => pipeline([`${lines.join('\n')}\n`], client.query(copyFrom(statement))),
  };
  const [{ pid }] = await sql.query('select pg_backend_pid() as pid');
  /** What the server's process and this one have worked so far, in ms; waiting for others on the machine is not in it. */
  sql.workedMs = () =>
    Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6 + process.cpuUsage().user / 1e3;
  console.log(`\n${name}, ${ENTRIES.toLocaleString()} entries`);
  await load(sql, name, ENTRIES, timed);
  await tellSizes(sql);
  console.log('  median / p99 in ms of the clock (of work)');
  const asked = Object.entries(world.questions).filter(([what]) => !options.only || what.includes(options.only));
  for (const [what, question] of asked) await ask(sql, world.figure, what, question);
  await explain(sql, world);
  if (options.background) await timed('differences', () => differences(sql, world.figure, 10));
  await fold(sql, world);
  await client.end();
}

async function timed(what, work) {
  const started = performance.now();
  const result = await work();
  console.log(`  ${what}: ${((performance.now() - started) / 1000).toFixed(1)} s`);
  return result;
}

async function tellSizes(sql) {
  const sizes = await sql.query(
    `select relname, pg_size_pretty(pg_table_size(oid)) as heap, pg_size_pretty(pg_indexes_size(oid)) as index, reltuples::bigint
      from pg_class where relkind = 'r' and relname like 'figure%' order by relname`,
  );
  for (const s of sizes) console.log(`  ${s.relname}: ${s.reltuples} rows, ${s.heap}, index ${s.index}`);
}

async function ask(sql, figure, what, question) {
  const random = randomOf(7);
  const times = { now: [], 'as at': [], 'as of': [] };
  const works = { now: [], 'as at': [], 'as of': [] };
  for (let n = 0; n < QUESTIONS + 10; n++) {
    for (const [kind, asked] of Object.entries(questionOf(random, question))) {
      const [started, worked] = [performance.now(), sql.workedMs()];
      await sql.query('begin');
      await askFigure(sql, figure, asked);
      await sql.query('commit');
      if (n < 10) continue;
      times[kind].push(performance.now() - started);
      works[kind].push(sql.workedMs() - worked);
    }
  }
  const told = (ms) => `${percentile(ms, 0.5).toFixed(1)} / ${percentile(ms, 0.99).toFixed(1)}`;
  const figures = Object.keys(times).map((kind) => `${kind} ${told(times[kind])} (${told(works[kind])})`.padEnd(36));
  console.log(`  ${what.padEnd(26)} ${figures.join(' ')}`);
}

async function explain(sql, { figure, cell }) {
  const random = randomOf(11);
  const times = [];
  for (let n = 0; n < 50; n++) {
    const from = Math.floor(random() * (DAYS - 400));
    const [first, value] = Object.entries(cell(random))[0];
    const started = performance.now();
    await explainFigure(sql, figure, { from: dayOf(from), to: dayOf(from + 365) }, { [first]: value }, { limit: 100 });
    times.push(performance.now() - started);
  }
  console.log(
    `  explain, 100 lines: ${percentile(times, 0.5).toFixed(1)} / ${Math.max(...times).toFixed(1)} ms (median / max)`,
  );
}

/** Batches as a projector has them: most facts are new, some are put right. */
async function fold(sql, { figure, cell, values }) {
  const random = randomOf(13);
  const total = Number(options.fold);
  for (const size of total > 0 ? [1000, 5000] : []) {
    let spent = 0;
    const worked = sql.workedMs();
    const run = Date.now();
    await sql.query('create table if not exists checkpoint (position text)');
    for (let done = 0; done < total; done += size) {
      const changes = Array.from({ length: size }, (_, i) => {
        const day = dayOf(DAYS - 1 - Math.floor(-Math.log(1 - random()) * (random() < 0.05 ? 120 : 12)));
        const level = Object.values(figure.measures).some((m) => m.kind === 'level');
        const until = level ? { until: dayOf(DAYS + Math.floor(random() * 1000)) } : {};
        const entry = { cell: cell(random), from: day, ...until, values: values(random) };
        const event = {
          id: '5f0c2f0e-8f5d-4a57-9f5e-0a4f3f1d2c3b',
          stream: `s-${done + i}`,
          revision: 3,
          type: 'contract.recognised.v1',
        };
        return {
          list: 'l',
          key: `k-${done + i}`,
          before: [],
          after: [entry],
          position: positionOf(run, done + i),
          event,
        };
      });
      const started = performance.now();
      await sql.query('begin');
      await applyDeltas(sql, figure, 'live', changes);
      await sql.query(`insert into checkpoint values ('x')`);
      await sql.query('commit');
      spent += performance.now() - started;
    }
    console.log(
      `  fold in batches of ${size}: ${Math.round((total / spent) * 1000).toLocaleString()} events/s, of work ${Math.round((total / (sql.workedMs() - worked)) * 1000).toLocaleString()}`,
    );
  }
}
