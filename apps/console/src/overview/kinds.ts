import { useQuery } from '@tanstack/react-query';
import { codesQuery } from '../kit/names';

interface Kinds {
  /** Rows have the code of a kind of link, or the name of a kind of carrier. */
  readonly nameOf: (kind: string) => string;
  /** All kinds of links, always in the same order. */
  readonly names: readonly string[];
}

export function useKinds(): Kinds {
  const { data = [] } = useQuery(codesQuery);
  const kinds = new Map(
    data.filter(({ list }) => list === 'link-kinds').map(({ code, name }) => [String(code), String(name)]),
  );
  return { nameOf: (kind) => kinds.get(kind) ?? kind, names: [...kinds.values()] };
}
