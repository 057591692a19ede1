import type { Type } from '@nestjs/common';
import { fieldsOf, type Known } from '#libs/fields';
import type { Column, ColumnKind } from '#libs/sheets';

/** The columns of a sheet of a command: its fields in their order, what is inside one of them each for itself. */
export function columnsOf(Class: Type<object>, within?: Known & { readonly name: string }): Column[] {
  return [...fieldsOf(Class)].flatMap(([name, known]): Column[] => {
    if (known.nested) return columnsOf(known.nested(), { ...known, name });
    const { zh, en, optional = false, example, choices, mended } = known;
    return [
      {
        field: within ? `${within.name}.${name}` : name,
        zh,
        en,
        ...(within ? { within: [within.zh, within.en] as const } : {}),
        kind: kindOf(known),
        isRequired: !optional && !within?.optional,
        example: example as Column['example'],
        choices: choices && new Map(Object.entries(choices)),
        mended,
      },
    ];
  });
}

function kindOf({ code, type, unit }: Known): ColumnKind {
  if (code === 'fen') return 'fen';
  if (unit === '平方米') return 'area';
  return type === 'form' ? 'text' : type;
}
