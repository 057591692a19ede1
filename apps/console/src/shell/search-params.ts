import { useSearch } from '@tanstack/react-router';

/** Addresses say what is meant in plain text: `?asOf=2023-12-31&home=xianyang`. */
export type Search = Readonly<Record<string, string | undefined>>;

export const parseSearch = (text: string): Search => Object.fromEntries(new URLSearchParams(text));

export function stringifySearch(search: Record<string, unknown>): string {
  const said = Object.entries(search).filter(([, value]) => value !== undefined && value !== null && value !== '');
  const text = new URLSearchParams(said.map(([name, value]) => [name, String(value)])).toString();
  return text ? `?${text}` : '';
}

/** What the address of the page that is shown asks for. */
export function useAsked(): Search {
  const asked: Search = useSearch({ strict: false });
  return asked;
}
