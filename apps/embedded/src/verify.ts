import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { DataSource } from 'typeorm';
import { eventStoreUrl, oneOf, postgresUrl, readConfig, explainStart, StartupError } from '#libs/config';
import type { EventStore } from '#libs/eventing';
import { EventStoreDBStore } from '#libs/eventing-eventstoredb';
import { PostgresStore } from '#libs/eventing-postgres';
import { dataFolder } from '#libs/local';
import { ComparedLog } from '../../platform/src/log/compared-log.js';
import { explained } from '../../platform/src/log/difference.js';
import { EventLog } from '../../platform/src/log/event-log.js';
import { verifyLog, type Noted } from '../../platform/src/log/verify.js';

/** `npm run verify`: the event store and the log of all events, side by side. Ends with 1 where they differ, 2 where it cannot tell. */
const USAGE = `用法 usage: npm run verify -- [--head SEQUENCE:DIGEST]… [--data DIR]
  --head SEQUENCE:DIGEST  先前记下的末条，可多次 (a head that was written down earlier; any number of them)
  --data DIR              npm start 的数据目录，缺省 .data；其他部署设置 DATABASE_URL
环境变量 environment: DATABASE_URL  EVENT_STORE=eventstoredb EVENTSTOREDB_URL=esdb://127.0.0.1:2113?tls=false`;

async function main(): Promise<void> {
  const { noted, data } = argumentsOf(process.argv.slice(2));
  const config = readConfig({
    DATABASE_URL: postgresUrl({
      default: undefined,
      desc: 'PostgreSQL 连接',
      example: 'postgres://liandong:password@127.0.0.1:5432/liandong',
    }),
    EVENT_STORE: oneOf('postgres', 'eventstoredb')({ default: 'postgres', desc: '事件库', example: 'postgres' }),
    EVENTSTOREDB_URL: eventStoreUrl({
      default: undefined,
      desc: 'EventStoreDB 连接',
      example: 'esdb://127.0.0.1:2113?tls=false',
    }),
  });
  const url = config.DATABASE_URL ?? (await databaseOfStart(data));
  const database = await new DataSource({ type: 'postgres', url }).initialize();
  const log = new EventLog(database);
  // Before the store is opened: where there is none, that would make one.
  await log.head();
  const store = config.EVENT_STORE === 'postgres' ? await PostgresStore.open({ url }) : await eventStoreDB(config);
  const { entries, head, difference } = await verifyLog(log, new ComparedLog(log, store), noted, progress());
  await Promise.all([store.close(), database.destroy()]);
  if (difference) {
    const { zh, en } = explained(difference);
    console.log(`不符 tampered   ${zh}\n                (${en})\n此前已核对 verified before it  ${entries}`);
    process.exitCode = 1;
    return;
  }
  console.log(`已核对 verified  ${entries}\n末条 head        ${head.sequence}:${head.digest}`);
}

async function eventStoreDB({ EVENTSTOREDB_URL: url }: { EVENTSTOREDB_URL?: string }): Promise<EventStore> {
  if (url !== undefined) return EventStoreDBStore.open({ url });
  throw new StartupError(
    'EVENT_STORE=eventstoredb 需要 EVENTSTOREDB_URL，例如 EVENTSTOREDB_URL=esdb://127.0.0.1:2113?tls=false',
    'EVENT_STORE=eventstoredb needs EVENTSTOREDB_URL.',
  );
}

function argumentsOf(args: string[]): { noted: Noted[]; data: string | undefined } {
  try {
    const { values } = parseArgs({
      args,
      options: { head: { type: 'string', multiple: true, default: [] }, data: { type: 'string' } },
    });
    return { noted: values.head.map(notedOf), data: values.data };
  } catch (error) {
    throw new StartupError(`参数有误：${(error as Error).message}\n${USAGE}`, 'The arguments are wrong.');
  }
}

/** @throws TypeError */
function notedOf(head: string): Noted {
  const [, sequence, digest] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(head) ?? [];
  if (digest === undefined) throw new TypeError(`--head ${head}`);
  return { sequence: Number(sequence), digest };
}

/** Where a running `npm start` has its database. */
async function databaseOfStart(data: string | undefined): Promise<string> {
  const dir = await dataFolder({ dir: resolve(data ?? '.data'), mayMove: data === undefined });
  try {
    const [, , , port] = (await readFile(join(dir, 'pgdata', 'postmaster.pid'), 'utf8')).split('\n');
    const password = await readFile(join(dir, 'postgres.password'), 'utf8');
    return `postgres://liandong:${password.trim()}@127.0.0.1:${port}/liandong`;
  } catch {
    throw new StartupError(
      `未设置 DATABASE_URL，${dir} 中也没有正在运行的 npm start\n${USAGE}`,
      'DATABASE_URL is not set, and no npm start runs on that data folder.',
    );
  }
}

/** Entries and entries/s, on stderr, so that stdout holds the result alone. */
function progress(): (entries: number, of: number) => void {
  const live = process.stderr.isTTY;
  const began = Date.now();
  let shown = began;
  return (entries, of) => {
    const now = Date.now();
    if (now - shown < (live ? 200 : 2_000)) return;
    shown = now;
    const perSecond = (entries * 1000) / (now - began);
    const left = Math.ceil((of - entries) / perSecond);
    const line = `核对 verifying … ${entries}/${of} (${perSecond.toFixed(0)} events/s，剩余 left ${left} s)`;
    process.stderr.write(live ? `\r${line}\u001b[K` : `${line}\n`);
  };
}

function explain(error: unknown): string {
  // PostgreSQL's undefined_table.
  if ((error as { code?: string }).code !== '42P01') return explainStart(error);
  return '此库中没有日志：平台尚未以此版本在其上启动\n  There is no log in this database: the platform has not been started on it in this version yet.';
}

main().catch((error: unknown) => {
  console.error(explain(error));
  process.exit(2);
});
