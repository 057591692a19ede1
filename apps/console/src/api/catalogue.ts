import { queryOptions, useSuspenseQuery } from '@tanstack/react-query';
import { get } from './http';

export interface Said {
  readonly zh: string;
  readonly en: string;
}

export interface Column extends Said {
  readonly name: string;
  readonly help?: Said;
  readonly kind:
    | 'text'
    | 'slug'
    | 'region'
    | 'day'
    | 'fen'
    | 'count'
    | 'hundredths'
    | 'flag'
    | 'choice'
    | 'uscc'
    | 'parts'
    | 'several';
  readonly nullable: boolean;
  /** Of a choice: every value. */
  readonly values?: Readonly<Record<string, Said>>;
  /** The list that it names a thing of, and the key there. */
  readonly list?: string;
  readonly field?: string;
  readonly codes?: string;
  readonly parts?: readonly Column[];
  readonly of?: Column;
}

export interface List extends Said {
  readonly name: string;
  readonly context: string | null;
  readonly key: readonly string[];
  readonly filter: readonly string[];
  readonly sort: readonly string[];
  readonly search: readonly string[];
  readonly columns: readonly Column[];
}

export interface Dimension extends Said {
  readonly region?: true;
  readonly list?: string;
  readonly codes?: string;
  readonly values?: Readonly<Record<string, Said>>;
}

export interface Measure extends Said {
  readonly kind: 'flow' | 'level';
  readonly decimals: 0 | 2;
  readonly unit: Said;
}

export interface Rate extends Said {
  readonly of: readonly [numerator: string, denominator: string];
  readonly each?: string;
}

export interface Figure extends Said {
  readonly name: string;
  readonly context: string | null;
  readonly source: string;
  readonly by: readonly string[];
  readonly dimensions: Readonly<Record<string, Dimension>>;
  readonly measures: Readonly<Record<string, Measure>>;
  readonly rates: Readonly<Record<string, Rate>>;
}

export interface Command extends Said {
  readonly name: string;
  readonly context: string;
  readonly path: string;
  readonly operation: string;
  readonly roles: readonly string[];
  /** The things of lists that it acts on, and which of its fields name them. */
  readonly acts: readonly { readonly list: string; readonly key: Readonly<Record<string, string>> }[];
}

/** What the platform says of itself; pages and forms are made from it. */
export interface Catalogue {
  readonly contexts: readonly ({ readonly name: string } & Said)[];
  readonly lists: readonly List[];
  readonly figures: readonly Figure[];
  readonly commands: readonly Command[];
  readonly events: Readonly<Record<string, Said>>;
}

export const catalogueQuery = queryOptions({
  queryKey: ['catalogue'],
  // A city has neither commands nor events.
  queryFn: async ({ signal }): Promise<Catalogue> => ({
    commands: [],
    events: {},
    ...(await get<Omit<Catalogue, 'commands' | 'events'> & Partial<Catalogue>>('/api/v1/catalogue', {}, signal)),
  }),
  staleTime: Infinity,
  meta: { still: true },
});

export const useCatalogue = (): Catalogue => useSuspenseQuery(catalogueQuery).data;

export class Unknown extends Error {}

/** A thing that an address names, of what there is. */
export function found<T extends { readonly name: string }>(all: readonly T[], name: string): T {
  const one = all.find((each) => each.name === name);
  if (one === undefined) throw new Unknown(name);
  return one;
}
