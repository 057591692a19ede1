import type pg from 'pg';
import { auditor, type TestPlatform } from '../test-platform.js';
import { capacityDays, flows, sharingCells, sharingRates } from './independent-sql.js';

const sum = <T>(items: readonly T[], of: (item: T) => number) => items.reduce((total, item) => total + of(item), 0);

/**
 * Asks the platform for its three figures, recomputes each from the stored events by independent SQL, and expects them
 * to agree and to reconcile. Returns how many rows were compared.
 */
export async function expectAgreement(
  platform: Pick<TestPlatform, 'send'>,
  client: pg.Client,
  from: string,
  to: string,
): Promise<number> {
  const ask = async (figure: string) => {
    const { status, body } = await platform.send(auditor, 'GET', `/api/v1/figures/${figure}from=${from}&to=${to}`);
    expect(status).toBe(200);
    return body;
  };
  const rows = async (text: string) => (await client.query<Record<string, string>>(text, [from, to])).rows;

  const flow = await ask('flows?period=month&');
  const cells = (await rows(flows)).map((r) => ({
    output: r['output'],
    absorbing: r['absorbing'],
    type: r['type'],
    period: r['period'],
    count: Number(r['count']),
    amountFen: Number(r['amount']),
    technicalRevenueFen: Number(r['revenue']),
  }));
  expect(flow.cells).toEqual(cells);
  for (const what of ['count', 'amountFen', 'technicalRevenueFen'] as const) {
    const totals = [flow.cells, flow.rows, flow.columns].map((part) =>
      sum(part, (p: Record<typeof what, number>) => p[what]),
    );
    expect(totals).toEqual(Array(3).fill(flow.total[what]));
  }

  const sharing = await ask('sharing?');
  expect(sharing.cells).toEqual(
    (await rows(sharingCells)).map((r) => ({
      owner: r['owner'],
      using: r['using'],
      uses: Number(r['uses']),
      hours: Number(r['hours']),
    })),
  );
  const rates = [sharing.total, ...sharing.rates].filter((r) => r.uses > 0);
  const expected = await rows(sharingRates);
  expect(rates.map((r) => r.owner)).toEqual(expected.map((r) => r['owner']));
  for (const [i, rate] of rates.entries()) {
    expect(rate.ratioOfMeans).toBeCloseTo(Number(expected[i]!['ratioOfMeans']), 12);
    expect(rate.meanOfRatios).toBeCloseTo(Number(expected[i]!['meanOfRatios']), 12);
  }

  const capacity = await ask('capacity?');
  type Row = { by: string; id: string; area: Measure; desks: Measure };
  type Measure = { allocatedDays: number; availableDays: number; total: number; allocated: number; free: number };
  const days = (row: Row) => [
    row.area.allocatedDays,
    row.area.availableDays,
    row.desks.allocatedDays,
    row.desks.availableDays,
  ];
  const byCarrier = (capacity.rows as Row[]).filter((r) => r.by === 'carrier' && days(r).some((n) => n > 0));
  const independent = (await rows(capacityDays)).map(({ carrier, ...sums }) => [
    carrier,
    ...Object.values(sums).map(Number),
  ]);
  expect(byCarrier.map((r) => [r.id, ...days(r)])).toEqual(independent);
  for (const { area, desks } of capacity.rows as Row[]) {
    for (const { total, allocated, free } of [area, desks])
      expect([free >= 0, free]).toEqual([true, Number((total - allocated).toFixed(2))]);
  }
  return cells.length + sharing.cells.length + byCarrier.length;
}
