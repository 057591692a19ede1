import { Controller, Get, Header, Logger, Query } from '@nestjs/common';
import { Type } from 'class-transformer';
import { IsOptional, Matches, ValidateBy } from 'class-validator';
import { DataSource, MoreThan } from 'typeorm';
import { ProblemException } from '#libs/eventing-nest';
import { FeedReader, type FeedStatus } from './feed/reader.js';
import { Carrier, FeedCursor, SkippedType, StructureEntry, TechnologyContract } from './feed/tables.js';
import { cityPage } from './page.js';

/** Rows of each table on the city's page; all of them are at the API. */
const SHOWN = 100;

class Paging {
  @Type(() => Number)
  @ValidateBy(
    { name: 'limit', validator: { validate: (value) => Number.isInteger(value) && value >= 1 && value <= 500 } },
    { message: '须为 1—500 的整数\nmust be an integer from 1 to 500' },
  )
  readonly limit: number = 100;

  /** The last id of the page before. */
  @IsOptional()
  @Matches(/^[a-z0-9-]{1,63}$/, {
    message: '须为上一页最后一项的标识\nmust be the id of the last item of the page before',
  })
  readonly after?: string;
}

interface Listing<Row> {
  readonly items: readonly Row[];
  /** What to ask the next page with; null on the last. */
  readonly next: string | null;
}

/**
 * What the city has. No route asks who is calling: the reference city serves its own machine, on loopback, where whoever
 * can connect can read the database as well. A city that sets HOST to an outer address puts its own access control in front.
 */
@Controller()
export class CityController {
  private readonly log = new Logger('city');

  constructor(
    private readonly database: DataSource,
    private readonly reader: FeedReader,
  ) {}

  @Get()
  @Header('Content-Type', 'text/html; charset=utf-8')
  @Header('Content-Security-Policy', "default-src 'none'; style-src 'unsafe-inline'")
  @Header('Cache-Control', 'no-store')
  page(): Promise<string> {
    return this.read(async () => {
      const { status } = this.reader;
      const { region } = status;
      const [place, cursor, skipped, [carriers, carrierCount], [contracts, contractCount]] = await Promise.all([
        this.database.manager.findOneBy(StructureEntry, { kind: 'region', id: region }),
        this.database.manager.findOneBy(FeedCursor, { region }),
        this.database.manager.find(SkippedType, { order: { type: 'ASC' } }),
        this.database.manager.findAndCount(Carrier, { order: { carrier: 'ASC' }, take: SHOWN }),
        this.database.manager.findAndCount(TechnologyContract, { order: { contract: 'ASC' }, take: SHOWN }),
      ]);
      const name = place?.data['name'];
      return cityPage({
        name: typeof name === 'string' ? name : region,
        status,
        updatedAt: cursor?.updatedAt ?? null,
        carriers,
        carrierCount,
        contracts,
        contractCount,
        skipped,
      });
    });
  }

  @Get('api/v1/carriers')
  carriers(@Query() { limit, after }: Paging): Promise<Listing<Carrier>> {
    return this.list(Carrier, 'carrier', limit, after);
  }

  @Get('api/v1/contracts')
  contracts(@Query() { limit, after }: Paging): Promise<Listing<TechnologyContract>> {
    return this.list(TechnologyContract, 'contract', limit, after);
  }

  @Get('api/v1/feed')
  feed(): FeedStatus {
    return this.reader.status;
  }

  private list<Key extends string, Row extends Record<Key, string>>(
    table: new () => Row,
    key: Key,
    limit: number,
    after: string | undefined,
  ): Promise<Listing<Row>> {
    return this.read(async () => {
      const rows = await this.database.manager
        .createQueryBuilder(table, 'row')
        .where(after === undefined ? {} : { [key]: MoreThan(after) })
        .orderBy(`row.${key}`)
        .take(limit + 1)
        .getMany();
      const items = rows.slice(0, limit);
      return { items, next: rows.length > limit ? (items.at(-1)?.[key] ?? null) : null };
    });
  }

  /** The statements are fixed and their parameters checked: what fails here is the database. */
  private async read<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      this.log.warn((error as Error).message);
      throw new ProblemException(
        503,
        'database.unavailable',
        '本市数据库暂时不可用，请稍后再试',
        'The database of this city is not available; try again later',
      );
    }
  }
}
