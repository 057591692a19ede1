import { refusals, type Refusal } from '#libs/eventing';
import type { Province, Topology } from './topology.decider.js';

/** The links that are there or planned and have an end in a region or, unless only itself is asked for, inside it. */
export const linksAt = ({ links, regions }: Topology, region: string, only?: 'itself') =>
  links.filter(({ row: { from, to, closedOn } }) => {
    const ends = only ? [from, to] : [from, to].flatMap((end) => [end, ...above(regions, end)]);
    return closedOn === null && ends.includes(region);
  });

function above(regions: Topology['regions'], region: string): string[] {
  const parent = regions.get(region)?.parent ?? null;
  return parent === null ? [] : [parent, ...above(regions, parent)];
}

/** Whether a kind of link asks for an end in the hub. */
export function dependsOnHub({ row }: { readonly row: { kind: string } }, { codes }: Province['world']): boolean {
  const code = codes.find('link-kinds', row.kind);
  return code?.fromEnd === 'hub' || code?.toEnd === 'hub';
}

/** The zones of a region that have not ended. */
export const zonesAt = ({ zones }: Topology, region: string) =>
  zones.filter(({ row }) => row.region === region && row.until === null);

/** The codes that a region has on a day or from then on. */
export const codesAt = ({ codes }: Topology, region: string, day: string): Iterable<string> =>
  codes.filter((one) => one.region === region && (one.until === null || day < one.until)).map(({ code }) => code);

export const ofReferences = refusals({
  'region.in-use': ['conflict', '须先了结：{what}', 'To be settled first: {whatEn}', 'region'],
});

/** What stands in the way of a change, by kind, each named. Undefined where nothing does. */
export function inTheWay(
  found: readonly (readonly [zh: string, en: string, ids: Iterable<string>])[],
): Refusal | undefined {
  const left = found.map(([zh, en, ids]) => ({ zh, en, ids: [...ids] })).filter(({ ids }) => ids.length > 0);
  if (left.length === 0) return undefined;
  return ofReferences('region.in-use', {
    what: left.map(({ zh, ids }) => `${zh} ${ids.join('、')}`).join('；'),
    whatEn: left.map(({ en, ids }) => `${en} ${ids.join(', ')}`).join('; '),
  });
}
