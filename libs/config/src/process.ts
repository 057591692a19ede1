import { StartupError } from './startup-error.js';

interface Running {
  readonly url: string;
  close(): Promise<void>;
}

/** What a child process tells its parent when it serves. */
export interface Ready {
  readonly ready: true;
  readonly url: string;
}

/**
 * Runs a server process: starts it, says where it is, and stops it in good order on SIGTERM, on SIGINT, and when the parent
 * that forked it is gone. A start that fails says why and ends with an exit code that is not 0.
 */
export async function runProcess(name: string, start: () => Promise<Running>): Promise<void> {
  let running: Running | undefined;
  let stopping = false;
  const stop = async () => {
    if (stopping) return;
    stopping = true;
    // A second signal, or a close that hangs, must not need a kill.
    setTimeout(() => process.exit(1), 15_000).unref();
    await running?.close();
    process.exit(0);
  };
  process.on('SIGTERM', () => void stop());
  process.on('SIGINT', () => void stop());
  if (process.send) process.on('disconnect', () => void stop());
  try {
    running = await start();
    const ready: Ready = { ready: true, url: running.url };
    process.send?.(ready);
    if (!process.send) console.log(`${name} ${running.url}`);
  } catch (error) {
    console.error(explainStart(error));
    process.exit(1);
  }
}

/** A start's failure in words for the person at the terminal. */
export function explainStart(error: unknown): string {
  if (error instanceof StartupError) return error.message;
  const { code, port, address, message } = error as NodeJS.ErrnoException & { port?: number; address?: string };
  // 53100: PostgreSQL's disk_full.
  if (code === '53100' || code === 'ENOSPC') {
    return `数据目录所在的磁盘已满。请腾出空间后再启动，或换一个目录：npm start -- --data DIR\n  The disk of the data folder is full. Free some space and start again; nothing that was acknowledged is lost.`;
  }
  if (code === 'EADDRINUSE') {
    return `端口 ${port} 已被占用。请停止占用它的程序，或换一个端口：PORT=${(port ?? 3000) + 10} npm start\n  Port ${port} is taken. Stop what uses it, or choose another: PORT=${(port ?? 3000) + 10} npm start`;
  }
  if (code === 'EACCES') {
    return `无权监听 ${address}:${port}。请换一个 1024 以上的端口。\n  No permission to listen there: choose a port above 1024.`;
  }
  if (code === 'ECONNREFUSED' || code === 'ENOTFOUND') {
    return `无法连接 ${address ?? ''}:${port ?? ''}（${code}）。请检查 DATABASE_URL 等地址，并确认服务已启动。\n  Cannot connect: check DATABASE_URL and that the server runs.`;
  }
  return `启动失败：${message ?? String(error)}\n  The start failed; the line above says why.`;
}
