import type { LegalBasis } from '#libs/fields';

/** The kinds that two regions register together (docs/domain.md §4); all others belong to one region. */
export const bilateralKinds = ['飞地孵化器', '离岸研发中心'] as const;
export type BilateralKind = (typeof bilateralKinds)[number];

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

export type CarrierEvent =
  | { type: 'carrier.registered.v1'; data: Based }
  | { type: 'carrier.proposed.v1'; data: Based }
  | { type: 'carrier.signed-by-home.v1'; data: OfCarrier }
  | { type: 'carrier.signed-by-host.v1'; data: OfCarrier }
  | { type: 'carrier.filed.v1'; data: OfCarrier & { filing: string } }
  | { type: 'carrier.opened.v1'; data: OfCarrier }
  | { type: 'carrier.suspended.v1'; data: OfCarrier & { reason: string } }
  | { type: 'carrier.resumed.v1'; data: OfCarrier }
  | { type: 'space.added.v1'; data: Space }
  | { type: 'space.withdrawn.v1'; data: Space }
  | { type: 'space.allocated.v1'; data: Allocation }
  | { type: 'space.released.v1'; data: Allocation };
