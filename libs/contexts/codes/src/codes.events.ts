import type { LegalBasis } from '#libs/fields';
import type { codeLists, hostsBeyond, linkEnds } from '#libs/messages';

export type CodeList = keyof typeof codeLists;
export type LinkEnd = keyof typeof linkEnds;
export type HostBeyond = keyof typeof hostsBeyond;

/** A code as it is defined. What is of another list's kind is null. */
export interface DefinedCode {
  readonly list: CodeList;
  readonly code: string;
  /** Its Chinese name, by which documents and stored events of carriers and zones call it. */
  readonly name: string;
  /** Of a kind of link: where it starts and ends, and the level that an end outside the hub must have, null for any. */
  readonly fromEnd: LinkEnd | null;
  readonly toEnd: LinkEnd | null;
  readonly level: string | null;
  /** Of a kind of carrier that two regions register together: the kind of link that it is. */
  readonly link: string | null;
  /** Of a kind of carrier: where beyond the province its host may lie; null for nowhere. */
  readonly beyond: HostBeyond | null;
  readonly basis: LegalBasis;
}

export type CodesEvent =
  | { type: 'code.defined.v1'; data: DefinedCode }
  /** `until` is the first day on which it is used no more. */
  | { type: 'code.ended.v1'; data: { list: CodeList; code: string; until: string; basis: LegalBasis } };
