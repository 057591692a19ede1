import type pg from 'pg';
import { figures, lists, type AnyList, type Figure, type FeedHead, type RowOf } from '#libs/messages';
import {
  askFigure,
  askList,
  insideOf,
  type FigureAnswer,
  type FigureQuestion,
  type ListQuestion,
  type Sql,
  type Trace,
} from '#libs/read-models';
import type { Connection, Transport } from './connection.js';
import { onClient, openPool, transaction } from './database.js';
import { FeedReader, type FeedCounts, type FeedStatus } from './reader.js';
import { feedsOf, openTables } from './tables.js';

export interface CityOptions {
  readonly region: string;
  /** The city's own PostgreSQL. Everything lies in its schema `liandong`. */
  readonly databaseUrl: string;
  /** What the sources of `connect` are. */
  readonly transport: Transport;
  /**
   * How a feed comes: `reference` or `region.<region>`. `onHead` wants to be told of the feed's end whenever the province tells
   * it, and what the province was asked from.
   */
  readonly connect: (feed: string, onHead: (head: FeedHead, after: number) => void) => Connection;
  readonly log: (line: string) => void;
}

/** Of the region's feed, and in short of the one that all cities have. */
export interface CityStatus extends FeedStatus {
  readonly region: string;
  readonly transport: Transport;
  readonly reference: Pick<FeedStatus, 'sequence' | 'digest' | 'inSync'>;
}

export interface CityFeed {
  readonly feed: string;
  readonly status: FeedStatus;
  readonly divergence: string | null;
  readonly counts: FeedCounts;
}

type Lists = (typeof lists)[number];
export type ListName = Lists['name'];
export type Row<Name extends ListName> = RowOf<Extract<Lists, { readonly name: Name }>>;

/** What of a list is asked for: all of it when nothing is said, a page at a time. */
export type CityListQuestion = Partial<Omit<ListQuestion, 'scope' | 'asOf' | 'asAt'>>;

/** A row, and the record that it was last changed by. */
export interface CityListItem<Name extends ListName> {
  readonly row: Row<Name>;
  /** The day from which it holds, the record's number in its feed, and the province's event. */
  readonly trace: Pick<Trace, 'day' | 'event' | 'cause' | 'stream'> & { readonly feedsequence: number };
  /** The codes of firms in it that fail the standard and that the province has admitted all the same. */
  readonly admitted: readonly string[];
}

export interface CityListPage<Name extends ListName> {
  readonly items: readonly CityListItem<Name>[];
  /** What to ask the next page with; null on the last. */
  readonly next: string | null;
}

/**
 * What of a figure is asked for. Not as at a moment of recording: a city that joined late was not told what was known before.
 * A roll-up adds up what this city was told of: what concerns it, and what concerns the regions inside it.
 */
export type CityFigureQuestion = Omit<FigureQuestion, 'scope' | 'asAt'>;

/** Records that this release does not know, or cannot keep, by their type. */
export interface SkippedType {
  readonly type: string;
  readonly count: number;
}

const LIST_PAGE = 100;

/** A city's share of the province, as the feeds tell it: the same lists and figures, computed by the same engine. */
export class City {
  private constructor(
    private readonly options: CityOptions,
    private readonly pool: pg.Pool,
    private readonly reference: FeedReader,
    private readonly reader: FeedReader,
  ) {}

  /**
   * Opens the city's database, and makes its tables anew where they are of another release; nothing is read until `start`.
   *
   * @throws OtherCityError
   */
  static async open(options: CityOptions): Promise<City> {
    const pool = openPool(options.databaseUrl, options.log);
    try {
      await openTables(pool, options.region);
      const [reference, own] = feedsOf(options.region).map((feed) => readerOf(pool, options, feed));
      await Promise.all([reference!.open(), own!.open()]);
      return new City(options, pool, reference!, own!);
    } catch (error) {
      await pool.end();
      throw error;
    }
  }

  get status(): CityStatus {
    const { region, transport } = this.options;
    const { sequence, digest, inSync, trouble } = this.reference.status;
    const own = this.reader.status;
    const either = own.trouble ?? (trouble === null ? null : `reference：${trouble}`);
    return { region, transport, ...own, trouble: either, reference: { sequence, digest, inSync } };
  }

  /** Why what the province says does not follow from what this city has; null while it does. */
  get divergence(): string | null {
    return this.reader.divergence ?? this.reference.divergence;
  }

  /** Each feed with where it stands and what has happened to it since the start. */
  get feeds(): readonly CityFeed[] {
    const readers = [this.reference, this.reader];
    return feedsOf(this.options.region).map((feed, i) => {
      const { status, divergence, counts } = readers[i]!;
      return { feed, status, divergence, counts };
    });
  }

  /** Call once. */
  start(): void {
    this.reference.start();
    this.reader.start();
  }

  /** Resolves when the batches in hand are through. */
  async stop(): Promise<void> {
    await Promise.all([this.reference.stop(), this.reader.stop()]);
    await this.pool.end();
  }

  /** A page of a list. @throws CursorError */
  async list<Name extends ListName>(name: Name, question: CityListQuestion = {}): Promise<CityListPage<Name>> {
    const list: AnyList = lists.find((one) => one.name === name)!;
    const asked = { filter: {}, limit: LIST_PAGE, ...question };
    const { items, next } = await this.read(async (sql) => {
      return askList(sql, list, { ...asked, scope: [...(await insideOf(this.options.region, sql))] });
    });
    const own = items.map(({ trace, ...item }) => ({ ...item, row: item.row as Row<Name>, trace: ownTrace(trace) }));
    return { items: own, next };
  }

  /**
   * A figure of what concerns this city: the answer that the province gives to it.
   *
   * @throws RangeError when there is no such figure
   * @throws FigureQuestionError when it has no answer to the question
   */
  async figure(name: string, question: CityFigureQuestion): Promise<FigureAnswer> {
    const figure: Figure | undefined = figures.find((one) => one.name === name);
    if (!figure) throw new RangeError(`没有统计 ${name} (there is no such figure)`);
    return this.read(async (sql) => {
      return askFigure(sql, figure, { ...question, scope: await insideOf(this.options.region, sql) });
    });
  }

  async skipped(): Promise<SkippedType[]> {
    return this.read((sql) =>
      sql.query('select type, count(*)::integer as count from skipped group by type order by type'),
    );
  }

  /** When a record was last applied; null before the first. */
  async updatedAt(): Promise<Date | null> {
    const [row] = await this.read((sql) =>
      sql.query<{ at: Date | null }>('select max(updated_at) filter (where sequence > 0) as at from feeds'),
    );
    return row!.at;
  }

  /** Resolves when the database answers. */
  async ping(): Promise<void> {
    await this.pool.query('select 1');
  }

  private read<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    return onClient(this.pool, (client) => transaction(client, work));
  }
}

/** Opens a city. @throws OtherCityError */
export const openCity = (options: CityOptions): Promise<City> => City.open(options);

function readerOf(pool: pg.Pool, { transport, connect, log }: CityOptions, feed: string): FeedReader {
  const connection = connect(feed, (head, after) => reader.tell(head, after));
  const reader: FeedReader = new FeedReader(pool, {
    feed,
    transport,
    ...connection,
    log: (line) => log(`${feed}: ${line}`),
  });
  return reader;
}

const ownTrace = ({ day, event, cause, stream, revision }: Trace): CityListItem<ListName>['trace'] => ({
  day,
  feedsequence: revision,
  event,
  cause,
  stream,
});
