import type { ExitOutcome } from '#libs/messages';

/** What every event says of the stay, so that no reader has to look it up. */
interface OfIncubatee {
  readonly carrier: string;
  /** 飞出地, whose operator admits; for a carrier of one region that region. */
  readonly home: string;
  readonly uscc: string;
  readonly firm: string;
  /** 1 for the firm's first admission to this carrier, and so on. */
  readonly spell: number;
}

interface LimitedStay {
  readonly from: string;
  /** The day, exclusive, on which the longest stay that the rules allow is over. */
  readonly stayUntil: string;
}

interface Stay {
  readonly from: string;
  /** The day, exclusive, on which the longest stay that the rules allow is over; null: carriers of this kind have none. */
  readonly stayUntil: string | null;
}

interface Wanted {
  readonly unit: string;
  readonly areaSquareMetres: number;
  readonly desks: number;
  /** Exclusive; null while it is open-ended. */
  readonly until: string | null;
}

type Admitted = OfIncubatee & Wanted & { field: string; founded: string; allocation: string };

export type IncubateeEvent =
  | {
      type: 'incubatee.admitted.v2';
      /** `host` is 飞入地, where the carrier is; null where an earlier release did not record it. */
      data: Admitted & Stay & { host: string | null };
    }
  | { type: 'incubatee.settled.v2'; data: OfIncubatee & Stay & { allocation: string } }
  | { type: 'incubatee.rejected.v1'; data: OfIncubatee & { code: string; reason: string; reasonEn: string } }
  | { type: 'incubatee.withdrawn.v1'; data: OfIncubatee }
  | { type: 'incubatee.overstayed.v1'; data: OfIncubatee & { stayUntil: string } }
  /** `fact` is the id of the event that shows it: the firm had left in time. */
  | { type: 'incubatee.overstay-voided.v1'; data: OfIncubatee & { stayUntil: string; fact: string } }
  | {
      type: 'incubatee.admission-reversed.v1';
      data: OfIncubatee & { from: string; allocation: string; reason: string };
    }
  | { type: 'incubatee.exit-reversed.v1'; data: OfIncubatee & { leftOn: string; allocation: string; reason: string } }
  | { type: 'incubatee.exited.v1'; data: OfIncubatee & { outcome: ExitOutcome; leftOn: string } };

/** What earlier releases have stored, as they stored it: incubation.upcasters.ts makes today's events of it. */
export type SupersededIncubateeEvent =
  | { type: 'incubatee.admitted.v1'; data: Admitted & LimitedStay }
  | { type: 'incubatee.settled.v1'; data: OfIncubatee & LimitedStay & { allocation: string } };
