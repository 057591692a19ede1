import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from } from 'pg-copy-streams';
import type { Sql } from '#libs/read-models';

/** Everything of the city lies in this schema: what is its own can be dropped without a list of names. */
export const SCHEMA = 'liandong';

/** The city's own database. Connects when it is first asked. */
export function openPool(url: string, log: (line: string) => void): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    application_name: 'liandong-city',
    connectionTimeoutMillis: 5000,
    keepAlive: true,
    // A reader that is frozen, or whose machine has gone, must not hold the cursor's row for ever.
    idle_in_transaction_session_timeout: 30_000,
    options: `-c search_path=${SCHEMA}`,
  });
  // An idle connection that breaks is replaced by the pool; the query that needed it reports for itself.
  pool.on('error', (error) => log(`数据库连接中断，将自动重连：${error.message} (a database connection was lost)`));
  return pool;
}

/** Lends a connection of the pool. */
export async function onClient<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let lost: Error | undefined;
  // Between two queries nobody else listens, and an error that nobody hears ends the process.
  const hear = (error: Error) => (lost = error);
  client.on('error', hear);
  try {
    return await work(client);
  } finally {
    client.off('error', hear);
    client.release(lost);
  }
}

/** All of the work, or nothing of it. */
export async function transaction<T>(client: pg.PoolClient, work: (sql: Sql) => Promise<T>): Promise<T> {
  await client.query('begin');
  try {
    const done = await work(sqlOf(client));
    await client.query('commit');
    return done;
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw error;
  }
}

const sqlOf = (client: pg.PoolClient): Sql => ({
  query: async <Row extends object>(text: string, parameters?: readonly unknown[]) =>
    (await client.query<Row>(text, parameters && [...parameters])).rows,
  copyIn: (statement, lines) => pipeline([`${lines.join('\n')}\n`], client.query(from(statement))),
});
