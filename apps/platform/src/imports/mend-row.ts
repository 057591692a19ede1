import type { Gateway } from '#libs/eventing-nest';
import type { Importable } from './importable.js';
import type { ImportStore } from './import-store.js';
import type { ImportRecord, ImportRow } from './imports.table.js';
import { RowCheck } from './row-check.js';

/** How many rows are checked anew at once with one that was mended; where more hang together, the whole import is. */
const MOST = 1_000;

/**
 * Checks a row anew that was mended or left out, and with it those that are about the same things: what it says now, or says no more, may be what another
 * was refused for.
 *
 * @returns false where too many rows hang together
 */
export async function recheck(
  store: ImportStore,
  gateway: Gateway,
  importable: Importable,
  record: ImportRecord,
  before: ImportRow,
): Promise<boolean> {
  const mended = (await store.row(record.id, before.n))!;
  const [alone] = await new RowCheck(gateway, importable, record).check([mended]);
  const streams = [...new Set([...before.streams, ...alone!.streams])];
  const commands = [before.commandId, alone!.commandId].filter((id) => id !== null);
  const related = await store.related(record.id, before.n, streams, commands, MOST + 1);
  if (related.length > MOST) return false;
  const taken = mended.state === 'skipped' ? related : [...related, mended];
  const inOrder = taken.toSorted((a, b) => a.n - b.n);
  await store.keep(record.id, await new RowCheck(gateway, importable, record).check(inOrder));
  return true;
}
