import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kafka, logLevel } from 'kafkajs';
import type { CityStatus } from '#libs/city';
import { kafkaAvailable, startKafka, type LocalKafka } from '#libs/local';
import { eventsTopic } from '#libs/messages';
import { createTestDatabase, type TestDatabase } from '#libs/testing';
import { readCityConfig } from '../../apps/sub-platform/src/config.js';
import { startSubPlatform, type SubPlatform } from '../../apps/sub-platform/src/sub-platform.js';
import { journey } from '../histories/journey.js';
import { operator, startTestPlatform, type TestPlatform } from '../test-platform.js';
import { until } from '../until.js';

const external = process.env['KAFKA_BROKERS'];
const required = (process.env['LIANDONG_REQUIRE'] ?? '').includes('kafka');
const kafkaTests = external !== undefined || required || kafkaAvailable() ? describe : describe.skip;

kafkaTests('a city over Kafka', () => {
  let kafka: LocalKafka | undefined;
  let brokers: string;
  let dir: string;
  let platform: TestPlatform;
  let database: TestDatabase;
  let city: SubPlatform;

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'liandong-kafka-'));
    if (external === undefined) kafka = await startKafka({ dir, log: () => undefined });
    brokers = external ?? kafka!.brokers;
    platform = await startTestPlatform({ KAFKA_BROKERS: brokers });
    database = await createTestDatabase();
    const config = readCityConfig({
      REGION: 'xianyang',
      DATABASE_URL: database.url,
      PROVINCE_URL: platform.url,
      PROVINCE_TOKEN: await platform.token({ role: 'sub-platform', region: 'xianyang' }),
      KAFKA_BROKERS: brokers,
      PORT: '0',
    });
    city = await startSubPlatform(config, () => undefined);
  }, 120_000);

  afterAll(async () => {
    await city?.stop();
    await platform?.close();
    await database?.drop();
    await kafka?.stop();
    await rm(dir, { recursive: true, force: true });
  }, 60_000);

  const get = async (path: string) => (await fetch(`${city.url}${path}`)).json();

  it('receives what concerns it over its topic, in order, and ends with the digest of the province', async () => {
    await journey(platform);
    const told = async () =>
      (await platform.send(operator('xianyang'), 'GET', '/api/v1/feeds/region.xianyang?limit=1000')).body;
    // The last event of the journey concerns xianyang: once it is in the feed, so is everything before it.
    const page = await until('the feed has the end of the journey', async () => {
      const feed = await told();
      return JSON.stringify(feed.records).includes('contract.filing-reversed.v1') ? feed : undefined;
    });
    expect(page.records.map((r: { feedsequence: number }) => r.feedsequence)).toEqual(
      Array.from({ length: page.last.sequence }, (_, i) => i + 1),
    );
    const { status, reference } = await until('the city has both feeds', async () => {
      const status = (await get('/api/v1/feed')) as CityStatus;
      // A process may still tell everyone of a link.
      const { body: reference } = await platform.send(
        operator('xianyang'),
        'GET',
        '/api/v1/feeds/reference?limit=1000',
      );
      const both = status.sequence === page.last.sequence && status.reference.sequence === reference.last.sequence;
      return both && { status, reference };
    });
    expect(status).toMatchObject({
      transport: 'kafka',
      digest: page.last.digest,
      reference: { digest: reference.last.digest },
    });

    // It came over Kafka: the topics hold each of the records.
    const admin = new Kafka({ brokers: brokers.split(','), logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    for (const { feed, last } of [page, reference]) {
      const [partition] = await admin.fetchTopicOffsets(eventsTopic(feed));
      expect(Number(partition!.high)).toBeGreaterThanOrEqual(last.sequence);
    }
    await admin.disconnect();

    const { items: carriers } = (await get('/api/v1/carriers')) as { items: { carrier: string; status: string }[] };
    expect(carriers.map((c) => [c.carrier, c.status])).toEqual([
      ['enclave', 'open'],
      ['xianyang-incubator', 'open'],
    ]);
    const { items: contracts } = (await get('/api/v1/contracts')) as { items: { contract: string; status: string }[] };
    expect(contracts.map((c) => [c.contract, c.status])).toEqual([
      ['tc-1', 'recognised'],
      ['tc-2', 'reversed'],
      ['tc-3', 'refused'],
      ['tc-4', 'withdrawn'],
    ]);
  }, 120_000);

  it('a city is told nothing that does not concern it', async () => {
    const { body } = await platform.send(operator('baoji'), 'GET', '/api/v1/feeds/region.baoji?limit=1000');
    expect(body.records).toEqual([]);
    const { status } = await platform.send(operator('baoji'), 'GET', '/api/v1/feeds/region.xianyang');
    expect(status).toBe(403);
  });
});
