import { Counter, Gauge, Registry } from 'prom-client';

/** What an operator watches of the feed. */
export class FeedMetrics {
  readonly registry = new Registry();
  readonly sequence = this.gauge('liandong_feed_last_sequence', 'Sequence of the last record applied');
  readonly provinceSequence = this.gauge(
    'liandong_feed_province_sequence',
    'Sequence of the last record that the province has told of',
  );
  readonly diverged = this.gauge('liandong_feed_diverged', '1 while the feed does not follow from what this city has');
  readonly applied = this.counter('liandong_feed_records_applied_total', 'Records applied');
  readonly duplicates = this.counter('liandong_feed_duplicates_dropped_total', 'Records dropped: already applied');
  readonly gaps = this.counter('liandong_feed_gaps_refilled_total', 'Holes in a delivery, filled over HTTP');
  readonly troubles = new Counter({
    name: 'liandong_feed_troubles_total',
    help: 'Failures to get or to apply records, by kind',
    labelNames: ['kind'] as const,
    registers: [this.registry],
  });

  private gauge(name: string, help: string): Gauge {
    return new Gauge({ name, help, registers: [this.registry] });
  }

  private counter(name: string, help: string): Counter {
    return new Counter({ name, help, registers: [this.registry] });
  }
}
