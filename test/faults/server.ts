import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { PostgresStore } from '#libs/eventing-postgres';
import { freePort, startPostgres, type LocalPostgres } from '#libs/local';
import { createTestDatabase } from '#libs/testing';
import { until } from '../until.js';
import type { Trial } from './fault.js';

export interface ServerOptions {
  /** An empty folder; one under the system's own for such things when absent. */
  readonly dir?: string;
  readonly settings?: Readonly<Record<string, string>>;
}

/** A PostgreSQL of its own for faults that hit the whole server, at one address for all its lives. */
export class Server {
  private constructor(
    private readonly dir: string,
    private readonly port: number,
    private readonly settings: Readonly<Record<string, string>>,
    private running: LocalPostgres,
  ) {}

  static async start({ dir, settings = {} }: ServerOptions = {}): Promise<Server> {
    const folder = dir ?? (await mkdtemp(join(tmpdir(), 'liandong-faults-')));
    const port = await freePort();
    const all = { ...settings, port: String(port) };
    const running = await startPostgres({ dir: folder, settings: all, log: () => undefined });
    return new Server(folder, port, all, running);
  }

  url(database = 'postgres'): string {
    const url = new URL(this.running.url(database));
    url.port = String(this.port);
    return url.href;
  }

  get alive(): boolean {
    return living(this.running.pid);
  }

  /** `kill -9` of the postmaster and every process of it: nothing is flushed, nobody is told. */
  async kill(): Promise<void> {
    const { pid } = this.running;
    const family = [pid, ...childrenOf(pid)];
    for (const member of family) {
      try {
        process.kill(member, 'SIGKILL');
      } catch {
        // A child that has ended by itself meanwhile.
      }
    }
    await until('the killed server is gone', async () => !family.some(living));
    // A container without an init keeps the dead as zombies: to PostgreSQL the holder of this file would be alive.
    await rm(join(this.dir, 'pgdata', 'postmaster.pid'), { force: true });
  }

  async restart(): Promise<void> {
    this.running = await startPostgres({ dir: this.dir, settings: this.settings, log: () => undefined });
  }

  async stop(): Promise<void> {
    await this.running.stop();
    await rm(this.dir, { recursive: true, force: true });
  }
}

function childrenOf(parent: number): number[] {
  const rows = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n');
  return rows.flatMap((row) => {
    const [pid, of] = row.trim().split(/\s+/).map(Number);
    return of === parent ? [pid!] : [];
  });
}

function living(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch (error) {
    // Only Linux has /proc.
    return (error as NodeJS.ErrnoException).code === 'ENOENT' && process.platform !== 'linux';
  }
}

/** A database for one trial, gone with it, and a connection to look at it from outside the store. */
export async function database(
  trial: Trial,
  server: Server,
): Promise<{ readonly url: string; readonly sql: pg.Client }> {
  const { url, drop } = await createTestDatabase(server.url());
  trial.defer(drop);
  return { url, sql: await connection(trial, url) };
}

export async function connection(trial: Trial, url: string): Promise<pg.Client> {
  const sql = new pg.Client({ connectionString: url });
  // A server that dies ends it too; the statement under way reports that.
  sql.on('error', () => undefined);
  await sql.connect();
  trial.defer(() => sql.end());
  return sql;
}

/** As many processes as would each have a store. */
export async function openStores(trial: Trial, url: string, count: number): Promise<PostgresStore[]> {
  const stores = await Promise.all(Array.from({ length: count }, () => PostgresStore.open({ url, connections: 4 })));
  trial.defer(() => Promise.all(stores.map((store) => store.close())));
  return stores;
}
