// P10: a real command, from the socket to the disk and back.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Pool } from 'undici';
import { issueToken, localKey } from '../../dist/libs/auth/src/index.js';
import { PostgresStore } from '../../dist/libs/eventing-postgres/src/index.js';
import { freePort } from '../../dist/libs/local/src/index.js';
import { hammer, percentile, PROFILES, tellProfile } from './measure.mjs';
import { event } from './sides.mjs';

const CLIENTS = 32;
/** As many connections as the platform's store takes by default, for the peer too. */
const CONNECTIONS = 10;
const PLATFORM = fileURLToPath(new URL('../../dist/apps/platform/src/main.js', import.meta.url));
const PEER = fileURLToPath(new URL('./http-peer.mjs', import.meta.url));

const basis = { document: '秦创原创新驱动平台建设2023年工作要点', clause: '一、2' };

/** A technology contract as its output side files it: one command, one event, on a stream of its own. */
const contract = (id) => ({
  on: '2023-05-01',
  contract: id,
  title: '示例技术开发合同',
  type: 'development',
  output: 'xixian',
  absorbing: 'xianyang',
  amountFen: 50_000_000,
});

export const command = {
  id: 'P10',
  what: `a command over HTTP, ${CLIENTS} clients`,
  unit: 'commands/s',
  peerName: 'Nest on Express, TypeORM save',
  limitName: 'append',
  peer: { atLeast: 4 },
  limit: { atLeast: 0.8 },
  measured: `The platform's own process, with its default roles, takes \`contracts/file-contract\`: token, body, decision and append,
each to a new stream; its projectors and the region feed run beside it, as they do for its users. The peer is a process of Nest on
Express that checks the same body with class-validator and saves one row with TypeORM's \`save\`, whose key the server makes so that
nothing is read before; it has no token to check and nothing to project. Both have ${CONNECTIONS} connections and get their requests from the
same undici pool of ${CLIENTS} sockets in the benchmark's process, which takes its share of the machine. The limit is \`append\` in the
benchmark's process by ${CLIENTS} clients, each to a new stream, on ${CONNECTIONS} connections. "Application" is the server's process.`,
  shortfall: `The platform is one thread, which is busy all the time. By profile, without its start, 29 % is pg (more than half of it the system call that
sends a statement and wakes the server; statements are shared: seven for ten commands), 13 % Node's HTTP, 10 % Fastify and Nest, 10 %
class-validator and class-transformer, 7 % the region feed that numbers and digests the record for two cities beside it, 7 % the executor, 5 %
the store, 4 % canonical JSON, 3 % garbage collection. By the CPU times below even both cores, with nothing left for the client, would carry
about 3 000 commands a second; for 0.8 of what append allows, all that is around the append would have to cost 0.1 ms. The peer does
not check a token, read the structure, keep a history, project or feed.`,
  async open({ meter, database, seconds, profile }) {
    const dir = await mkdtemp(join(tmpdir(), 'liandong-bench-'));
    const keyFile = join(dir, 'issuer.jwk.json');
    const key = await localKey(keyFile);
    const platform = await start(PLATFORM, { DATABASE_URL: await database('P10'), AUTH_LOCAL_KEY: keyFile }, profile);
    const peer = await start(PEER, { DATABASE_URL: await database('P10_peer'), CONNECTIONS: String(CONNECTIONS) });
    const store = await PostgresStore.open({ url: await database('P10_limit'), connections: CONNECTIONS });

    const by = async (role, region) => ({
      authorization: `Bearer ${await issueToken(key, { id: `bench-${role}`, role, region })}`,
    });
    const province = await by('province');
    const region = (name, level, parent) =>
      platform.post(
        '/api/v1/topology/register-region',
        { on: '2023-01-01', region: name, name, level, parent, basis },
        province,
      );
    await region('shaanxi', 'province');
    for (const city of ['xixian', 'xianyang']) await region(city, 'city', 'shaanxi');
    const operator = await by('operator', 'xixian');

    const during = (work, pid) =>
      meter.timed(async () => {
        const { operations, latenciesMs } = await hammer(CLIENTS, seconds, work);
        return { operations, p50Ms: percentile(latenciesMs, 0.5) };
      }, pid);
    const file = (to, path, headers) => (round) =>
      during((client, n) => to.post(path, contract(`c-${round + 1}-${client}-${n}`), headers), to.pid);
    return {
      ours: file(platform, '/api/v1/contracts/file-contract', operator),
      peer: file(peer, '/contracts', {}),
      limit: (round) => during((client, n) => store.append(`c-${round}-${client}-${n}`, 'no-stream', [event(n)])),
      async close() {
        await platform.stop();
        await peer.stop();
        await store.close();
        await rm(dir, { recursive: true, force: true });
      },
    };
  },
};

/** A server process, and CLIENTS sockets to it. */
async function start(program, settings, profile = false) {
  const child = fork(program, {
    env: { ...process.env, NODE_ENV: 'production', HOST: '127.0.0.1', PORT: String(await freePort()), ...settings },
    // As `npm start` does; for the peer, too.
    execArgv: [
      '--max-semi-space-size=64',
      ...(profile ? ['--cpu-prof', `--cpu-prof-dir=${PROFILES}`, '--cpu-prof-name=P10.cpuprofile'] : []),
    ],
  });
  const [{ url }] = await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([code]) => {
      throw new Error(`${program} ended with exit code ${code}; the lines above say why`);
    }),
  ]);
  const pool = new Pool(url, { connections: CLIENTS, pipelining: 1 });
  return {
    pid: child.pid,
    async post(path, body, headers) {
      const answer = await pool.request({
        method: 'POST',
        path,
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      });
      const text = await answer.body.text();
      if (answer.statusCode >= 300) throw new Error(`${path}: ${answer.statusCode} ${text}`);
    },
    async stop() {
      await pool.close();
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      await gone;
      if (profile) tellProfile(join(PROFILES, 'P10.cpuprofile'));
    },
  };
}
