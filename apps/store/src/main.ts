import { parseArgs } from 'node:util';
import pg from 'pg';
import { ConflictError, type EventStore } from '#libs/eventing';
import { EventStoreDBStore } from '#libs/eventing-eventstoredb';
import { PostgresStore } from '#libs/eventing-postgres';
import { explainStart, StartupError } from '#libs/config';
import { copyEvents, TargetDiffersError, type Phase } from './copy.js';

/** `npm run store -- copy`: moves a history from one event store to another. */
const USAGE = `用法 usage: npm run store -- copy --from URL --to URL
  URL   postgres://user:password@host:5432/database  |  esdb://user:password@host:2113?tls=false
中断后再运行一次即可续传 (cut short, run it again: it goes on where it was)`;

const PHASES: Record<Phase, string> = {
  comparing: '比对已有 comparing what is there',
  copying: '复制 copying',
  verifying: '核对 verifying',
};

async function main(): Promise<void> {
  const { from, to } = argumentsOf(process.argv.slice(2));
  const source = await open('--from', from);
  const target = await open('--to', to);
  const total = await countOf(from);
  const { events, copied, digest } = await copyEvents(source, target, progress(total));
  await Promise.all([source.close(), target.close()]);
  if (events === 0) throw new StartupError('源库没有事件。请检查 --from', 'The source holds no events: check --from');
  console.log(`复制 copied         ${copied}
两库各有 each holds  ${events}
两库摘要 digest      sha256:${digest}`);
}

function argumentsOf(args: string[]): { from: string; to: string } {
  const wrong = (zh: string, en: string) => new StartupError(`${zh}\n${USAGE}`, en);
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { from: { type: 'string' }, to: { type: 'string' } },
    });
    const { from, to } = values;
    if (positionals.join() !== 'copy' || from === undefined || to === undefined)
      throw new Error('缺少 copy、--from 或 --to (missing)');
    if (from !== to && !(isEventStoreDB(from) && isEventStoreDB(to))) return { from, to };
  } catch (error) {
    throw wrong(`参数有误：${(error as Error).message}`, 'The arguments are wrong.');
  }
  throw wrong(
    '--from 与 --to 须为两个不同的库，且至多一个是 EventStoreDB；两个 EventStoreDB 之间请经由 PostgreSQL',
    'Name two stores of which one is PostgreSQL; from EventStoreDB to EventStoreDB go by way of PostgreSQL.',
  );
}

const isEventStoreDB = (url: string) => /^esdb(\+discover)?:\/\//.test(url);
const isPostgres = (url: string) => /^postgres(ql)?:\/\//.test(url);

async function open(option: string, url: string): Promise<EventStore> {
  try {
    if (isEventStoreDB(url)) return await EventStoreDBStore.open({ url });
    if (isPostgres(url)) return await PostgresStore.open({ url });
  } catch (error) {
    throw new StartupError(
      `无法打开 ${option} 的事件库（${(error as Error).message}）。请检查地址、账号与库名，并确认服务已启动`,
      `The store of ${option} cannot be opened: check host, user and database, and that the server runs`,
    );
  }
  throw new StartupError(
    `${option} 须为 postgres:// 或 esdb:// 地址`,
    `${option} must be a postgres:// or esdb:// URL`,
  );
}

/** How many events there are to copy, where the store can tell. */
async function countOf(url: string): Promise<number | undefined> {
  if (!isPostgres(url)) return undefined;
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ n: number }>('select count(*)::int as n from eventing.events');
  await client.end();
  return rows[0]!.n;
}

/** Events, events/s and, where the total is known, the time left; on stderr, so that stdout holds the result alone. */
function progress(total: number | undefined): (phase: Phase, events: number) => void {
  const live = process.stderr.isTTY;
  let current: Phase | undefined;
  let began = { at: 0, events: 0 };
  let shown = 0;
  return (phase, events) => {
    const now = Date.now();
    if (phase !== current) {
      if (live && current !== undefined) process.stderr.write('\n');
      current = phase;
      began = { at: now, events };
    } else if (now - shown < (live ? 200 : 2_000) && events !== total) return;
    shown = now;
    const perSecond = ((events - began.events) * 1000) / Math.max(now - began.at, 1);
    const left =
      total === undefined || perSecond === 0 ? '' : `，剩余 left ${Math.ceil((total - events) / perSecond)} s`;
    const line = `${PHASES[phase]} … ${events}${total === undefined ? '' : `/${total}`} (${perSecond.toFixed(0)} events/s${left})`;
    process.stderr.write(live ? `\r${line}\u001b[K` : `${line}\n`);
  };
}

function explain(error: unknown): string {
  const { message } = error as Error;
  if (error instanceof TargetDiffersError) {
    return `目标库的内容与源库不同，未再写入：${message}\n  The target does not hold what the source holds; nothing more was written. Take an empty target.`;
  }
  if (error instanceof ConflictError) {
    return `目标库正被别人写入，或上次中断前的写入刚刚生效：${message}。请停止写入后再运行一次\n  Somebody else writes to the target, or the last append of a run that was cut short has only now taken effect: stop them and run it again.`;
  }
  return explainStart(error);
}

main().catch((error: unknown) => {
  console.error(explain(error));
  process.exit(1);
});
