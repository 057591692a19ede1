import { appendFileSync } from 'node:fs';

/** One run of a fault's scenario. */
export interface Trial {
  readonly seed: number;
  /** From 0 to below 1, the same sequence for the same seed. */
  readonly random: () => number;
  /** How often the scenario does what it does: 1 in `npm test`, more in `npm run test:faults`. */
  readonly rounds: number;
  /** The planted bug that is switched on. */
  readonly bug: string | undefined;
  /** The fault was seen to happen, not merely asked for. */
  fired(n?: number): void;
  /** So many facts were compared with the ledger. */
  checked(n: number): void;
  /** The planted bug really ran. */
  bugActive(): void;
  /** Run when the scenario is over, however it ended; the last one first. */
  defer(cleanUp: () => unknown): void;
  /** A line of progress. */
  log(line: string): void;
}

export interface Fault {
  /** As in the requirements: R1 … R14. */
  readonly id: string;
  readonly what: string;
  /** Bugs that the scenario can plant in the test's own process, database or child: product code has no switch. */
  readonly bugs: readonly string[];
  /** Answers what it found wrong; empty when all is well. */
  scenario(trial: Trial): Promise<readonly string[]>;
  /** What one round may take at most, in milliseconds. */
  readonly timeoutMs?: number;
  /** What this machine lacks for it: skipped, and the reason is told. */
  readonly lacks?: string | undefined;
}

const {
  FAULTS_SEED: seed = '20231101',
  FAULTS_ROUNDS: rounds = '1',
  FAULTS_BUG: armed,
  FAULTS_REPORT: report,
  FAULTS_LIST: listing,
} = process.env;

/** The real one: a scenario may put its own clock in its place. */
const now = performance.now.bind(performance);

/**
 * Declares a fault's tests: that the system survives it, and that each planted bug is caught. A fault that did not fire
 * and a bug that never ran prove nothing and fail.
 *
 * With FAULTS_BUG the fault of that bug runs with it switched on, and must fail; nothing else runs.
 */
export function fault(fault: Fault): void {
  const { id, what, bugs, lacks } = fault;
  // A round of its own to start and stop what it needs.
  const timeout = (fault.timeoutMs ?? 60_000) * (Number(rounds) + 1);
  tell({ declared: id, what, bugs, lacks });
  const on = (wanted: boolean) => (wanted && !listing && lacks === undefined ? it : it.skip);
  describe(`${id} ${what}${lacks === undefined ? '' : ` (skipped: ${lacks})`}`, () => {
    const survives = async () => {
      const { violations, fired } = await run(fault, Number(rounds), armed);
      expect(violations).toEqual([]);
      expect(fired).toBeGreaterThan(0);
    };
    on(armed === undefined || bugs.includes(armed))('survives', survives, timeout);
    for (const bug of bugs) {
      const caught = async () => {
        const { violations, active } = await run(fault, 1, bug);
        expect(active).toBe(true);
        expect(violations).not.toEqual([]);
      };
      on(armed === undefined)(`${bug} is caught`, caught, timeout);
    }
  });
}

async function run({ id, what, scenario }: Fault, rounds: number, bug: string | undefined) {
  const counted = { fired: 0, checked: 0, active: false };
  const log = (line: string) => report && process.stderr.write(`  ${id} ${line}\n`);
  const trial: Omit<Trial, 'defer'> = {
    seed: Number(seed),
    random: generator(Number(seed)),
    rounds,
    bug,
    fired: (n = 1) => (counted.fired += n),
    checked: (n) => (counted.checked += n),
    bugActive: () => (counted.active = true),
    log,
  };
  log(`${what}${bug ? `, with the bug ${bug}` : ''} …`);
  const started = now();
  let violations: readonly string[] | undefined;
  try {
    violations = await cleaned(trial, scenario);
  } finally {
    const seconds = Math.round((now() - started) / 100) / 10;
    tell({ id, what, bug, rounds, seed: Number(seed), ...counted, seconds, violations: violations?.slice(0, 5) });
  }
  return { ...counted, violations };
}

/** Does a part of a trial, or all of it, and then cleans up what was deferred in it. */
export async function cleaned<T>(trial: Omit<Trial, 'defer'>, work: (trial: Trial) => Promise<T>): Promise<T> {
  const cleanUps: (() => unknown)[] = [];
  try {
    return await work({ ...trial, defer: (cleanUp) => cleanUps.push(cleanUp) });
  } finally {
    // Each of them: what one leaves behind would be in the next trial's way.
    for (const cleanUp of cleanUps.reverse()) {
      await Promise.resolve()
        .then(cleanUp)
        .catch((error: unknown) => trial.log(`was not left as it was found: ${String(error)}`));
    }
  }
}

/** A line for `npm run test:faults`, which makes a table of them. */
export const tell = (line: object) => report && appendFileSync(report, `${JSON.stringify(line)}\n`);

/** Mulberry32: 32 bits of state are enough to make a schedule, and it is the same on every machine. */
export function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
