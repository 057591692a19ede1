import type { TSchema } from 'typebox';
import type { AnyList } from './list.js';
import { notesOf, type FieldKind } from './notes.js';
import { textsOf, type InBoth } from './said.js';

/** One field of a row, as whoever makes pages of lists needs it. */
export interface Column extends InBoth {
  readonly name: string;
  /** What the label leaves out. */
  readonly help?: InBoth;
  readonly kind: FieldKind | 'parts' | 'several';
  readonly nullable: boolean;
  /** Of a choice every value; of an open text those that are known now. */
  readonly values?: Readonly<Record<string, InBoth>>;
  /** The list that it names a thing of, and the last field of that list's key. */
  readonly list?: string;
  readonly field?: string;
  /** The code list that it is a code of, or the name of one. */
  readonly codes?: string;
  readonly parts?: readonly Column[];
  /** Of several: what each of them is. */
  readonly of?: Column;
}

type Plain = TSchema & {
  readonly title?: string;
  readonly description?: string;
  readonly type?: string;
  readonly anyOf?: readonly TSchema[];
  readonly properties?: Readonly<Record<string, TSchema>>;
  readonly items?: TSchema;
};

/** Every field of a list's rows. `lists` are all that a field may name a thing of. */
export function columnsIn(list: AnyList, lists: readonly AnyList[]): Column[] {
  const fields = list.row.properties as Readonly<Record<string, TSchema>>;
  return Object.entries(fields).map(([name, schema]) => column(name, schema, { fields: Object.keys(fields), lists }));
}

interface Among {
  /** The other fields of the row: a key of several fields names a thing only together with these. */
  readonly fields: readonly string[];
  readonly lists: readonly AnyList[];
}

function column(name: string, schema: TSchema, among: Among): Column {
  const { anyOf = [schema] } = schema as Plain;
  const said = anyOf.find((one) => (one as Plain).type !== 'null') as Plain;
  const { title = name, description = '', properties, items } = said;
  const { kind, label: [zh, en] = [title, description], values, codes } = notesOf(said);
  const leftOut = zh !== title || en !== description;
  return {
    name,
    zh,
    en,
    ...(leftOut && description !== '' ? { help: { zh: title, en: description } } : {}),
    kind: kind ?? (items ? 'several' : 'parts'),
    nullable: anyOf.length > 1,
    ...(values ? { values: textsOf(values) } : {}),
    ...named(name, said, among),
    ...(codes === undefined ? {} : { codes }),
    ...(properties ? { parts: Object.entries(properties).map(([part, of]) => column(part, of, among)) } : {}),
    ...(items ? { of: column(name, items, among) } : {}),
  };
}

/** What it names a thing of: a region, what is declared, or the list whose key ends with its name. */
function named(name: string, schema: TSchema, { fields, lists }: Among): Pick<Column, 'list' | 'field'> {
  const { kind, list = kind === 'region' ? 'regions' : undefined, codes } = notesOf(schema);
  const found = lists.find((one) => (list === undefined ? hasKey(one, name, fields) : one.name === list));
  if (!found || codes !== undefined || (kind !== 'slug' && kind !== 'region')) return {};
  return { list: found.name, field: found.key.at(-1)! };
}

const hasKey = ({ key }: AnyList, name: string, fields: readonly string[]): boolean =>
  key.at(-1) === name && key.every((field: string) => fields.includes(field));
