import { setTimeout as sleep } from 'node:timers/promises';
import { Controller, Get, Header, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { DataSource } from 'typeorm';
import { ProblemException, problemOf, type Problem } from '#libs/eventing-nest';
import { FeedReader } from './feed/reader.js';
import { FeedMetrics } from './metrics.js';

/** How long the database may take to answer a probe, in milliseconds. */
const PROBE_MS = 2000;

/** For whoever operates the process; open for the same reason as the city's own routes. */
@Controller()
export class OperationsController {
  constructor(
    private readonly database: DataSource,
    private readonly reader: FeedReader,
    private readonly metrics: FeedMetrics,
  ) {}

  @Get('health/live')
  live(): { status: 'live' } {
    return { status: 'live' };
  }

  /** A province that cannot be reached is no reason to be taken out of service: what the city has, it serves. */
  @Get('health/ready')
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<{ status: 'ready' } | Problem> {
    const { divergence } = this.reader;
    if (!(await this.databaseAnswers())) {
      return unready(reply, 'database.unavailable', '本市数据库不可用', 'The database of this city is not available');
    }
    if (divergence !== null) return unready(reply, 'feed.diverged', divergence, 'The feed diverges; see detail');
    return { status: 'ready' };
  }

  @Get('metrics')
  @Header('Content-Type', 'text/plain; version=0.0.4; charset=utf-8')
  async scrape(): Promise<string> {
    return this.metrics.registry.metrics();
  }

  private async databaseAnswers(): Promise<boolean> {
    const answer = this.database.query('select 1').then(
      () => true,
      () => false,
    );
    const patience = new AbortController();
    const late = sleep(PROBE_MS, false, { signal: patience.signal, ref: false }).catch(() => false);
    return Promise.race([answer, late]).finally(() => patience.abort());
  }
}

/** Answered, not thrown: a probe asks every few seconds, and would fill the log with one and the same error. */
function unready(reply: FastifyReply, code: string, zh: string, en: string): Problem {
  reply.status(503).type('application/problem+json; charset=utf-8');
  return problemOf(new ProblemException(503, code, zh, en));
}
