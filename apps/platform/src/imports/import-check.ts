import { medianOf, isWeighed, weighed, type Column, type Warning } from '#libs/sheets';
import type { Gateway } from '#libs/eventing-nest';
import type { Importable } from './importable.js';
import type { ImportStore } from './import-store.js';
import type { ImportRecord, Outcome } from './imports.table.js';
import { RowCheck } from './row-check.js';

const PAGE = 500;

export interface Work {
  readonly store: ImportStore;
  readonly gateway: Gateway;
  readonly importable: Importable;
  readonly record: ImportRecord;
  /** Asked after each page: somebody may have cancelled it, or the process is to end. */
  readonly goesOn: () => Promise<boolean>;
}

/**
 * The dry run: every row that is open, in their order, from the first. What the rows before would have brought about is in memory
 * only, so that one that was cut short begins anew.
 *
 * @returns whether it has come to the end
 */
export async function checkImport({ store, gateway, importable, record, goesOn }: Work): Promise<boolean> {
  // Weighed by each other once all are known.
  const check = new RowCheck(gateway, importable, { ...record, medians: {} });
  const sizes = new Sizes(importable.columns);
  await store.reopen(record.id, record.rows);
  for (let after = 0; ;) {
    if (!(await goesOn())) return false;
    const rows = await store.rows(record.id, { states: ['waiting'], after, limit: PAGE });
    if (rows.length === 0) break;
    const outcomes = await check.check(rows);
    outcomes.forEach((outcome) => sizes.add(outcome));
    await store.keep(record.id, outcomes);
    after = rows.at(-1)!.n;
  }
  await store.weighedBy(record.id, sizes.medians);
  await store.warn(record.id, sizes.far());
  return true;
}

/** The sizes of the amounts and areas of all rows: each is compared with the middle one. */
class Sizes {
  private readonly columns: readonly Column[];
  private readonly values = new Map<string, { readonly n: number; readonly value: number }[]>();

  constructor(columns: readonly Column[]) {
    this.columns = columns.filter(isWeighed);
    for (const { field } of this.columns) this.values.set(field, []);
  }

  add({ n, fields, state }: Outcome): void {
    if (state === 'skipped') return;
    for (const [field, values] of this.values) {
      const value = fields[field];
      if (typeof value === 'number') values.push({ n, value });
    }
  }

  get medians(): Record<string, number> {
    const known = [...this.values].map(([field, all]) => [field, medianOf(all.map(({ value }) => value))] as const);
    return Object.fromEntries(known.filter((one): one is [string, number] => one[1] !== undefined));
  }

  far(): Map<number, Warning[]> {
    const found = new Map<number, Warning[]>();
    const { medians } = this;
    for (const column of this.columns) {
      for (const { n, value } of this.values.get(column.field)!) {
        const far = weighed(column, value, medians[column.field]).filter(
          ({ code }) => code === 'value.far-from-others',
        );
        if (far.length > 0) found.set(n, [...(found.get(n) ?? []), ...far]);
      }
    }
    return found;
  }
}
