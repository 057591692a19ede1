import type { components } from '../api/openapi';
import { question } from '../api/http';
import { sumOf } from '../kit/exact';
import type { Exact } from '../kit/exact';
import type { Times } from '../kit/times';
import { askWhole, marginOf, type Told } from './figure';
import type { AskedPeriod } from './period';

type MatrixRow = components['schemas']['MatrixRow'];
type Numbers = Exclude<keyof MatrixRow, 'origin' | 'destination' | 'period'>;

/** What the matrix calls a measure, and which measure of which figure it is, told apart by which two of its dimensions. */
interface Flow {
  readonly figure: string;
  readonly measure: string;
  readonly origin: string;
  readonly destination: string;
}
const contracts = { figure: 'flows', origin: 'output', destination: 'absorbing' };
const sharing = { figure: 'sharing', origin: 'owner', destination: 'using' };
export const FLOWS: Readonly<Record<Numbers, Flow>> = {
  contracts: { ...contracts, measure: 'count' },
  amountFen: { ...contracts, measure: 'amountFen' },
  technicalRevenueFen: { ...contracts, measure: 'technicalRevenueFen' },
  uses: { ...sharing, measure: 'uses' },
  hours: { ...sharing, measure: 'effectiveHours' },
  firms: { figure: 'firms', origin: 'home', destination: 'host', measure: 'admitted' },
};
export type FlowName = Numbers;
/** Of which a type of contract can be asked for alone. */
export const OF_CONTRACTS = contracts.figure;

export interface Pair {
  readonly origin: string;
  readonly destination: string;
  readonly value: Exact;
}

/** One measure from region to region. */
export interface Matrix {
  readonly firstDay: string;
  readonly lastDay: string;
  readonly pairs: readonly Pair[];
  /** What goes out of each, and into each; of those that who asks may see. */
  readonly out: ReadonlyMap<string, Exact>;
  readonly into: ReadonlyMap<string, Exact>;
  /** Null where who asks may not see it. */
  readonly total: Exact | null;
  readonly limited: boolean;
}

interface Asked {
  readonly flow: FlowName;
  readonly period: AskedPeriod;
  readonly level?: string;
  /** A type of contract. */
  readonly type?: string;
  readonly times: Times;
}

export async function askMatrix({ flow, period, level, type, times }: Asked, signal: AbortSignal): Promise<Matrix> {
  const { figure, measure, origin, destination } = FLOWS[flow];
  if (type !== undefined && figure === OF_CONTRACTS) {
    const by = [origin, destination].join(',');
    const answer = await askWhole(figure, { ...period, by, level, type, ...times }, signal);
    return matrixOf(answer, { origin, destination, measure });
  }
  const query = { ...period, level: level as 'city' | undefined, ...times };
  const ask = async (after?: string) =>
    (await question('/api/v1/flows/matrix', { params: { query: { ...query, after } }, signal })).data!;
  const first = await ask();
  const cells = [...first.cells];
  for (let next = first.next; next !== null;) {
    const page = await ask(next);
    cells.push(...page.cells);
    next = page.next;
  }
  const told = { ...first, cells } as unknown as Parameters<typeof matrixOf>[0];
  return matrixOf(told, { origin: 'origin', destination: 'destination', measure: flow });
}

interface Rows {
  readonly firstDay: string;
  readonly lastDay: string;
  readonly scope: readonly string[] | null;
  readonly cells: readonly Told[];
  readonly margins: readonly Told[];
  readonly total: Told | null;
}

function matrixOf(
  rows: Rows,
  { origin, destination, measure }: { readonly origin: string; readonly destination: string; readonly measure: string },
): Matrix {
  const side = (name: string) =>
    new Map(
      rows.margins.flatMap((row) => {
        const value = row[name];
        const alone = typeof value === 'string' && marginOf([row], [origin, destination], name, value);
        return alone ? [[value, row[measure] ?? 0] as const] : [];
      }),
    );
  return {
    firstDay: rows.firstDay,
    lastDay: rows.lastDay,
    pairs: rows.cells.flatMap((row) => {
      const value = row[measure] ?? 0;
      if (Number(value) === 0) return [];
      return [{ origin: String(row[origin]), destination: String(row[destination]), value }];
    }),
    out: side(origin),
    into: side(destination),
    total: rows.total && (rows.total[measure] ?? 0),
    limited: rows.scope !== null,
  };
}

/** The regions of either side: what flows most stands first, what lies beyond the province and what is in none last. */
export function inOrder({ out, into, pairs }: Matrix): readonly string[] {
  const last = ['elsewhere', 'abroad', ''];
  const named = new Set(pairs.flatMap(({ origin, destination }) => [origin, destination]));
  const weight = (region: string) =>
    last.includes(region) ? -1 - last.indexOf(region) : Number(out.get(region) ?? 0) + Number(into.get(region) ?? 0);
  return [...named].sort((a, b) => weight(b) - weight(a) || (a < b ? -1 : 1));
}

/** Whether rows, columns and cells come to the same, and that to the total; undefined where not all may be seen. */
export function reconciles({ pairs, out, into, total, limited }: Matrix, decimals: number): boolean | undefined {
  if (total === null || limited) return undefined;
  const whole = sumOf([total], decimals);
  const sums = [pairs.map(({ value }) => value), [...out.values()], [...into.values()]];
  const sides = ['origin', 'destination'] as const;
  const each = sides.every((side) =>
    [...(side === 'origin' ? out : into)].every(
      ([region, margin]) =>
        sumOf([margin], decimals) ===
        sumOf(
          pairs.filter((pair) => pair[side] === region).map(({ value }) => value),
          decimals,
        ),
    ),
  );
  return each && sums.every((values) => sumOf(values, decimals) === whole);
}
