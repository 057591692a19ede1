import { createTestDatabase, eventStoreFeatures, openProxy, startTestServer } from '#libs/testing';
import { PostgresStore } from './postgres-store.js';

eventStoreFeatures('PostgreSQL', async () => {
  const server = await startTestServer();
  const database = await createTestDatabase(server.url);
  const url = new URL(database.url);
  const proxy = await openProxy(url.hostname, Number(url.port));
  url.port = String(proxy.port);
  const store = await PostgresStore.open({ url: url.href });
  return {
    store,
    detectsIdReuse: true,
    cut: async () => proxy.cut(),
    close: async () => {
      await store.close();
      await proxy.close();
      await server.stop();
    },
  };
});
