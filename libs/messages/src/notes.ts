import type { TSchema } from 'typebox';
import type { Said, Texts } from './said.js';

/** Which of the helpers of field.ts made a field. What is made of others has no kind of its own. */
export type FieldKind =
  'text' | 'slug' | 'region' | 'day' | 'fen' | 'count' | 'hundredths' | 'flag' | 'choice' | 'uscc';

/** What pages need to know of a field, and what its message does not say. */
export interface Notes {
  readonly kind?: FieldKind;
  /** What stands above its column, where its title and description say more than a label does. */
  readonly label?: Said;
  /** What people read in place of its values. */
  readonly values?: Texts;
  /** The list that it names a thing of, where its name does not tell. */
  readonly list?: string;
  /** The code list that it is a code of, or the name of one. */
  readonly codes?: string;
}

// Beside the schemas, not in them: a message that was released never changes, and a label may.
const notes = new WeakMap<TSchema, Notes>();

/** Adds to what is known of a field. */
export function noted<Schema extends TSchema>(schema: Schema, more: Notes): Schema {
  notes.set(schema, { ...notes.get(schema), ...more });
  return schema;
}

export const notesOf = (schema: TSchema): Notes => notes.get(schema) ?? {};

/** A field with a short label: in English, where its title is one in Chinese. */
export function called<Schema extends TSchema>(label: string | Said, schema: Schema): Schema {
  const { title = '' } = schema as { title?: string };
  return noted(schema, { label: typeof label === 'string' ? [title, label] : label });
}

/** A field that names a thing of a list under another name than that list's key has. */
export const naming = <Schema extends TSchema>(list: string, schema: Schema): Schema => noted(schema, { list });

/** A field that is a code of a code list, or the name of one. */
export const codeOf = <Schema extends TSchema>(codes: string, schema: Schema): Schema => noted(schema, { codes });

/** An open text, with what people read in place of the values that are known now. */
export const known = <Schema extends TSchema>(values: Texts, schema: Schema): Schema => noted(schema, { values });
