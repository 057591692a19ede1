import { generator } from '../fault.js';

/** A process of the simulated system. One that is stopped sleeps on what comes for it; one that is gone never runs again. */
export interface Host {
  readonly name: string;
  state: 'running' | 'stopped' | 'gone';
}

interface Step {
  at: number;
  readonly tie: number;
  readonly host: Host | undefined;
  readonly what: string;
  /** Absent once it is cancelled. */
  run: (() => void) | undefined;
}

// Looked up once: in Jest's sandbox each look at a global is slow.
const { floor } = Math;
const { nextTick } = process;
const settled = (resolve: () => void) => nextTick(resolve);

let running: Scheduler | undefined;

/**
 * Virtual time and the order of everything: whatever crosses from one process to another, and every timer, is a step, and
 * the seed decides which comes next. What a process does between two steps is its own code, run to its end; so the same
 * seed gives the same trace, byte for byte.
 */
export class Scheduler {
  /** In milliseconds. */
  now = 0;
  readonly trace: string[] = [];
  readonly fired = new Map<string, number>();
  /** Whether faults may still happen. */
  faulty = true;
  /** What ends the run: the simulation itself is at fault. */
  broken: Error | undefined;
  private readonly random: () => number;
  /** The next one last. */
  private readonly steps: Step[] = [];
  private readonly held = new Map<Host, Step[]>();
  /** Whose code is running. */
  private host: Host | undefined;

  constructor(seed: number) {
    this.random = generator(seed);
  }

  /** Both ends included. */
  int(from: number, to: number): number {
    return from + floor(this.random() * (to - from + 1));
  }

  chance(probability: number): boolean {
    return this.random() < probability;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.int(0, list.length - 1)]!;
  }

  /** A fault that may happen here; never when the faults are over. */
  strikes(probability: number): boolean {
    return this.faulty && this.random() < probability;
  }

  fire(what: string, n = 1): void {
    this.fired.set(what, (this.fired.get(what) ?? 0) + n);
    this.trace.push(`${this.now} ! ${what}`);
  }

  /** How long a message takes: most are quick and overtake each other, a few are slow. */
  latency(): number {
    const drawn = this.random();
    return drawn < 0.04 ? 5 + floor(drawn * 2_000) : floor(drawn * 4);
  }

  /** Without a host it happens whoever sleeps or dies. */
  after(milliseconds: number, host: Host | undefined, what: string, run: () => void): { run: unknown } {
    return this.insert({ at: this.now + milliseconds, tie: this.random(), host, what, run });
  }

  wake(host: Host): void {
    host.state = 'running';
    for (const step of this.held.get(host) ?? []) {
      step.at = this.now + this.int(0, 2);
      this.insert(step);
    }
    this.held.delete(host);
  }

  /** Runs `work` as the host's own code. */
  as(host: Host, what: string, work: () => void): void {
    this.after(0, host, what, work);
  }

  /** Until there is an answer, or nothing is left to happen. */
  async run<T>(answer: () => T | undefined): Promise<T | undefined> {
    for (;;) {
      if (this.broken) throw this.broken;
      const found = answer();
      if (found !== undefined) return found;
      const step = this.steps.pop();
      if (!step) return undefined;
      const { at, host, what, run } = step;
      if (!run || host?.state === 'gone') continue;
      if (at > this.now) this.now = at;
      if (host?.state === 'stopped') {
        this.held.set(host, [...(this.held.get(host) ?? []), step]);
        continue;
      }
      this.trace.push(`${this.now} ${host?.name ?? '-'} ${what}`);
      this.host = host;
      run();
      // All that follows from it, until the process waits again: the next tick comes when no promise is left to go on.
      if (host) await new Promise<void>(settled);
    }
  }

  /** As `setTimeout` of `node:timers/promises`, in virtual time, for the process that is running. */
  delay<T>(milliseconds: number, value: T, signal: AbortSignal | undefined): Promise<T> {
    return new Promise((resolve, reject) => {
      const aborted = () => {
        timer.run = undefined;
        reject(new DOMException('The operation was aborted', 'AbortError'));
      };
      const timer = this.after(milliseconds, this.host, `timer ${milliseconds}`, () => {
        signal?.removeEventListener('abort', aborted);
        resolve(value);
      });
      if (signal?.aborted) aborted();
      else signal?.addEventListener('abort', aborted, { once: true });
    });
  }

  private insert(step: Step): Step {
    let [low, high] = [0, this.steps.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = this.steps[middle]!;
      if (other.at > step.at || (other.at === step.at && other.tie > step.tie)) low = middle + 1;
      else high = middle;
    }
    this.steps.splice(low, 0, step);
    return step;
  }
}

/** Whose time it is from here on. */
export function keepTime(by: Scheduler): void {
  running = by;
}

/** What stands in for `setTimeout` of `node:timers/promises` in all code under the simulation. */
export const delay = <T>(milliseconds: number, value?: T, options?: { signal?: AbortSignal }) =>
  running!.delay(milliseconds, value, options?.signal);

/** What stands in for `performance.now`. */
export const uptime = (): number => running?.now ?? 0;
