import type { Actor } from '#libs/eventing';

/** One command of a sample, as an ordinary client sends it. */
export interface SampleCommand {
  /** Stable: the Idempotency-Key, so that a load that was cut short goes on where it was. */
  readonly key: string;
  /** Phases follow one another; within a phase only commands of the same group keep their order. */
  readonly phase: number;
  readonly group: string;
  readonly by: Omit<Actor, 'id'>;
  /** Below `/api/v1/`. */
  readonly path: string;
  readonly body: object;
}
