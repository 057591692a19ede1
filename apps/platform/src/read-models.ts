import type { DataSource, EntityManager } from 'typeorm';
import type { RecordedEvent } from '#libs/eventing';
import type { Context } from '#libs/eventing-nest';
import { sqlOf, type Projected } from '#libs/eventing-postgres';
import { touched, type Figure } from '#libs/messages';
import {
  completeTables,
  createTables,
  digestOf,
  dropTables,
  fold,
  replaceTables,
  rollFigure,
  rollUpTo,
  thingOf,
  type Touch,
} from '#libs/read-models';

/** Everything that an event says in a context's messages. */
function touchesOf({ messages }: Context, event: RecordedEvent): Touch[] {
  const { id, type, stream, revision, position, metadata } = event;
  const day = metadata.occurredAt.slice(0, 10);
  return touched(messages, type, event.data, day).map((touch) => ({
    ...touch,
    day,
    position,
    event: { id, type, stream, revision },
  }));
}

/** A context's lists and figures, as the projectors keep them: a thing whose event cannot be applied is parked for itself. */
export function readModelOf(context: Context): Projected {
  const { name, version, messages } = context;
  // What an event says is asked for its keys first, and then for each of them.
  const said = new WeakMap<RecordedEvent, ReadonlyMap<string, Touch>>();
  const touchesBy = (event: RecordedEvent) => {
    const touches = said.get(event) ?? new Map(touchesOf(context, event).map((touch) => [thingOf(touch), touch]));
    said.set(event, touches);
    return touches;
  };
  return {
    name,
    version,
    types: Object.keys(messages),
    keys: (event) => [...touchesBy(event).keys()],
    create: (tx: EntityManager) => createTables(sqlOf(tx), context, 'live'),
    apply: (tx, work, build) =>
      fold(
        sqlOf(tx),
        context,
        build,
        work.map(({ key, event }) => touchesBy(event).get(key)!),
      ),
    rebuild: {
      prepare: (tx) => createTables(sqlOf(tx), context, 'next'),
      complete: (tx) => completeTables(sqlOf(tx), context, 'next'),
      digest: (tx, build) => digestOf(sqlOf(tx), context, build),
      replace: (tx) => replaceTables(sqlOf(tx), context),
      discard: (tx) => dropTables(sqlOf(tx), context, 'next'),
    },
  };
}

/** Has the sums of pairs of regions kept for the cities of now: sooner or later, since without them answers are only slower. */
export async function rollUpFigures(database: DataSource, figures: readonly Figure[]): Promise<void> {
  const cities = await rollUpTo('city', sqlOf(database.manager));
  for (const figure of figures) await database.transaction((tx) => rollFigure(sqlOf(tx), figure, 'live', cities));
}
