// What the soak says of its samples: whether they are flat, and the page's section.
import { show, size, table } from './endurance.mjs';
import { median } from './measure.mjs';

/** Flat: it grows by less than this share of itself in an hour, or by no more than chance. */
const FLAT_SHARE = 0.05;
/** A lag that has not grown by more than this factor, or is still below this many milliseconds, is flat. */
const LAG = { factor: 1.5, belowMs: 250 };
/** Least squares of memory over time in the second half; the lag of the last quarter against the first. */
export function trendsOf(samples, lags) {
  const half = samples.slice(samples.length >> 1);
  /** @param together so many samples count as the least of them */
  const grows = (what, of, together = 1) => {
    const points = Array.from({ length: Math.floor(half.length / together) }, (_, i) => {
      const block = half.slice(i * together, (i + 1) * together).map(of);
      return [(i * together * 10) / 3600, Math.min(...block)];
    });
    const { perHour, error, mean } = leastSquares(points);
    const flat = perHour <= Math.max(FLAT_SHARE * mean, 2 * error);
    const told = `${show(perHour / 2 ** 20)} ± ${show(error / 2 ** 20)} MiB an hour, on ${size(mean)}`;
    return { what, flat, told };
  };
  const quarter = Math.max(1, lags.length >> 2);
  const [first, last] = [lags.slice(0, quarter), lags.slice(-quarter)].map((part) => median(part.map((lag) => lag.ms)));
  const slow = (part) => median(part.map((sample) => sample.p99));
  const of = Math.max(1, samples.length >> 2);
  return [
    grows('platform, resident', (s) => s.resident),
    grows('platform, heap: the least of each two minutes', (s) => s.heap, Math.min(12, Math.floor(half.length / 3))),
    grows("PostgreSQL's own", (s) => s.own),
    {
      what: 'lag of the slowest projection, median',
      flat: last <= Math.max(LAG.belowMs, LAG.factor * first),
      told: `${show(first)} ms in the first quarter, ${show(last)} ms in the last`,
    },
    {
      what: 'p99 of a command, median of ten seconds each',
      flat: slow(samples.slice(-of)) <= Math.max(LAG.belowMs, LAG.factor * slow(samples.slice(0, of))),
      told: `${show(slow(samples.slice(0, of)))} ms in the first quarter, ${show(slow(samples.slice(-of)))} ms in the last`,
    },
  ];
}

/** The slope of a line through the points, with its standard error; `mean` of the values. */
function leastSquares(points) {
  const n = points.length;
  const meanX = points.reduce((sum, [x]) => sum + x, 0) / n;
  const mean = points.reduce((sum, [, y]) => sum + y, 0) / n;
  const spread = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  const perHour = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - mean), 0) / spread;
  const left = points.reduce((sum, [x, y]) => sum + (y - mean - perHour * (x - meanX)) ** 2, 0);
  return { perHour, mean, error: Math.sqrt(left / (n - 2) / spread) };
}

export function report({ rate, minutes, load, samples, trends, findings, drainSeconds }) {
  const minutesAt = (i) => ((i + 1) * 10) / 60;
  const every = Math.max(1, Math.round(samples.length / 15));
  const [platformCores, serverCores] = ['applicationUs', 'serverUs'].map((whose) =>
    show(load[whose] / 1e6 / load.seconds),
  );
  const wrong = findings.filter((f) => f.found > 0);
  const flat = trends.every((t) => t.flat);
  return [
    `${show(rate)} commands/s for ${show(minutes)} minutes, offered whether or not the ones before were answered: **ledger ` +
      `${wrong.length === 0 ? 'clean' : 'not clean'}, ${flat ? 'flat' : 'not flat'}**. The platform's own process with all its roles, as \`npm start\` ` +
      'runs it, without Kafka. The commands are contracts, instruments and their uses in about the shares of the sample, enclaves and their ' +
      'space, and firms whose admission a process carries to its end; one in forty is sent again with its Idempotency-Key, about as many are ' +
      'refused by the rules.',
    table(
      ['', ''],
      ['offered, answered', `${show(load.offered)}, ${show(load.answered)}`],
      ['carried out, refused, repeated', [load.accepted, load.refused, load.repeated].map(show).join(', ')],
      ['without an answer, settled by the same key', show(load.unanswered)],
      [
        'time of a command from its arrival: p50, p99, longest',
        [load.p50, load.p99, load.max].map((ms) => `${show(ms)} ms`).join(', '),
      ],
      ['CPU: platform, PostgreSQL, generator', `${platformCores}, ${serverCores}, ${show(load.cores)} cores`],
      ['drained after the last answer', `${show(drainSeconds)} s`],
      ['database at the end', size(samples.at(-1)?.database ?? NaN)],
    ),
    'Memory: the slope of a line through the second half, least squares, with its standard error; of the heap the least in each two minutes ' +
      'counts, which is about what a collection leaves. Flat where it grows by less than ' +
      `${FLAT_SHARE * 100} % of itself in an hour or by no more than two standard errors. Times: flat where the last quarter is not ` +
      `${LAG.factor} times the first, or below ${LAG.belowMs} ms.`,
    table(['', '', ''], ...trends.map(({ what, told, flat: is }) => [what, told, is ? 'flat' : '**not flat**'])),
    table(
      [
        'minute',
        'answered/s',
        'p50',
        'p99',
        'resident',
        'heap',
        "PostgreSQL's own",
        'database',
        'lag, median',
        'lag, most',
        'event loop p99',
      ],
      ...samples
        .map((s, i) => [
          minutesAt(i).toFixed(1),
          show(s.answered / 10),
          ...[s.p50, s.p99].map((ms) => `${show(ms)} ms`),
          ...[s.resident, s.heap, s.own, s.database].map(size),
          `${show(s.lagEvents)} events, ${show(s.lagMs)} ms`,
          ...[s.mostLagMs, s.loopP99].map((ms) => `${show(ms)} ms`),
        ])
        .filter((_, i) => i % every === every - 1),
    ),
    'The delay of the event loop is told by its own meter, whose 10 ms it includes. The lag was looked at every second.',
    'Then, against the ledger that the clients kept in a file outside the system, and each figure by SQL that knows no projection:',
    table(
      ['how often there was', ''],
      ...findings.map(({ what, found }) => [what, found === 0 ? '0' : `**${show(found)}**`]),
    ),
  ];
}
