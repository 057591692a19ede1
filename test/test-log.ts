import { Global, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import pg from 'pg';
import { DataSource } from 'typeorm';
import type { Verifier } from '#libs/auth';
import { upcasting, type Actor, type EventStore, type NewEvent, type Position, type Upcasters } from '#libs/eventing';
import { ProblemFilter, Reads } from '#libs/eventing-nest';
import {
  Checkpoints,
  Checkpoints1764000000000,
  Ownership1764000000020,
  PostgresStore,
  Projectors,
} from '#libs/eventing-postgres';
import { createTestDatabase } from '#libs/testing';
import { AuthGuard, VERIFIER } from '../apps/platform/src/auth.guard.js';
import { Sessions } from '../apps/platform/src/auth/sessions.js';
import { ComparedLog } from '../apps/platform/src/log/compared-log.js';
import { EventLog } from '../apps/platform/src/log/event-log.js';
import { LogModule } from '../apps/platform/src/log/log.module.js';
import { eventLog } from '../apps/platform/src/log/log.projection.js';
import { EventLog1764000000040 } from '../apps/platform/src/log/log.table.js';
import { verifyLog, type Noted } from '../apps/platform/src/log/verify.js';
import { STORED } from '../apps/platform/src/streams.controller.js';
import { until } from './until.js';

const id = (kind: string, n: number) => `00000000-0000-4000-8000-${kind}${String(n).padStart(11, '0')}`;

/** An event of a command of its own, recorded in the n-th second. */
export function logged(n: number, told: Partial<NewEvent['metadata']> = {}, type = 'use.recorded.v1'): NewEvent {
  return {
    id: id('a', n),
    type,
    data: { hours: 60.5, n, 名称: '示例\t"\\' },
    metadata: {
      actor: { id: 'operator@xianyang', role: 'operator', region: 'xianyang' },
      causationId: id('c', n),
      commandDigest: 'a'.repeat(64),
      commandId: id('c', n),
      correlationId: id('c', n),
      occurredAt: '2023-06-01',
      recordedAt: new Date(Date.UTC(2026, 10, 2, 0, 0, n)).toISOString(),
      regions: ['xianyang'],
      schemaVersion: 1,
      ...told,
    },
  };
}

export type TestLog = Awaited<ReturnType<typeof openLog>>;

/** A store and its log, with what there is to read them and to harm them. */
export async function openLog(upcasters: Upcasters = {}) {
  const database = await createTestDatabase();
  const store = await PostgresStore.open({ url: database.url });
  const migrations = [Checkpoints1764000000000, Ownership1764000000020, EventLog1764000000040];
  const reads = await new DataSource({ type: 'postgres', url: database.url, migrations }).initialize();
  await reads.runMigrations();
  const log = new EventLog(reads);
  const running: Projectors[] = [];
  return {
    url: database.url,
    store,
    reads,
    log,
    /** Keeps the log as the platform does: what projections are given are today's events. */
    start(from: EventStore = store): Projectors {
      const checkpoints = new Checkpoints(reads, `process-${running.length}`);
      const projections = [eventLog];
      const projectors = new Projectors({ store: upcasting(from, upcasters), checkpoints, projections, log: () => {} });
      running.push(projectors);
      projectors.start();
      return projectors;
    },
    numbered: (position: Position) =>
      until(`the log has come to ${position}`, async () => {
        const head = await log.head();
        return head.position >= position && head;
      }),
    verify: (noted: readonly Noted[] = [], from: EventStore = store) =>
      verifyLog(log, new ComparedLog(log, from), noted, () => undefined),
    /** As somebody does who may do anything. */
    async harm(statements: string): Promise<void> {
      const client = new pg.Client({ connectionString: database.url });
      await client.connect();
      await client
        .query(`alter table eventing.events disable trigger append_only; ${statements}`)
        .finally(() => client.end());
    },
    serve: (from: EventStore = store) => serve(reads, from),
    async close(): Promise<void> {
      await Promise.all(running.map((projectors) => projectors.stop()));
      await reads.destroy();
      await store.close();
      await database.drop();
    },
  };
}

/** `role` or `role~region`: the token says it, as a verified one would. */
const verifier: Verifier = {
  verify: (token) => {
    const [role, region] = token.split('~') as [Actor['role'], string?];
    return Promise.resolve({ id: token, role, region });
  },
};

/** Nothing lies inside a region here. */
const scopeOf: Reads['scopeOf'] = ({ region }) => Promise.resolve(region === undefined ? 'all' : [region]);

/** The log's routes behind the platform's door. */
async function serve(reads: DataSource, store: EventStore): Promise<NestFastifyApplication> {
  @Global()
  @Module({
    providers: [
      { provide: DataSource, useValue: reads },
      { provide: STORED, useValue: store },
      { provide: Reads, useValue: { scopeOf } },
      { provide: VERIFIER, useValue: verifier },
      { provide: Sessions, useValue: Sessions.none() },
      { provide: APP_GUARD, useClass: AuthGuard },
      { provide: APP_FILTER, useClass: ProblemFilter },
    ],
    exports: [DataSource, STORED, Reads],
  })
  class Door {}
  const module = await Test.createTestingModule({ imports: [Door, LogModule] }).compile();
  const app = module.createNestApplication<NestFastifyApplication>(new FastifyAdapter(), { logger: false });
  await app.listen(0, '127.0.0.1');
  return app;
}
