import { exec, fork, spawn } from 'node:child_process';
import { randomInt, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { EventStoreDBStore } from '#libs/eventing-eventstoredb';
import { freePort } from '#libs/local';
import { anEvent, openProxy, type TcpProxy } from '#libs/testing';
import { journey } from '../histories/journey.js';
import { auditor, basis, operator, startTestPlatform, type TestPlatform } from '../test-platform.js';
import { until } from '../until.js';

/**
 * The whole platform on an EventStoreDB server. A server has one log and the platform one province, so that every run gives
 * its commands the same keys: on a server that has seen them they are repeated, not refused.
 */
const server = process.env['EVENTSTOREDB_URL'];
/** A shell command that restarts the server, such as `docker restart eventstoredb`. */
const restart = process.env['EVENTSTOREDB_RESTART'];
const PERIOD = 'from=2023-01-01&to=2024-01-01';
const FIGURES = [
  'topology',
  'carriers/coverage',
  `figures/capacity?${PERIOD}`,
  `figures/sharing?${PERIOD}`,
  `figures/flows?${PERIOD}&per=month`,
];
const CLIENTS = 8;
const USES = 240;

jest.setTimeout(300_000);

(server ? describe : describe.skip)('the platform on EventStoreDB', () => {
  let proxy: TcpProxy;
  let url: string;
  let platform: TestPlatform;
  let token: string;

  beforeAll(async () => {
    const [, front, host, port, rest] = /^(esdb:\/\/(?:[^@/]*@)?)([^:,/?@]+)(?::(\d+))?(.*)$/.exec(server!) ?? [];
    if (!front || !host) throw new Error('EVENTSTOREDB_URL must name one host: its connections are cut');
    proxy = await openProxy(host, Number(port ?? 2113));
    url = `${front}127.0.0.1:${proxy.port}${rest}`;
    platform = await startTestPlatform({ EVENT_STORE: 'eventstoredb', EVENTSTOREDB_URL: url });
    token = await withKeys(platform);
  });

  afterAll(async () => {
    await platform?.close();
    await proxy?.close();
  });

  it('answers the same figures and gives the same feed as on PostgreSQL', async () => {
    const postgres = await startTestPlatform();
    try {
      const there = await told(postgres, await withKeys(postgres));
      const here = await told(platform, token);
      expect(here.feed.length).toBeGreaterThan(20);
      expect(here).toEqual(there);
    } finally {
      await postgres.close();
    }
  });

  it('npm start takes it, and says so', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'liandong-esdb-'));
    const [port, cityPort] = [await freePort(), await freePort()];
    const env = {
      ...process.env,
      PORT: String(port),
      SUB_PLATFORM_PORT: String(cityPort),
      KAFKA_BROKERS: '',
      EVENT_STORE: 'eventstoredb',
      EVENTSTOREDB_URL: server,
    };
    const main = join(__dirname, '..', '..', 'dist', 'apps', 'embedded', 'src', 'main.js');
    const child = spawn(process.execPath, [main, '--empty', '--data', dir], { env });
    const gone = once(child, 'exit');
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += String(chunk)));
    await until('the start', async () => child.exitCode !== null || output.includes('联动已就绪'), 120_000);
    expect(output).toMatch(/事件库 event store {5}EventStoreDB \S+/);
    // The city of this start hears what is in the server's log.
    await until('the feed', async () => {
      const feed = (await (await fetch(`http://127.0.0.1:${cityPort}/api/v1/feed`)).json()) as { sequence: number };
      return feed.sequence > 20;
    });
    child.kill('SIGINT');
    expect(await gone).toEqual([0, null]);
    await rm(dir, { recursive: true, force: true });
  });

  it('with its connections cut again and again, has every acknowledged command once', async () => {
    let cuts = 0;
    await underFault(async () => {
      proxy.cut();
      cuts++;
    });
    expect(cuts).toBeGreaterThanOrEqual(5);
  });

  // Absent rather than skipped: to be run alone, since suites beside it would lose their server.
  if (restart) {
    it('with the server restarted under load, has every acknowledged command once', async () => {
      let looked = 0;
      await underFault(async () => {
        if (looked++ === 0) await promisify(exec)(restart);
      });
      expect(looked).toBeGreaterThan(0);
    });
  }

  it('a slow consumer gets everything in order, while it holds only a part of it in memory', async () => {
    const [type, kilobytes, events] = [`slow.${randomUUID()}`, 8, 8_000];
    const store = await EventStoreDBStore.open({ url });
    const { position } = await store.append(`slow-${randomUUID()}`, 'no-stream', [anEvent('slow.mark', {})]);
    const child = fork(join(__dirname, 'eventstoredb-slow-consumer.mjs'), [server!, position, type, String(events)], {
      execArgv: ['--expose-gc'],
    });
    const gone = once(child, 'exit');
    const says = async () =>
      (await once(child, 'message'))[0] as { drops: number; heldBytes: number; inOrder: boolean };
    await says();
    const stream = `slow-${randomUUID()}`;
    for (let n = 0; n < events; n += 50) {
      const batch = Array.from({ length: 50 }, (_, i) =>
        anEvent(type, { n: n + i, filler: 'x'.repeat(kilobytes * 1024) }),
      );
      await store.append(stream, n === 0 ? 'no-stream' : n - 1, batch);
    }
    await store.close();
    const answer = says();
    child.send('go on');
    const { heldBytes, inOrder } = await answer;
    expect(inOrder).toBe(true);
    expect(heldBytes / 1024 / 1024).toBeLessThan((events * kilobytes) / 1024 / 2);
    await gone;
  });

  /** Clients record uses of an instrument of their own, in a year of their own, while the fault comes again and again. */
  async function underFault(fault: () => Promise<void>): Promise<void> {
    const [instrument, year] = [`fault-${randomUUID().slice(0, 8)}`, randomInt(3000, 9000)];
    const by = operator('xianyang');
    const on = `${year}-05-05`;
    await platform.done(by, 'sharing/network-instrument', {
      on,
      instrument,
      name: 'n',
      owner: 'xianyang',
      units: 1000,
      originalValueFen: 1,
      basis,
    });
    const acknowledged = new Map<string, number>();
    const clients = Array.from({ length: CLIENTS }, async (_, client) => {
      for (let n = client; n < USES; n += CLIENTS) {
        const use = `u-${n}`;
        const body = { on, instrument, use, using: 'xixian', hours: 1.25, sharing: 'external' };
        const key = { 'idempotency-key': `${instrument}-${use}` };
        // 503 says that nobody knows: the same key again settles it.
        const { body: receipt } = await until(
          `an answer to ${use}`,
          async () => {
            const answer = await platform.send(by, 'POST', '/api/v1/sharing/record-use', body, key);
            expect([200, 503]).toContain(answer.status);
            return answer.status === 200 && answer;
          },
          120_000,
        );
        acknowledged.set(use, receipt.revision);
      }
    });
    const load = Promise.all(clients);
    for (let next = 30; next < USES; next += 30) {
      await until(`${next} answers`, async () => acknowledged.size >= next, 120_000);
      await fault();
    }
    await load;

    const { body: history } = await platform.send(auditor, 'GET', `/api/v1/streams/resource-${instrument}?limit=1000`);
    const stored = (history.events as { type: string; revision: number; data: { use: string } }[])
      .filter(({ type }) => type === 'use.recorded.v2')
      .map(({ data, revision }) => [data.use, revision]);
    expect(stored).toHaveLength(USES);
    expect(new Map(stored as [string, number][])).toEqual(acknowledged);

    const figure = `/api/v1/figures/sharing?from=${year}-01-01&to=${year + 1}-01-01`;
    await until('the figure', async () => (await platform.send(auditor, 'GET', figure)).body.total.uses >= USES);
    expect((await platform.send(auditor, 'GET', figure)).body.total).toMatchObject({ uses: USES, effectiveHours: 300 });
    const records = await until('the feed', async () => {
      const all = await feedOf(platform);
      return all.filter(({ data }) => data.instrument === instrument && data.use).length >= USES && all;
    });
    expect(records.map(({ feedsequence }) => feedsequence)).toEqual(records.map((_, n) => n + 1));
    const uses = records.filter(({ data }) => data.instrument === instrument && data.use).map(({ data }) => data.use);
    expect(new Set(uses).size).toBe(uses.length);
  }
});

/** The journey under keys that are the same in every run; the token of its last command. */
async function withKeys(platform: TestPlatform): Promise<string> {
  let n = 0;
  let token = '';
  await journey({
    ...platform,
    async done(by, path, body) {
      const answer = await platform.done(by, path, body, { 'idempotency-key': `eventstoredb-journey-${n++}` });
      token = answer.headers.get('consistency-token')!;
      return answer;
    },
  });
  return token;
}

interface Told {
  readonly feedsequence: number;
  readonly type: string;
  readonly data: { readonly instrument?: string; readonly use?: string };
}

async function feedOf(platform: TestPlatform): Promise<Told[]> {
  const records: Told[] = [];
  for (;;) {
    const path = `/api/v1/feeds/region.xianyang?after=${records.length}&limit=1000`;
    const { body } = await platform.send(operator('xianyang'), 'GET', path);
    records.push(...(body.records as Told[]));
    if (records.length >= body.last.sequence) return records;
  }
}

/** The figures, and what the city is told of the journey, once all of it is there. */
async function told(platform: TestPlatform, token: string) {
  const feed = await until('the end of the journey', async () => {
    const records = await feedOf(platform);
    const end = records.findIndex((record) => JSON.stringify(record).includes('"refused"'));
    return end >= 0 && records.slice(0, end + 1).map(({ feedsequence, type, data }) => ({ feedsequence, type, data }));
  });
  const figures = [];
  for (const question of FIGURES) {
    const current = await until(question, async () => {
      const headers = { 'consistency-token': token };
      const answer = await platform.send(auditor, 'GET', `/api/v1/${question}`, undefined, headers);
      return answer.headers.get('consistency') === 'current' && answer;
    });
    figures.push(current.body);
  }
  return { feed, figures };
}
