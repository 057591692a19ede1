// `fork('projectors.mjs')`: a process that keeps a journal of every stream, and the feeds, with the built product.
// PLANT names a bug; with DIE_AT it ends as kill −9 ends it, with the rows of that batch written and its checkpoint not.
import 'reflect-metadata';
import pg from 'pg';
import { DataSource, EntitySchema } from 'typeorm';
import { projection } from '#libs/eventing';
import { Checkpoints, PostgresStore, projected, Projectors } from '#libs/eventing-postgres';

const { feeds } = await import(new URL('../../dist/apps/platform/src/feed/feed.projection.js', import.meta.url));
const { DATABASE_URL: url, NAME: name, TYPE: type, PLANT: planted, DIE_AT: last = Infinity } = process.env;

let batches = 0;
const rowsAreWritten = () => {
  if (++batches === Number(last)) process.kill(process.pid, 'SIGKILL');
};

if (planted === 'no-fencing') {
  const { query } = pg.Client.prototype;
  pg.Client.prototype.query = function (text, ...rest) {
    const unfenced =
      typeof text === 'string'
        ? text.replace(/and c\.owner_epoch = m\.epoch( and c\.position = m\.position)?/, '')
        : text;
    if (unfenced !== text) process.send({ planted: true });
    return query.call(this, unfenced, ...rest);
  };
}

/** Rows and checkpoint in two transactions. */
class Torn extends Checkpoints {
  async commit(parts, position) {
    process.send({ planted: true });
    await reads.transaction(async (tx) => {
      for (const { projected: of, work, claim } of parts) if (work.length > 0) await of.apply(tx, work, claim.build);
    });
    rowsAreWritten();
    await super.commit(
      parts.map((part) => ({ ...part, work: [] })),
      position,
    );
  }
}

class Journal {}
const schema = new EntitySchema({
  name: 'journal',
  target: Journal,
  columns: {
    stream: { type: 'text', primary: true },
    events: { type: 'jsonb' },
    occurredAt: { type: 'text' },
    position: { type: 'text' },
  },
});
const reads = await new DataSource({ type: 'postgres', url, entities: [schema] }).initialize();
const step = {
  key: (_, { stream }) => ({ stream }),
  apply: (row, _, { stream, id }) => ({ ...row, stream, events: [...(row?.events ?? []), id] }),
};
const journal = projected(projection({ name: 'journal', version: 1, row: Journal, on: { [type]: step } }), reads);
const torn = planted === 'checkpoint-outside-the-transaction';
const numbered = {
  ...feeds,
  // The last rows of a batch.
  async apply(...batch) {
    await feeds.apply(...batch);
    if (!torn) rowsAreWritten();
  },
};
const projectors = new Projectors({
  store: await PostgresStore.open({ url }),
  checkpoints: torn ? new Torn(reads, name) : new Checkpoints(reads, name),
  projections: [journal, numbered],
  log: (line) => process.send({ line }),
});
projectors.start();
process.send({ ready: true });
