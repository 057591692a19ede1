/** Who acts. A region is present for operators and sub-platforms, and absent for the province and auditors. */
export interface Actor {
  readonly id: string;
  readonly role: Role;
  readonly region?: string;
}

export const roles = ['province', 'operator', 'auditor', 'sub-platform'] as const;
export type Role = (typeof roles)[number];

/** A fact as a context defines it. `type` is the stored name, versioned (`carrier.opened.v1`), never a class name. */
export interface DomainEvent {
  readonly type: string;
  readonly data: object;
}

/** What every event carries beside its data (docs/domain.md §2). All times are ISO 8601. */
export interface Metadata {
  /** The command that made this event; with the index in its batch it gives the event id. */
  readonly commandId: string;
  /** SHA-256 of the command, to tell a retry from another command under the same key. */
  readonly commandDigest: string;
  readonly causationId: string;
  readonly correlationId: string;
  readonly actor: Actor;
  /** When it was true: a date or an instant, as the command stated it. */
  readonly occurredAt: string;
  /** When it was recorded: an instant in UTC. */
  readonly recordedAt: string;
  /** The regions that may see it and that receive it. */
  readonly regions: readonly string[];
  readonly schemaVersion: 1;
}

/** An event ready to be appended. */
export interface NewEvent<E extends DomainEvent = DomainEvent> {
  readonly id: string;
  readonly type: E['type'];
  readonly data: E['data'];
  readonly metadata: Metadata;
}

/**
 * A place in the order of all events. Opaque outside the adapter that made it, but a plain string that can be stored, and
 * positions of one store compare as strings.
 */
export type Position = string;

/** Before every event. */
export const START: Position = '';

/** An event as it stands in the store. */
export interface RecordedEvent<E extends DomainEvent = DomainEvent> extends NewEvent<E> {
  readonly stream: string;
  /** 0 for the first event of its stream. */
  readonly revision: number;
  readonly position: Position;
  /** The canonical texts of data and metadata, of a store that keeps these bytes themselves. */
  readonly texts?: { readonly data: string; readonly metadata: string };
  /** What was stored, where this is what an upcaster has made of it. */
  readonly stored?: RecordedEvent;
}
