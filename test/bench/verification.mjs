// P17: what an auditor's `npm run verify` does.
import 'reflect-metadata';
import { setTimeout as delay } from 'node:timers/promises';
import { DataSource } from 'typeorm';
import { ComparedLog } from '../../dist/apps/platform/src/log/compared-log.js';
import { EventLog } from '../../dist/apps/platform/src/log/event-log.js';
import { eventLog } from '../../dist/apps/platform/src/log/log.projection.js';
import { EventLog1764000000040 } from '../../dist/apps/platform/src/log/log.table.js';
import { verifyLog } from '../../dist/apps/platform/src/log/verify.js';
import {
  Checkpoints,
  Checkpoints1764000000000,
  Ownership1764000000020,
  Projectors,
} from '../../dist/libs/eventing-postgres/src/index.js';
import { openLog } from './log.mjs';
import { replayed } from './reads.mjs';

export const verification = {
  id: 'P17',
  what: 'verification of 1M events',
  unit: 'events/s',
  limitName: 'replay',
  measured: `\`npm run verify\` on the log of P5: the store and the numbered log are read side by side, and every digest is computed anew from
the stored bytes. The limit is our side of P5, which reads the store alone.`,
  async open(bench) {
    const { meter, progress } = bench;
    const log = await openLog(bench);
    const migrations = [Checkpoints1764000000000, Ownership1764000000020, EventLog1764000000040];
    const database = await new DataSource({ type: 'postgres', url: log.url, migrations }).initialize();
    await database.runMigrations();
    await number(database, log, progress);
    const entries = new EventLog(database);
    return {
      ours: () =>
        meter.timed(async () => {
          const found = await verifyLog(entries, new ComparedLog(entries, log.store), [], () => undefined);
          if (found.difference || found.entries !== log.length) throw new Error(JSON.stringify(found));
          return found.entries;
        }),
      limit: () => meter.timed(() => replayed(log.store)),
      close: () => database.destroy(),
    };
  },
};

/** Has the platform's own projection number and chain the whole log. */
async function number(database, { store, length }, progress) {
  const started = performance.now();
  const projectors = new Projectors({
    store,
    checkpoints: new Checkpoints(database, 'bench-log'),
    projections: [eventLog],
    log: (line) => console.error(line),
  });
  projectors.start();
  while (!projectors.status.every(({ live }) => live)) await delay(10);
  await projectors.stop();
  const perSecond = Math.round((length * 1000) / (performance.now() - started));
  progress(`the log is numbered at ${perSecond} events/s`, true);
}
