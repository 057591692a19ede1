import { execFile, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { mkdir, mkdtemp, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify, stripVTControlCharacters } from 'node:util';
import { Kafka, logLevel } from 'kafkajs';
import { StartupError } from '#libs/config';

/** A real Kafka broker on loopback, from the jars that Maven fetched. */
export interface LocalKafka {
  /** `127.0.0.1:PORT`. */
  readonly brokers: string;
  readonly pid: number;
  stop(): Promise<void>;
  /** SIGKILL, for fault tests: the next start on the same folder recovers what was acknowledged. */
  kill(): Promise<void>;
  /** Calls back once when the broker has died by itself. */
  onDeath(callback: () => void): void;
}

export interface KafkaOptions {
  /** Data folder; made when it is not there. */
  readonly dir: string;
  /** Without one, any free port. */
  readonly port?: number;
  /** The repository: where `deploy/kafka/pom.xml` is. */
  readonly root?: string;
  /** Where the jars are kept; `.cache/kafka` of the repository unless told. */
  readonly cache?: string;
  readonly log: (line: string) => void;
}

type Places = Pick<KafkaOptions, 'root' | 'cache'>;

const START_MS = 60_000;
const STOP_MS = 20_000;

/**
 * Starts a broker (KRaft, one node in both roles) and resolves when clients can use it. A broker that a killed run left
 * behind on the folder is stopped first; a folder that a living run holds is refused.
 *
 * @throws StartupError
 */
export async function startKafka(options: KafkaOptions): Promise<LocalKafka> {
  const { log, port } = options;
  const missing = await kafkaMissing(options);
  if (missing !== undefined) throw new StartupError(missing, 'Kafka cannot start without it.');
  const dir = resolve(options.dir);
  await prepare(dir);
  const jars = await fetchJars(options);
  await claim(dir, log);
  try {
    for (let attempt = 1; ; attempt++) {
      try {
        return await launch(dir, jars, await ports(port), options);
      } catch (error) {
        // Between the choice of a free port and its use, another process may have taken it.
        if (port !== undefined || attempt === 3 || !/Address already in use/.test(String(error))) throw error;
      }
    }
  } catch (error) {
    await rm(pidFile(dir), { force: true });
    throw error;
  }
}

/** What this machine lacks to run a broker, and what to do about it; undefined when nothing. */
export async function kafkaMissing(places: Places = {}): Promise<string | undefined> {
  return missingHere(places);
}

/** The same for those who cannot wait, as a test file that decides whether to skip itself. */
export function kafkaAvailable(places: Places = {}): boolean {
  return missingHere(places) === undefined;
}

function missingHere(places: Places): string | undefined {
  const { stderr } = spawnSync(java, ['-version'], { encoding: 'utf8' });
  if (Number(/version "(\d+)/.exec(stderr ?? '')?.[1] ?? 0) < 17) {
    return '没有 Java 17 或更高版本，请安装（如 apt-get install openjdk-17-jre-headless）或设置 JAVA_HOME (no Java 17 or later: install one, or set JAVA_HOME)';
  }
  const { pom, jars } = jarsFolder(places);
  if (jars === undefined)
    return `找不到 ${pom}，请在仓库根目录运行 (not found: run this in the root of the repository)`;
  // Maven is needed once only: a machine that has the jars may be without it, and without a network.
  if (!existsSync(jars) && spawnSync('mvn', ['-version']).status !== 0) {
    return '没有 Maven，无法下载 Kafka，请安装（如 apt-get install maven）(no Maven to fetch Kafka with: install it)';
  }
  return undefined;
}

const java = process.env.JAVA_HOME ? join(process.env.JAVA_HOME, 'bin', 'java') : 'java';

/** The folder is named by the pom's hash, so another pom gets another folder, and a folder that exists is complete. */
function jarsFolder({ root = process.cwd(), cache = join(root, '.cache', 'kafka') }: Places) {
  const pom = resolve(root, 'deploy', 'kafka', 'pom.xml');
  if (!existsSync(pom)) return { pom };
  const hash = createHash('sha256').update(readFileSync(pom)).digest('hex').slice(0, 16);
  return { pom, cache: resolve(cache), jars: resolve(cache, hash) };
}

async function fetchJars(options: KafkaOptions): Promise<string> {
  const { pom, cache, jars } = jarsFolder(options);
  if (jars === undefined) throw new Error(`${pom} has gone`);
  if (existsSync(jars)) return jars;
  options.log('首次使用：用 Maven 下载 Kafka，约 44 MB (first use: fetching Kafka by Maven, about 44 MB) …');
  const begun = Date.now();
  await mkdir(cache, { recursive: true });
  const partial = await mkdtemp(join(cache, 'partial-'));
  try {
    await run('mvn', ['-B', '-q', '-f', pom, 'dependency:copy-dependencies', `-DoutputDirectory=${partial}`]);
    // Renamed when complete. Whoever started at the same moment may have been first; its folder is as good.
    await rename(partial, jars).catch((error: unknown) => {
      if (!existsSync(jars)) throw error;
    });
  } catch (error) {
    // Maven tells the cause first, then where to read about Maven.
    const said = stripVTControlCharacters(String(error)).split('\n').slice(0, 3).join('\n');
    throw new StartupError(
      `Maven 下载 Kafka 失败，请检查网络，或在 ~/.m2/settings.xml 中配置镜像。`,
      `Maven could not fetch Kafka: check the network, or set a mirror in ~/.m2/settings.xml.\n  ${tail(said)}`,
    );
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
  options.log(`Kafka 已下载，用时 ${Math.round((Date.now() - begun) / 1000)} 秒 (fetched)`);
  return jars;
}

async function prepare(dir: string): Promise<void> {
  try {
    await mkdir(dir, { recursive: true });
    await writeFile(join(dir, '.writable'), '');
    await rm(join(dir, '.writable'));
  } catch (error) {
    throw new StartupError(
      `Kafka 数据目录 ${dir} 不可写，请检查权限或换一个目录。`,
      `The data folder of Kafka cannot be written: check its permissions, or choose another.\n  ${String(error)}`,
    );
  }
}

const pidFile = (dir: string) => join(dir, 'broker.pid');

/** The broker says on its command line whose it is, so that a process id that is used again is not taken for it. */
const mark = (dir: string) => `-Dliandong.kafka=${dir}`;

/** Makes sure that nobody else runs on the folder, and holds it for this process. */
async function claim(dir: string, log: KafkaOptions['log']): Promise<void> {
  const text = await readFile(pidFile(dir), 'utf8').catch(() => '');
  const [, owner = 0, broker = 0] = /^(\d+) (\d+)$/.exec(text)?.map(Number) ?? [];
  const running = broker > 0 && commandLine(broker).includes(mark(dir));
  const starting = broker === 0 && owner !== process.pid;
  if ((running || starting) && owner > 0 && commandLine(owner) !== '') throw inUse(dir, owner);
  if (running) {
    log(
      `上次运行遗留的 Kafka（进程 ${broker}）仍在运行，先停止它 (stopping the broker that a killed run left behind) …`,
    );
    process.kill(broker, 'SIGTERM');
    if (!(await until(() => commandLine(broker) === '', STOP_MS))) process.kill(broker, 'SIGKILL');
    await until(() => commandLine(broker) === '', STOP_MS);
  }
  await rm(pidFile(dir), { force: true });
  // Exclusive: of two that start at the same moment, one goes on.
  await writeFile(pidFile(dir), `${process.pid} 0`, { flag: 'wx' }).catch(() => {
    throw inUse(dir, 0);
  });
}

const inUse = (dir: string, owner: number) =>
  new StartupError(
    `Kafka 数据目录 ${dir} 正被${owner ? `进程 ${owner} ` : '另一个进程'}使用，请先停止它，或换一个目录。`,
    `The data folder is in use by ${owner ? `process ${owner}` : 'another process'}: stop it, or choose another folder.`,
  );

/** Empty when there is no such process. */
function commandLine(pid: number): string {
  if (existsSync('/proc/self/cmdline')) {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    } catch {
      return '';
    }
  }
  return spawnSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' }).stdout.trim();
}

async function ports(wanted: number | undefined): Promise<{ port: number; controller: number }> {
  const port = await freePort(wanted ?? 0);
  let controller = await freePort(0);
  while (controller === port) controller = await freePort(0);
  return { port, controller };
}

function freePort(port: number): Promise<number> {
  return new Promise((done, fail) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EADDRINUSE') return fail(error);
      fail(
        new StartupError(
          `端口 ${port} 已被占用 (port ${port} is taken)：请停止占用它的程序，或换一个端口。`,
          `Stop the program that uses it, or choose another port (npm run kafka -- --port PORT).`,
        ),
      );
    });
    server.listen(port, '127.0.0.1', () => {
      const address = server.address() as AddressInfo;
      server.close(() => done(address.port));
    });
  });
}

async function launch(
  dir: string,
  jars: string,
  { port, controller }: { port: number; controller: number },
  { log, root = process.cwd() }: KafkaOptions,
): Promise<LocalKafka> {
  await writeFile(join(dir, 'server.properties'), properties(port, controller));
  // The broker works in its folder and is told relative paths: a properties file is Latin-1, a home folder may be Chinese.
  const classpath = ['-cp', join(jars, '*')];
  if (!existsSync(join(dir, 'data', 'meta.properties'))) await format(dir, classpath);

  const output = await open(join(dir, 'broker.log'), 'a');
  const { size: before } = await output.stat();
  const logging = `-Dlog4j2.configurationFile=${resolve(root, 'deploy', 'kafka', 'log4j2.properties')}`;
  const flags = ['-Xmx512m', '-XX:+UseSerialGC', mark(dir), logging, ...classpath];
  // Its own session: a Ctrl-C at the terminal is for the platform, which then stops the broker in good order.
  const child = spawn(java, [...flags, 'kafka.Kafka', 'server.properties'], {
    cwd: dir,
    detached: true,
    stdio: ['ignore', output.fd, output.fd],
  });
  await output.close();
  const ended = new Promise<void>((done) => child.once('exit', () => done()).once('error', () => done()));
  const takeAlong = () => child.kill('SIGTERM');
  process.once('exit', takeAlong);
  child.once('exit', () => {
    process.off('exit', takeAlong);
    rmSync(pidFile(dir), { force: true });
  });
  await writeFile(pidFile(dir), `${process.pid} ${child.pid ?? 0}`);

  const brokers = `127.0.0.1:${port}`;
  const begun = Date.now();
  if (!(await until(async () => hasEnded(child) || (await answers(brokers)), START_MS)) || hasEnded(child)) {
    child.kill('SIGKILL');
    await ended;
    const said = (await readFile(join(dir, 'broker.log'))).subarray(before).toString();
    throw new StartupError(
      `Kafka 未能启动，详见 ${join(dir, 'broker.log')}。`,
      `Kafka did not start; its last words follow. When they speak of damaged data, delete the folder: feeds are refilled.\n  ${tail(said)}`,
    );
  }
  log(`Kafka 已就绪 ready at ${brokers}（${((Date.now() - begun) / 1000).toFixed(1)} s）`);

  let wanted = false;
  return {
    brokers,
    pid: child.pid ?? 0,
    async stop() {
      wanted = true;
      child.kill('SIGTERM');
      const patience = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
      await ended;
      clearTimeout(patience);
    },
    async kill() {
      wanted = true;
      child.kill('SIGKILL');
      await ended;
    },
    onDeath(callback) {
      void ended.then(() => (wanted ? undefined : callback()));
    },
  };
}

const hasEnded = (child: ChildProcess) =>
  child.pid === undefined || child.exitCode !== null || child.signalCode !== null;

function properties(port: number, controller: number): string {
  return `process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:${controller}
controller.listener.names=CONTROLLER
listeners=PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controller}
advertised.listeners=PLAINTEXT://127.0.0.1:${port}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
log.dirs=data
auto.create.topics.enable=false
# By default 10 MiB are mapped for each of a topic's two indexes, and their first use stalls the broker: 27 s for 500 topics.
log.index.size.max.bytes=1048576
group.initial.rebalance.delay.ms=0
# After kill -9 a lone broker is fenced until its old session is over; the heartbeat must be well below it.
broker.session.timeout.ms=2000
broker.heartbeat.interval.ms=500
offsets.topic.replication.factor=1
offsets.topic.num.partitions=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
share.coordinator.state.topic.num.partitions=1
`;
}

async function format(dir: string, classpath: string[]): Promise<void> {
  // What is there without meta.properties is a formatting that was cut short: nothing was ever stored in it.
  await rm(join(dir, 'data'), { recursive: true, force: true });
  const id = randomBytes(16);
  id[0] = 0; // An id that begins with '-' would be read as an option.
  const args = ['kafka.tools.StorageTool', 'format', '-t', id.toString('base64url'), '-c', 'server.properties'];
  await run(java, [...classpath, ...args], dir).catch((error: unknown) => {
    throw new StartupError(`Kafka 无法初始化 ${dir}。`, `Kafka could not format its folder.\n  ${tail(String(error))}`);
  });
}

/**
 * Whether clients can use it: it lists itself among the brokers of the cluster, which a broker does only when it is not
 * fenced. A line in its log comes earlier.
 */
async function answers(brokers: string): Promise<boolean> {
  const admin = new Kafka({
    brokers: [brokers],
    logLevel: logLevel.NOTHING,
    connectionTimeout: 1000,
    requestTimeout: 2000,
    retry: { retries: 0 },
  }).admin();
  try {
    await admin.connect();
    return (await admin.describeCluster()).brokers.length > 0;
  } catch {
    return false;
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
}

/** Asks ten times a second; false when it did not become true in time. */
async function until(condition: () => boolean | Promise<boolean>, withinMs: number): Promise<boolean> {
  for (const end = Date.now() + withinMs; Date.now() < end; await sleep(100)) {
    if (await condition()) return true;
  }
  return false;
}

/** Rejects with everything that the command said. */
async function run(command: string, args: string[], cwd?: string): Promise<void> {
  try {
    await promisify(execFile)(command, args, { cwd, maxBuffer: 2 ** 24 });
  } catch (error) {
    const { stdout = '', stderr = '', message } = error as Error & { stdout?: string; stderr?: string };
    throw new Error(`${stderr}${stdout}`.trim() || message);
  }
}

const tail = (text: string) => text.trim().split('\n').slice(-12).join('\n  ');
