import { setTimeout as sleep } from 'node:timers/promises';
import { eventsTopic, MessageError, type FeedRecord, type FeedSource } from '#libs/messages';
import type { Batch, Consumer, EachBatchPayload } from 'kafkajs';
import { kafkaClient } from './client.js';
import { fromMessage } from './cloud-event.js';

export interface KafkaSourceOptions {
  /** `host:port` of some brokers of the cluster. */
  readonly brokers: readonly string[];
  /** `reference`, or `region.<region>`. */
  readonly feed: string;
  /** Keeps the place in the feed. Of several readers with the same group one gets the records, the others stand by. */
  readonly groupId: string;
}

/** How long a reader may be silent before the group gives its place away, and how often it speaks; milliseconds. */
const SESSION_MS = 10_000;
const HEARTBEAT_MS = 3000;
/** The longest that a fetch waits for news, and so that a healthy end takes; milliseconds. */
const FETCH_WAIT_MS = 500;
/** The longest that the end waits for brokers to be told; milliseconds. */
const GOODBYE_MS = 2000;

type Take = Parameters<FeedSource['run']>[1];

/**
 * A feed from Kafka, as a consumer group that commits only what `take` has resolved for.
 *
 * A message that is no record of the feed is reported as a `MessageError` and passed over. Waiting for it would stop the
 * feed for good, as a stored message never gets better; and nothing is lost by it, because the reader misses its
 * `feedsequence` and refills that over HTTP.
 */
export class KafkaFeedSource implements FeedSource {
  constructor(private readonly options: KafkaSourceOptions) {}

  /** The group keeps the place, so `after` is not needed: what the reader has beyond it, it drops. */
  async run(
    _after: number,
    take: Take,
    { signal, onTrouble = () => undefined }: Parameters<FeedSource['run']>[2],
  ): Promise<void> {
    const backoff = new Backoff(signal);
    while (!signal.aborted) {
      try {
        await this.#consume(take, backoff, signal, onTrouble);
      } catch (error) {
        onTrouble(error);
        await backoff.wait();
      }
    }
  }

  /**
   * Consumes until the signal aborts, and rejects when the consumer has died. Each time with a consumer of its own: kafkajs
   * restarts one that crashed only for errors that it holds to be worth it, and stays silent for ever after the others.
   */
  async #consume(
    take: Take,
    backoff: Backoff,
    signal: AbortSignal,
    onTrouble: (error: unknown) => void,
  ): Promise<void> {
    const { brokers, feed, groupId } = this.options;
    const topic = eventsTopic(feed);
    const consumer = kafkaClient({
      brokers,
      clientId: groupId,
      onLog: (line, { label, namespace }) => {
        // What the consumer itself says at ERROR is its crash, which is told of below.
        if (label === 'ERROR' && namespace !== 'Consumer') onTrouble(new Error(line));
      },
    }).consumer({
      groupId,
      sessionTimeout: SESSION_MS,
      heartbeatInterval: HEARTBEAT_MS,
      maxWaitTimeInMs: FETCH_WAIT_MS,
      allowAutoTopicCreation: false,
      retry: { restartOnFailure: async () => false },
    });
    consumer.on(consumer.events.REQUEST_TIMEOUT, ({ payload: { broker, apiName } }) => {
      onTrouble(new Error(`${broker} did not answer in time: ${apiName}`));
    });
    const end = new AbortController();
    let inHand: Promise<void> = Promise.resolve();
    const started = (async () => {
      await consumer.connect();
      await consumer.subscribe({ topic, fromBeginning: true }).catch((error: unknown) => {
        throw new Error(`cannot subscribe to ${topic}: ${String(error)}`, { cause: error });
      });
      await consumer.run({
        autoCommit: false,
        eachBatchAutoResolve: false,
        eachBatch: (payload) =>
          handOver(payload, {
            feed,
            take: (records) => (inHand = take(records)),
            backoff,
            stopped: () => signal.aborted || end.signal.aborted,
            onTrouble,
          }),
      });
    })();
    try {
      await new Promise<void>((done, fail) => {
        signal.addEventListener('abort', () => done(), { signal: end.signal });
        consumer.on(consumer.events.CRASH, ({ payload }) => fail(payload.error));
        started.catch(fail);
      });
    } finally {
      end.abort();
      await inHand.catch(() => undefined);
      await goodbye(consumer, started);
    }
  }
}

interface Handing {
  readonly feed: string;
  readonly take: Take;
  readonly backoff: Backoff;
  readonly stopped: () => boolean;
  readonly onTrouble: (error: unknown) => void;
}

/** Hands one batch over, as often as it takes, and commits it. */
async function handOver(
  { batch, heartbeat, resolveOffset, commitOffsetsIfNecessary }: EachBatchPayload,
  { feed, take, backoff, stopped, onTrouble }: Handing,
): Promise<void> {
  // A `take` may last longer than the session; an error shows itself at the next call that is waited for.
  const beat = setInterval(() => void heartbeat().catch(() => undefined), HEARTBEAT_MS);
  try {
    const records = parse(batch, feed, onTrouble);
    for (let taken = records.length === 0; !taken;) {
      if (stopped()) return;
      try {
        await take(records);
        taken = true;
      } catch (error) {
        onTrouble(error);
        await backoff.wait();
        // Rejects when the group wants to share out anew; what was not committed comes again, here or to another reader.
        await heartbeat();
      }
    }
    backoff.reset();
    const last = batch.lastOffset();
    resolveOffset(last);
    const offset = String(BigInt(last) + 1n);
    await commitOffsetsIfNecessary({
      topics: [{ topic: batch.topic, partitions: [{ partition: batch.partition, offset }] }],
    });
  } finally {
    clearInterval(beat);
  }
}

function parse(batch: Batch, feed: string, onTrouble: (error: unknown) => void): FeedRecord[] {
  const records: FeedRecord[] = [];
  for (const message of batch.messages) {
    try {
      records.push(fromMessage(feed, message, `${batch.topic}@${message.offset}`));
    } catch (error) {
      if (!(error instanceof MessageError)) throw error;
      onTrouble(error);
    }
  }
  return records;
}

/**
 * Leaves the group, so that whoever comes next need not wait until the session is over. In the background after a while:
 * brokers that are down cannot be told.
 */
async function goodbye(consumer: Consumer, started: Promise<void>): Promise<void> {
  // Not before the start is through: kafkajs does not stop a consumer that still joins, and that one would go on consuming.
  const left = started
    .catch(() => undefined)
    .then(() => consumer.disconnect())
    .catch(() => undefined);
  const patience = new AbortController();
  await Promise.race([left, sleep(GOODBYE_MS, undefined, { signal: patience.signal }).catch(() => undefined)]);
  patience.abort();
}

/** 0.1 s, 0.2 s, 0.4 s … up to 5 s, cut short by the signal. */
class Backoff {
  #failures = 0;

  constructor(private readonly signal: AbortSignal) {}

  async wait(): Promise<void> {
    const ms = Math.min(5000, 100 * 2 ** this.#failures++);
    await sleep(ms, undefined, { signal: this.signal }).catch(() => undefined);
  }

  reset(): void {
    this.#failures = 0;
  }
}
