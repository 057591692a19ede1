import fc from 'fast-check';
import { openCity, type City, type Connection, type ListName } from '#libs/city';
import { figures, lists, REFERENCE_FEED, type AnyList, type FeedRecord, type Figure } from '#libs/messages';
import { askFigure, askList, insideOf, type FigureQuestion } from '#libs/read-models';
import { createTestDatabase, type TestDatabase } from '#libs/testing';
import { randomHistory } from '../figures/random-history.js';
import { committedHistory, latestOf, pageOf, TestProvince, wellFormed } from '../province.js';
import { until } from '../until.js';

/** Feeds that grow, over a transport that only hands on. */
class Feeds {
  private readonly published = new Map<string, readonly FeedRecord[]>();
  private readonly waiting = new Set<() => void>();

  async publish(province: TestProvince, regions: readonly string[]): Promise<void> {
    for (const feed of [REFERENCE_FEED, ...regions.map((region) => `region.${region}`)])
      this.published.set(feed, await province.feed(feed));
    for (const go of this.waiting) go();
  }

  endOf(feed: string): number {
    return this.published.get(feed)?.length ?? 0;
  }

  readonly connect = (feed: string, onHead: Parameters<Parameters<typeof openCity>[0]['connect']>[1]): Connection => {
    const answer = async (of: typeof pageOf, after: number, limit: number) => {
      const page = of(feed, this.published.get(feed) ?? [], after, limit);
      onHead(page.last, after);
      return page;
    };
    return {
      province: {
        fetchRange: (after, limit) => answer(pageOf, after, limit),
        fetchLatest: (after, limit) => answer(latestOf, after, limit),
      },
      source: {
        run: async (after, take, { signal }) => {
          for (let taken = after; !signal.aborted;) {
            const news = new Promise<void>((done) => {
              this.waiting.add(done);
              signal.addEventListener('abort', () => done(), { once: true });
            });
            const { records } = await answer(pageOf, taken, 7);
            await take(records);
            taken += records.length;
            if (records.length === 0) await news;
          }
        },
      },
    };
  };
}

const days = fc.integer({ min: 0, max: 729 }).map((n) => new Date(Date.UTC(2022, 6, 1 + n)).toISOString().slice(0, 10));

/** What a figure may be asked, of a period that lies somewhere in what has happened. */
const questionOf = ({ dimensions }: Figure): fc.Arbitrary<FigureQuestion> =>
  fc
    .record({
      ends: fc.uniqueArray(days, { minLength: 2, maxLength: 2 }),
      by: fc.subarray(Object.keys(dimensions), { minLength: 1 }),
      per: fc.constantFrom(undefined, 'year' as const, 'quarter' as const, 'month' as const),
      asOf: fc.option(days, { nil: undefined }),
    })
    .map(({ ends, ...rest }) => ({ from: ends.sort()[0]!, to: ends[1]!, ...rest }));
const questions = fc.tuple(...figures.map((figure) => fc.array(questionOf(figure), { minLength: 12, maxLength: 12 })));

const REGIONS = ['xianyang', 'xixian'] as const;

jest.setTimeout(60_000);

describe('what a city has of its own is what the province has of it', () => {
  let province: TestProvince;
  const databases: TestDatabase[] = [];

  beforeAll(async () => {
    province = await TestProvince.open();
  });

  afterAll(async () => {
    await province.close();
    await Promise.all(databases.map((database) => database.drop()));
  });

  const start = async (region: string, feeds: Feeds): Promise<City> => {
    const database = await createTestDatabase();
    databases.push(database);
    const { connect } = feeds;
    const city = await openCity({
      region,
      databaseUrl: database.url,
      transport: 'http',
      connect,
      log: () => undefined,
    });
    city.start();
    return city;
  };

  const expectLists = async (city: City) => {
    const { region } = city.status;
    for (const list of lists as readonly AnyList[]) {
      const { items } = await province.ask(async (sql) => {
        return askList(sql, list, { scope: [...(await insideOf(region, sql))], filter: {}, limit: 1000 });
      });
      const mine = await city.list(list.name as ListName, { limit: 1000 });
      expect([region, list.name, mine.items.map(({ row }) => row)]).toEqual([
        region,
        list.name,
        items.map(({ row }) => row),
      ]);
    }
  };

  const caughtUp = (city: City, feeds: Feeds) =>
    until('all of it', async () => {
      const { region, sequence, inSync, reference, trouble } = city.status;
      const whole = sequence === feeds.endOf(`region.${region}`) && reference.sequence === feeds.endOf(REFERENCE_FEED);
      return whole && inSync && reference.inSync && trouble === null;
    });

  it('list by list of a committed history', async () => {
    await province.record(committedHistory('release-4'));
    const feeds = new Feeds();
    await feeds.publish(province, REGIONS);
    for (const region of REGIONS) {
      const city = await start(region, feeds);
      await caughtUp(city, feeds);
      await expectLists(city);
      expect(await city.skipped()).toEqual([]);
      await city.stop();
    }
  });

  it('list by list and figure by figure, to the 分, of random histories, whenever the city has joined', async () => {
    let compared = 0;
    await fc.assert(
      fc.asyncProperty(randomHistory, fc.nat({ max: 100 }), questions, async (history, percent, asked) => {
        await province.clear();
        const feeds = new Feeds();
        const joinedAt = Math.floor((history.length * percent) / 100);
        await province.record(history.slice(0, joinedAt).map(wellFormed));
        await feeds.publish(province, REGIONS);
        const cities = await Promise.all(REGIONS.map((region) => start(region, feeds)));
        await Promise.all(cities.map((city) => caughtUp(city, feeds)));
        await province.record(history.slice(joinedAt).map(wellFormed));
        await feeds.publish(province, REGIONS);
        await Promise.all(cities.map((city) => caughtUp(city, feeds)));
        try {
          for (const city of cities) {
            await expectLists(city);
            const scope = await province.ask((sql) => insideOf(city.status.region, sql));
            for (const [i, figure] of (figures as readonly Figure[]).entries()) {
              for (const question of asked[i]!) {
                const answer = await province.ask((sql) => askFigure(sql, figure, { ...question, scope }));
                expect(await city.figure(figure.name, question)).toEqual(answer);
                compared += answer.cells.length + answer.margins.length;
              }
            }
          }
        } finally {
          await Promise.all(cities.map((city) => city.stop()));
        }
      }),
      { numRuns: 15, endOnFailure: true },
    );
    expect(compared).toBeGreaterThan(300);
  }, 300_000);
});
