// Clock, CPU and profile of a piece of work, and what is made of its numbers.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { join } from 'node:path';

/** Linux counts a process's CPU time in hundredths of a second. */
const TICK_US = 10_000;
export const PROFILES = '.cache/bench';

export class Meter {
  /** The workload whose own side is to be profiled. */
  profiled;

  /** @param postmaster PostgreSQL's process id */
  constructor(postmaster) {
    this.postmaster = postmaster;
  }

  /**
   * Carries out the work, which answers how many operations it did, or an object that holds `operations`.
   *
   * @param application the process whose CPU time counts as the application's
   * @returns operations, seconds, and the CPU time of the application and of PostgreSQL in microseconds
   */
  async timed(work, application = process.pid) {
    const session = this.profiled && application === process.pid ? await startProfile() : undefined;
    const applicationUs = cpuOf(application);
    const serverUs = cpuOfServer(this.postmaster);
    const started = performance.now();
    const result = await work();
    const sample = {
      ...(typeof result === 'number' ? { operations: result } : result),
      seconds: (performance.now() - started) / 1000,
      applicationUs: cpuOf(application) - applicationUs,
      serverUs: cpuOfServer(this.postmaster) - serverUs,
    };
    if (session) await stopProfile(session, this.profiled);
    return sample;
  }
}

/** So many clients, each awaiting its own, for so long. */
export async function hammer(clients, seconds, work) {
  const latenciesMs = [];
  const end = performance.now() + seconds * 1000;
  await Promise.all(
    Array.from({ length: clients }, async (_, client) => {
      for (let n = 0, from = performance.now(); from < end; n++) {
        await work(client, n);
        const now = performance.now();
        latenciesMs.push(now - from);
        from = now;
      }
    }),
  );
  return { operations: latenciesMs.length, latenciesMs };
}

export const rate = ({ operations, seconds }) => operations / seconds;

export function percentile(values, share) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return (sorted[Math.floor(middle)] + sorted[Math.ceil(middle)]) / 2;
}

/** User and system time in microseconds; NaN where the system does not tell. */
function cpuOf(pid) {
  if (pid !== process.pid) return (statOf(pid)?.ticks ?? NaN) * TICK_US;
  const { user, system } = process.cpuUsage();
  return user + system;
}

/** Of the postmaster, of its living children, and of those that it has buried. */
function cpuOfServer(postmaster) {
  const server = statOf(postmaster);
  if (!server) return NaN;
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(statOf)
    .filter((stat) => stat?.parent === postmaster);
  return children.reduce((ticks, child) => ticks + child.ticks, server.ticks + server.buriedTicks) * TICK_US;
}

/** What /proc/<pid>/stat says (proc(5)), or undefined where there is no such process or no such file. */
function statOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field, a name, may hold spaces: what follows it begins with the third.
    const fields = ['', '', '', ...stat.slice(stat.lastIndexOf(')') + 2).split(' ')].map(Number);
    return { parent: fields[4], ticks: fields[14] + fields[15], buriedTicks: fields[16] + fields[17] };
  } catch {
    return undefined;
  }
}

async function startProfile() {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.setSamplingInterval', { interval: 500 });
  await session.post('Profiler.start');
  return session;
}

async function stopProfile(session, name) {
  const { profile } = await session.post('Profiler.stop');
  session.disconnect();
  mkdirSync(PROFILES, { recursive: true });
  const file = join(PROFILES, `${name}.cpuprofile`);
  writeFileSync(file, JSON.stringify(profile));
  tellProfile(file);
}

/** Says which functions the main thread was in while it was busy. */
export function tellProfile(file) {
  const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(file, 'utf8'));
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const self = new Map();
  let busy = 0;
  samples.forEach((id, i) => {
    const { functionName, url, lineNumber } = frames.get(id);
    if (functionName === '(idle)') return;
    const name = `${functionName || '(anonymous)'}${url && ` ${url.split('/').slice(-3).join('/')}:${lineNumber + 1}`}`;
    self.set(name, (self.get(name) ?? 0) + timeDeltas[i]);
    busy += timeDeltas[i];
  });
  const hottest = [...self].sort(([, a], [, b]) => b - a).slice(0, 20);
  console.log(`\n  ${file}, busy for ${(busy / 1e6).toFixed(1)} s:`);
  for (const [name, us] of hottest) console.log(`    ${((us / busy) * 100).toFixed(1).padStart(5)} %  ${name}`);
}
