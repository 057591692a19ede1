// P5, P6 and P8: what comes out of the store.
import { StringDecoder } from 'node:string_decoder';
import { readMessagesBatch } from '@event-driven-io/emmett-postgresql';
import { to } from 'pg-copy-streams';
import { START } from '../../dist/libs/eventing/src/index.js';
import { openLog, STREAM } from './log.mjs';
import { hammer, percentile } from './measure.mjs';

const COLUMNS = 'epoch, xid::text, gp::text, stream, revision::text, id::text, type, data, metadata';
/** Events in a batch of the replay, as in the store's own projector; a page of Emmett's and of P6. */
const BATCH = 5_000;
const PAGE = 1_000;

/** A store may parse an event only when it is asked for its parts; the others parse at once. Equal work is to ask. */
const parse = (events) => events.forEach(({ data, metadata }) => data && metadata);

const replay = {
  id: 'P5',
  what: 'replay of 1M events',
  unit: 'events/s',
  peerName: 'Emmett, pages of 1000',
  limitName: 'COPY OUT + JSON.parse',
  peer: { atLeast: 30 },
  limit: { atLeast: 0.8 },
  measured: `A subscription from the start, in batches of ${BATCH}, until it is live, with data and metadata of every event parsed. The
log is made of streams of ${STREAM}; each side has 8 connections to it and uses one. The peer reads pages of ${PAGE} by
\`readMessagesBatch\`; as a page costs more the more there is after it, its pages are taken at places spread evenly over the log,
for a few seconds, and the rate is that of a whole replay. The limit is one COPY of the same columns in the same order through
pg-copy-streams, split into cells, with JSON.parse of data and metadata.`,
  async open(bench) {
    const { meter, seconds } = bench;
    const log = await openLog(bench);
    let place = 0;
    const whole = (count) => {
      if (count !== log.length) throw new Error(`read ${count} of ${log.length} events`);
      return count;
    };
    return {
      ours: () => meter.timed(async () => whole(await replayed(log.store))),
      peer: () =>
        meter.timed(async () => {
          let operations = 0;
          for (const end = performance.now() + 2 * seconds * 1000; performance.now() < end; place++) {
            // The golden ratio visits places evenly, wherever it is stopped.
            const after = BigInt(Math.floor(((place * 0.618034) % 1) * (log.length - PAGE)));
            const { messages } = await readMessagesBatch(log.emmettDatabase.execute, { after, batchSize: PAGE });
            operations += messages.length;
          }
          return operations;
        }),
      limit: () => meter.timed(async () => whole(await copied(log.bare))),
    };
  },
};

/** Reads the whole log as a projector does. @returns how many events there were */
export async function replayed(store) {
  let operations = 0;
  const { signal } = new AbortController();
  const onDrop = (error) => {
    throw error;
  };
  for await (const { events, live } of store.subscribe({ after: START, limit: BATCH, signal, onDrop })) {
    parse(events);
    operations += events.length;
    if (live) break;
  }
  return operations;
}

/** @returns how many rows there were */
async function copied(pool) {
  const client = await pool.connect();
  let operations = 0;
  let rest = '';
  try {
    const query = `copy (select ${COLUMNS} from eventing.events order by epoch, xid, gp) to stdout`;
    const text = new StringDecoder('utf8');
    for await (const chunk of client.query(to(query))) {
      const lines = (rest + text.write(chunk)).split('\n');
      rest = lines.pop();
      for (const line of lines) {
        const cells = line.split('\t');
        // COPY doubles the backslashes of JSON's own escapes.
        if (line.includes('\\')) for (const n of [7, 8]) cells[n] = cells[n].replaceAll('\\\\', '\\');
        JSON.parse(cells[7]);
        JSON.parse(cells[8]);
        operations++;
      }
    }
  } finally {
    client.release();
  }
  return operations;
}

const page = {
  id: 'P6',
  what: `a page of ${PAGE} at 900k`,
  unit: 'ms',
  limitName: 'the same at 0',
  value: (sample) => sample.pageMs,
  limit: { atMost: 1.2 },
  measured: `The median time of \`readAll\` for ${PAGE} events, at nine tenths of the log and at its start.`,
  async open(bench) {
    const { meter, quick } = bench;
    const { store, length } = await openLog(bench);
    let far = START;
    for (let read = 0; read < length * 0.9; read += BATCH)
      far = (await store.readAll({ after: far, limit: BATCH })).position;
    const pages = (after) =>
      meter.timed(async () => {
        const times = [];
        for (let n = 0; n < (quick ? 10 : 100); n++) {
          const started = performance.now();
          parse((await store.readAll({ after, limit: PAGE })).events);
          times.push(performance.now() - started);
        }
        return { operations: times.length, pageMs: percentile(times, 0.5) };
      });
    return { ours: () => pages(far), limit: () => pages(START) };
  },
};

const stream = {
  id: 'P8',
  what: `read one stream of ${STREAM}`,
  unit: 'streams/s',
  peerName: 'Emmett',
  limitName: 'bare query',
  peer: { atLeast: 1.4 },
  limit: { atLeast: 0.9 },
  measured: `One client reads streams of ${STREAM} events at random from the log of P5, with data and metadata of every event parsed. The
limit is one prepared SELECT of the same columns, with JSON.parse of data and metadata.`,
  async open(bench) {
    const { meter, seconds } = bench;
    const { store, emmett, bare, streams } = await openLog(bench);
    const during = (read) =>
      meter.timed(() => hammer(1, seconds, () => read(`log-${Math.floor(Math.random() * streams)}`)));
    const name = 'stream';
    const text = `select ${COLUMNS} from eventing.events where stream = $1 order by events.revision`;
    return {
      ours: () => during(async (one) => parse(whole(await store.readStream(one)))),
      peer: () => during(async (one) => parse(whole((await emmett.readStream(one)).events))),
      limit: () =>
        during(async (one) => {
          const { rows } = await bare.query({ name, text, values: [one] });
          whole(rows).forEach((row) => [JSON.parse(row.data), JSON.parse(row.metadata)]);
        }),
    };
  },
};

function whole(events) {
  if (events.length !== STREAM) throw new Error(`a stream of ${events.length} events, not ${STREAM}`);
  return events;
}

export const reads = [replay, page, stream];
