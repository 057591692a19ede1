import type { LegalBasis } from '#libs/fields';

export const regionLevels = ['province', 'city', 'county', 'town', 'park'] as const;
export type RegionLevel = (typeof regionLevels)[number];

/** How far something that is wanted has come before it is there: 规划, 在建. */
export const stages = ['planned', 'under-way'] as const;
export type Stage = (typeof stages)[number];

/** What a document says of a thing: 要求, 支持, 支持申报, 鼓励, 推进, 申报, 已有, 目标 (docs/domain.md §7). */
export const modalities = [
  'requires',
  'supports',
  'supports-application',
  'encourages',
  'under-way',
  'applies-for',
  'has',
  'target',
] as const;
export type Modality = (typeof modalities)[number];

export const subjectKinds = ['hub', 'region', 'zone', 'link', 'carrier', 'rule', 'target'] as const;
export type SubjectKind = (typeof subjectKinds)[number];

/** Where beyond the province a place lies: 省外, or 境外 with 港澳台. */
export type Beyond = 'elsewhere' | 'abroad';

interface Based {
  readonly basis: LegalBasis;
}
interface Zone extends Based {
  readonly zone: string;
  readonly region: string;
  readonly kind: string;
  readonly name: string;
  readonly theme: string | null;
}
interface Link extends Based {
  readonly link: string;
  readonly kind: string;
  readonly from: string;
  readonly to: string;
}
/** A rule of coverage. `minimum` is null where the document gives no number; `includesHub` whether the hub counts as one of the level. */
interface Rule extends Based {
  readonly rule: string;
  readonly carrierKind: string;
  readonly level: RegionLevel;
  readonly minimum: number | null;
  readonly modality: Modality;
  readonly includesHub: boolean;
}

export type TopologyEvent =
  | {
      type: 'region.registered.v1';
      data: Based & { region: string; name: string; level: RegionLevel; parent: string | null };
    }
  | { type: 'region.renamed.v1'; data: Based & { region: string; name: string } }
  | { type: 'region.moved.v1'; data: Based & { region: string; parent: string } }
  /** 代管: by another region than its parent, until that ends (null). */
  | { type: 'region.administered.v1'; data: Based & { region: string; administeredBy: string | null } }
  /** `into` are the regions that take its place: of a merger one, of a split several. */
  | { type: 'region.ended.v1'; data: Based & { region: string; into: readonly string[] } }
  | { type: 'region.authority-granted.v1'; data: Based & { region: string } }
  | { type: 'region.authority-ended.v1'; data: Based & { region: string; from: string } }
  | {
      type: 'region.code-mapped.v1';
      data: Based & { region: string; code: string; from: string; until: string | null };
    }
  | { type: 'region.code-ended.v1'; data: Based & { region: string; code: string; from: string; until: string } }
  | { type: 'region-group.defined.v1'; data: Based & { group: string; name: string; regions: readonly string[] } }
  | { type: 'place.registered.v1'; data: Based & { place: string; name: string; lies: Beyond } }
  | { type: 'hub.designated.v1'; data: Based & { region: string } }
  | { type: 'hub.revoked.v1'; data: Based & { region: string } }
  | { type: 'zone.planned.v1'; data: Zone & { stage: Stage } }
  | { type: 'zone.designated.v1'; data: Zone }
  | { type: 'zone.theme-changed.v1'; data: Based & { zone: string; region: string; theme: string } }
  | { type: 'zone.revoked.v1'; data: Based & { zone: string; region: string } }
  | { type: 'link.planned.v1'; data: Link & { stage: Stage } }
  | { type: 'link.opened.v1'; data: Link }
  | { type: 'link.closed.v1'; data: Link }
  | {
      type: 'statement.recorded.v1';
      data: Based & {
        statement: string;
        modality: Modality;
        wording: string;
        subjectKind: SubjectKind;
        subject: string;
        subjectId: string | null;
      };
    }
  | { type: 'coverage-rule.stated.v2'; data: Rule }
  | { type: 'coverage-rule.revised.v1'; data: Rule }
  | { type: 'coverage-rule.ended.v1'; data: Based & { rule: string } };

/** What earlier releases have stored, as they stored it: topology.upcasters.ts makes today's events of it. */
export type SupersededTopologyEvent = {
  type: 'coverage-rule.stated.v1';
  data: Based & { rule: string; carrierKind: string; level: RegionLevel; minimum: number };
};
