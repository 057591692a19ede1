import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startPostgres } from '#libs/local';

/** A database of its own on the PostgreSQL that the test run has started. */
export interface TestDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

/**
 * A server for one suite alone. Transactions of any database hold back the readers of all databases of a server, so a
 * suite that looks at what is visible *now* must not share one with suites that run beside it.
 */
export async function startTestServer(): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const dir = await mkdtemp(join(tmpdir(), 'liandong-server-'));
  const server = await startPostgres({ dir, log: () => undefined });
  return {
    url: server.url('postgres'),
    async stop() {
      await server.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** @throws when the test run has no PostgreSQL: it is started by Jest's global set-up. */
export async function createTestDatabase(server = process.env['TEST_POSTGRES_URL']): Promise<TestDatabase> {
  if (!server) throw new Error('TEST_POSTGRES_URL is not set: run the tests through Jest, whose global set-up sets it');
  const name = `test_${randomBytes(8).toString('hex')}`;
  const on = async (statement: string) => {
    const client = new pg.Client({ connectionString: server });
    await client.connect();
    await client.query(statement).finally(() => client.end());
  };
  await on(`create database ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => on(`drop database if exists ${name} with (force)`) };
}
