import Type, { type Static, type TObject, type TProperties } from 'typebox';
import type { Said } from './said.js';

/** The whole state of one thing, as its message carries it and as a row of its list shows it. */
export type RowOf<L> = L extends List<infer Properties, infer _> ? Static<TObject<Properties>> : never;

/**
 * A kind of thing, described once: the message that tells its whole state whenever it changes, the list that shows all
 * of them, and the table that a city keeps.
 */
export interface List<
  Properties extends TProperties = TProperties,
  Key extends keyof Properties & string = keyof Properties & string,
> {
  /** Of the list, its route and its table: kebab-case. */
  readonly name: string;
  readonly zh: string;
  readonly en: string;
  /** What a page of them is headed, and what leads there. */
  readonly heading: Said;
  /** Of the message: `cn.liandong.<noun>.changed.v<n>`. A form that was released never changes: a new form is a new version. */
  readonly type: string;
  readonly row: TObject<Properties>;
  /** What identifies the thing. */
  readonly key: readonly Key[];
  /**
   * The fields that name the regions it concerns: they receive it and may see it. `all` is what everyone must know, the
   * reference feed. A field may hold one region or several.
   */
  readonly visibleTo: 'all' | readonly (keyof Properties & string)[];
  /** What the list can be narrowed to by equality, put in order by, and searched in; the key always counts among them. */
  readonly filter: readonly (keyof Properties & string)[];
  readonly sort: readonly (keyof Properties & string)[];
  readonly search: readonly (keyof Properties & string)[];
  readonly example: Static<TObject<Properties>>;
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type AnyList = List<any>;

type Declared<Properties extends TProperties, Key extends keyof Properties & string> = Omit<
  List<Properties, Key>,
  'row' | 'filter' | 'sort' | 'search'
> & {
  readonly row: Properties;
} & Partial<Pick<List<Properties>, 'filter' | 'sort' | 'search'>>;

/** Names the types once, so that the object literal is checked against them. */
export function list<
  const Name extends string,
  Properties extends TProperties,
  const Key extends keyof Properties & string,
>(declared: Declared<Properties, Key> & { readonly name: Name }): List<Properties, Key> & { readonly name: Name } {
  const { row, zh, en, type, filter = [], sort = [], search = [], ...rest } = declared;
  const schema = Type.Object(row, { $id: type, additionalProperties: false, title: zh, description: en });
  return { ...rest, zh, en, type, row: schema, filter, sort, search };
}
