import type { DomainEvent, RecordedEvent } from './event.js';

/** What every projected row keeps of the event that made it; a step that spreads the row before it keeps these as they are. */
export interface Traced {
  /** When the fact was true. */
  occurredAt: string;
  /** Where it stands in the store. */
  position: string;
}

/** A row as its steps see and make it; the engine adds the trace when it writes. */
export type Untraced<Row> = Omit<Row, keyof Traced>;

// The bivariance of a method parameter lets `on` be written per event type and be called with any.
export type RowStep<Row, E extends DomainEvent = DomainEvent> = {
  /** The primary key of the row that the event touches, or nothing when it touches none. */
  key(data: E['data'], event: RecordedEvent<E>): Partial<Row> | undefined;
  /** The row after the event, or undefined to have none. Pure: no clock, no I/O. */
  apply(row: Untraced<Row> | undefined, data: E['data'], event: RecordedEvent<E>): Untraced<Row> | undefined;
};

/**
 * A read model: a key and a step for each event type. The engine loads the rows of a batch's keys, folds in memory and
 * writes the net change with the checkpoint in one transaction.
 */
export interface Projection<Row extends Traced, E extends DomainEvent> {
  readonly name: string;
  /** Raise it when the rows of the same history would differ: they are then built anew. */
  readonly version: number;
  /** The TypeORM entity of the rows. */
  readonly row: new () => Row;
  /** What an event does: to one row, or by several steps to as many. */
  readonly on: {
    readonly [T in E['type']]?:
      RowStep<Row, Extract<E, { type: T }>> | readonly RowStep<Row, Extract<E, { type: T }>>[];
  };
}

export type AnyProjection = Projection<Traced, DomainEvent>;

/** Names the types once, so that the object literal is checked against them. */
export function projection<Row extends Traced, E extends DomainEvent>(definition: Projection<Row, E>): AnyProjection {
  return definition;
}
