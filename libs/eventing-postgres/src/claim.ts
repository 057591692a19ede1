import type { Position } from '#libs/eventing';
import type { Build, Parked, Projected, Work } from './projected.js';

/** The right to write one build of a projection, as long as nobody has taken it over. */
export interface Claim {
  readonly name: string;
  readonly build: Build;
  readonly version: number;
  /** Fences: it was counted up when the claim was made. */
  readonly epoch: string;
  /** Where the build stands. */
  position: Position;
  /** Keys that wait for a mend. */
  readonly parked: Set<string>;
}

/** What one projection has to do with a batch. */
export interface Part {
  readonly claim: Claim;
  readonly projected: Projected;
  readonly work: readonly Work[];
  /** Work of parked keys: it is kept in its order for when they resume. A reason is why its key is parked from here on. */
  readonly waiting: readonly Parked[];
}
