// The long log that reads and projections are measured on: the same events in the store and in Emmett's, made once.
import { emmetts, events, facts, openSides, ours } from './sides.mjs';

/** Each stream of the log is as long as the one that P8 reads, and is appended at once. */
export const STREAM = 100;
const WRITERS = 8;

let made;

/** Opens it, making it the first time it is asked for; `close` when nobody needs it any more. */
export const openLog = (bench) => (made ??= make(bench));

export async function closeLog() {
  await (await made)?.close();
}

async function make({ database, quick, progress }) {
  const url = await database('log', true);
  const sides = await openSides(url, WRITERS);
  const length = quick ? 50_000 : 1_000_000;
  const streams = length / STREAM;
  // The second half tells of the contracts of the first once more: a thing is there before most of its events.
  const contracts = length / 2;
  const fill = async (what, append) => {
    let next = 0;
    const writer = async () => {
      for (let n = next++; n < streams; n = next++) {
        await append(`log-${n}`, (n * STREAM) % contracts);
        progress(`${what}: ${(n + 1) * STREAM} of ${length} events`, n + 1 === streams);
      }
    };
    await Promise.all(Array.from({ length: WRITERS }, writer));
  };
  await fill('filling the store', (stream, n) => sides.store.append(stream, ours(0), events(STREAM, n)));
  await fill("filling Emmett's", (stream, n) => sides.emmett.appendToStream(stream, facts(STREAM, n), emmetts(0)));
  // What autovacuum would do at some moment of its own choosing.
  await sides.bare.query('vacuum analyze');
  return { ...sides, url, length, streams };
}
