import type { FieldProblem } from '#libs/eventing-nest';
import { valueOf, type Column, type Recognised } from '#libs/sheets';

export type Fields = Readonly<Record<string, unknown>>;

/** What stands in a row: by field, and what belongs to none by its header, or by its number where there is none: `(14)`. */
export type Cells = Readonly<Record<string, string>>;

/** The key of a cell in a column without a header. */
export const withoutHeader = (column: number) => `(${column})`;

const NO_HEADER = /^\((\d+)\)$/;

/** The body of a command that a row says, and what is wrong with its cells whatever the command says of them. */
export function fieldsOfCells(
  columns: readonly Column[],
  recognised: readonly Recognised[],
  cells: Cells,
): { readonly fields: Fields; readonly faults: readonly FieldProblem[] } {
  const units = new Map(recognised.map(({ field, unit }) => [field, unit]));
  const fields: Record<string, unknown> = {};
  const faults: FieldProblem[] = strayed(cells);
  for (const column of columns) {
    const text = Object.hasOwn(cells, column.field) ? cells[column.field]! : '';
    if (text === '') continue;
    const { value, fault } = valueOf(column, text, units.get(column.field));
    if (fault) faults.push({ field: column.field, ...fault });
    put(fields, column.field.split('.'), value);
  }
  return { fields, faults };
}

function put(fields: Record<string, unknown>, [name, ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) fields[name!] = value;
  else put((fields[name!] ??= {}) as Record<string, unknown>, rest, value);
}

/** Something that stands where no header does: mostly the row has slipped by a delimiter too many. */
function strayed(cells: Cells): FieldProblem[] {
  return Object.entries(cells).flatMap(([key, text]): FieldProblem[] => {
    const [, column] = NO_HEADER.exec(key) ?? [];
    if (column === undefined || text === '') return [];
    const zh = `第 ${column} 列没有表头，却有内容“${text.slice(0, 40)}”；请核对是否错列`;
    const en = `Column ${column} has no header, but says "${text.slice(0, 40)}": check whether the row has slipped`;
    return [{ field: key, code: 'cell.no-header', zh, en }];
  });
}
