// P1–P4 and P11: what goes into the store.
import { randomUUID } from 'node:crypto';
import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import { from } from 'pg-copy-streams';
import { hammer, percentile } from './measure.mjs';
import { emmetts, event, events, fact, facts, openSides, ours, TYPE } from './sides.mjs';

const COLUMNS = 'epoch, stream, revision, id, type, data, metadata';
const BATCH = 100;
const IMPORT_BATCH = 1_000;
const IMPORT_STREAMS = 8;

/** Appends by so many clients, each to a stream of its own at its revision; `size` events each. */
const append = ({ clients, size, bare, ...workload }) => ({
  ...workload,
  unit: 'events/s',
  peerName: 'Emmett',
  async open({ meter, database, seconds }) {
    const sides = await openSides(await database(workload.id));
    const during = async (work) => {
      await sides.warm();
      return meter.timed(async () => {
        const { operations, latenciesMs } = await hammer(clients, seconds, work);
        return { operations: operations * size, p50Ms: percentile(latenciesMs, 0.5) };
      });
    };
    return {
      ours: (round) =>
        during((client, n) =>
          sides.store.append(`ours-${round}-${client}`, ours(n * size), size === 1 ? [event(n)] : events(size, n)),
        ),
      peer: (round) =>
        during((client, n) =>
          sides.emmett.appendToStream(
            `emmett-${round}-${client}`,
            size === 1 ? [fact(n)] : facts(size, n),
            emmetts(n * size),
          ),
        ),
      limit: (round) => during((client, n) => bare(sides.bare, `bare-${round}-${client}`, n * size)),
      close: sides.close,
    };
  },
});

const insertOne = (pool, stream, revision) => {
  const { id, type, data, metadata } = event(revision);
  return pool.query({
    name: 'one',
    text: `insert into bare (${COLUMNS}) values (1, $1, $2, $3, $4, $5, $6)`,
    values: [stream, revision, id, type, JSON.stringify(data), JSON.stringify(metadata)],
  });
};

const insertMany = (pool, stream, revision) => {
  const batch = events(BATCH, revision);
  return pool.query({
    name: 'many',
    text: `insert into bare (${COLUMNS})
      select 1, $1, $2 + ord - 1, id, type, data, metadata
        from unnest($3::uuid[], $4::text[], $5::text[], $6::text[]) with ordinality as u(id, type, data, metadata, ord)`,
    values: [
      stream,
      revision,
      batch.map((e) => e.id),
      batch.map((e) => e.type),
      batch.map((e) => JSON.stringify(e.data)),
      batch.map((e) => JSON.stringify(e.metadata)),
    ],
  });
};

const APPENDED = `Each client appends to a stream of its own at the revision it stands at, one event a request, and awaits the answer. The peer
does the same through \`appendToStream\` with the expected version. The limit is one prepared INSERT for each event into a table
with the same columns and indexes: no version check, no stream row, no canonical JSON.`;

const bulkImport = {
  id: 'P11',
  what: 'bulk import',
  unit: 'events/s',
  limitName: '\\copy',
  limit: { atLeast: 0.5 },
  measured: `The store appends batches of ${IMPORT_BATCH} events to ${IMPORT_STREAMS} streams at once. The limit is one COPY FROM
STDIN, which is what psql's \`\\copy\` sends, of the same number of rows into a table with the same columns and indexes; its text is
written before the clock starts, as a file would be. No peer: Emmett has no import.`,
  async open({ meter, database, quick }) {
    const sides = await openSides(await database('P11'), IMPORT_STREAMS);
    const perStream = quick ? 3_000 : 25_000;
    const total = perStream * IMPORT_STREAMS;
    const streams = Array.from({ length: IMPORT_STREAMS }, (_, i) => i);
    return {
      async ours(round) {
        const rows = streams.map(() => events(perStream));
        await sides.warm();
        return meter.timed(async () => {
          await Promise.all(
            rows.map(async (all, i) => {
              for (let at = 0; at < perStream; at += IMPORT_BATCH) {
                await sides.store.append(`import-${round}-${i}`, ours(at), all.slice(at, at + IMPORT_BATCH));
              }
            }),
          );
          return total;
        });
      },
      async limit(round) {
        const { data, metadata } = fact();
        const tail = `${TYPE}\t${JSON.stringify(data)}\t${JSON.stringify(metadata)}\n`;
        const file = streams.flatMap((i) =>
          Array.from({ length: perStream / IMPORT_BATCH }, (_, part) =>
            Array.from(
              { length: IMPORT_BATCH },
              (_, n) => `1\timport-${round}-${i}\t${part * IMPORT_BATCH + n}\t${randomUUID()}\t${tail}`,
            ).join(''),
          ),
        );
        await sides.warm();
        const client = await sides.bare.connect();
        try {
          return await meter.timed(async () => {
            await pipeline(Readable.from(file), client.query(from(`copy bare (${COLUMNS}) from stdin`)));
            return total;
          });
        } finally {
          client.release();
        }
      },
      close: sides.close,
    };
  },
};

export const appends = [
  append({
    id: 'P1',
    what: 'append, 1 client',
    clients: 1,
    size: 1,
    bare: insertOne,
    limitName: 'bare INSERT',
    peer: { atLeast: 2 },
    limit: { atLeast: 0.7 },
    measured: APPENDED,
    shortfall: `One client waits for one round trip and one flush, as the limit does, and its thread is busy for a fifth of the time. Above the limit
the server updates the stream's row, in a second table with an index of its own, in the same commit. By profile of the client pg is two thirds,
the store 12 %, canonical JSON 8 %.`,
  }),
  append({
    id: 'P2',
    what: 'append, 32 clients',
    clients: 32,
    size: 1,
    bare: insertOne,
    limitName: 'bare INSERT',
    peer: { atLeast: 4 },
    limit: { atLeast: 0.9 },
    measured: 'As P1, with 32 clients.',
  }),
  append({
    id: 'P3',
    what: 'append, 256 clients',
    clients: 256,
    size: 1,
    bare: insertOne,
    limitName: 'bare INSERT',
    peer: { atLeast: 8 },
    limit: { atLeast: 1.5 },
    measured: `As P1, with 256 clients on the same 32 connections. The second line is the median time from a client's append to its answer.`,
    also: [{ what: 'its median latency', unit: 'ms', value: (sample) => sample.p50Ms, peer: { atMost: 0.15 } }],
  }),
  append({
    id: 'P4',
    what: `append, batches of ${BATCH}`,
    clients: 8,
    size: BATCH,
    bare: insertMany,
    limitName: 'INSERT … SELECT unnest',
    peer: { atLeast: 2.5 },
    limit: { atLeast: 0.85 },
    measured: `As P1, with 8 clients and ${BATCH} events a request. The limit is one prepared INSERT … SELECT FROM unnest for each batch.`,
    shortfall: `The limit, the same rows by one INSERT … SELECT, is itself less than 2.6 times Emmett's: the log of all events has two indexes more, of ids and
of the order. By samples of \`pg_stat_activity\` 0.95 backends are running and 0.3 wait for the log's flush, while the client takes 0.6 of a
core: both cores are three quarters busy. By profile of the client 42 % is pg (28 % the system call that sends a hundred events), 26 % checking and
writing canonical JSON, 13 % the store, 2 % garbage collection.`,
  }),
  bulkImport,
];
