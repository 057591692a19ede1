import type { LegalBasis } from '#libs/fields';

/** Directed links of three kinds (docs/domain.md §1): a base goes from hub to city, the other two from city to hub. */
export const linkKinds = ['collaboration-base', 'enclave-incubator', 'offshore-centre'] as const;
export type LinkKind = (typeof linkKinds)[number];

export const regionLevels = ['province', 'city', 'county', 'park'] as const;
export type RegionLevel = (typeof regionLevels)[number];

interface Based {
  readonly basis: LegalBasis;
}

export type TopologyEvent =
  | {
      type: 'region.registered.v1';
      data: Based & { region: string; name: string; level: RegionLevel; parent: string | null };
    }
  | { type: 'region.moved.v1'; data: Based & { region: string; parent: string } }
  | {
      type: 'region.code-mapped.v1';
      data: Based & { region: string; code: string; from: string; until: string | null };
    }
  | { type: 'region-group.defined.v1'; data: Based & { group: string; name: string; regions: readonly string[] } }
  | { type: 'hub.designated.v1'; data: Based & { region: string } }
  | { type: 'hub.revoked.v1'; data: Based & { region: string } }
  | {
      type: 'zone.designated.v1';
      data: Based & { zone: string; region: string; kind: string; name: string; theme: string | null };
    }
  | { type: 'zone.theme-changed.v1'; data: Based & { zone: string; region: string; theme: string } }
  | { type: 'zone.revoked.v1'; data: Based & { zone: string; region: string } }
  | { type: 'link.opened.v1'; data: Based & { link: string; kind: LinkKind; from: string; to: string } }
  | { type: 'link.closed.v1'; data: Based & { link: string; kind: LinkKind; from: string; to: string } }
  | {
      type: 'coverage-rule.stated.v1';
      data: Based & { rule: string; carrierKind: string; level: RegionLevel; minimum: number };
    };
