import { setTimeout as delay } from 'node:timers/promises';

/** Waits for a condition, bounded: what it names must come about within the time. */
export async function until<T>(
  what: string,
  look: () => Promise<T | undefined | false>,
  patienceMs = 30_000,
): Promise<T> {
  for (const end = Date.now() + patienceMs; Date.now() < end; await delay(25)) {
    const found = await look();
    if (found) return found;
  }
  throw new Error(`waited ${patienceMs} ms in vain: ${what}`);
}
