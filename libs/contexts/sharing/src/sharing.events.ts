import type { LegalBasis } from '#libs/fields';

interface Networked {
  readonly instrument: string;
  readonly name: string;
  readonly owner: string;
  readonly originalValueFen: number;
  readonly since: string;
  readonly basis: LegalBasis;
}

interface Use {
  readonly instrument: string;
  readonly use: string;
  readonly owner: string;
  /** The region that used it. */
  readonly using: string;
  /** Metered hours, at most two decimals. */
  readonly hours: number;
  readonly sharing: 'internal' | 'external';
}

interface Reversed {
  readonly instrument: string;
  readonly owner: string;
  readonly reason: string;
}

export type SharingEvent =
  /** `units`: how many of its kind are networked as one, each with days of 24 hours of its own; `assetNumber` is its owner's. */
  | { type: 'instrument.networked.v2'; data: Networked & { units: number; assetNumber: string | null } }
  | { type: 'instrument.reversed.v1'; data: Reversed }
  | { type: 'instrument.withdrawn.v1'; data: { instrument: string; owner: string; reason: string } }
  | { type: 'instrument.withdrawal-reversed.v1'; data: Reversed }
  /** From `usedOn` to `lastDay`, both of them days of the use; it counts on the first. */
  | { type: 'use.recorded.v2'; data: Use & { usedOn: string; lastDay: string } }
  | { type: 'use.reversed.v1'; data: Use & { usedOn: string; reason: string } };

/** What earlier releases have stored, as they stored it: sharing.upcasters.ts makes today's events of it. */
export type SupersededSharingEvent =
  { type: 'instrument.networked.v1'; data: Networked } | { type: 'use.recorded.v1'; data: Use & { usedOn: string } };
