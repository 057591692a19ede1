import type { LegalBasis } from '#libs/fields';

interface OfCode {
  /** As it was registered, though it fails the check of GB 32100-2015. */
  readonly uscc: string;
  readonly name: string;
}

export type OrganisationEvent =
  | { type: 'organisation.code-admitted.v1'; data: OfCode & { evidence: string; basis: LegalBasis } }
  | { type: 'organisation.code-withdrawn.v1'; data: OfCode & { reason: string } };
