import type { Answer } from '../test-platform.js';

type Row = Readonly<Record<string, unknown>>;
type Ask = (path: string) => Promise<Answer['body']>;

const PERIOD = 'from=2023-01-01&to=2024-01-01';

/** What is not there counts as nothing: today rows of nothing but zeros are left out. */
const n = (row: Row | undefined, name: string) => (row?.[name] as number | undefined) ?? 0;

function measure(row: Row | undefined, there: string, taken: string, rate: string) {
  const [total, allocated] = [n(row, there), n(row, taken)];
  const [allocatedDays, availableDays] = [n(row, `${taken}Days`), n(row, `${there}Days`)];
  const occupancy = (row?.[rate] as number | null | undefined) ?? null;
  return { total, allocated, free: total - allocated, allocatedDays, availableDays, occupancy };
}

const capacityRow = (by: string, id: string, name: string | null, row: Row | undefined) => ({
  by,
  id,
  name,
  area: measure(row, 'lettableSquareMetres', 'letSquareMetres', 'areaOccupancy'),
  desks: measure(row, 'desks', 'desksLet', 'deskOccupancy'),
});

const sharingRate = (owner: string, row: Row | undefined, instruments: number) => ({
  owner,
  uses: n(row, 'uses'),
  instruments,
  externalHours: n(row, 'externalHours'),
  effectiveHours: n(row, 'effectiveHours'),
  ratioOfMeans: row?.['ratioOfMeans'] ?? null,
  meanOfRatios: row?.['meanOfRatios'] ?? null,
});

const flowSum = (row: Row | undefined) => ({
  count: n(row, 'count'),
  amountFen: n(row, 'amountFen'),
  technicalRevenueFen: n(row, 'technicalRevenueFen'),
});

/** The answers of today in the words of releases 1 and 2: their golden figures must come out. */
export async function earlierAnswers(ask: Ask): Promise<unknown[]> {
  const { hub, regions, codes, groups, zones, links, rules } = await ask('topology');
  const dated = (rows: Row[], since: string) => rows.map(({ [since]: day, ...row }) => ({ ...row, since: day }));
  const without = (rows: Row[], ...names: string[]) =>
    rows.map((row) => Object.fromEntries(Object.entries(row).filter(([name]) => !names.includes(name))));
  const carriers = (await ask('carriers?limit=1000')).items as Row[];
  const names = new Map(carriers.map((c) => [c['carrier'] as string, c['name'] as string]));

  const capacity = async (by: string) =>
    (await ask(`figures/capacity?${PERIOD}&by=${by}`)) as { cells: Row[]; total: Row };
  const byCarrier = await capacity('carrier');
  const capacityRows = [
    ...byCarrier.cells.map((row) =>
      capacityRow('carrier', row['carrier'] as string, names.get(row['carrier'] as string)!, row),
    ),
    ...(await capacity('home')).cells.map((row) => capacityRow('home', row['home'] as string, null, row)),
    ...(await capacity('host')).cells.map((row) => capacityRow('host', row['host'] as string, null, row)),
    capacityRow('total', '', null, byCarrier.total),
  ];

  const pairs = (await ask(`figures/sharing?${PERIOD}`)) as { cells: Row[]; total: Row };
  const owners = (await ask(`figures/sharing?${PERIOD}&by=owner`)) as { cells: Row[]; total: Row };
  const instruments = ((await ask(`figures/sharing?${PERIOD}&by=instrument`)).cells as Row[]).filter(
    (r) => n(r, 'uses') > 0,
  );
  const ofOwner = (owner: string) => instruments.filter((row) => row['owner'] === owner).length;

  const flows = (await ask(`figures/flows?${PERIOD}&by=output,absorbing,type&per=month`)) as {
    cells: Row[];
    total: Row;
  };
  const margin = async (by: string) =>
    ((await ask(`figures/flows?${PERIOD}&by=${by}`)).cells as Row[]).map((row) => ({
      region: row[by],
      ...flowSum(row),
    }));
  const period = { from: '2023-01-01', to: '2024-01-01', scope: null };
  return [
    {
      hub: hub && dated(without([hub], 'until'), 'from')[0],
      regions,
      codes: without(codes, 'since'),
      groups,
      zones: dated(without(zones, 'until', 'status'), 'from'),
      links: dated(without(links, 'closedOn', 'status'), 'openedOn'),
      rules: dated(rules, 'statedOn'),
    },
    {
      carriers: carriers.map(({ carrier, name, kind, home, host, status, since }) => {
        return { carrier, name, kind, home, host, status, occurredAt: since };
      }),
    },
    await ask('carriers/coverage'),
    { on: '2023-12-31', ...period, rows: capacityRows },
    {
      ...period,
      cells: pairs.cells.map(({ owner, using, uses, effectiveHours: hours }) => ({ owner, using, uses, hours })),
      rates: owners.cells.map((row) => sharingRate(row['owner'] as string, row, ofOwner(row['owner'] as string))),
      total: sharingRate('', owners.total, instruments.length),
    },
    {
      ...period,
      cells: flows.cells.map((row) => {
        const { output, absorbing, type, period: within } = row;
        return { output, absorbing, type, period: within, ...flowSum(row) };
      }),
      rows: await margin('output'),
      columns: await margin('absorbing'),
      total: flowSum(flows.total),
    },
  ];
}

const NO_SINCE = ['codes', 'groups'];

/** What earlier releases committed, without what says nothing: rows of zeros, the order of rows, a group's date. */
export function comparable(answer: unknown): unknown {
  if (Array.isArray(answer)) {
    const rows = answer.map(comparable).filter((row) => !isNothing(row));
    return rows.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  }
  if (typeof answer !== 'object' || answer === null)
    return typeof answer === 'number' ? Number(answer.toFixed(9)) : answer;
  return Object.fromEntries(
    Object.entries(answer)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, value]) => {
        if (!NO_SINCE.includes(name) || !Array.isArray(value)) return [name, comparable(value)];
        return [name, comparable(value.map(({ since: _, ...row }: Row) => row))];
      }),
  );
}

function isNothing(row: unknown): boolean {
  if (typeof row !== 'object' || row === null || !('by' in row)) return false;
  const { area, desks } = row as unknown as Record<'area' | 'desks', Row>;
  return [area, desks].every((of) => Object.values(of).every((value) => value === 0 || value === null));
}
