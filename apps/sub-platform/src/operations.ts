import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import type { City } from '#libs/city';
import { feedMetrics } from './metrics.js';
import { Problem, PROBLEM_JSON } from './problem.js';

/** How long the database may take to answer a probe, in milliseconds. */
const PROBE_MS = 2000;

/** For whoever operates the process. */
export function operationsRoutes(app: FastifyInstance, city: City): void {
  const metrics = feedMetrics(city);
  app.get('/health/live', async () => ({ status: 'live' }));
  app.get('/health/ready', async (_, reply) => {
    const problem = await unready(city);
    // Answered, not thrown: a probe asks every few seconds, and would fill the log with one and the same error.
    return problem
      ? reply.status(problem.status).type(PROBLEM_JSON).send(JSON.stringify(problem))
      : { status: 'ready' };
  });
  app.get('/metrics', async (_, reply) => reply.type(metrics.contentType).send(await metrics.metrics()));
}

/** A province that cannot be reached is no reason to be taken out of service: what the city has, it serves. */
async function unready(city: City): Promise<Problem | undefined> {
  const { divergence } = city;
  if (!(await databaseAnswers(city)))
    return new Problem(503, 'database.unavailable', '本市数据库不可用', 'The database of this city is not available');
  if (divergence !== null) return new Problem(503, 'feed.diverged', divergence, 'The feed diverges; see detail');
  return undefined;
}

async function databaseAnswers(city: City): Promise<boolean> {
  const patience = new AbortController();
  const late = sleep(PROBE_MS, false, { signal: patience.signal, ref: false }).catch(() => false);
  const answer = city.ping().then(
    () => true,
    () => false,
  );
  return Promise.race([answer, late]).finally(() => patience.abort());
}
