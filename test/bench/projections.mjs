// P7, P7b and P12: from the log into rows, and into a list and its figure.
import { createRequire } from 'node:module';
import { setTimeout as delay } from 'node:timers/promises';
import { sql } from '@event-driven-io/dumbo';
import {
  postgreSQLEventStoreConsumer,
  postgreSQLRawSQLProjection,
  storeProcessorCheckpoint,
} from '@event-driven-io/emmett-postgresql';
import { DataSource, EntitySchema } from 'typeorm';
import { readModelOf } from '../../dist/apps/platform/src/read-models.js';
import { projection } from '../../dist/libs/eventing/src/index.js';
import {
  Checkpoints,
  Checkpoints1764000000000,
  Ownership1764000000020,
  projected,
  Projectors,
} from '../../dist/libs/eventing-postgres/src/index.js';
import { contracts, flows, put } from '../../dist/libs/messages/src/index.js';
import { openLog } from './log.mjs';
import { percentile } from './measure.mjs';
import { CONTRACTS_A_DAY, emmetts, event, fact, openSides, ours, REGIONS, TYPE } from './sides.mjs';

/** How long a figure may show nothing new before the rest counts as lost; how long a projection may take to be built. */
const PATIENCE_MS = 10_000;
const BUILD_PATIENCE_MS = 600_000;

/** One row for each pair of regions: how many, how much, and the last revision of a stream that it has seen. */
const columns = `output text, absorbing text, count integer, "amountFen" bigint, last integer`;

class Cell {}
const cellSchema = new EntitySchema({
  name: 'cell',
  target: Cell,
  columns: {
    output: { type: 'text', primary: true },
    absorbing: { type: 'text', primary: true },
    count: { type: 'integer' },
    amountFen: { type: 'bigint' },
    last: { type: 'integer' },
    occurredAt: { type: 'text' },
    position: { type: 'text' },
  },
});
const cells = projection({
  name: 'cells',
  version: 1,
  row: Cell,
  on: {
    [TYPE]: {
      key: ({ output, absorbing }) => ({ output, absorbing }),
      apply: (row, { output, absorbing, amountFen }, { revision }) => ({
        output,
        absorbing,
        count: (row?.count ?? 0) + 1,
        amountFen: Number(row?.amountFen ?? 0) + amountFen,
        last: revision,
      }),
    },
  },
});

/** Of a few rows, by the engine of row projections. */
const rowsOfCells = (database) => ({
  ...projected(cells, database),
  async create(tx) {
    await tx.query('drop table if exists cell');
    await tx.query(`create table cell (${columns}, "occurredAt" text, position text, primary key (output, absorbing))`);
  },
});

const unrecognised = {
  status: 'filed',
  registration: null,
  recognisedOn: null,
  technicalRevenueFen: null,
  reason: null,
  seller: null,
  buyer: null,
  twinOf: null,
  differences: [],
};
const filed = ({ contract, type, output, absorbing, amountFen, recognisedOn }) => ({
  ...unrecognised,
  contract,
  title: '示例技术开发合同',
  type,
  output,
  absorbing,
  amountFen,
  filedOn: recognisedOn,
});
const recognised = (row, { recognisedOn, registration, technicalRevenueFen }) => ({
  ...row,
  status: 'recognised',
  recognisedOn,
  registration,
  technicalRevenueFen,
});

/** The product's list of contracts, with their figure, made of the benchmark's events. */
const modelOf = (make) =>
  readModelOf({
    name: 'contracts',
    version: 1,
    messages: { [TYPE]: put(contracts, make) },
    lists: [contracts],
    figures: [flows],
  });
const IN_FIGURE = `select sum(v_count)::text as n from figure_flows_by_output where bucket between 1000 and 9999`;

/** The product's own: Emmett's library changes how the one beside it reads JSON. */
const driver = createRequire(new URL('../../dist/libs/eventing-postgres/src/index.js', import.meta.url))('pg');

/** The projector under test. Everything that knows its API is here. */
async function openProjector(url, store, projectionOf) {
  const migrations = [Checkpoints1764000000000, Ownership1764000000020];
  const options = { type: 'postgres', url, driver, entities: [cellSchema], migrations };
  const database = await new DataSource(options).initialize();
  await database.runMigrations();
  let processes = 0;
  return {
    /** Forgets what was built, so that the next one makes its tables anew and starts from the beginning of the log. */
    clear: () => database.query('truncate projection_checkpoints'),
    /** Follows the log until it is stopped. */
    start() {
      const projectors = new Projectors({
        store,
        checkpoints: new Checkpoints(database, `bench-${++processes}`),
        projections: [projectionOf(database)],
        log: (line) => console.error(line),
      });
      projectors.start();
      return { isLive: () => projectors.status.every(({ live }) => live), stop: () => projectors.stop() };
    },
    close: () => database.destroy(),
  };
}

/** Emmett's: the same rows by an upsert for each event, which is the least that its projections can do. */
const emmettCells = (name) =>
  postgreSQLRawSQLProjection({
    name,
    canHandle: [TYPE],
    init: () => sql(`create table if not exists %I (${columns}, primary key (output, absorbing))`, name),
    evolve: ({ data: { output, absorbing, amountFen }, metadata: { streamPosition } }) =>
      sql(
        `insert into %I as c values (%L, %L, 1, %s, %s) on conflict (output, absorbing) do update set
          count = c.count + 1, "amountFen" = c."amountFen" + excluded."amountFen", last = excluded.last`,
        name,
        output,
        absorbing,
        amountFen,
        streamPosition - 1n,
      ),
  });

const EMMETT = `The peer is \`postgreSQLEventStoreConsumer\` as its documentation shows it, with its default batch and pulling frequency, and a
raw SQL projection that upserts the row; it is given the cheaper way there, as its document projections read each row first.`;

/** What the server does by itself: one pass over the text; unlike INSERT … SELECT, this uses all cores. */
const GROUP_BY = `
  create table server_cell as
  select d.output, d.absorbing, count(*), sum(d."amountFen") as "amountFen", max(revision) as last
    from eventing.events, jsonb_to_record(data::jsonb) as d(output text, absorbing text, "amountFen" bigint)
   where type = '${TYPE}' group by 1, 2`;

const build = {
  id: 'P7',
  what: 'projection of 1M events: fold, rows, checkpoint',
  unit: 'events/s',
  peerName: "Emmett's consumer",
  limitName: 'GROUP BY in the server',
  peer: { atLeast: 300 },
  limit: { atLeast: 0.3 },
  measured: `A projector builds a figure of 144 rows from the log of P5, from its start until its checkpoint has reached the end. ${EMMETT} It
runs for a few seconds from the middle of the log, where a page costs what it costs on average: it has no index for the order of
all events and sorts what is left of the log for each. The limit is one CREATE TABLE AS SELECT … GROUP BY over the same events, on
all cores, without order, checkpoint or trace.`,
  async open(bench) {
    const { meter, seconds } = bench;
    const log = await openLog(bench);
    const projector = await openProjector(log.url, log.store, rowsOfCells);
    const { execute } = log.emmettDatabase;
    return {
      async ours() {
        const sample = await built(meter, projector, log.length);
        await counted(log.bare, countOf('cell'), log.length);
        return sample;
      },
      async peer(round) {
        const name = `emmett_cells_${round + 2}`;
        const processorId = `${name}-processor`;
        const middle = BigInt(log.length / 2);
        await storeProcessorCheckpoint(execute, {
          processorId,
          version: 1,
          newCheckpoint: middle,
          lastProcessedCheckpoint: null,
        });
        const consumer = postgreSQLEventStoreConsumer({
          connectionString: log.url,
          pool: log.emmettDatabase,
        });
        consumer.projector({ processorId, projection: emmettCells(name) });
        await consumer.init();
        return meter.timed(async () => {
          const running = consumer.start();
          await delay(2 * seconds * 1000);
          await consumer.stop();
          await running;
          return counted(log.bare, countOf(name));
        });
      },
      limit: () => grouped(meter, log),
      close: projector.close,
    };
  },
};

const MODEL_GOAL = 15_000;

const model = {
  id: 'P7b',
  what: 'list and figure: fold, versions, journal, sums',
  unit: 'events/s',
  peerName: 'GROUP BY in the server',
  limitName: 'goal',
  limit: { atLeast: 1 },
  limitValue: () => MODEL_GOAL,
  measured: `The same log into a read model of a context, as the platform keeps it: the list of contracts with all versions of its rows, its
indexes and what it is searched by, the figure's journal and its sums. Each contract is filed in the first half of the log and recognised in
the second, ${CONTRACTS_A_DAY} of them a day. The peer is the limit of P7, which keeps no list, no history and no days. The limit is no measurement:
it is ${MODEL_GOAL} events a second.`,
  async open(bench) {
    const { meter } = bench;
    const log = await openLog(bench);
    const projector = await openProjector(log.url, log.store, () =>
      modelOf((data, before) => (before ? recognised(before, data) : filed(data))),
    );
    return {
      async ours() {
        const sample = await built(meter, projector, log.length);
        await counted(log.bare, 'select count(*) as n from list_contracts', log.length);
        await counted(log.bare, IN_FIGURE, log.length / 2);
        return sample;
      },
      peer: () => grouped(meter, log),
      close: projector.close,
    };
  },
};

/** From the start of the log until the checkpoint has reached its end. */
async function built(meter, projector, events) {
  await projector.clear();
  let running;
  const sample = await meter.timed(async () => {
    running = projector.start();
    await until('the projection is live', () => running.isLive());
    return events;
  });
  await running.stop();
  return sample;
}

const grouped = (meter, { bare, length }) =>
  meter.timed(async () => {
    await bare.query('drop table if exists server_cell');
    await bare.query(GROUP_BY);
    return counted(bare, countOf('server_cell'), length);
  });

const countOf = (table) => `select sum(count)::text as n from ${table}`;

/** How many events there are; all of them, where it is known how many that is. */
async function counted(pool, select, expected) {
  const { rows } = await pool.query(select);
  const n = Number(rows[0].n);
  if (expected !== undefined && n !== expected) throw new Error(`${n} of ${expected}: ${select}`);
  return n;
}

async function until(what, holds) {
  for (const end = performance.now() + BUILD_PATIENCE_MS; performance.now() < end; await delay(2)) {
    if (holds()) return;
  }
  throw new Error(`waited in vain: ${what}`);
}

const sum = (numbers) => numbers.reduce((all, one) => all + one, 0);

const OFFERED = 1_000;
const LANES = 32;
/** Each event of a lane is one more contract between its two regions. */
const LAST_IN_FIGURE = `select c_output as output, c_absorbing as absorbing, sum(v_count)::integer - 1 as last
  from figure_flows_by_output_absorbing_type where bucket between 1000 and 9999 group by 1, 2`;
/** Not counted: consumers that were idle wake up. */
const RAMP_MS = 1_000;

const visible = {
  id: 'P12',
  what: `append → visible in the figure, p99 at ${OFFERED} events/s`,
  unit: 'ms',
  peerName: "Emmett's consumer",
  limitName: 'append p99 in the same run',
  value: (sample) => sample.visibleMs,
  limitValue: ({ ours: { appendMs } }) => appendMs,
  peer: { atMost: 0.2 },
  limit: { atMost: 3 },
  measured: `${OFFERED} events a second arrive whether or not the ones before are done, in turn for ${LANES} streams of which each takes one at a
time, each a contract that is recognised; an event is visible when a query of the figure's sums, sent every 2 ms, counts it. The list with its
versions and the journal are written with them, as in P7b. Both times count from its arrival; the first second does not count. ${EMMETT} It skips an event whose position is below one that it has seen, which then
counts as seen when a later one of its stream is. The limit is the p99 of the appends of the same run.`,
  shortfall: `By profile half of the process's time is the system call that sends a statement and wakes the server. An append is one statement, a look of
the benchmark another; a batch of the projector is six, one after the other: the page, 0.6 ms on average and 2.4 ms at the 99th percentile, then begin,
checkpoint, load, write and commit, together 3.0 and 8.4 ms. An event that comes while a batch is under way waits for the rest of it and for the next.`,
  async open({ meter, database, quick, progress }) {
    const url = await database('P12');
    const sides = await openSides(url);
    const projector = await openProjector(url, sides.store, () => modelOf((data) => recognised(filed(data), data)));
    const running = projector.start();
    const consumer = postgreSQLEventStoreConsumer({ connectionString: url, pool: sides.emmettDatabase });
    consumer.projector({ processorId: 'emmett_cell-processor', projection: emmettCells('emmett_cell') });
    await consumer.init();
    const consuming = consumer.start();
    let contracts = 0;
    const offer = (lengths, look, append) =>
      offered({ meter, pool: sides.bare, lengths, look, append, seconds: quick ? 3 : 10 });
    const none = () => Array.from({ length: LANES }, () => 0);
    const lengths = { ours: none(), emmett: none() };
    return {
      async ours() {
        await sides.warm();
        const sample = await offer(lengths.ours, LAST_IN_FIGURE, (lane, length) =>
          sides.store.append(`ours-${lane}`, ours(length), [event(lane, ++contracts)]),
        );
        await counted(sides.bare, IN_FIGURE, sum(lengths.ours));
        return sample;
      },
      async peer() {
        await sides.warm();
        const look = 'select output, absorbing, last from emmett_cell';
        const sample = await offer(lengths.emmett, look, (lane, length) =>
          sides.emmett.appendToStream(`emmett-${lane}`, [fact(lane)], emmetts(length)),
        );
        const lost = sum(lengths.emmett) - (await counted(sides.bare, countOf('emmett_cell')));
        if (lost > 0) progress(`Emmett's consumer has lost ${lost} of ${sum(lengths.emmett)} events`, true);
        return sample;
      },
      async close() {
        await running.stop();
        await projector.close();
        await consumer.stop();
        await consuming;
        await sides.close();
      },
    };
  },
};

/**
 * Offers events in turn to the lanes, and watches the figure. A lane is a stream, and a row of the figure.
 *
 * @param lengths how many events each lane has; goes on with the rounds
 * @param look what selects the last revision of each lane that the figure counts
 */
async function offered({ meter, pool, lengths, look, append, seconds }) {
  const waiting = lengths.map(() => []);
  const unseen = lengths.map(() => []);
  const lanes = lengths.map(() => undefined);
  const appendMs = [];
  const visibleMs = [];
  let offering = true;

  const serve = async (lane) => {
    for (let arrival = waiting[lane].shift(); arrival; arrival = waiting[lane].shift()) {
      unseen[lane].push({ ...arrival, revision: lengths[lane] });
      await append(lane, lengths[lane]++);
      if (arrival.counts) appendMs.push(performance.now() - arrival.at);
    }
    lanes[lane] = undefined;
  };
  const arrive = async () => {
    const started = performance.now();
    for (let n = 0; n < OFFERED * seconds; await delay(1)) {
      const at = performance.now();
      const counts = at - started > RAMP_MS;
      for (const due = ((at - started) / 1000) * OFFERED; n < due; n++) {
        const lane = n % LANES;
        waiting[lane].push({ at, counts });
        lanes[lane] ??= serve(lane);
      }
    }
    await Promise.all(lanes);
    offering = false;
  };
  const watch = async () => {
    let end = Infinity;
    while (offering || unseen.some((events) => events.length > 0)) {
      await delay(2);
      const { rows } = await pool.query({ name: 'look', text: look });
      const now = performance.now();
      for (const { output, absorbing, last } of rows) {
        const events = unseen[REGIONS.indexOf(output) + REGIONS.indexOf(absorbing) * REGIONS.length];
        while (events.length > 0 && (events[0].revision <= last || now > end)) {
          const { at, counts } = events.shift();
          if (counts) visibleMs.push(now - at);
          if (now <= end) end = now + PATIENCE_MS;
        }
      }
    }
  };
  return meter.timed(async () => {
    await Promise.all([arrive(), watch()]);
    return {
      operations: OFFERED * seconds,
      visibleMs: percentile(visibleMs, 0.99),
      appendMs: percentile(appendMs, 0.99),
    };
  });
}

export const projections = [build, model, visible];
