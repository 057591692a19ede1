import { useQuery } from '@tanstack/react-query';
import { codesQuery } from '../kit/names';

/** The names of kinds of links: rows have the code, or the name of a kind of carrier. */
export function useKindName(): (kind: string) => string {
  const { data = [] } = useQuery(codesQuery);
  const kinds = new Map(
    data.filter(({ list }) => list === 'link-kinds').map(({ code, name }) => [String(code), String(name)]),
  );
  return (kind) => kinds.get(kind) ?? kind;
}
