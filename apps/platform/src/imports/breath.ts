import { setImmediate } from 'node:timers/promises';

/** Milliseconds after which others have their turn: what is answered from memory never leaves the event loop by itself. */
const LONGEST_MS = 10;

/** Lets others have their turn now and then, in a loop over many rows. */
export class Breath {
  private since = performance.now();

  async taken(): Promise<void> {
    if (performance.now() - this.since < LONGEST_MS) return;
    await setImmediate();
    this.since = performance.now();
  }
}
