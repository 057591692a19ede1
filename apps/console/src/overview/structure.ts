import { get, question } from '../api/http';
import type { Page } from '../kit/names';
import type { Times } from '../kit/times';

export interface Region {
  readonly region: string;
  readonly name: string;
  readonly level: string;
  readonly parent: string | null;
  readonly administeredBy: string | null;
  readonly since: string;
}
export interface Zone {
  readonly zone: string;
  readonly region: string;
  readonly kind: string;
  readonly name: string;
  readonly status: string;
  readonly plannedOn: string | null;
  readonly from: string | null;
}
export interface Tie {
  readonly link: string;
  readonly kind: string;
  readonly from: string;
  readonly to: string;
  readonly status: string;
  readonly plannedOn: string | null;
  readonly openedOn: string | null;
}
interface Carrier {
  readonly carrier: string;
  readonly kind: string;
  readonly home: string;
  readonly host: string;
  readonly openedOn: string | null;
}

/** 一总多区 at a point in time. */
export interface Structure {
  readonly hub: string | null;
  readonly regions: readonly Region[];
  readonly groups: readonly { readonly group: string; readonly name: string; readonly regions: readonly string[] }[];
  readonly places: readonly { readonly place: string; readonly name: string; readonly lies: string }[];
  readonly zones: readonly Zone[];
  readonly ties: readonly Tie[];
}

/** Places are few; of more than these, centres are looked up in the list of carriers. */
const MOST_PLACES = 20;

export async function askStructure(times: Times, signal: AbortSignal): Promise<Structure> {
  const { data } = await question('/api/v1/topology', { params: { query: times }, signal });
  const { hub, regions, groups, places, zones, links, planned } = data as unknown as Omit<Structure, 'hub' | 'ties'> & {
    readonly hub: { readonly region: string } | null;
    readonly links: readonly Tie[];
    readonly planned: readonly (Zone | Tie)[];
  };
  const abroad = await Promise.all(
    places
      .slice(0, MOST_PLACES)
      .map(({ place }) => get<Page>('/api/v1/carriers', { host: place, status: 'open', limit: 50, ...times }, signal)),
  );
  const known = new Set(links.map(({ link }) => link));
  const centres = abroad
    .flatMap(({ items }) => items as unknown as readonly Carrier[])
    .filter(({ carrier }) => !known.has(carrier))
    .map(({ carrier, kind, home, host, openedOn }) => {
      return { link: carrier, kind, from: home, to: host, status: 'open', plannedOn: null, openedOn };
    });
  return {
    hub: hub?.region ?? null,
    regions,
    groups,
    places,
    zones: [...zones, ...planned.filter((one) => 'zone' in one)],
    ties: [...links, ...centres, ...planned.filter((one) => 'link' in one)],
  };
}

/** Not there yet: a document wants it, or it is being prepared. */
export const isPlanned = ({ status }: Zone | Tie): boolean => status === 'planned' || status === 'under-way';

/** The days on which something came about. */
export const daysOf = ({ regions, zones, ties }: Structure): readonly string[] =>
  [
    ...new Set([
      ...regions.map(({ since }) => since),
      ...zones.flatMap(({ plannedOn, from }) => [plannedOn, from]),
      ...ties.flatMap(({ plannedOn, openedOn }) => [plannedOn, openedOn]),
    ]),
  ]
    .filter((day) => day !== null)
    .sort();

/** What a thing was at another time: not there, the same, or at another stage. */
export type Compared = 'new' | 'same' | 'changed' | 'gone';

const stateOf = (structure: Structure) =>
  new Map<string, string>([
    ...structure.zones.map(({ zone, status }) => [`zone/${zone}`, status] as const),
    ...structure.ties.map(({ link, status }) => [`link/${link}`, status] as const),
    ...structure.regions.map(({ region, name }) => [`region/${region}`, name] as const),
  ]);

export function compared(now: Structure, then: Structure | undefined): (id: string) => Compared {
  if (then === undefined) return () => 'same';
  const [here, there] = [stateOf(now), stateOf(then)];
  return (id) => {
    if (!there.has(id)) return 'new';
    if (!here.has(id)) return 'gone';
    return here.get(id) === there.get(id) ? 'same' : 'changed';
  };
}
