import { Counter, Gauge, Registry } from 'prom-client';
import type { City, CityFeed } from '#libs/city';

/** What an operator watches of the feeds. */
export function feedMetrics(city: City): Registry {
  const registry = new Registry();
  const of = (name: string, help: string) => ({ name, help, labelNames: ['feed'], registers: [registry] });
  const gauge = (name: string, help: string, value: (feed: CityFeed) => number | undefined) =>
    new Gauge({
      ...of(name, help),
      collect() {
        for (const feed of city.feeds) this.set({ feed: feed.feed }, value(feed) ?? 0);
      },
    });
  const counter = (name: string, help: string, value: (counts: CityFeed['counts']) => number) =>
    new Counter({
      ...of(name, help),
      collect() {
        this.reset();
        for (const { feed, counts } of city.feeds) this.inc({ feed }, value(counts));
      },
    });
  gauge('liandong_feed_last_sequence', 'Sequence of the last record applied', ({ status }) => status.sequence);
  gauge(
    'liandong_feed_province_sequence',
    'Sequence of the last record that the province has told of',
    ({ status }) => status.province?.sequence,
  );
  gauge('liandong_feed_diverged', '1 while the feed does not follow from what this city has', ({ divergence }) =>
    divergence === null ? 0 : 1,
  );
  counter('liandong_feed_records_applied_total', 'Records applied', ({ applied }) => applied);
  counter('liandong_feed_records_skipped_total', 'Of those, records put aside', ({ skipped }) => skipped);
  counter('liandong_feed_duplicates_dropped_total', 'Records dropped: already applied', ({ duplicates }) => duplicates);
  counter('liandong_feed_gaps_refilled_total', 'Holes in a delivery, filled over HTTP', ({ gaps }) => gaps);
  troubles(city, registry);
  return registry;
}

const troubles = (city: City, registry: Registry) =>
  new Counter({
    name: 'liandong_feed_troubles_total',
    help: 'Failures to get or to apply records, by kind',
    labelNames: ['feed', 'kind'],
    registers: [registry],
    collect() {
      this.reset();
      for (const { feed, counts } of city.feeds) {
        for (const [kind, count] of counts.troubles) this.inc({ feed, kind }, count);
      }
    },
  });
