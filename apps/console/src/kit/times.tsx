import { useAsked } from '../shell/search-params';

/** What every page can be asked as of, and as at: facts true by that day, and recorded by that instant. */
export interface Times {
  readonly asOf?: string;
  readonly asAt?: string;
}

export function timesOf(search: Record<string, unknown>): Times {
  const asOf = /^\d{4}-\d\d-\d\d$/.test(String(search.asOf)) ? String(search.asOf) : undefined;
  const asAt = typeof search.asAt === 'string' && search.asAt !== '' ? search.asAt : undefined;
  return { ...(asOf === undefined ? {} : { asOf }), ...(asAt === undefined ? {} : { asAt }) };
}

/** Those of the page that is shown; its questions carry them. */
export const useTimes = (): Times => timesOf(useAsked());
