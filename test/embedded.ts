import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { issueToken, localKey } from '#libs/auth';
import type { TestPlatform } from './test-platform.js';
import { until } from './until.js';

const MAIN = join(__dirname, '..', 'dist', 'apps', 'embedded', 'src', 'main.js');
const STARTED_MS = 240_000;

/** The embedded mode as `npm start` runs it, on a folder of its own. */
export class Embedded {
  output = '';
  private child!: ChildProcess;

  constructor(
    readonly dir: string,
    readonly port: number,
    readonly cityPort: number,
  ) {}

  launch(): void {
    this.output = '';
    const env = {
      ...process.env,
      PORT: String(this.port),
      SUB_PLATFORM_PORT: String(this.cityPort),
      KAFKA_BROKERS: '',
    };
    this.child = spawn(process.execPath, [MAIN, '--data', this.dir], { env });
    for (const stream of [this.child.stdout!, this.child.stderr!]) stream.on('data', (chunk) => (this.output += chunk));
  }

  async says(words: RegExp): Promise<void> {
    const look = async () => {
      if (this.child.exitCode !== null) throw new Error(this.output);
      return words.test(this.output);
    };
    await until(String(words), look, STARTED_MS);
  }

  async start(): Promise<void> {
    this.launch();
    await this.says(/联动已就绪/);
  }

  async end(signal: 'SIGINT' | 'SIGKILL'): Promise<unknown[]> {
    const gone = once(this.child, 'exit');
    this.child.kill(signal);
    return gone;
  }

  async database(): Promise<pg.Client> {
    const [, , , port] = readFileSync(join(this.dir, 'pgdata', 'postmaster.pid'), 'utf8').split('\n');
    const password = readFileSync(join(this.dir, 'postgres.password'), 'utf8').trim();
    const client = new pg.Client({ connectionString: `postgres://liandong:${password}@127.0.0.1:${port}/liandong` });
    await client.connect();
    return client;
  }

  get platform(): Pick<TestPlatform, 'send'> {
    return {
      send: async (by, method, path) => {
        const key = await localKey(join(this.dir, 'issuer.jwk.json'));
        const headers = { authorization: `Bearer ${await issueToken(key, { id: 'test', ...by! })}` };
        const response = await fetch(`http://127.0.0.1:${this.port}${path}`, { method, headers });
        return { status: response.status, headers: response.headers, body: await response.json() };
      },
    };
  }
}
