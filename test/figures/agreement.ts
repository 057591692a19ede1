import type pg from 'pg';
import { auditor, operator, type TestPlatform } from '../test-platform.js';
import {
  capacityDays,
  carrierDays,
  firmDays,
  flows,
  instrumentDays,
  sharingCells,
  sharingRates,
} from './independent-sql.js';

type Row = Record<string, string>;
type Told = Record<string, number | string | null>;

/** Which of a history a question speaks of. */
export interface Times {
  /** What is dated after this day does not count. */
  readonly asOf?: string;
  /** What was recorded after this position does not count. */
  readonly asAt?: string;
}

const dayAfter = (day: string) => new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10);

/**
 * Asks the platform for its figures, recomputes each from the stored events by independent SQL, and expects them
 * to agree and to reconcile, as of a day and as at a position. Returns how many rows were compared.
 */
export async function expectAgreement(
  platform: Pick<TestPlatform, 'send'>,
  client: pg.Client,
  from: string,
  to: string,
  { asOf, asAt }: Times = {},
): Promise<number> {
  const times = Object.entries({ asOf, asAt }).flatMap(([name, at]) => (at === undefined ? [] : [`${name}=${at}`]));
  const tell = async (path: string, by: Parameters<typeof platform.send>[0] = auditor) => {
    const query = [`from=${from}`, `to=${to}`, ...times].join('&');
    const { status, body } = await platform.send(by, 'GET', `/api/v1/${path}&${query}`);
    expect([status, body.detail]).toEqual([200, undefined]);
    return body as { cells: Told[]; margins: Told[]; total: Told; next: string | null };
  };
  const ask = (figure: string) => tell(`figures/${figure}&limit=10000`);
  const end = asOf !== undefined && dayAfter(asOf) < to ? dayAfter(asOf) : to;
  const rows = async (text: string) =>
    end <= from ? [] : (await client.query<Row>(text, [from, end, asAt ?? '~'])).rows;
  const picked = (cells: readonly Told[], ...names: string[]) =>
    cells.map((cell) => names.map((name) => cell[name])).sort(byText);
  const asNumbers = (found: readonly Row[], texts: number) =>
    found.map((row) => Object.values(row).map((value, i) => (i < texts ? value : Number(value)))).sort(byText);

  const flow = await ask('flows?by=output,absorbing,type&per=month');
  const sums = ['count', 'amountFen', 'technicalRevenueFen'];
  expect(picked(flow.cells, 'output', 'absorbing', 'type', 'period', ...sums)).toEqual(asNumbers(await rows(flows), 4));
  for (const what of sums) {
    const total = (of: readonly Told[]) => of.reduce((sum, row) => sum + (row[what] as number), 0);
    const by = (dimension: string) => flow.margins.filter((row) => dimension in row && !('period' in row));
    expect([flow.cells, by('output'), by('absorbing'), by('type')].map(total)).toEqual(Array(4).fill(flow.total[what]));
  }

  const sharing = await ask('sharing?by=owner,using');
  expect(picked(sharing.cells, 'owner', 'using', 'uses', 'effectiveHours')).toEqual(
    asNumbers(await rows(sharingCells), 2),
  );
  const owners = await ask('sharing?by=owner');
  const rates: Told[] = [{ ...owners.total, owner: '' }, ...owners.cells].filter(
    (r: Told) => (r['uses'] as number) > 0,
  );
  const expected = await rows(sharingRates);
  expect(rates.map((r) => r['owner'])).toEqual(expected.map((r) => r['owner']));
  for (const [i, rate] of rates.entries()) {
    for (const name of ['ratioOfMeans', 'meanOfRatios']) expect(rate[name]).toBeCloseTo(Number(expected[i]![name]), 11);
  }

  const capacity = await ask('capacity?by=carrier');
  const days = ['letSquareMetresDays', 'lettableSquareMetresDays', 'desksLetDays', 'desksDays'];
  const inUse = capacity.cells.filter((row) => days.some((name) => row[name] !== 0));
  expect(picked(inUse, 'carrier', ...days)).toEqual(asNumbers(await rows(capacityDays), 1));
  for (const row of capacity.cells) {
    const free = (row['lettableSquareMetres'] as number) - (row['letSquareMetres'] as number);
    expect(free).toBeGreaterThanOrEqual(0);
  }

  const ofDays = async (figure: string, text: string, dimensions: readonly string[], measures: readonly string[]) => {
    const { cells } = await ask(`${figure}?by=${dimensions.join(',')}`);
    const told = cells.filter((row) => measures.some((name) => row[name] !== 0));
    const found = asNumbers(await rows(text), dimensions.length).filter((row) =>
      row.slice(dimensions.length).some(Boolean),
    );
    expect([figure, picked(told, ...dimensions, ...measures)]).toEqual([figure, found]);
    return told.length;
  };
  const ways = ['home', 'host'];
  const counted =
    (await ofDays('carriers', carrierDays, ['kind', ...ways], ['carriersDays', 'squareMetresDays'])) +
    (await ofDays('instruments', instrumentDays, ['owner'], ['instrumentsDays', 'originalValueFenDays'])) +
    (await ofDays('firms', firmDays, ['carrier', ...ways], ['admitted', 'graduated', 'left', 'incubatedDays']));

  const firms = await ask('firms?by=home,host');
  await expectMatrix(tell, [
    [
      flow,
      'output',
      'absorbing',
      { contracts: 'count', amountFen: 'amountFen', technicalRevenueFen: 'technicalRevenueFen' },
    ],
    [sharing, 'owner', 'using', { uses: 'uses', hours: 'effectiveHours' }],
    [firms, 'home', 'host', { firms: 'admitted' }],
  ]);
  return flow.cells.length + sharing.cells.length + inUse.length + counted;
}

interface Figure {
  readonly margins: readonly Told[];
  readonly total: Told;
}
type OfMatrix = readonly [
  figure: Figure,
  origin: string,
  destination: string,
  measures: Readonly<Record<string, string>>,
];

/** Rows, columns and total of the flow matrix are those of the figures that it sets side by side, whoever looks. */
async function expectMatrix(
  tell: (
    path: string,
    by?: Parameters<TestPlatform['send']>[0],
  ) => Promise<Figure & { readonly cells: readonly Told[] }>,
  figures: readonly OfMatrix[],
): Promise<void> {
  const matrix = await tell('flows/matrix?');
  const number = (row: Told | undefined, name: string) => Number(row?.[name] ?? 0);
  for (const [{ margins, total }, origin, destination, measures] of figures) {
    for (const [here, there] of Object.entries(measures)) {
      const cents = (some: readonly Told[]) => some.reduce((sum, row) => sum + Math.round(number(row, here) * 100), 0);
      const along = (side: string) => matrix.margins.filter((row) => side in row);
      const whole = Math.round(number(total, there) * 100);
      expect([here, cents([matrix.total]), cents(matrix.cells)]).toEqual([here, whole, whole]);
      for (const [side, dimension] of [
        ['origin', origin],
        ['destination', destination],
      ] as const) {
        const mine = Object.fromEntries(
          along(side)
            .map((row) => [row[side], number(row, here)])
            .filter(([, n]) => n !== 0),
        );
        const own = margins.filter((row) => dimension in row && !('period' in row));
        expect([here, mine]).toEqual([
          here,
          Object.fromEntries(own.map((row) => [row[dimension], number(row, there)]).filter(([, n]) => n !== 0)),
        ]);
      }
    }
  }
  const seen = await tell('flows/matrix?', operator('xianyang'));
  expect(seen.cells).toEqual(
    matrix.cells.filter((row) => row['origin'] === 'xianyang' || row['destination'] === 'xianyang'),
  );
  expect(seen.total).toBeNull();
}

const byText = (a: unknown, b: unknown) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);
