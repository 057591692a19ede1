import { randomUUID } from 'node:crypto';
import { START } from '#libs/eventing';
import { anEvent, eventStoreFeatures, openProxy } from '#libs/testing';
import { EventStoreDBStore } from './eventstoredb-store.js';
import { AppendTooLargeError } from './log-events.js';

const url = process.env.EVENTSTOREDB_URL;

/** The url by way of a proxy that can be cut: of one host, and without TLS, whose certificate does not name the proxy. */
async function proxied(url: string) {
  const [, front, host, port, rest] = /^(esdb:\/\/(?:[^@/]*@)?)([^:,/?@]+)(?::(\d+))?((?:[/?].*)?)$/.exec(url) ?? [];
  if (!front || !host) throw new Error('EVENTSTOREDB_URL must name one host: the contract suite cuts its connections');
  const proxy = await openProxy(host, Number(port ?? 2113));
  return { proxy, url: `${front}127.0.0.1:${proxy.port}${rest}` };
}

(url ? describe : describe.skip)('on a server', () => {
  eventStoreFeatures('EventStoreDB', async () => {
    const { proxy, url: through } = await proxied(url!);
    const store = await EventStoreDBStore.open({ url: through });
    return {
      store,
      cut: async () => proxy.cut(),
      close: async () => {
        await store.close();
        await proxy.close();
      },
    };
  });

  describe('the adapter', () => {
    let store: EventStoreDBStore;
    beforeAll(async () => {
      store = await EventStoreDBStore.open({ url: url! });
    });
    afterAll(() => store.close());

    it('takes what fits into the server and refuses more than 1 MiB before it is sent', async () => {
      const stream = `contract-${randomUUID()}`;
      const large = event({ text: '长'.repeat(1024 * 350) });
      await expect(store.append(stream, 'no-stream', [large])).rejects.toThrow(AppendTooLargeError);
      const four = [1, 2, 3, 4].map(() => event({ text: '长'.repeat(1024 * 87) }));
      await expect(store.append(stream, 'no-stream', [...four, large])).rejects.toThrow(AppendTooLargeError);
      expect(await store.readStream(stream)).toEqual([]);
      expect(await store.append(stream, 'no-stream', four.slice(0, 3))).toMatchObject({ revision: 2 });
    });

    it('refuses an append as any of which a part stands in the stream', async () => {
      const stream = `contract-${randomUUID()}`;
      const [first, second] = [event({}), event({})];
      await store.append(stream, 'any', [first]);
      await expect(store.append(stream, 'any', [first, second])).rejects.toMatchObject({ stream, id: first.id });
      expect(await store.readStream(stream)).toHaveLength(1);
    });

    it('refuses a position that another store made', async () => {
      await expect(store.readAll({ after: '42', limit: 1 })).rejects.toThrow(RangeError);
      const subscription = store.subscribe({ after: '42', limit: 1, signal: new AbortController().signal });
      await expect(subscription.next()).rejects.toThrow(RangeError);
    });

    it('appends to one server only, since two appending clients reject each other', async () => {
      await expect(EventStoreDBStore.open({ url: 'esdb://127.0.0.1:1?tls=false' })).rejects.toThrow('one EventStoreDB');
    });

    it('closed, works on for another of the same url, refuses its own, and ends its subscriptions', async () => {
      const other = await EventStoreDBStore.open({ url: url! });
      const subscription = other.subscribe({ after: START, types: [], limit: 1, signal: new AbortController().signal });
      const ended = (async () => {
        while (!(await subscription.next()).done);
      })();
      const last = other.append(`contract-${randomUUID()}`, 'no-stream', [event({})]);
      await other.close();
      expect(await last).toMatchObject({ revision: 0 });
      await ended;
      await expect(other.readStream('contract-closed')).rejects.toThrow('closed');
      expect(await store.append(`contract-${randomUUID()}`, 'no-stream', [event({})])).toMatchObject({ revision: 0 });
    });
  });
});

const event = (data: object) => anEvent(`contract.${randomUUID()}`, data);
