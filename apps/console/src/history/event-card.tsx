import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useCatalogue, type Column, type List } from '../api/catalogue';
import { useLanguage } from '../kit/language';
import { textOf, useRegionName, type Row } from '../kit/names';
import { moment } from '../kit/numbers';
import { Value } from '../kit/value';

export interface StoredEvent {
  readonly id: string;
  readonly type: string;
  readonly stream: string;
  readonly revision: number;
  readonly position: string;
  readonly data: Row | null;
  readonly metadata: {
    readonly occurredAt: string;
    readonly recordedAt: string;
    readonly actor?: { readonly id: string; readonly role: string; readonly region?: string };
    readonly commandId?: string;
    readonly correlationId?: string;
    readonly causationId?: string;
    readonly regions?: readonly string[];
  } | null;
}

/** Fields of events are named as columns are, first by the list that has most of them. */
function useColumns(data: Row | null): ReadonlyMap<string, Column> {
  const { lists } = useCatalogue();
  return useMemo(() => {
    const common = ({ columns }: List) => columns.filter(({ name }) => data !== null && name in data).length;
    // Of one name the last in the map counts: the nearest list comes last.
    const nearest = lists.toSorted((a, b) => common(a) - common(b));
    return new Map(nearest.flatMap(({ columns }) => columns.map((column) => [column.name, column] as const)));
  }, [lists, data]);
}

/** One event, in words: what happened, the day it is true of, when and by whom it was recorded, and all that it says. */
export function EventCard({ event, before }: { readonly event: StoredEvent; readonly before?: StoredEvent }) {
  const { say, tell } = useLanguage();
  const { events } = useCatalogue();
  const columns = useColumns(event.data);
  const region = useRegionName();
  const said = events[event.type];
  const { metadata, data } = event;
  const basis = data?.basis as { document: string; clause: string } | undefined;
  const fields = Object.entries(data ?? {}).filter(([name, value]) => name !== 'basis' && value !== null);
  const late = metadata !== null && moment(metadata.recordedAt).slice(0, 10) > metadata.occurredAt;
  return (
    <article className="event" id={event.id}>
      <h3>
        {said ? tell(said) : event.type} <code>{event.type}</code>
      </h3>
      {metadata && (
        <p className="meta">
          <span>
            {say('为真', 'True')} <time>{metadata.occurredAt}</time>
          </span>
          <span className={late ? 'late' : undefined}>
            {say('记录', 'Recorded')} <time>{moment(metadata.recordedAt)}</time>
          </span>
          {metadata.actor && (
            <span>
              {say('由', 'By')} {metadata.actor.id}
              {metadata.actor.region && `（${region(metadata.actor.region)}）`}
            </span>
          )}
          <span>
            {say('版本', 'Revision')} {event.revision}
          </span>
          {metadata.correlationId && (
            <Link to="/events" search={{ correlation: metadata.correlationId }}>
              {say('同一件事的全部事件', 'All events of this matter')}
            </Link>
          )}
        </p>
      )}
      <dl className="facts">
        {fields.map(([name, value]) => {
          const column = columns.get(name);
          const changed =
            before?.data !== undefined &&
            before.data !== null &&
            JSON.stringify(before.data[name]) !== JSON.stringify(value);
          return (
            <div key={name} className={changed ? 'changed' : undefined}>
              <dt>{column ? tell(column) : name}</dt>
              <dd>
                {column && fits(column, value) ? (
                  <Value column={column} value={value} />
                ) : typeof value === 'object' ? (
                  <code>{JSON.stringify(value)}</code>
                ) : (
                  textOf(value)
                )}
              </dd>
            </div>
          );
        })}
        {basis && (
          <div>
            <dt>{say('依据', 'Basis')}</dt>
            <dd>
              <Link to="/clauses" search={{ document: basis.document }}>
                {basis.document} {basis.clause}
              </Link>
            </dd>
          </div>
        )}
      </dl>
    </article>
  );
}

/** An event's field may have the name of a column and another form. */
function fits({ kind }: Column, value: unknown): boolean {
  if (kind === 'parts') return typeof value === 'object' && !Array.isArray(value);
  if (kind === 'several') return Array.isArray(value);
  if (kind === 'fen' || kind === 'count' || kind === 'hundredths') return typeof value === 'number';
  return typeof value !== 'object';
}
