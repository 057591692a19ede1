import { randomUUID } from 'node:crypto';
import { START, type EventStore, type RecordedEvent } from '#libs/eventing';
import { EventStoreDBStore } from '#libs/eventing-eventstoredb';
import { PostgresStore } from '#libs/eventing-postgres';
import { createTestDatabase, type TestDatabase } from '#libs/testing';
import { until } from '../../../test/until.js';
import { anEvent, record } from './copy.fixture.js';
import { copyEvents, TargetDiffersError, type Target } from './copy.js';

const url = process.env['EVENTSTOREDB_URL'];
const EVENTS = 1_200;
const quiet = () => undefined;

jest.setTimeout(120_000);

/**
 * A part of a server's log as a store of its own: a server has one log, which the suites beside this one write to.
 */
async function part(store: EventStore): Promise<Target> {
  const prefix = `${randomUUID()}-`;
  const { position: begin } = await store.append(`${prefix}begin`, 'no-stream', [{ ...anEvent(0), id: randomUUID() }]);
  const plain = ({ id, type, data, metadata, stream, revision, position }: RecordedEvent): RecordedEvent => ({
    id,
    type,
    data,
    metadata,
    stream: stream.slice(prefix.length),
    revision,
    position,
  });
  return {
    append: (stream, expected, events) => store.append(prefix + stream, expected, events),
    async readAll({ after, ...options }) {
      const page = await store.readAll({ ...options, after: after === START ? begin : after });
      const events = page.events.filter(({ stream }) => stream.startsWith(prefix)).map(plain);
      return { events, position: page.position };
    },
  };
}

(url ? describe : describe.skip)('from PostgreSQL to EventStoreDB and back', () => {
  let databases: [TestDatabase, TestDatabase];
  let from: PostgresStore;
  let server: EventStoreDBStore;
  let back: PostgresStore;

  beforeAll(async () => {
    databases = [await createTestDatabase(), await createTestDatabase()];
    from = await PostgresStore.open({ url: databases[0].url });
    back = await PostgresStore.open({ url: databases[1].url });
    server = await EventStoreDBStore.open({ url: url! });
    await record(from, EVENTS, 20);
    await until('the history is in sight', async () => {
      const { events } = await from.readAll({ after: START, limit: EVENTS + 1 });
      return events.length === EVENTS;
    });
  });

  afterAll(async () => {
    await Promise.all([from.close(), server.close(), back.close()]);
    await Promise.all(databases.map((database) => database.drop()));
  });

  it('every event arrives as it was, and a run that was cut short goes on', async () => {
    const there = await part(server);
    let appends = 0;
    const failing: Target = {
      ...there,
      append: async (...append) => {
        if (++appends > 100) throw new Error('cut short');
        return there.append(...append);
      },
    };
    await expect(copyEvents(from, failing, quiet)).rejects.toThrow('cut short');
    const first = await copyEvents(from, there, quiet);
    expect([first.events, first.copied < EVENTS]).toEqual([EVENTS, true]);
    expect(await copyEvents(there, back, quiet)).toEqual({ ...first, copied: EVENTS });
    expect(await copyEvents(from, back, quiet)).toEqual({ ...first, copied: 0 });
  });

  it('a server that holds other events is refused', async () => {
    const there = await part(server);
    await there.append('use-foreign', 'no-stream', [anEvent(EVENTS)]);
    await expect(copyEvents(from, there, quiet)).rejects.toThrow(TargetDiffersError);
    expect((await there.readAll({ after: START, limit: 10 })).events).toHaveLength(1);
  });
});
