import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { BuildStatus, ParkedKey } from '#libs/eventing-postgres';
import { localToken } from './local-token.js';

/** `npm run projections -- …`: where the projections of a running platform stand, and what to do about it. */
const USAGE = `用法 usage: npm run projections -- status
                                rebuild PROJECTION      从头重建，完成后替换 (built anew beside, then put in its place)
                                discard PROJECTION      放弃重建
                                park PROJECTION KEY     暂停一个键
                                resume PROJECTION [KEY] 重试暂停的键
  --url URL    平台地址，缺省 http://127.0.0.1:3000
  --data DIR   npm start 的数据目录；其他部署设置 LIANDONG_TOKEN (role province)`;

interface Status {
  readonly watermarkAgeSeconds: number | null;
  readonly builds: readonly (BuildStatus & { progress: number; lagSeconds: number; secondsLeft: number | null })[];
  readonly parked: readonly ParkedKey[];
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { url: { type: 'string', default: 'http://127.0.0.1:3000' }, data: { type: 'string' } },
});
const [what = 'status', projection, key] = positionals;

async function call<T>(path = '', body?: object): Promise<T> {
  const token = process.env['LIANDONG_TOKEN'] ?? (await localToken('province', undefined, values.data));
  const response = await fetch(`${values.url}/api/v1/operations/projections${path}`, {
    method: body ? 'POST' : 'GET',
    headers: { authorization: `Bearer ${token}`, ...(body ? { 'content-type': 'application/json' } : {}) },
    body: body && JSON.stringify(body),
  }).catch((error: Error) => {
    throw new Error(`无法连接 ${values.url}：平台是否在运行？(is the platform running?) ${error.message}`);
  });
  const answer = (await response.json()) as { detail?: string; detailEn?: string };
  if (!response.ok) throw new Error(`${answer.detail} (${answer.detailEn})`);
  return answer as T;
}

const percent = (share: number) => `${(share * 100).toFixed(1)} %`;

function show({ builds, parked, watermarkAgeSeconds }: Status): void {
  for (const { projection: name, build, version, owner, progress, lagSeconds, secondsLeft, outcome } of builds) {
    const behind = lagSeconds === 0 ? '' : `  落后 ${lagSeconds.toFixed(1)} s behind`;
    const left = secondsLeft === null ? '' : `  约剩 ${secondsLeft} s left`;
    const end = outcome === null ? '' : `  ${JSON.stringify(outcome)}`;
    console.log(
      `${name.padEnd(14)}${build.padEnd(6)}v${version}  ${percent(progress).padStart(8)}  ${owner ?? '—'}${behind}${left}${end}`,
    );
  }
  if (watermarkAgeSeconds !== null)
    console.log(`未结束的事务使读者等待 readers held back for ${watermarkAgeSeconds} s`);
  for (const { projection: name, build, key: held, events, reason, since } of parked) {
    console.log(`暂停 parked: ${name} (${build}) ${held}  ${events} 个事件 events, ${since}: ${reason}`);
  }
}

/** Until the new build is in its place, or is not put there. */
async function watch(name: string): Promise<void> {
  for (let last = ''; ; await delay(1_000)) {
    const { builds } = await call<Status>();
    const next = builds.find((b) => b.projection === name && b.build === 'next');
    if (next?.outcome) {
      throw new Error(
        `结果不同，未替换 (it came out differently and is not put in place): ${JSON.stringify(next.outcome)}`,
      );
    }
    if (!next) {
      const live = builds.find((b) => b.projection === name);
      return console.log(`已替换 in its place: ${JSON.stringify(live?.outcome)}`);
    }
    const line = `${name}: ${percent(next.progress)}${next.secondsLeft === null ? '' : `，约剩 ${next.secondsLeft} s left`}`;
    if (line !== last) console.log(line);
    last = line;
  }
}

async function main(): Promise<void> {
  if (what === 'status') return show(await call<Status>());
  if (!['rebuild', 'discard', 'park', 'resume'].includes(what) || projection === undefined) throw new Error(USAGE);
  await call(`/${what}`, key === undefined ? { projection } : { projection, key });
  if (what === 'rebuild') return watch(projection);
  console.log('已请求 asked');
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exit(1);
});
