import type { LegalBasis } from '#libs/fields';
import { stages, type Modality, type RegionLevel, type Stage, type SubjectKind, type Texts } from '#libs/messages';

/** The steps of a zone, a link and the hub, as a reversal names them. */
export const zoneSteps = {
  ...stages,
  designated: ['设立', 'Designated'],
  'theme-changed': ['变更主题', 'Theme changed'],
  revoked: ['撤销', 'Revoked'],
} as const satisfies Texts;
export type ZoneStep = keyof typeof zoneSteps;
export const linkSteps = {
  ...stages,
  opened: ['建立', 'Opened'],
  closed: ['终止', 'Closed'],
} as const satisfies Texts;
export type LinkStep = keyof typeof linkSteps;
export const hubSteps = { designated: ['设立', 'Designated'], revoked: ['撤销', 'Revoked'] } as const satisfies Texts;
export type HubStep = keyof typeof hubSteps;

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
/** A step that was stated by mistake, and why it is taken back; beside it the thing as it is without that step. */
interface Reversal<Step> {
  readonly reverses: Step;
  readonly reason: string;
}
/** A region that is, or was, the hub. */
export interface HubRow extends Based {
  readonly region: string;
  readonly from: string;
  readonly until: string | null;
}
/** A zone as it stands. */
export interface ZoneRow extends Zone {
  readonly status: Stage | 'designated' | 'revoked' | 'reversed';
  readonly plannedOn: string | null;
  readonly from: string | null;
  readonly until: string | null;
}
/** A link as it stands. */
export interface LinkRow extends Link {
  readonly status: Stage | 'open' | 'closed' | 'reversed';
  readonly plannedOn: string | null;
  readonly openedOn: string | null;
  readonly closedOn: string | null;
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

/** What a document says. */
interface Statement extends Based {
  readonly statement: string;
  readonly modality: Modality;
  readonly wording: string;
  readonly subjectKind: SubjectKind;
  readonly subject: string;
  readonly subjectId: string | null;
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
  | { type: 'region.authority-granted.v1'; data: Based & { region: string; from: string } }
  | { type: 'region.authority-ended.v1'; data: Based & { region: string; from: string } }
  | {
      type: 'region.code-mapped.v1';
      data: Based & { region: string; code: string; from: string; until: string | null };
    }
  | { type: 'region.code-ended.v1'; data: Based & { region: string; code: string; from: string; until: string } }
  | { type: 'region.code-reversed.v1'; data: { region: string; code: string; from: string; reason: string } }
  | { type: 'region-group.defined.v1'; data: Based & { group: string; name: string; regions: readonly string[] } }
  | { type: 'place.registered.v1'; data: Based & { place: string; name: string; lies: Beyond } }
  | { type: 'hub.designated.v1'; data: Based & { region: string } }
  | { type: 'hub.revoked.v1'; data: Based & { region: string } }
  | { type: 'hub.step-reversed.v1'; data: HubRow & Reversal<HubStep> }
  | { type: 'zone.planned.v1'; data: Zone & { stage: Stage } }
  | { type: 'zone.designated.v1'; data: Zone }
  | { type: 'zone.theme-changed.v1'; data: Based & { zone: string; region: string; theme: string } }
  | { type: 'zone.revoked.v1'; data: Based & { zone: string; region: string } }
  | { type: 'zone.step-reversed.v1'; data: ZoneRow & Reversal<ZoneStep> }
  | { type: 'link.planned.v1'; data: Link & { stage: Stage } }
  /** `byCarrier`: it is the link that a carrier of two regions is, opened and ended with it. */
  | { type: 'link.opened.v2'; data: Link & { byCarrier: boolean } }
  | { type: 'link.closed.v1'; data: Link }
  | { type: 'link.step-reversed.v1'; data: LinkRow & Reversal<LinkStep> }
  | { type: 'statement.recorded.v1'; data: Statement }
  | { type: 'statement.corrected.v1'; data: Statement & { reason: string } }
  | { type: 'coverage-rule.stated.v2'; data: Rule }
  | { type: 'coverage-rule.revised.v1'; data: Rule }
  | { type: 'coverage-rule.ended.v1'; data: Based & { rule: string } };

/** What earlier releases have stored, as they stored it: topology.upcasters.ts makes today's events of it. */
export type SupersededTopologyEvent =
  | {
      type: 'coverage-rule.stated.v1';
      data: Based & { rule: string; carrierKind: string; level: RegionLevel; minimum: number };
    }
  | { type: 'link.opened.v1'; data: Link };
