import type { Said } from '#libs/fields';
import type { AnyList, RowOf } from '#libs/messages';
import type { Matching } from '#libs/read-models';

/** Whose turn it is where no region's is. */
export const PROVINCE = 'province';

type Field<L extends AnyList> = keyof RowOf<L> & string;

/**
 * A kind of thing that waits for somebody, or that somebody should know, as a list has it: declared beside its context, so that
 * `GET /api/v1/waiting` tells of it without a line elsewhere.
 */
interface Declared<L extends AnyList, Command extends string> extends Matching<L> {
  /** Its name for programs, for ever: kebab-case. */
  readonly kind: string;
  readonly list: L;
  readonly title: Said;
  /** What is told of each; `{field}` is what its row says. */
  readonly says: Said;
  /** The fields that name the regions it is told to. They see the row anyway: nobody learns here of what it may not see. */
  readonly to: readonly Field<L>[];
  /** Whose turn it is: regions, or the province. */
  readonly turn: (row: RowOf<L>) => readonly (string | null)[];
  /** Fields whose regions each act by their own authority here: who acts for several of them, from above, acts for none. */
  readonly apart?: readonly Field<L>[];
  /** Since when it waits: the latest of what these fields say, or since when the field has said what it says. */
  readonly since: readonly Field<L>[] | { readonly state: Field<L> };
  /** The day, exclusive, by which it is to be dealt with. The earliest is told first; without one, what has waited longest. */
  readonly deadline?: Field<L>;
  /** What deals with it. */
  readonly commands: readonly Command[];
}

// The list's own type is checked where it is declared; whoever goes through all of them needs only its rows.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Waiting<Command extends string = string> = Declared<any, Command>;

/** Names the types once, so that the object literal is checked against them. */
export const waiting = <L extends AnyList, const Command extends string>(
  declared: Declared<L, Command>,
): Waiting<Command> => declared;
