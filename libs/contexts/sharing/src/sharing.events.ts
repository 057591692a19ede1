import type { LegalBasis } from '#libs/fields';

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

export type SharingEvent =
  | {
      type: 'instrument.networked.v1';
      data: {
        instrument: string;
        name: string;
        owner: string;
        originalValueFen: number;
        since: string;
        basis: LegalBasis;
      };
    }
  | { type: 'instrument.withdrawn.v1'; data: { instrument: string; owner: string; reason: string } }
  | { type: 'use.recorded.v1'; data: Use & { usedOn: string } }
  | { type: 'use.reversed.v1'; data: Use & { usedOn: string; reason: string } };
