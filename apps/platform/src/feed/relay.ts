import { setTimeout as delay } from 'node:timers/promises';
import type { DataSource, QueryRunner } from 'typeorm';
import type { FeedRecord, FeedSink } from '#libs/messages';

/** Feeds a round, and records a feed in it. */
const FEEDS = 200;
const RECORDS = 500;
const IDLE_MS = 100;
/** How long a stop waits for the broker. */
const STOP_MS = 2_000;

/**
 * Carries the feeds to the sink. It only copies: the sequence was given by the projector. A round that fails is
 * done again, so that a record may go out twice but is never left out; readers drop what they have
 * by its sequence. One relay at a time works, by an advisory lock.
 */
export class Relay {
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;
  failure: string | undefined;

  constructor(
    private readonly database: DataSource,
    private readonly sink: FeedSink,
    private readonly log: (line: string) => void,
  ) {}

  start(): void {
    this.running ??= this.run();
  }

  /** Waits for the round under way, but not for a broker that does not answer: what it has not acknowledged goes again. */
  async stop(): Promise<void> {
    this.stopping.abort();
    const done = (async () => {
      await this.running;
      await this.sink.close();
    })();
    await Promise.race([done, delay(STOP_MS, undefined, { ref: false })]);
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    for (let failures = 0; !signal.aborted;) {
      const session = this.database.createQueryRunner();
      try {
        await this.carry(session, () => {
          if (this.failure !== undefined) this.log('下发恢复 (the relay carries again)');
          this.failure = undefined;
          failures = 0;
        });
      } catch (error) {
        const failure = error instanceof Error ? error.message : String(error);
        // Told once, not at every attempt.
        if (this.failure === undefined) {
          this.log(
            `下发中断，将自动重试并补发；请检查 KAFKA_BROKERS 与 Kafka 是否运行 (the relay goes on trying and leaves nothing out; check KAFKA_BROKERS): ${failure}`,
          );
        }
        this.failure = failure;
        await pause(Math.min(100 * 2 ** failures++, 5_000), signal);
      } finally {
        // Ends the lock with the session; a connection that broke has lost it already.
        await session.manager.query('select pg_advisory_unlock_all()').catch(() => undefined);
        await session.release();
      }
    }
  }

  private async carry(session: QueryRunner, worked: () => void): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      const [row] = await session.manager.query<{ mine: boolean }[]>(
        `select pg_try_advisory_lock(hashtext('liandong.relay')) as mine`,
      );
      if (row!.mine) break;
      await pause(1_000, signal);
    }
    while (!signal.aborted) {
      const carried = await this.round(session);
      worked();
      if (carried === 0) await pause(IDLE_MS, signal);
    }
  }

  /**
   * One round. No transaction is open while it publishes: an open write transaction would hold back every reader of the
   * event store for as long as a broker takes. A relay that has lost its lock unnoticed can thus publish twice, never
   * move the cursor back.
   */
  private async round(session: QueryRunner): Promise<number> {
    const rows = await session.manager.query<{ record: FeedRecord }[]>(
      `with behind as (
        select h.feed, coalesce(r.relayed, 0) as relayed
          from feed_heads h left join feed_relay r using (feed)
          where h.sequence > coalesce(r.relayed, 0) order by h.feed limit $1
      )
      select f.record from behind b
        join feeds f on f.feed = b.feed and f.sequence > b.relayed and f.sequence <= b.relayed + $2
        order by f.feed, f.sequence`,
      [FEEDS, RECORDS],
    );
    if (rows.length === 0) return 0;
    const records = rows.map((row) => row.record);
    await this.sink.publish(records);
    const reached = new Map(records.map((r) => [r.feed, r.feedsequence]));
    await session.manager.query(
      `insert into feed_relay select * from unnest($1::text[], $2::bigint[])
        on conflict (feed) do update set relayed = greatest(feed_relay.relayed, excluded.relayed)`,
      [[...reached.keys()], [...reached.values()]],
    );
    return records.length;
  }
}

const pause = (milliseconds: number, signal: AbortSignal) =>
  delay(milliseconds, undefined, { signal }).catch(() => undefined);
