import { setTimeout as delay } from 'node:timers/promises';
import {
  Controller,
  Get,
  HttpCode,
  Inject,
  Injectable,
  Logger,
  Post,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { Allow } from '#libs/eventing-nest';
import { sqlOf } from '#libs/eventing-postgres';
import { differences, type FigureDifference } from '#libs/read-models';
import { CONFIG, type PlatformConfig } from './config.js';
import { contexts } from './contexts.js';
import { rollUpFigures } from './read-models.js';
import { Runners } from './runners.js';

/** How long it waits between two comparisons, at least; a long one is followed by a rest of twenty times its length. */
const PAUSE_MS = 600_000;
const REST = 20;
/** How many differences of a figure are told of. */
const TOLD = 20;

const figures = contexts.flatMap((context) => context.figures);

/**
 * Compares, in the background, every sum that figures are answered from with the entries behind it. A difference is nothing
 * that an event can bring about: somebody, or a fault of ours, has touched the tables. It is told by name until it is gone.
 */
@Injectable()
export class Reconciliation implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger('figures');
  private readonly stopping = new AbortController();
  private running: Promise<void> = Promise.resolve();
  private found: readonly FigureDifference[] = [];

  constructor(
    private readonly database: DataSource,
    private readonly runners: Runners,
    @Inject(CONFIG) private readonly config: PlatformConfig,
  ) {}

  onApplicationBootstrap(): void {
    if (this.config.ROLES.includes('projector')) this.running = this.run();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  /** What the last comparison has found. */
  get differences(): readonly FigureDifference[] {
    return this.found;
  }

  /** Compares all figures now. */
  async compare(): Promise<readonly FigureDifference[]> {
    const found: FigureDifference[] = [];
    for (const figure of figures) {
      // One state of both: a batch that comes in between would look like a difference.
      const of = await this.database.transaction('REPEATABLE READ', (tx) => differences(sqlOf(tx), figure, TOLD));
      found.push(...of);
    }
    for (const { figure, set, cell, bucket } of found) {
      this.log.error(
        `统计 ${figure} 与其明细不符 (a sum is not the sum of its entries): ${set.join('×')} ${JSON.stringify(cell)} ${bucket}`,
      );
    }
    return (this.found = found);
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    await this.runners.declared;
    while (!signal.aborted) {
      const began = performance.now();
      const done = rollUpFigures(this.database, figures).then(() => this.compare());
      await done.catch((error: unknown) => {
        if (!signal.aborted) this.log.warn(`核对将重试 (the comparison is tried again): ${String(error)}`);
      });
      const pause = Math.max(PAUSE_MS, REST * (performance.now() - began));
      await delay(pause, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }
}

export class DifferenceDto {
  @ApiProperty({ description: '统计' }) figure!: string;
  @ApiProperty({ type: [String], description: '所按维度' }) set!: readonly string[];
  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' }, description: '格' })
  cell!: Readonly<Record<string, string>>;
  @ApiProperty({ description: '年（2023）或月（202302）' }) bucket!: number;
  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' }, description: '所存之数' })
  kept!: Readonly<Record<string, string>>;
  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' }, description: '明细之和' })
  entries!: Readonly<Record<string, string>>;
}

export class DifferencesDto {
  @ApiProperty({ type: [DifferenceDto], description: '与明细不符之数；没有则相符' }) differences!: DifferenceDto[];
}

@ApiTags('operations')
@Controller('api/v1/operations/figures')
export class ReconciliationController {
  constructor(private readonly reconciliation: Reconciliation) {}

  @Get()
  @Allow('province', 'auditor')
  @ApiOperation({ operationId: 'GetDifferences', summary: '各统计与其明细的最近一次核对' })
  @ApiOkResponse({ type: DifferencesDto })
  last(): DifferencesDto {
    return asTold(this.reconciliation.differences);
  }

  @Post('compare')
  @HttpCode(200)
  @Allow('province', 'auditor')
  @ApiOperation({ operationId: 'CompareFigures', summary: '现在核对各统计与其明细' })
  @ApiOkResponse({ type: DifferencesDto })
  async compare(): Promise<DifferencesDto> {
    return asTold(await this.reconciliation.compare());
  }
}

/** Sums may be larger than a JSON number can say. */
const asTold = (differences: readonly FigureDifference[]): DifferencesDto => {
  const digits = (sums: Readonly<Record<string, bigint>>) =>
    Object.fromEntries(Object.entries(sums).map(([name, sum]) => [name, sum.toString()]));
  return {
    differences: differences.map(({ kept, journal, ...where }) => ({
      ...where,
      kept: digits(kept),
      entries: digits(journal),
    })),
  };
};
