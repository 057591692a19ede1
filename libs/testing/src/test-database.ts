import { randomBytes } from 'node:crypto';
import pg from 'pg';

/** A database of its own on the PostgreSQL that the test run has started. */
export interface TestDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

/** @throws when the test run has no PostgreSQL: it is started by Jest's global set-up. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const server = process.env['TEST_POSTGRES_URL'];
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
