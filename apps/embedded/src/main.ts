import { fork, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { issueToken, localKey } from '#libs/auth';
import { eventStoreUrl, oneOf, port, readConfig, region, explainStart, StartupError, type Ready } from '#libs/config';
import { startPostgres } from '#libs/local';
import { shaanxi } from '../../../deploy/sample/shaanxi/index.js';
import { loadSample } from './sample.js';

/**
 * The embedded mode, what `npm start` runs: PostgreSQL, the provincial platform and one city's sub-platform on this
 * machine, each a process of its own, with the sample province unless `--empty`.
 */
const HELP = `用法 usage: npm start -- [--data DIR] [--empty]
  --data DIR   数据目录，缺省 .data (the data folder)
  --empty      不载入示例 (without the sample province)
环境变量 environment: PORT=3000  SUB_PLATFORM_PORT=3001  CITY=xianyang  KAFKA_BROKERS=127.0.0.1:9092
  EVENT_STORE=eventstoredb EVENTSTOREDB_URL=esdb://127.0.0.1:2113?tls=false`;

const APPS = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
/** MiB for what is young: a batch of events fits, and is gone before it counts as old. Up to a tenth less processor for projections. */
const YOUNG = '--max-semi-space-size=64';
const CITY_PATIENCE_MS = 120_000;

type Stop = () => Promise<void>;
const stops: Stop[] = [];
let ending: Promise<never> | undefined;

const say = (line: string) => console.log(line);

/** Stops everything in the reverse order of its start, once. */
function end(code: number): Promise<never> {
  ending ??= (async () => {
    for (const stop of stops.reverse()) await stop().catch((error: unknown) => console.error(String(error)));
    process.exit(code);
  })();
  return ending;
}

async function main(): Promise<void> {
  const { data, empty } = argumentsOf(process.argv.slice(2));
  const config = readConfig({
    PORT: port({ default: 3000, desc: '平台端口', example: '3000' }),
    SUB_PLATFORM_PORT: port({ default: 3001, desc: '分平台端口', example: '3001' }),
    CITY: region({ default: 'xianyang', desc: '随平台启动的市', example: 'xianyang' }),
    // The platform reads these two itself; here they are only told.
    EVENT_STORE: oneOf('postgres', 'eventstoredb')({ default: 'postgres', desc: '事件库', example: 'postgres' }),
    EVENTSTOREDB_URL: eventStoreUrl({
      default: undefined,
      desc: 'EventStoreDB 连接',
      example: 'esdb://127.0.0.1:2113?tls=false',
    }),
  });
  const eventStore =
    config.EVENT_STORE === 'postgres' ? 'PostgreSQL' : `EventStoreDB ${hostsOf(config.EVENTSTOREDB_URL)}`;
  for (const [variable, wanted] of Object.entries({ PORT: config.PORT, SUB_PLATFORM_PORT: config.SUB_PLATFORM_PORT })) {
    await assertFree(variable, wanted);
  }

  const postgres = await startPostgres({ dir: data ?? '.data', mayMove: data === undefined, log: say });
  stops.push(() => postgres.stop());
  postgres.onDeath((why) => {
    console.error(
      `PostgreSQL 意外终止；已确认的命令不会丢失。(PostgreSQL died; no acknowledged command is lost.)\n${why.message}`,
    );
    void end(1);
  });
  const cityDatabase = `liandong_city_${config.CITY.replaceAll('-', '_')}`;
  await postgres.createDatabase('liandong');
  await postgres.createDatabase(cityDatabase);
  const keyFile = join(postgres.dir, 'issuer.jwk.json');
  const key = await localKey(keyFile);

  say(`事件库 event store: ${eventStore}`);
  const platform = await run('platform', {
    PORT: String(config.PORT),
    DATABASE_URL: postgres.url('liandong'),
    AUTH_LOCAL_KEY: keyFile,
  });

  const loaded = join(postgres.dir, 'sample-loaded');
  if (!empty && !existsSync(loaded)) {
    const report = progressLine('载入示例省份 loading the sample province');
    await loadSample(shaanxi(), platform, key, report);
    await writeFile(loaded, new Date().toISOString());
  }

  const city = await run('sub-platform', {
    PORT: String(config.SUB_PLATFORM_PORT),
    REGION: config.CITY,
    DATABASE_URL: postgres.url(cityDatabase),
    PROVINCE_URL: platform,
    PROVINCE_TOKEN: await issueToken(key, {
      id: `sub-platform@${config.CITY}`,
      role: 'sub-platform',
      region: config.CITY,
    }),
  });
  if (!empty) await inSync(city);

  say(`
联动已就绪 Liandong is ready
  省级平台 platform      ${platform}
  接口说明 API           ${platform}/docs
  登录 sign in           ${platform}/auth/login
  分平台 sub-platform    ${city}  （${config.CITY}，${process.env['KAFKA_BROKERS'] ? 'Kafka' : 'HTTP'}）
  事件库 event store     ${eventStore}
  令牌 a token           npm run --silent token -- operator ${config.CITY}
  数据 data              ${postgres.dir}
  停止 stop              Ctrl-C`);
}

/** Where an EventStoreDB is, without the user and password that its URL may hold. */
const hostsOf = (url = '') => /^[\w+]+:\/\/(?:[^@/]*@)?([^/?]+)/.exec(url)?.[1] ?? '';

function argumentsOf(args: string[]): { data?: string; empty: boolean } {
  try {
    const { values } = parseArgs({
      args,
      options: { data: { type: 'string' }, empty: { type: 'boolean' }, help: { type: 'boolean' } },
    });
    if (values.help) {
      say(HELP);
      process.exit(0);
    }
    return { data: values.data === undefined ? undefined : resolve(values.data), empty: values.empty ?? false };
  } catch (error) {
    throw new StartupError(`参数有误：${(error as Error).message}`, HELP);
  }
}

/** Before anything is started. A run that was killed a moment ago may still be letting go of its port. */
async function assertFree(variable: string, wanted: number): Promise<void> {
  const attempt = () =>
    new Promise<NodeJS.ErrnoException | undefined>((done) => {
      const server = createServer();
      server.once('error', done);
      server.listen(wanted, '127.0.0.1', () => server.close(() => done(undefined)));
    });
  for (const until = Date.now() + 5_000; ; await delay(200)) {
    const error = await attempt();
    if (error === undefined) return;
    if (error.code === 'EADDRINUSE' && Date.now() < until) continue;
    throw new StartupError(
      `端口 ${wanted} 已被占用（${error.code}）。请停止占用它的程序，或换一个：${variable}=${wanted + 10} npm start`,
      `Port ${wanted} is taken. Stop what uses it, or choose another: ${variable}=${wanted + 10} npm start`,
    );
  }
}

/** Starts an app as a process of its own and waits until it serves. */
async function run(app: 'platform' | 'sub-platform', settings: Record<string, string>): Promise<string> {
  const execArgv = [...process.execArgv, YOUNG];
  const child = fork(join(APPS, app, 'src', 'main.js'), { env: { ...process.env, ...settings }, execArgv });
  let expected = false;
  const gone = new Promise<string>((done) => child.once('exit', (code, signal) => done(signal ?? `exit code ${code}`)));
  stops.push(async () => {
    expected = true;
    if (child.connected) child.kill('SIGTERM');
    await gone;
  });
  const url = await Promise.race([ready(child), gone.then(() => undefined)]);
  if (url === undefined)
    throw new StartupError(`${app} 未能启动，原因见上。`, `${app} did not start; the lines above say why.`);
  void gone.then((how) => {
    if (expected || ending) return;
    console.error(
      `${app} 意外终止（${how}）；已确认的命令不会丢失。请重新运行 npm start。\n  ${app} ended (${how}); no acknowledged command is lost. Run npm start again.`,
    );
    void end(1);
  });
  return url;
}

const ready = (child: ChildProcess) =>
  new Promise<string>((done) => child.on('message', (message) => done((message as Ready).url)));

/** Waits until the city has applied its whole feed. */
async function inSync(city: string): Promise<void> {
  for (const until = Date.now() + CITY_PATIENCE_MS; Date.now() < until; await delay(100)) {
    const state = (await (await fetch(`${city}/api/v1/feed`)).json()) as { inSync: boolean };
    if (state.inSync) return;
  }
  say(`分平台仍在追赶，进度见 ${city} (the city is still catching up)`);
}

function progressLine(what: string): (done: number, total: number) => void {
  const started = Date.now();
  let shown = 0;
  return (done, total) => {
    const now = Date.now();
    if (done < total && now - shown < (process.stdout.isTTY ? 200 : 2_000)) return;
    shown = now;
    const line = `${what} … ${done}/${total} (${((now - started) / 1000).toFixed(0)} s)`;
    process.stdout.write(process.stdout.isTTY ? `\r${line}${done === total ? '\n' : ''}` : `${line}\n`);
  };
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (!ending) say('\n正在停止 stopping …');
    void end(0);
  });
}
main().catch((error: unknown) => {
  if (ending) return;
  console.error(explainStart(error));
  void end(1);
});
