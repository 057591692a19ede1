// `eventstoredb-slow-consumer.mjs <url> <after> <type> <events>`: subscribes, holds still with its first live batch until it is
// told to go on, then takes the rest. Says what it had in memory by then, and whether everything came in order.
import { once } from 'node:events';
import { EventStoreDBStore } from '../../dist/libs/eventing-eventstoredb/src/index.js';

const [, , url, after, type, events] = process.argv;
const store = await EventStoreDBStore.open({ url });
const ended = new AbortController();
const memory = () => {
  globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
};

let [drops, heldBytes, before, expected, inOrder] = [0, 0, undefined, 0, true];
const onDrop = () => drops++;
for await (const batch of store.subscribe({ after, types: [type], limit: 100, signal: ended.signal, onDrop })) {
  if (batch.live && before === undefined) {
    before = memory();
    process.send({});
    await once(process, 'message');
    heldBytes = memory() - before;
  }
  for (const { revision } of batch.events) inOrder &&= revision === expected++;
  if (expected === Number(events)) ended.abort();
}
await store.close();
process.send({ drops, heldBytes, inOrder }, () => process.disconnect());
