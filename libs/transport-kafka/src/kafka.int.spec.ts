import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EMPTY_FEED, eventsTopic, MessageError, nextDigest, type FeedRecord } from '#libs/messages';
import { Kafka, logLevel } from 'kafkajs';
import { kafkaAvailable, startKafka, type LocalKafka } from '../../local/src/kafka.js';
import { KafkaFeedSink, KafkaFeedSource } from './index.js';

const required = (process.env.LIANDONG_REQUIRE ?? '').includes('kafka');
const startable = required || kafkaAvailable();
const withBroker = process.env.KAFKA_BROKERS || startable ? describe : describe.skip;
const withOwnBroker = startable ? describe : describe.skip;

jest.setTimeout(180_000);

const quiet = () => undefined;

async function eventually(what: string, condition: () => boolean | Promise<boolean>, withinMs = 60_000): Promise<void> {
  for (const end = Date.now() + withinMs; !(await condition()); await sleep(20)) {
    if (Date.now() > end) throw new Error(`not within ${withinMs} ms: ${what}`);
  }
}

/** A feed with a name of its own, so that runs on one broker do not meet. */
class Feed {
  readonly name: string;
  readonly records: FeedRecord[] = [];

  constructor(name: string) {
    this.name = `region.${name}-${randomBytes(4).toString('hex')}`;
  }

  /** The next records, linked by their digests. */
  grow(count: number, text = ''): FeedRecord[] {
    const begin = this.records.length;
    for (let sequence = begin + 1; sequence <= begin + count; sequence++) {
      const record = {
        specversion: '1.0',
        id: `${this.name}/${sequence}`,
        source: '/liandong/province',
        type: 'cn.liandong.technology-contract.changed.v2',
        subject: `contracts/${sequence % 7}`,
        time: '2026-10-31T16:00:00.000Z',
        datacontenttype: 'application/json',
        data: { sequence, text },
        feed: this.name,
        feedsequence: sequence,
        replaces: Math.max(0, sequence - 7),
        occurredon: '2026-11-01',
        recordedat: '2026-11-02T03:04:05.678Z',
        actor: 'province',
        cause: 'contract.recognised.v1',
        stream: `contract-${sequence % 7}`,
      } as const;
      this.records.push({ ...record, digest: nextDigest(this.records.at(-1)?.digest ?? EMPTY_FEED, record) });
    }
    return this.records.slice(begin);
  }
}

/** A city's reader: drops what it has, refuses a gap, and checks that each record links to the one before. */
class Reader {
  readonly sequences: number[] = [];
  readonly troubles: unknown[] = [];
  last = 0;
  #digest = EMPTY_FEED;
  readonly #abort = new AbortController();
  #running: Promise<void> = Promise.resolve();

  start(brokers: string, feed: string, take = this.take): this {
    const source = new KafkaFeedSource({ brokers: [brokers], feed, groupId: `city-${feed}` });
    const onTrouble = (error: unknown) => this.troubles.push(error);
    this.#running = source.run(this.last, take, { signal: this.#abort.signal, onTrouble });
    return this;
  }

  readonly take = async (records: readonly FeedRecord[]): Promise<void> => {
    for (const record of records) {
      this.sequences.push(record.feedsequence);
      if (record.feedsequence <= this.last) continue;
      if (record.feedsequence > this.last + 1) throw new Error(`gap before ${record.feedsequence}`);
      const { digest, ...content } = record;
      this.#digest = nextDigest(this.#digest, content);
      if (this.#digest !== digest) throw new Error(`${record.feedsequence} is not the record that was sent`);
      this.last = record.feedsequence;
    }
  };

  async stop(): Promise<void> {
    this.#abort.abort();
    await this.#running;
  }
}

withBroker('feeds over Kafka', () => {
  let kafka: LocalKafka | undefined;
  let brokers: string;
  let dir: string;
  let sink: KafkaFeedSink;
  let client: Kafka;

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'liandong-kafka-'));
    if (!process.env.KAFKA_BROKERS) kafka = await startKafka({ dir, log: quiet });
    brokers = kafka?.brokers ?? process.env.KAFKA_BROKERS ?? '';
    client = new Kafka({ brokers: [brokers], logLevel: logLevel.NOTHING });
    sink = await KafkaFeedSink.open({ brokers: [brokers], clientId: 'spec', log: quiet });
  });

  afterAll(async () => {
    await sink?.close();
    await kafka?.stop();
    await rm(dir, { recursive: true, force: true });
  });

  it('carries several feeds, each exactly and in order, over topics of one partition', async () => {
    const feeds = ['xianyang', 'weinan', 'yulin'].map((name) => new Feed(name));
    for (let batch = 0; batch < 10; batch++) {
      const grown = feeds.map((feed) => feed.grow(40));
      // Interleaved, as a relay reads them.
      await sink.publish(Array.from({ length: 120 }, (_, i) => grown[i % 3]?.[Math.floor(i / 3)] as FeedRecord));
    }
    const readers = feeds.map(({ name }) => new Reader().start(brokers, name));
    await eventually('all read', () => readers.every(({ last }) => last === 400));
    await Promise.all(readers.map((reader) => reader.stop()));
    for (const { sequences } of readers) expect(sequences).toEqual(Array.from({ length: 400 }, (_, i) => i + 1));
    const admin = client.admin();
    await admin.connect();
    const { topics } = await admin.fetchTopicMetadata({ topics: feeds.map(({ name }) => eventsTopic(name)) });
    await admin.disconnect();
    expect(topics.map(({ partitions }) => partitions.length)).toEqual([1, 1, 1]);
  });

  it('keeps the order of publishes that do not wait for each other', async () => {
    const feed = new Feed('eager');
    await Promise.all(Array.from({ length: 20 }, () => sink.publish(feed.grow(5))));
    const reader = new Reader().start(brokers, feed.name);
    await eventually('all read', () => reader.last === 100);
    await reader.stop();
    expect(reader.sequences).toEqual(feed.records.map(({ feedsequence }) => feedsequence));
  });

  it('publishes more at once than a broker takes in one batch', async () => {
    const feed = new Feed('large');
    await sink.publish(feed.grow(400, '字'.repeat(2000)));
    const reader = new Reader().start(brokers, feed.name);
    await eventually('all read', () => reader.last === 400);
    await reader.stop();
  });

  it('hands the same records over again when they were not taken, and goes on after them', async () => {
    const feed = new Feed('unwilling');
    await sink.publish(feed.grow(3));
    const offered: number[][] = [];
    const reader = new Reader();
    reader.start(brokers, feed.name, async (records) => {
      offered.push(records.map(({ feedsequence }) => feedsequence));
      if (offered.length <= 3) throw new Error(`refused ${offered.length}`);
      await reader.take(records);
    });
    await eventually('taken', () => reader.last === 3);
    await sink.publish(feed.grow(2));
    await eventually('what follows taken', () => reader.last === 5);
    await reader.stop();
    expect(offered.slice(0, 4)).toEqual([1, 2, 3, 4].map(() => [1, 2, 3]));
    expect(reader.sequences).toEqual([1, 2, 3, 4, 5]);
    expect(reader.troubles.map(String)).toEqual(['Error: refused 1', 'Error: refused 2', 'Error: refused 3']);
  });

  it('goes on in the next run where the group has committed, and no further', async () => {
    const feed = new Feed('resuming');
    await sink.publish(feed.grow(10));
    const first = new Reader().start(brokers, feed.name);
    await eventually('read', () => first.last === 10);
    await first.stop();

    await sink.publish(feed.grow(5));
    const refusing = new Reader();
    refusing.start(brokers, feed.name, async () => Promise.reject(new Error('not now')));
    await eventually('refused', () => refusing.troubles.length > 1);
    await refusing.stop();

    const offered: number[] = [];
    const second = new Reader().start(brokers, feed.name, async (records) => {
      offered.push(...records.map(({ feedsequence }) => feedsequence));
    });
    await eventually('the rest read', () => offered.length >= 5);
    await second.stop();
    expect(offered).toEqual([11, 12, 13, 14, 15]);
  });

  it('ends promptly, and not before a take in hand is through', async () => {
    const feed = new Feed('ending');
    await sink.publish(feed.grow(1));
    const reader = new Reader();
    let release: (value?: unknown) => void = quiet;
    reader.start(brokers, feed.name, (records) =>
      new Promise((done) => (release = done)).then(() => reader.take(records)),
    );
    await eventually('in hand', () => release !== quiet);
    const stopped = reader.stop().then(() => 'ended');
    // Longer than the source waits for brokers at its end.
    expect(await Promise.race([stopped, sleep(2500, 'in hand')])).toBe('in hand');
    const begun = Date.now();
    release();
    await stopped;
    expect(Date.now() - begun).toBeLessThan(2500);
    expect(reader.last).toBe(1);
  });

  it('waits for a topic that is not there yet, and tells', async () => {
    const feed = new Feed('unborn');
    const reader = new Reader().start(brokers, feed.name);
    await eventually('told', () => reader.troubles.some((trouble) => String(trouble).includes(eventsTopic(feed.name))));
    await sink.publish(feed.grow(2));
    await eventually('read', () => reader.last === 2);
    await reader.stop();
  });

  it('reports messages that are no records of the feed, and passes them over', async () => {
    const feed = new Feed('foreign');
    const topic = eventsTopic(feed.name);
    await sink.publish(feed.grow(1));
    const producer = client.producer();
    await producer.connect();
    await producer.send({
      topic,
      messages: [
        { key: 'k', value: '{}' },
        { key: null, value: null },
      ],
    });
    await producer.disconnect();
    await sink.publish(feed.grow(1));
    const reader = new Reader().start(brokers, feed.name);
    await eventually('read', () => reader.last === 2);
    await reader.stop();
    expect(reader.troubles).toEqual([expect.any(MessageError), expect.any(MessageError)]);
    expect(reader.troubles.map(String)).toEqual([1, 2].map((at) => expect.stringContaining(`${topic}@${at} `)));
  });

  it('refuses a topic whose partitions would break the order', async () => {
    const feed = new Feed('parted');
    const admin = client.admin();
    await admin.connect();
    await admin.createTopics({ topics: [{ topic: eventsTopic(feed.name), numPartitions: 2 }] });
    await admin.disconnect();
    await expect(sink.publish(feed.grow(1))).rejects.toThrow('has 2 partitions');
  });
});

withOwnBroker('a broker that fails', () => {
  let kafka: LocalKafka;
  let dir: string;
  let sink: KafkaFeedSink;

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'liandong-kafka-'));
    kafka = await startKafka({ dir, log: quiet });
    sink = await KafkaFeedSink.open({ brokers: [kafka.brokers], clientId: 'spec', log: quiet, requestTimeoutMs: 500 });
  });

  afterEach(async () => {
    await sink?.close();
    await kafka?.stop();
    await rm(dir, { recursive: true, force: true });
  });

  it('killed under load, loses nothing that was acknowledged and keeps the order of each feed', async () => {
    const { brokers, pid } = kafka;
    const feeds = ['a', 'b', 'c'].map((name) => new Feed(name));
    let acknowledged = 0;
    let refusals = 0;
    let writing = true;
    // As a relay does: what was not acknowledged is published again, together with what has come since.
    const writer = (async () => {
      while (writing) {
        for (const feed of feeds) feed.grow(5);
        const upTo = feeds[0]?.records.length ?? 0;
        try {
          await sink.publish(feeds.flatMap(({ records }) => records.slice(acknowledged, upTo)));
          acknowledged = upTo;
        } catch {
          refusals++;
        }
      }
    })();
    const readers = feeds.map(({ name }) => new Reader().start(brokers, name));
    try {
      await eventually('records flow', () => readers.every(({ last }) => last > 100));

      await kafka.kill();
      expect(() => process.kill(pid, 0)).toThrow('ESRCH');
      await eventually('the writer was refused', () => refusals > 0);
      await eventually('every reader told', () => readers.every(({ troubles }) => troubles.length > 0));
      const before = acknowledged;

      kafka = await startKafka({ dir, port: Number(brokers.split(':')[1]), log: quiet });
      await eventually('acknowledged again', () => acknowledged > before + 100);
      writing = false;
      await writer;
      // `last` grows only by the very next record with the right digest: each feed came whole and in order.
      await eventually('all acknowledged read', () => readers.every(({ last }) => last >= acknowledged));
    } finally {
      writing = false;
      await Promise.all([writer, ...readers.map((reader) => reader.stop())]);
    }
  });

  it('frozen while it stores, gets what it did not acknowledge again with what has come since', async () => {
    const feed = new Feed('frozen');
    const topic = eventsTopic(feed.name);
    await sink.publish(feed.grow(1));
    process.kill(kafka.pid, 'SIGSTOP');
    await expect(sink.publish(feed.grow(1))).rejects.toThrow();
    process.kill(kafka.pid, 'SIGCONT');
    // The fault that was wanted: stored, though the writer was refused. kafkajs would now use its sequence number again.
    const admin = new Kafka({ brokers: [kafka.brokers], logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    // A broker that was away for longer than its session is for a moment the leader of nothing.
    const offsets = () => admin.fetchTopicOffsets(topic).catch(() => []);
    await eventually('stored', async () => (await offsets())[0]?.high === '2');
    await admin.disconnect();

    feed.grow(1);
    await sink.publish(feed.records.slice(1));
    const reader = new Reader().start(kafka.brokers, feed.name);
    await eventually('all read', () => reader.last === 3);
    await reader.stop();
  });
});
