// P16: a page of a long list.
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from } from 'pg-copy-streams';
import { contracts } from '../../dist/libs/messages/src/index.js';
import { askList, createList, foldList } from '../../dist/libs/read-models/src/index.js';
import { percentile } from './measure.mjs';
import { randomOf } from './random.mjs';

const ROWS = 1_000_000;
const BATCH = 5_000;
const PAGE = 100;
const GOAL_MS = 20;
const QUESTIONS = 200;
/** For the questions of one kind: where they are too slow, fewer tell it too. */
const PATIENCE_MS = 10_000;

const REGIONS = Array.from({ length: 130 }, (_, i) => `region-${String(i).padStart(3, '0')}`);
const TYPES = ['development', 'transfer', 'licence', 'consulting', 'service'];
const PLACES = '西安 宝鸡 咸阳 铜川 渭南 延安 榆林 汉中 安康 商洛 杨凌 西咸'.split(' ');
const FIELDS =
  '光电芯片 氢能储运 航空发动机 煤化工催化 旱区农业 增材制造 量子精密测量 生物医药 卫星遥感 钛合金轧制'.split(' ');
const THINGS = '传感器 控制系统 检测方法 工艺包 数据平台 关键材料'.split(' ');

const dayOf = (n) => new Date(Date.UTC(2014, 0, 1) + n * 86_400_000).toISOString().slice(0, 10);
const DAYS = 3_650;
const keyOf = (n) => `tc-${String(n).padStart(9, '0')}`;
const positionOf = (n) => `0001-${n.toString(16).padStart(16, '0')}`;

/** The first regions have the most, as provincial capitals do. */
const regionOf = (random) => REGIONS[Math.floor(130 * random() ** 1.5)];
const oneOf = (random, list) => list[Math.floor(random() * list.length)];

function rowOf(random, n, rows) {
  const filedOn = dayOf(Math.floor((n / rows) * DAYS));
  const title = `${oneOf(random, PLACES)}${oneOf(random, FIELDS)}${oneOf(random, THINGS)}第${n}号技术合同`;
  const amountFen = Math.floor(random() * 1e9);
  const parties = { output: regionOf(random), absorbing: regionOf(random) };
  const recognition = { registration: null, recognisedOn: null, technicalRevenueFen: null };
  const said = { contract: keyOf(n), title, type: oneOf(random, TYPES), ...parties, amountFen, filedOn };
  const report = { seller: null, buyer: null, twinOf: null, differences: [] };
  return { ...said, status: 'filed', ...recognition, reason: null, ...report };
}

/** Filed, and of three contracts in four recognised a while after: the table has more versions than rows. */
function touchesOf(random, n, rows) {
  const row = rowOf(random, n, rows);
  const touch = (day, position, apply) => ({
    list: contracts,
    key: [row.contract],
    day,
    position,
    event: { id: 'c0ffee00-0000-4000-8000-000000000000', type: 'contract.filed.v2', stream: row.contract, revision: 0 },
    apply,
  });
  const filed = touch(row.filedOn, positionOf(n), () => row);
  if (random() < 0.25) return [filed];
  const recognisedOn = dayOf(Math.floor((n / rows) * DAYS) + 30);
  const recognition = { status: 'recognised', registration: `rec-${n}`, recognisedOn, technicalRevenueFen: 1 };
  return [filed, touch(recognisedOn, positionOf(n + 8_000), (before) => ({ ...before, ...recognition }))];
}

async function open(url, rows, progress) {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  const sql = {
    query: async (text, parameters) => (await client.query(text, parameters)).rows,
    copyIn: (statement, lines) => pipeline([`${lines.join('\n')}\n`], client.query(from(statement))),
  };
  // Indexes are made afterwards: what is measured is how they are read.
  const [table, ...indexes] = createList(contracts, 'live')
    .split(';')
    .filter((statement) => statement.trim() !== '');
  await sql.query(`set synchronous_commit = off; set maintenance_work_mem = '512MB'`);
  await sql.query(table);
  const random = randomOf(3);
  for (let at = 0; at < rows; at += BATCH) {
    const touches = Array.from({ length: BATCH }, (_, i) => touchesOf(random, at + i, rows)).flat();
    touches.sort((a, b) => (a.position < b.position ? -1 : 1));
    await foldList(sql, contracts, 'live', touches);
    progress(`filling the list: ${at + BATCH} of ${rows} rows`, at + BATCH === rows);
  }
  for (const index of indexes) await sql.query(index);
  await sql.query('vacuum analyze');
  return { sql, close: () => client.end() };
}

const SORTED = {
  filedOn: (random) => dayOf(Math.floor(random() * DAYS)),
  amountFen: (random) => Math.floor(random() * 1e9),
  title: (random) => oneOf(random, PLACES),
};

/** A page anywhere in one of the list's orders. */
function sorted(random) {
  const field = oneOf(random, Object.keys(SORTED));
  const after = Buffer.from(JSON.stringify([SORTED[field](random), ''])).toString('base64url');
  return { sort: random() < 0.5 ? field : `-${field}`, after };
}

/** The same or, as often, the first page by the list's key. */
const ordered = (random) => (random() < 0.5 ? {} : sorted(random));
const scope = (random) => [oneOf(random, REGIONS)];

const kinds = {
  sorted: (random) => sorted(random),
  filtered: (random) => {
    const [name, values] = oneOf(random, [
      ['type', TYPES],
      ['status', ['filed', 'recognised', 'reversed']],
      ['output', REGIONS],
      ['absorbing', REGIONS],
    ]);
    return { filter: { [name]: oneOf(random, values) }, ...ordered(random) };
  },
  scoped: (random) => ({ scope: scope(random), ...ordered(random) }),
  searched: (random) => {
    const search = oneOf(random, [oneOf(random, FIELDS), oneOf(random, THINGS), `第${Math.floor(random() * 1e5)}`]);
    return { search, ...(random() < 0.3 ? { scope: scope(random) } : {}), ...ordered(random) };
  },
};

const line = (kind) => ({ what: `the same, ${kind}, p99`, unit: 'ms', value: (sample) => sample.ms[kind] });

export const page = {
  id: 'P16',
  what: 'a page of a list of 1M rows, p99',
  unit: 'ms',
  limitName: 'goal',
  value: ({ ms }) => Math.max(...Object.keys(kinds).map((kind) => ms[kind])),
  limit: { atMost: 1 },
  limitValue: () => GOAL_MS,
  also: [...Object.keys(kinds), 'as at'].map(line),
  measured: `Pages of ${PAGE} of the list of contracts, three quarters of which have two versions, by one client: anywhere in one of its
orders, up or down; of one type, status or region; of what one region may see; of what has a text in it. The highest p99 of the four kinds
counts. "As at" asks the same questions of what was known at a position anywhere in the past. The limit is no measurement: it is ${GOAL_MS} ms.`,
  async open({ database, meter, quick, progress }) {
    const rows = quick ? 50_000 : ROWS;
    const { sql, close } = await open(await database('P16'), rows, progress);
    /** What each took, in ms, and what the slowest of them asked. */
    const asked = async (questions) => {
      const times = [];
      const end = performance.now() + PATIENCE_MS;
      for (const question of questions) {
        if (performance.now() > end && times.length > 0) break;
        const started = performance.now();
        await askList(sql, contracts, { scope: 'all', filter: {}, limit: PAGE, ...question });
        times.push({ question, ms: performance.now() - started });
      }
      return times.sort((a, b) => a.ms - b.ms);
    };
    const p99 = (kind, times) => {
      const { question, ms } = times.at(-1);
      progress(`the slowest, ${kind}: ${ms.toFixed(1)} ms, ${JSON.stringify(question)}`, true);
      return percentile(
        times.map((t) => t.ms),
        0.99,
      );
    };
    return {
      ours: (round) =>
        meter.timed(async () => {
          const random = randomOf(100 + round);
          const ms = {};
          const past = [];
          for (const [kind, of] of Object.entries(kinds)) {
            const questions = Array.from({ length: QUESTIONS }, () => of(random));
            ms[kind] = p99(kind, await asked(questions));
            const then = () => positionOf(Math.floor(random() * rows));
            past.push(...questions.slice(0, QUESTIONS / 4).map((question) => ({ ...question, asAt: then() })));
          }
          ms['as at'] = p99('as at', await asked(past));
          return { operations: QUESTIONS * Object.keys(kinds).length + past.length, ms };
        }),
      close,
    };
  },
};
