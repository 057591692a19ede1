import { setTimeout as delay } from 'node:timers/promises';
import { Controller, Get, Header, Inject, Res } from '@nestjs/common';
import { ApiExcludeEndpoint, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Registry, collectDefaultMetrics, Gauge } from 'prom-client';
import { DataSource } from 'typeorm';
import type { EventStore } from '#libs/eventing';
import { Public } from '#libs/eventing-nest';
import { PostgresStore } from '#libs/eventing-postgres';
import { LogAlarm } from './log/alarm.js';
import { Processes } from './processes/processes.js';
import { Reconciliation } from './reconciliation.js';
import { Runners } from './runners.js';
import { STORED } from './streams.controller.js';

const PATIENCE_MS = 2_000;

@ApiTags('operations')
@Controller()
export class HealthController {
  private readonly registry = new Registry();

  constructor(
    private readonly database: DataSource,
    private readonly runners: Runners,
    @Inject(STORED) private readonly store: EventStore,
    processes: Processes,
    reconciliation: Reconciliation,
    alarm: LogAlarm,
  ) {
    this.registry.registerMetric(alarm.differences);
    collectDefaultMetrics({ register: this.registry });
    const gauge = (name: string, help: string, labels: string[], collect: (gauge: Gauge) => Promise<void> | void) =>
      new Gauge({
        name,
        help,
        labelNames: labels,
        registers: [this.registry],
        collect() {
          // What is gone since the last look must not stay.
          this.reset();
          return collect(this);
        },
      });
    gauge('liandong_projection_live', '1 when the projection has seen all there is', ['projection'], (g) => {
      for (const { name, live } of runners.projections()) g.set({ projection: name }, live ? 1 : 0);
    });
    gauge('liandong_projection_failing', '1 while the projection cannot go on', ['projection'], (g) => {
      for (const { name, error } of runners.projections()) g.set({ projection: name }, error === undefined ? 0 : 1);
    });
    gauge('liandong_projection_owned', '1 while some process holds its lease', ['projection', 'build'], async (g) => {
      for (const { projection, build, owner } of await runners.checkpoints.builds()) {
        g.set({ projection, build }, owner === null ? 0 : 1);
      }
    });
    gauge('liandong_projection_progress', 'Share of the log that it has seen', ['projection', 'build'], async (g) => {
      for (const { projection, build, position } of await runners.checkpoints.builds()) {
        g.set({ projection, build }, await store.progress(position));
      }
    });
    gauge('liandong_projection_lag_seconds', 'Age of the first event not seen', ['projection', 'build'], async (g) => {
      for (const { projection, build, position } of await runners.checkpoints.builds()) {
        g.set({ projection, build }, await runners.lagSeconds(position));
      }
    });
    gauge('liandong_projection_parked_keys', 'Keys that wait for a mend', ['projection', 'build'], async (g) => {
      for (const { projection, build } of await runners.checkpoints.parked()) g.inc({ projection, build });
    });
    gauge('liandong_figure_differences', 'Sums that are not the sums of their entries', ['figure'], (g) => {
      for (const { figure } of reconciliation.differences) g.inc({ figure });
    });
    gauge('liandong_processes_in_trouble', 'Processes that this process tries in vain to go on with', [], (g) =>
      g.set(processes.troubled),
    );
    gauge('liandong_feed_sequence', 'Last sequence of each feed', ['feed'], async (g) => {
      const heads = await database.query<{ feed: string; sequence: string }[]>('select feed, sequence from feed_heads');
      for (const { feed, sequence } of heads) g.set({ feed }, Number(sequence));
    });
    if (store instanceof PostgresStore) {
      gauge('liandong_watermark_age_seconds', 'How long an open transaction has held readers back', [], async (g) =>
        g.set((await store.watermarkAgeMs()) / 1000),
      );
    }
  }

  @Get('health/live')
  @Public()
  @ApiOperation({ operationId: 'GetLive', summary: '进程存活' })
  live() {
    return { status: 'ok' };
  }

  @Get('health/ready')
  @Public()
  @ApiOperation({ operationId: 'GetReady', summary: '可以服务：数据库与事件库可达，投影正常' })
  async ready(@Res({ passthrough: true }) reply: FastifyReply) {
    const [database, eventStore] = await Promise.all([
      answers(this.database.query('select 1')),
      answers(this.store.readStream('health', { limit: 1 })),
    ]);
    const projections = this.runners.projections();
    const relay = this.runners.relayFailure();
    const ready = database === 'ok' && eventStore === 'ok' && projections.every((p) => p.error === undefined);
    // A broker that is down delays the cities but keeps the platform in service: it is told, not counted.
    reply.status(ready ? 200 : 503);
    return { status: ready ? 'ok' : 'unavailable', database, eventStore, projections, relay: relay ?? 'ok' };
  }

  @Get('metrics')
  @Public()
  @ApiExcludeEndpoint()
  @Header('Content-Type', 'text/plain; version=0.0.4; charset=utf-8')
  metrics(): Promise<string> {
    return this.registry.metrics();
  }
}

/** An answer within PATIENCE_MS: a store that is away tries again for longer than a probe waits. */
const answers = (work: Promise<unknown>): Promise<'ok' | 'unreachable'> =>
  Promise.race([work.then(() => 'ok' as const), delay(PATIENCE_MS, 'unreachable' as const, { ref: false })]).catch(
    () => 'unreachable' as const,
  );
