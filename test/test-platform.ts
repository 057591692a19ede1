import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { issueToken, localKey } from '#libs/auth';
import type { Actor } from '#libs/eventing';
import { createTestDatabase } from '#libs/testing';
import { createPlatform } from '../apps/platform/src/application.js';
import { readPlatformConfig } from '../apps/platform/src/config.js';

const MAIN = join(__dirname, '..', 'dist', 'apps', 'platform', 'src', 'main.js');

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // What a test asserts on: the shape is what the test is about.
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly body: any;
}

export interface TestPlatform {
  readonly url: string;
  readonly databaseUrl: string;
  token(by: Omit<Actor, 'id'>): Promise<string>;
  send(by: Omit<Actor, 'id'> | null, method: string, path: string, body?: unknown, headers?: object): Promise<Answer>;
  /** Posts a command and expects it to be carried out. */
  done(by: Omit<Actor, 'id'>, path: string, body: object, headers?: object): Promise<Answer>;
  close(): Promise<void>;
}

export const province = { role: 'province' } as const;
export const auditor = { role: 'auditor' } as const;
export const operator = (region: string) => ({ role: 'operator', region }) as const;
export const basis = { document: '秦创原创新驱动平台建设2023年工作要点', clause: '一、2' };

/** Talks to a platform, wherever it runs; `keyFile` is its local issuer's. */
async function connectTo(url: string, databaseUrl: string, keyFile: string): Promise<Omit<TestPlatform, 'close'>> {
  const key = await localKey(keyFile);
  const token = (by: Omit<Actor, 'id'>) => issueToken(key, { id: `${by.role}@${by.region ?? ''}`, ...by }, 1);
  const send: TestPlatform['send'] = async (by, method, path, body, headers = {}) => {
    const response = await fetch(url + path, {
      method,
      headers: {
        ...(by ? { authorization: `Bearer ${await token(by)}` } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      body: body === undefined || typeof body === 'string' ? body : JSON.stringify(body),
    });
    const text = await response.text();
    const json = response.headers.get('content-type')?.includes('json');
    return { status: response.status, headers: response.headers, body: json ? JSON.parse(text) : text };
  };
  return {
    url,
    databaseUrl,
    token,
    send,
    async done(by, path, body, headers) {
      const answer = await send(by, 'POST', `/api/v1/${path}`, body, headers);
      if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
      return answer;
    },
  };
}

/** The whole platform in this process, on a database of its own. */
export async function startTestPlatform(settings: Record<string, string> = {}): Promise<TestPlatform> {
  const database = await createTestDatabase();
  const dir = await mkdtemp(join(tmpdir(), 'liandong-platform-'));
  const keyFile = join(dir, 'issuer.jwk.json');
  const config = readPlatformConfig({ DATABASE_URL: database.url, AUTH_LOCAL_KEY: keyFile, ...settings });
  const app = await createPlatform(config, ['error']);
  await app.listen(0, '127.0.0.1');
  return {
    ...(await connectTo(await app.getUrl(), database.url, keyFile)),
    async close() {
      await app.close();
      await database.drop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

export interface PlatformProcess extends TestPlatform {
  /** Resolves to its exit code and signal. */
  readonly gone: Promise<unknown[]>;
  kill(signal: 'SIGKILL' | 'SIGTERM'): Promise<unknown[]>;
}

/** Starts the platform again and again in processes of their own, which may be killed, on one database. */
export async function platformProcesses() {
  const database = await createTestDatabase();
  const dir = await mkdtemp(join(tmpdir(), 'liandong-process-'));
  const keyFile = join(dir, 'issuer.jwk.json');
  let last: ChildProcess | undefined;
  return {
    async start(settings: Record<string, string> = {}, preload?: URL): Promise<PlatformProcess> {
      const env = { ...process.env, DATABASE_URL: database.url, AUTH_LOCAL_KEY: keyFile, PORT: '0', ...settings };
      const child = fork(MAIN, { env, execArgv: preload ? ['--import', preload.href] : [] });
      last = child;
      const gone = once(child, 'exit');
      const [{ url }] = (await Promise.race([once(child, 'message'), gone])) as [{ url: string }];
      const kill = (signal: 'SIGKILL' | 'SIGTERM') => {
        child.kill(signal);
        return gone;
      };
      const close = async () => expect(await kill('SIGTERM')).toEqual([0, null]);
      return { ...(await connectTo(url, database.url, keyFile)), gone, kill, close };
    },
    async end() {
      last?.kill('SIGKILL');
      await database.drop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** The smallest structure that the other contexts can work on: a province, a hub and two cities. */
export async function withRegions({ done }: TestPlatform): Promise<void> {
  const region = (name: string, level: string, parent?: string) =>
    done(province, 'topology/register-region', { on: '2023-01-01', region: name, name, level, parent, basis });
  await region('shaanxi', 'province');
  for (const city of ['xixian', 'xianyang', 'baoji']) await region(city, 'city', 'shaanxi');
  await done(province, 'topology/designate-hub', { on: '2023-01-01', region: 'xixian', basis });
}

/** An open enclave of xianyang in the hub, with one unit; a kind that does not incubate lets space without admissions. */
export async function withEnclave(
  { done }: TestPlatform,
  areaSquareMetres = 1000,
  desks = 100,
  kind: '飞地孵化器' | '离岸研发中心' = '飞地孵化器',
): Promise<void> {
  const on = '2023-02-01';
  const carrier = 'enclave';
  const names = { name: '咸阳飞地', kind, home: 'xianyang', host: 'xixian' };
  await done(operator('xianyang'), 'carriers/propose-carrier', { on, carrier, ...names, basis });
  await done(operator('xianyang'), 'carriers/sign-as-home', { on, carrier });
  await done(operator('xixian'), 'carriers/sign-as-host', { on, carrier });
  await done(province, 'carriers/file-carrier', { on, carrier, filing: 'f-1' });
  await done(operator('xixian'), 'carriers/open-carrier', { on, carrier });
  const unit = { on, carrier, unit: 'floor-1', areaSquareMetres, desks, from: '2023-02-01' };
  await done(operator('xianyang'), 'carriers/add-space-unit', unit);
}
