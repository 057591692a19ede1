import type { Column, DimensionEntry, FigureEntry, InBoth, ListEntry, ReadCatalogue } from '#libs/messages';
import { queryOptions, useSuspenseQuery } from '@tanstack/react-query';
import { get } from './http';
import type { components } from './openapi';

type Schemas = components['schemas'];

export type { Column };
export type Said = InBoth;
export type List = ListEntry;
export type Figure = FigureEntry;
export type Dimension = DimensionEntry;
export type Measure = FigureEntry['measures'][string];
export type Rate = FigureEntry['rates'][string];
export type Command = Schemas['CatalogueCommand'];

/** What the platform says of itself; pages and forms are made from it. */
export interface Catalogue extends ReadCatalogue {
  readonly contexts: readonly Schemas['CatalogueContext'][];
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
