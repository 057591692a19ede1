// P13: a decision on a long history.
import { randomUUID } from 'node:crypto';
import { instrument } from '../../dist/libs/contexts/sharing/src/sharing.decider.js';
import { Executor } from '../../dist/libs/eventing/src/index.js';
import { PostgresStore } from '../../dist/libs/eventing-postgres/src/index.js';
import { hammer } from './measure.mjs';
import { events, ours } from './sides.mjs';

const LONG = 100_000;
const SHORT = 10;
const BATCH = 1_000;

const by = { id: 'bench', role: 'operator', region: 'xianyang' };
const world = { has: () => true };

/** An instrument that has been used so many times less one. */
async function withHistory(store, name, length) {
  // As many units as have hours for all of them on one day.
  const networked = { owner: 'xianyang', since: '2023-01-01', instrument: name, units: 1_000_000, assetNumber: null };
  const use = (n) => ({
    instrument: name,
    use: `u-${n}`,
    owner: 'xianyang',
    using: 'xianyang',
    hours: 1,
    sharing: 'internal',
    usedOn: '2023-05-05',
    lastDay: '2023-05-05',
  });
  for (let at = 0; at < length; at += BATCH) {
    const batch = events(Math.min(BATCH, length - at), at).map((event, i) =>
      at + i === 0
        ? { ...event, type: 'instrument.networked.v2', data: networked }
        : { ...event, type: 'use.recorded.v2', data: use(at + i) },
    );
    // Each of a command of its own, as its users would have sent them.
    const own = batch.map((event) => ({ ...event, metadata: { ...event.metadata, commandId: randomUUID() } }));
    await store.append(`resource-${name}`, ours(at), own);
  }
}

export const decision = {
  id: 'P13',
  what: `a command on a stream of ${LONG.toLocaleString('en').replace(',', ' ')}`,
  unit: 'commands/s',
  limitName: `on a stream of ${SHORT}`,
  limit: { atLeast: 0.9 },
  measured: `One client records uses of an instrument through the executor and the context's own decider, each use after the last. The
histories are as long as that before the first round, in which a new process's first command also reads them.`,
  async open({ database, meter, seconds, progress }) {
    const store = await PostgresStore.open({ url: await database('P13') });
    const executor = new Executor(store, () => new Date());
    let sent = 0;
    const record = (name) =>
      executor.execute(
        instrument,
        'RecordUse',
        { on: '2023-05-05', instrument: name, use: `new-${++sent}`, using: 'xianyang', hours: 1, sharing: 'internal' },
        { commandId: randomUUID(), by },
        world,
      );
    await withHistory(store, 'long', LONG);
    await withHistory(store, 'short', SHORT);
    const started = performance.now();
    await record('long');
    progress(
      `the first command of a process on the long stream takes ${Math.round(performance.now() - started)} ms`,
      true,
    );
    const during = (name) => meter.timed(() => hammer(1, seconds, () => record(name)));
    return { ours: () => during('long'), limit: () => during('short'), close: () => store.close() };
  },
};
