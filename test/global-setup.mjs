import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
// The built library: Jest runs this file outside its own module system, which alone understands the TypeScript sources.
import { startPostgres } from '#libs/local';

/** One real PostgreSQL for the whole run; every spec makes databases of its own on it. */
export default async function setUp() {
  if (process.env.TEST_POSTGRES_URL) return;
  const dir = await mkdtemp(join(tmpdir(), 'liandong-test-'));
  const postgres = await startPostgres({ dir, log: () => undefined });
  process.env.TEST_POSTGRES_URL = postgres.url('postgres');
  globalThis.stopTestServices = async () => {
    await postgres.stop();
    await rm(dir, { recursive: true, force: true });
  };
}
