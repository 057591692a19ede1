import { DataSource } from 'typeorm';
import { FeedTables1764000000001 } from './feed/migrations.js';
import { tables } from './feed/tables.js';

/** The city's own database, with its schema brought up to date. */
export async function openDatabase(url: string, log: (line: string) => void): Promise<DataSource> {
  const database = new DataSource({
    type: 'postgres',
    url,
    entities: tables,
    migrations: [FeedTables1764000000001],
    applicationName: 'liandong-sub-platform',
    connectTimeoutMS: 5000,
    // A reader that is frozen, or whose machine has gone, must not hold the cursor's row for ever.
    extra: { keepAlive: true, idle_in_transaction_session_timeout: 30_000 },
    // An idle connection that breaks is replaced by the pool; the query that needed it reports for itself.
    poolErrorHandler: (error: Error) =>
      log(`数据库连接中断，将自动重连：${error.message} (a database connection was lost)`),
  });
  await database.initialize();
  try {
    await database.runMigrations();
  } catch (error) {
    await database.destroy();
    throw error;
  }
  return database;
}
