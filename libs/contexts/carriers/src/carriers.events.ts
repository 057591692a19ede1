import type { LinkEnd } from '#libs/contexts/codes';
import type { CarrierStatus, Stage } from '#libs/messages';
import type { LegalBasis } from '#libs/fields';

/** What every event of a carrier says of it, so that no reader has to look it up. */
interface OfCarrier {
  readonly carrier: string;
  readonly name: string;
  readonly kind: string;
  /** 飞出地; for a carrier of one region the same as `host`. */
  readonly home: string;
  /** 飞入地. */
  readonly host: string;
}

interface Space extends OfCarrier {
  readonly unit: string;
  readonly areaSquareMetres: number;
  readonly desks: number;
  readonly from: string;
  /** Exclusive; null while it is open-ended. */
  readonly until: string | null;
}

interface Allocation extends Space {
  readonly allocation: string;
  readonly uscc: string;
  readonly firm: string;
}

interface Based extends OfCarrier {
  readonly basis: LegalBasis;
}

/** What a carrier of two regions is to them: the kind of link that opens with it, and where home and host lie. */
export interface Tie {
  readonly link: string;
  readonly fromEnd: LinkEnd;
  readonly toEnd: LinkEnd;
  readonly level: string | null;
}

interface Planned extends Pick<Based, 'carrier' | 'name' | 'kind' | 'basis'> {
  /** Null where it is not said yet. */
  readonly home: string | null;
  readonly host: string | null;
  readonly stage: Stage;
}

interface OfProposal extends OfCarrier {
  /** 1 for the carrier's first, and so on. */
  readonly proposal: number;
}

interface Proposed extends OfProposal {
  readonly tie: Tie;
  /** The first day on which it is no more, unless both have signed before; null: it waits for ever. */
  readonly answerBy: string | null;
}

interface Filed {
  readonly filing: string;
  /** The day, exclusive, on which the agreement of home and host ends; null: it is open-ended. */
  readonly agreementUntil: string | null;
}

interface Term {
  /** 1 for the agreement as filed; one more each time that it was let run out before it was renewed. */
  readonly term: number;
  readonly agreementUntil: string;
}

interface Notice {
  /** 1 for the carrier's first notice, and so on. */
  readonly notice: number;
  /** The first day on which the carrier is no more. */
  readonly closesOn: string;
}

/** Why something was taken back or set right. */
interface Corrected {
  readonly reason: string;
}

/** What ended with the carrier: an allocation or a unit, and until when it would have been there. */
interface Ended {
  readonly thing: 'allocation' | 'unit';
  readonly id: string;
  readonly until: string | null;
}

/** On which days what is offered and let is not, since the carrier is suspended: all of them, as they were known then. */
interface Suspended {
  readonly suspended: readonly { readonly from: string; readonly until: string | null }[];
  readonly units: readonly string[];
  readonly allocations: readonly string[];
}

/** That a process noticed, on the day that a fact speaks of, what a later-known fact shows not to have been so. */
interface Voided {
  /** The id of the event that shows it. */
  readonly fact: string;
}

/** Where an event leaves the carrier, when this depends on more than the event. */
interface Standing {
  readonly status: CarrierStatus;
}

export type CarrierEvent =
  | { type: 'carrier.registered.v1'; data: Based }
  | { type: 'carrier.planned.v1'; data: Planned }
  | { type: 'carrier.plan-reversed.v1'; data: Omit<Planned, 'stage' | 'basis'> & Corrected }
  | { type: 'carrier.proposed.v2'; data: Based & Proposed }
  /** What had been signed of it is taken back: both sign anew. */
  | { type: 'carrier.revised.v1'; data: Based & Proposed }
  | { type: 'carrier.declined.v1'; data: OfProposal & Corrected }
  | { type: 'carrier.withdrawn.v1'; data: OfProposal & Corrected }
  | { type: 'carrier.proposal-lapsed.v1'; data: OfProposal & { answerBy: string } }
  | { type: 'carrier.lapse-voided.v1'; data: OfProposal & { answerBy: string } & Standing & Voided }
  | { type: 'carrier.signed-by-home.v1'; data: OfCarrier }
  | { type: 'carrier.signed-by-host.v1'; data: OfCarrier }
  | { type: 'carrier.filed.v2'; data: OfCarrier & Filed }
  | { type: 'carrier.opened.v1'; data: OfCarrier }
  | { type: 'carrier.suspended.v1'; data: OfCarrier & { reason: string } }
  | { type: 'carrier.resumed.v1'; data: OfCarrier }
  | { type: 'carrier.renewed.v1'; data: OfCarrier & Term & Standing }
  | {
      type: 'carrier.agreement-corrected.v1';
      data: OfCarrier & Standing & Corrected & { term: number; agreementUntil: string | null };
    }
  | { type: 'carrier.agreement-expired.v1'; data: OfCarrier & Term & Standing }
  | { type: 'carrier.expiry-voided.v1'; data: OfCarrier & Term & Standing & Voided }
  | { type: 'carrier.winding-up.v1'; data: OfCarrier & Notice & { allocations: readonly string[] } }
  | { type: 'carrier.notice-revoked.v1'; data: OfCarrier & Notice & Standing }
  | { type: 'carrier.notice-reversed.v1'; data: OfCarrier & Notice & Standing & Corrected }
  | { type: 'carrier.wound-up.v2'; data: OfCarrier & Notice & { ended: readonly Ended[] } }
  /** A later-known fact shows that it was not wound up: all that ended with it goes on. */
  | { type: 'carrier.winding-up-voided.v1'; data: OfCarrier & Notice & Standing }
  | { type: 'space.added.v1'; data: Space }
  | { type: 'space.addition-reversed.v1'; data: Space & Corrected }
  | { type: 'space.withdrawn.v1'; data: Space }
  /** `until` is what it was before. */
  | { type: 'space.withdrawal-reversed.v1'; data: Space & Corrected }
  | { type: 'space.allocated.v1'; data: Allocation }
  | { type: 'space.allocation-reversed.v1'; data: Allocation & Corrected }
  | { type: 'space.released.v1'; data: Allocation }
  /** `until` is what it was before. */
  | { type: 'space.release-reversed.v1'; data: Allocation & Corrected }
  /** Beside what makes it so: a suspension, a resumption, or what reaches into a suspension that was known before. */
  | { type: 'space.suspended.v1'; data: OfCarrier & Suspended };

/** What earlier releases have stored, as they stored it: carriers.upcasters.ts makes today's events of it. */
export type SupersededCarrierEvent =
  | { type: 'carrier.proposed.v1'; data: Based }
  | { type: 'carrier.filed.v1'; data: OfCarrier & { filing: string } }
  | { type: 'carrier.wound-up.v1'; data: OfCarrier & Notice };
