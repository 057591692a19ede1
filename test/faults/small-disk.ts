import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { statfsSync } from 'node:fs';
import { appendFile, chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Trial } from './fault.js';

const SIZE = '64m';
const MOUNT = ['-t', 'tmpfs', '-o', `size=${SIZE},mode=755`, 'liandong-faults'];
/** Docker and Kubernetes give each container a file system of 64 MB here. */
const SHARED_MEMORY = '/dev/shm';

type Way = 'mount' | 'namespace' | 'shared memory';

/** How this machine can have a small file system; undefined when it cannot. */
export const way: Way | undefined = find();

function find(): Way | undefined {
  const works = (command: string, args: string[]) => spawnSync(command, args, { stdio: 'ignore' }).status === 0;
  const script = `mount ${MOUNT.join(' ')} ${tmpdir()}`;
  // A mount that is tried in a namespace of its own is gone with it.
  if (process.getuid?.() === 0 && works('unshare', ['-m', 'sh', '-c', script])) return 'mount';
  // Its own user alone may look into another's namespace, and root's server has another user.
  if (process.getuid?.() !== 0 && works('unshare', ['-Urm', 'sh', '-c', script])) return 'namespace';
  try {
    const { type, bsize, blocks } = statfsSync(SHARED_MEMORY);
    const megabytes = (bsize * blocks) / 2 ** 20;
    if (type === 0x01021994 && megabytes >= 60 && megabytes <= 256) return 'shared memory';
  } catch {
    // Not Linux.
  }
  return undefined;
}

/** A small file system, and what takes up its space. */
export interface SmallDisk {
  readonly dir: string;
  /** Leaves so many bytes. */
  fill(leaving: number): Promise<void>;
  free(): Promise<void>;
}

export async function smallDisk(trial: Trial): Promise<SmallDisk> {
  const dir = await folder(trial);
  const ballast = join(dir, 'ballast');
  return {
    dir: join(dir, 'data'),
    async fill(leaving) {
      const { bavail, bsize } = statfsSync(dir);
      try {
        await appendFile(ballast, Buffer.alloc(Math.max(bavail * bsize - leaving, 0)));
      } catch (error) {
        // Somebody else was quicker: it is full all the same.
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
      }
    },
    free: () => rm(ballast, { force: true }),
  };
}

async function folder(trial: Trial): Promise<string> {
  if (way === 'shared memory') {
    const dir = await mkdtemp(join(SHARED_MEMORY, 'liandong-faults-'));
    trial.defer(() => rm(dir, { recursive: true, force: true }));
    await chmod(dir, 0o755);
    return dir;
  }
  const dir = await mkdtemp(join(tmpdir(), 'liandong-disk-'));
  trial.defer(() => rm(dir, { recursive: true, force: true }));
  await chmod(dir, 0o755);
  if (way === 'mount') {
    mustRun('mount', [...MOUNT, dir]);
    trial.defer(() => mustRun('umount', ['-l', dir]));
    return dir;
  }
  // Ends when the test does, and the file system with it.
  const script = `mount ${MOUNT.join(' ')} ${dir} && echo mounted && exec cat`;
  const holder: ChildProcess = spawn('unshare', ['-Urm', 'sh', '-c', script], { stdio: ['pipe', 'pipe', 'inherit'] });
  trial.defer(async () => {
    const gone = once(holder, 'exit');
    holder.stdin!.end();
    await gone;
  });
  await once(holder.stdout!, 'data');
  return `/proc/${holder.pid}/root${dir}`;
}

function mustRun(command: string, args: string[]): void {
  const { status, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command}: ${stderr}`);
}
