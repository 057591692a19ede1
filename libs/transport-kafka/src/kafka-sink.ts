import { eventsTopic, type FeedRecord, type FeedSink } from '#libs/messages';
import type { Kafka, Producer, TopicMessages } from 'kafkajs';
import { kafkaClient } from './client.js';
import { toMessage, type CloudEventMessage } from './cloud-event.js';

export interface KafkaSinkOptions {
  /** `host:port` of some brokers of the cluster. */
  readonly brokers: readonly string[];
  readonly clientId: string;
  readonly log: (line: string) => void;
  /** Copies of each topic that the sink creates; unless told, 3 or as many as there are brokers. */
  readonly replicationFactor?: number;
  /** How long one answer of a broker may take, 5000 unless told; a publish is rejected after several such attempts. */
  readonly requestTimeoutMs?: number;
}

/** Bytes of one topic in one request. kafkajs makes one record batch of them, and brokers refuse one above 1 MiB. */
const BATCH_BYTES = 900_000;
/** Bytes of one request over all topics; well below what brokers accept (100 MiB), and sent within the request timeout. */
const REQUEST_BYTES = 16_000_000;

/** Writes feeds to Kafka, each to its own topic of one partition, and creates topics that are missing. */
export class KafkaFeedSink implements FeedSink {
  readonly #kafka: Kafka;
  #producer: Promise<Producer> | undefined;
  /** Topics known to be there and to have one partition. */
  #topics = new Set<string>();
  #last: Promise<void> = Promise.resolve();
  #closed = false;

  private constructor(private readonly options: KafkaSinkOptions) {
    this.#kafka = kafkaClient({ ...options, onLog: (line) => options.log(line) });
  }

  /** Brokers that cannot be reached are told of, not thrown: the province goes on without them, and each publish tries again. */
  static async open(options: KafkaSinkOptions): Promise<KafkaFeedSink> {
    const sink = new KafkaFeedSink(options);
    await sink.#connected().catch((error: unknown) => {
      options.log(`Kafka 暂不可达，将继续重试 (not reachable yet, goes on trying): ${String(error)}`);
      sink.#startAfresh();
    });
    return sink;
  }

  /**
   * One at a time, also when callers do not wait: an overtaking request would break a feed's order. So when one fails,
   * those that already wait behind it fail with it.
   */
  publish(records: readonly FeedRecord[]): Promise<void> {
    const turn = this.#last.then(() => this.#publish(records));
    this.#last = turn;
    turn.catch(() => {
      if (this.#last === turn) this.#last = Promise.resolve();
    });
    return turn;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#last.catch(() => undefined);
    await this.#producer?.then((producer) => producer.disconnect()).catch(() => undefined);
  }

  async #publish(records: readonly FeedRecord[]): Promise<void> {
    if (this.#closed) throw new Error('the sink is closed');
    if (records.length === 0) return;
    try {
      await this.#prepare([...new Set(records.map((record) => eventsTopic(record.feed)))]);
      const producer = await this.#connected();
      for (const request of requests(records)) await send(producer, request);
    } catch (error) {
      this.#startAfresh();
      throw error;
    }
  }

  /**
   * After a failure nobody knows what the broker has stored, but kafkajs takes its sequence numbers back. Its next batch
   * would wear those of the failed one: stored and of the same size, the broker would take the new one for a repetition,
   * acknowledge and drop it; of another size, it would refuse this and everything after it. A new producer has numbers of its own;
   * it may store something twice, which readers drop by `feedsequence`.
   */
  #startAfresh(): void {
    this.#producer?.then((producer) => producer.disconnect()).catch(() => undefined);
    this.#producer = undefined;
    this.#topics = new Set();
  }

  #connected(): Promise<Producer> {
    this.#producer ??= (async () => {
      const producer = this.#kafka.producer({
        idempotent: true,
        maxInFlightRequests: 1,
        allowAutoTopicCreation: false,
        createPartitioner: () => () => 0,
      });
      await producer.connect();
      return producer;
    })();
    return this.#producer;
  }

  async #prepare(topics: string[]): Promise<void> {
    const unknown = topics.filter((topic) => !this.#topics.has(topic));
    if (unknown.length === 0) return;
    const admin = this.#kafka.admin();
    await admin.connect();
    try {
      // Asked first: a relay that may not create topics must get along with those that were made for it.
      const existing = new Set(await admin.listTopics());
      const missing = unknown.filter((topic) => !existing.has(topic));
      if (missing.length > 0) {
        const { brokers } = await admin.describeCluster();
        const replicationFactor = this.options.replicationFactor ?? Math.min(3, brokers.length);
        // Of three copies two must have a record before it is acknowledged; otherwise one lost disk could lose it.
        const copies = { name: 'min.insync.replicas', value: replicationFactor >= 3 ? '2' : '1' };
        await admin.createTopics({
          topics: missing.map((topic) => ({ topic, numPartitions: 1, replicationFactor, configEntries: [copies] })),
        });
      }
      const { topics: found } = await admin.fetchTopicMetadata({ topics: unknown });
      for (const { name, partitions } of found) {
        if (partitions.length !== 1) {
          throw new Error(`topic ${name} has ${partitions.length} partitions; the order of a feed needs exactly one`);
        }
      }
    } finally {
      await admin.disconnect().catch(() => undefined);
    }
    for (const topic of unknown) this.#topics.add(topic);
  }
}

type Request = Map<string, CloudEventMessage[]>;

/** Cuts records into requests that brokers accept, the order of each feed kept. */
function* requests(records: readonly FeedRecord[]): Generator<Request> {
  let request: Request = new Map();
  let bytes = 0;
  const bytesOf = new Map<string, number>();
  for (const record of records) {
    const topic = eventsTopic(record.feed);
    const message = toMessage(record);
    const size = sizeOf(message);
    const inTopic = (bytesOf.get(topic) ?? 0) + size;
    if (bytes > 0 && (inTopic > BATCH_BYTES || bytes + size > REQUEST_BYTES)) {
      yield request;
      request = new Map();
      bytes = 0;
      bytesOf.clear();
    }
    const messages = request.get(topic);
    if (messages) messages.push(message);
    else request.set(topic, [message]);
    bytesOf.set(topic, (bytesOf.get(topic) ?? 0) + size);
    bytes += size;
  }
  if (bytes > 0) yield request;
}

/** Never less than what the message takes on the wire. */
function sizeOf({ key, value, headers }: CloudEventMessage): number {
  let characters = key.length;
  for (const name in headers) characters += name.length + (headers[name]?.length ?? 0) + 4;
  return value.length + 3 * characters + 64;
}

async function send(producer: Producer, request: Request): Promise<void> {
  const topicMessages: TopicMessages[] = [...request].map(([topic, messages]) => ({ topic, messages }));
  const acknowledged = new Set(
    (await producer.sendBatch({ acks: -1, topicMessages })).map(({ topicName }) => topicName),
  );
  // kafkajs forgets a topic whose leader moves, in the middle of a retry, to a broker that has already answered for others,
  // and resolves. What nobody answered for is not stored.
  const forgotten = topicMessages.filter(({ topic }) => !acknowledged.has(topic));
  if (forgotten.length > 0) throw new Error(`not acknowledged: ${forgotten.map(({ topic }) => topic).join(', ')}`);
}
