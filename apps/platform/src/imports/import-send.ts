import { ConflictError, StoreUnavailableError, type Receipt } from '#libs/eventing';
import { problemOf, type Problem, type Submit } from '#libs/eventing-nest';
import type { Work } from './import-check.js';
import type { ImportRow, Outcome } from './imports.table.js';
import { submitOf } from './row-check.js';

/** Rows that are read, sent and written down together. */
const PAGE = 512;
/** Rows under way at a time: enough for appends to share transactions (decision 0008), and room for people beside them. */
const AT_ONCE = 32;

/**
 * Sends every row that was accepted, those of one stream in their order. Cut short anywhere, it sends the same again: a row's
 * command is carried out once, and its receipt is the same.
 *
 * @returns whether it has come to the end
 * @throws what keeps it from going on for now, once the rows before are written down
 */
export async function sendImport(
  { store, importable, record, goesOn }: Work,
  send: (submit: Submit) => Promise<Receipt>,
): Promise<boolean> {
  for (;;) {
    if (!(await goesOn())) return false;
    const rows = await store.rows(record.id, { states: ['accepted'], limit: PAGE });
    if (rows.length === 0) return true;
    const outcomes: Outcome[] = [];
    const left = byStream(rows);
    const troubles: unknown[] = [];
    const worker = async () => {
      for (let group = left.shift(); group !== undefined && troubles.length === 0; group = left.shift()) {
        for (const row of group) {
          const submit = submitOf(importable, record, row.commandId!, row.fields!);
          try {
            outcomes.push(carriedOut(row, await send(submit)));
          } catch (error) {
            if (isPassing(error)) return void troubles.push(error);
            outcomes.push(refused(row, problemOf(error)));
          }
        }
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    await store.keep(record.id, outcomes);
    if (troubles.length > 0) throw troubles[0];
  }
}

/** Rows of one stream after each other: a later one may build on an earlier one. */
function byStream(rows: readonly ImportRow[]): ImportRow[][] {
  const groups = new Map<string, ImportRow[]>();
  for (const row of rows) {
    const [stream = ''] = row.streams;
    const group = groups.get(stream);
    if (group) group.push(row);
    else groups.set(stream, [row]);
  }
  return [...groups.values()];
}

/** Says nothing of the row: it is sent again later. */
const isPassing = (error: unknown) =>
  error instanceof StoreUnavailableError || error instanceof ConflictError || problemOf(error).status === 503;

const carriedOut = (row: ImportRow, receipt: Receipt): Outcome => ({
  ...row,
  fields: row.fields!,
  state: receipt.repeated ? 'repeated' : 'recorded',
  receipt,
  refusal: null,
});

const refused = (row: ImportRow, refusal: Problem): Outcome => ({
  ...row,
  fields: row.fields!,
  state: 'refused',
  receipt: null,
  refusal,
});
