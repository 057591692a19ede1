import type { FastifyReply } from 'fastify';
import { HealthController } from './health.controller.js';
import { LogAlarm } from './log/alarm.js';

const never = () => new Promise<never>(() => undefined);
const gone = () => Promise.reject(new Error('gone'));
const there = () => Promise.resolve([]);

async function ready(query: () => Promise<unknown>, readStream: () => Promise<unknown>, error?: string) {
  const runners = { projections: () => [{ name: 'p', error }], relayFailure: () => undefined };
  const [database, store, none] = [{ query } as never, { readStream } as never, {} as never];
  const health = new HealthController(database, runners as never, store, none, none, new LogAlarm());
  let code = 0;
  const reply = { status: (given: number) => (code = given) } as unknown as FastifyReply;
  return { ...(await health.ready(reply)), code };
}

it.each([
  ['all is there', there, there, undefined, 200, 'ok', 'ok'],
  ['the database is away', gone, there, undefined, 503, 'unreachable', 'ok'],
  ['the event store is away', there, gone, undefined, 503, 'ok', 'unreachable'],
  ['the event store does not answer', there, never, undefined, 503, 'ok', 'unreachable'],
  ['a projection cannot go on', there, there, 'planted', 503, 'ok', 'ok'],
])('when %s, it says so', async (_, query, read, error, code, database, eventStore) => {
  expect(await ready(query, read, error)).toMatchObject({ code, database, eventStore });
});
