import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { get } from '../api/http';

export type Row = Readonly<Record<string, unknown>>;
/** A value of a row as text: most are. */
export const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value ?? ''));

export interface Page {
  readonly items: readonly Row[];
  readonly next: string | null;
}

/** What has few entries and is named everywhere: read whole, once. */
const whole = (list: string) =>
  queryOptions({
    queryKey: ['whole', list],
    queryFn: async ({ signal }) => {
      const items: Row[] = [];
      for (let after: string | null | undefined; after !== null;) {
        const page: Page = await get<Page>(`/api/v1/${list}`, { limit: 500, after }, signal);
        items.push(...page.items);
        after = page.next;
      }
      return items;
    },
    staleTime: 60_000,
  });

export const regionsQuery = whole('regions');
export const placesQuery = whole('places');
export const codesQuery = whole('codes');

/** The name of a region or a place beyond the province; its id where there is none. */
export function useRegionName(): (region: string) => string {
  const { data: regions } = useQuery(regionsQuery);
  const { data: places } = useQuery(placesQuery);
  return useCallback(
    (id: string) => {
      if (id === 'elsewhere') return document.documentElement.lang === 'en' ? 'Other provinces' : '省外';
      if (id === 'abroad') return document.documentElement.lang === 'en' ? 'Abroad' : '境外';
      if (id === 'province') return document.documentElement.lang === 'en' ? 'The province' : '省级';
      const row = regions?.find(({ region }) => region === id) ?? places?.find(({ place }) => place === id);
      return (row?.name as string | undefined) ?? id;
    },
    [regions, places],
  );
}

/** What was recorded may have changed any answer: all that is shown is asked for again. */
export function useRecorded(): () => void {
  const queries = useQueryClient();
  return useCallback(() => {
    void queries.invalidateQueries({ predicate: ({ meta }) => meta?.still !== true });
  }, [queries]);
}
