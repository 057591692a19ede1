// P14 and P15: what figures are asked.
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from } from 'pg-copy-streams';
import { askFigure } from '../../dist/libs/read-models/src/index.js';
import { load, questionOf, worlds } from './figure-worlds.mjs';
import { percentile } from './measure.mjs';
import { randomOf } from './random.mjs';

const QUESTIONS = 100;
const FEW = 10_000;
const NOW_MS = 60;
const PAST_MS = 120;
/** What is asked for page by page is told by `figures.mjs`: it is neither of cities nor of one dimension. */
const isPaged = ({ limit }) => limit !== undefined;

const opened = new Map();

/** Figures of so many entries, loaded the first time they are asked for. */
const figuresOf = (bench, entries) => opened.get(entries) ?? opened.set(entries, open(bench, entries)).get(entries);

async function open({ database, progress }, entries) {
  const url = await database(`figures_${entries}`, true);
  const client = new pg.Client({ connectionString: url });
  // When the server ends first, what failed before is told.
  client.on('error', () => undefined);
  await client.connect();
  const sql = {
    query: async (text, parameters) => (await client.query(text, parameters)).rows,
    copyIn: (statement, lines) => pipeline([`${lines.join('\n')}\n`], client.query(from(statement))),
  };
  const kinds = [];
  for (const [name, { figure, questions }] of Object.entries(worlds)) {
    await load(sql, name, entries, (part, work) => {
      progress(`${name} of ${entries} entries: ${part} …`, true);
      return work();
    });
    for (const [what, question] of Object.entries(questions)) {
      if (!isPaged(question)) kinds.push({ what: `${name} ${what}`, figure, question });
    }
  }
  return { sql, kinds };
}

/** The p99 of each kind of question, in ms; the highest counts. */
const asked = ({ meter, progress }, { sql, kinds }, times, round) =>
  meter.timed(async () => {
    const random = randomOf(round + 7);
    let slowest = { ms: 0 };
    for (const { what, figure, question } of kinds) {
      const spent = [];
      for (let n = 0; n < QUESTIONS; n++) {
        const one = questionOf(random, question);
        for (const time of times) {
          const started = performance.now();
          await sql.query('begin');
          await askFigure(sql, figure, one[time]);
          await sql.query('commit');
          spent.push(performance.now() - started);
        }
      }
      const ms = percentile(spent, 0.99);
      if (ms > slowest.ms) slowest = { what, ms };
    }
    progress(`the slowest: ${slowest.what}, ${slowest.ms.toFixed(1)} ms`, true);
    return { operations: kinds.length * QUESTIONS * times.length, ms: slowest.ms };
  });

const ASKED = `random periods of days of ten years, in the figures of flows, capacity and sharing, each of as many entries: by every dimension, by
pairs of cities, by month, and as one region sees them; regions by themselves or rolled up to cities. The highest p99 of all kinds of question
counts. Journals are loaded set-based and sums built of them, as a rebuild does.`;

const now = {
  id: 'P15',
  what: 'a figure of 1M entries, any period, p99',
  unit: 'ms',
  peerName: `of ${FEW} entries`,
  limitName: 'goal',
  value: ({ ms }) => ms,
  peer: { atMost: 3 },
  limit: { atMost: 1 },
  limitValue: () => NOW_MS,
  measured: `What is known now: ${ASKED} The limit is no measurement: it is ${NOW_MS} ms.`,
  async open(bench) {
    const many = await figuresOf(bench, bench.entries);
    const few = await figuresOf(bench, FEW);
    return {
      ours: (round) => asked(bench, many, ['now'], round),
      peer: (round) => asked(bench, few, ['now'], round),
    };
  },
};

const past = {
  id: 'P14',
  what: 'a figure of 1M entries as at any moment, p99',
  unit: 'ms',
  limitName: 'goal',
  value: ({ ms }) => ms,
  limit: { atMost: 1 },
  limitValue: () => PAST_MS,
  measured: `What was known at any moment of the ten years, half of it as of a day within the period: ${ASKED} The limit is no measurement: it is
${PAST_MS} ms.`,
  async open(bench) {
    const many = await figuresOf(bench, bench.entries);
    return { ours: (round) => asked(bench, many, ['as at', 'as of'], round) };
  },
};

export const figures = [past, now];
