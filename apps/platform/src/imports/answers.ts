import { valuesOf } from '#libs/messages';
import type { Actor } from '#libs/eventing';
import type { Importables } from './importable.js';
import type { CountsDto, ImportSummaryDto, RowDto } from './imports.dto.js';
import { isOwn } from './imports.js';
import { rowStates, type ImportRecord, type ImportRow, type RowState } from './imports.table.js';

/** An import as it is told of; of one whose command this release does not have, by its route. */
export function summaryOf(
  record: ImportRecord,
  counted: ReadonlyMap<RowState, number>,
  by: Actor,
  importables: Importables,
): ImportSummaryDto {
  const { id, command, file, format, encoding, sheet, actor, createdAt, state, rows, trouble } = record;
  const { zh = command, en = command } = importables.known(command) ?? {};
  const counts = Object.fromEntries(
    valuesOf(rowStates).map((one) => [one, counted.get(one) ?? 0]),
  ) as unknown as CountsDto;
  return {
    id,
    command,
    zh,
    en,
    file,
    format,
    encoding,
    sheet,
    by: actor,
    mine: isOwn(record, by),
    createdAt,
    state,
    rows,
    counts,
    progress: progressOf(record, counts),
    trouble,
  };
}

/** Of a check the rows that do not wait for it, of sending those that have an answer. */
function progressOf({ state, rows }: ImportRecord, counts: CountsDto): { done: number; of: number } {
  if (state === 'checking') return { done: rows - counts.waiting, of: rows };
  const done = counts.recorded + counts.repeated + counts.refused;
  return { done, of: done + counts.accepted };
}

export function rowOf({ n, state, cells, fields, faults, warnings, receipt, refusal }: ImportRow): RowDto {
  const answered = receipt as unknown as RowDto['receipt'];
  return {
    n,
    state,
    cells,
    fields,
    faults: [...faults],
    warnings: [...warnings],
    receipt: answered,
    refusal,
  } as RowDto;
}
