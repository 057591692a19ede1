// What the samples say: on the terminal, and as docs/benchmarks.md.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, release, totalmem, type } from 'node:os';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { format, resolveConfig } from 'prettier';
import { median, rate } from './measure.mjs';
import { CONNECTIONS } from './sides.mjs';

const PAGE = fileURLToPath(new URL('../../docs/benchmarks.md', import.meta.url));
const SIDES = ['ours', 'peer', 'limit'];
const PEERS = ['@event-driven-io/emmett-postgresql', '@nestjs/platform-express', 'typeorm', 'pg'];

/** The workload's lines: itself, and what else it tells of. */
const linesOf = ({ also = [], ...workload }) => [
  workload,
  ...also.map((line) => ({ ...line, id: workload.id, peerName: workload.peerName, limitName: workload.limitName })),
];

function valueOf(line, side, sample) {
  if (side === 'limit' && line.limitValue) return line.limitValue(sample);
  return sample[side] && (line.value ?? rate)(sample[side]);
}

/** One round in words. */
export const figures = (workload, sample) =>
  SIDES.map((side) => [
    { ours: 'ours', peer: workload.peerName, limit: workload.limitName }[side],
    valueOf(workload, side, sample),
  ])
    .filter(([name, value]) => name && value !== undefined)
    .map(([name, value]) => `${name} ${show(value)}`)
    .join(', ') + ` ${workload.unit}`;

const isMet = ({ atLeast, atMost }, ratio) => (atLeast === undefined ? ratio <= atMost : ratio >= atLeast);

/** Medians over the rounds, ratios with their spread, and the CPU time of an operation. */
export function summarise(workload, samples) {
  const rows = linesOf(workload).map((line) => {
    const values = Object.fromEntries(SIDES.map((side) => [side, samples.map((s) => valueOf(line, side, s))]));
    const compare = (side) => {
      if (values[side][0] === undefined) return undefined;
      const goal = line[side];
      const ratios = values.ours.map((ours, i) => ours / values[side][i]);
      const ratio = median(ratios);
      return { goal, ratio, met: goal && isMet(goal, ratio), low: Math.min(...ratios), high: Math.max(...ratios) };
    };
    return {
      id: line.id,
      what: line.what,
      unit: line.unit,
      names: { peer: line.peerName, limit: line.limitName },
      values: Object.fromEntries(SIDES.filter((s) => values[s][0] !== undefined).map((s) => [s, median(values[s])])),
      peer: compare('peer'),
      limit: compare('limit'),
    };
  });
  const perOperation = (side, which) => median(samples.map((s) => s[side][which] / s[side].operations));
  rows[0].cpuUs = Object.fromEntries(
    SIDES.filter((side) => samples[0][side]).map((side) => [
      side,
      { application: perOperation(side, 'applicationUs'), server: perOperation(side, 'serverUs') },
    ]),
  );
  return rows;
}

/** A result on the terminal. */
export function lines({ id, what, unit, names, values, cpuUs, ...compared }) {
  const against = ['peer', 'limit']
    .filter((side) => values[side] !== undefined)
    .map((side) => {
      const { ratio, low, high, goal, met } = compared[side];
      const verdict = goal ? `, ${goalText(goal)} ${verdictText(met)}` : '';
      return `  ${names[side]} ${show(values[side])}: ${show(ratio)} (${show(low)}–${show(high)})${verdict}`;
    });
  const cpu = Object.entries(cpuUs ?? {}).map(([side, us]) => `${side} ${show(us.application)} + ${show(us.server)}`);
  return [
    `→ ${id} ${what}: ${show(values.ours)} ${unit}`,
    ...against,
    ...(cpu.length > 0 ? [`  CPU of an operation, application + PostgreSQL, µs: ${cpu.join('; ')}`] : []),
    '',
  ];
}

const goalText = ({ atLeast, atMost }) => (atLeast === undefined ? `≤ ${atMost}` : `≥ ${atLeast}`);
const verdictText = (met) => (met ? 'met' : 'below goal');

/** Three significant digits, or whole numbers in groups. */
function show(value) {
  if (!Number.isFinite(value)) return '–';
  return value >= 100
    ? Math.round(value).toLocaleString('en-US').replaceAll(',', ' ')
    : String(Number(value.toPrecision(3)));
}

/** What a result depends on beside the code, one line each. */
export async function environment(url) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const setting = async (name) => (await client.query(`show ${name}`)).rows[0][name];
  const postgres = `PostgreSQL ${await setting('server_version')}, fsync ${await setting('fsync')}, shared_buffers ${await setting('shared_buffers')}`;
  await client.end();
  const { packages } = JSON.parse(readFileSync(new URL('./package-lock.json', import.meta.url), 'utf8'));
  const version = (name) => `${name} ${packages[`node_modules/${name}`].version}`;
  return [
    `${cpus().length} × ${cpus()[0].model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${type()} ${release()}`,
    `Node ${process.versions.node}, ${postgres}`,
    PEERS.map(version).join(', '),
  ];
}

/**
 * The lines of the page that a measurement of these workloads leaves as they are.
 *
 * @throws when those come from another machine or other versions: the page tells of one
 */
export function linesToKeep(measured, workloads, environment) {
  const page = existsSync(PAGE) ? readFileSync(PAGE, 'utf8') : '';
  const others = workloads.filter((workload) => !measured.includes(workload));
  const kept = page.split('\n').filter((line) => others.some(({ id }) => line.startsWith(`| ${id} `)));
  if (kept.length > 0 && !environment.every((line) => page.includes(line))) {
    throw new Error(
      'docs/benchmarks.md 的其余行来自另一台机器或其他版本：请重测全部 npm run bench，或用 --quick (its other rows come from another machine or other versions: measure all of them, or take --quick)',
    );
  }
  return kept;
}

/** Writes the page: the rows that were measured now, and the lines that are kept. */
export async function write(rows, kept, workloads, environment) {
  const date = new Date().toISOString().slice(0, 10);
  const table = (head, added) => {
    const columns = head.split('|').length;
    const lines = [...kept.filter((line) => line.split('|').length === columns), ...added];
    const order = (line) => /P\w+/.exec(line)[0];
    lines.sort((a, b) => order(a).localeCompare(order(b), 'en', { numeric: true }));
    return [head, head.replace(/[^|]+/g, '---'), ...lines].join('\n');
  };
  const results = table(
    '| | workload | ours | peer | ratio | goal | limit | ratio | goal | spread |',
    rows.map(resultLine),
  );
  const below = ({ id }) =>
    results.split('\n').some((line) => line.startsWith(`| ${id} `) && line.includes(verdictText(false)));
  const shortfalls = workloads.filter((workload) => below(workload) && workload.shortfall);
  const text = [
    INTRODUCTION,
    environment.map((line) => `- ${line}`).join('\n'),
    RESULTS,
    results,
    ...(shortfalls.length > 0 ? [SHORTFALLS] : []),
    ...shortfalls.map(({ id, shortfall }) => `**${id}.** ${shortfall}`),
    AFTER_RESULTS,
    table(
      '| | ours: application | ours: PostgreSQL | peer: application | peer: PostgreSQL | limit: application | limit: PostgreSQL | measured |',
      rows.filter((row) => row.cpuUs).map((row) => cpuLine(row, date)),
    ),
    METHOD,
    ...workloads.map(({ id, what, measured }) => `**${id}, ${what}.** ${measured}`),
  ].join('\n\n');
  const style = { ...(await resolveConfig(PAGE)), parser: 'markdown', proseWrap: 'always', printWidth: 145 };
  writeFileSync(PAGE, await format(text, style));
  console.log(`docs/benchmarks.md: ${[...new Set(rows.map(({ id }) => id))].join(' ')}`);
}

function resultLine({ id, what, unit, names, values, peer, limit }) {
  const other = (side) => (values[side] === undefined ? '–' : `${show(values[side])} (${names[side]})`);
  const ratio = (compared) => (compared ? show(compared.ratio) : '–');
  const goal = (compared) => (compared?.goal ? `${goalText(compared.goal)}: ${verdictText(compared.met)}` : '–');
  const spread = [peer, limit].filter(Boolean).map(({ low, high }) => `${show(low)}–${show(high)}`);
  const cells = [id, what, `${show(values.ours)} ${unit}`, other('peer'), ratio(peer), goal(peer)];
  return row([...cells, other('limit'), ratio(limit), goal(limit), spread.join('; ')]);
}

function cpuLine({ id, cpuUs }, date) {
  const of = (side) => [show(cpuUs[side]?.application), show(cpuUs[side]?.server)];
  return row([id, ...of('ours'), ...of('peer'), ...of('limit'), date]);
}

const row = (cells) => `| ${cells.join(' | ')} |`;

const INTRODUCTION = `# Benchmarks

Written by \`npm run bench\`; do not edit. Each workload has a peer, what a careful team would take off the shelf, and a limit, the same
work by PostgreSQL without any rules. What lasts of these numbers is their ratios.

\`\`\`bash
npm run bench                 # all rows; about 15 minutes, on a machine that does nothing else
npm run bench -- P1 P5        # only these; the other rows stay
npm run bench -- --quick P7   # a look, not written here; --profile P7 also says where our side's time goes
\`\`\`

Measured on`;

const RESULTS = `## Results

Medians of the rounds. A ratio is the median of the rounds' own ratios, ours to the other's in the same round; the spread is the lowest and
the highest of them, peer first.`;

const SHORTFALLS = `## Below the goal, and why

What \`--profile\` of our side and the CPU times below show.`;

const AFTER_RESULTS = `## Where the time goes

CPU time of one operation in microseconds: of the process that does the work, and of all processes of PostgreSQL. What is missing to the
time by the clock is waiting, for the disk or for a core. Where a ratio is below its goal, this table says on which side the work is, and
\`--profile\` in which function.`;

const METHOD = `## How it is measured

One PostgreSQL, the one that \`npm start\` runs, with fsync on, for everything. A round measures ours, the peer and the limit one after the
other; the first round warms up and does not count. Each workload has a database of its own, so that tables grow alike. All sides store
the same event, some 600 bytes of data and metadata, have the same number of connections, ${CONNECTIONS} where nothing else is said, all opened
before the clock starts, and run in the same process, one after the other; it has the young space that \`npm start\` gives the platform.

Peers run as their documentation sets them up. Emmett is given the advantage that it keeps no index of event ids and no index for the
order of all events, so that it writes less; the store pays for both at every append. Its schema, migrations and expected versions are
its defaults.`;
