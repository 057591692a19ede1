/**
 * The store's own schema, applied at open; each step runs once, in order, in one transaction.
 *
 * The order of all events is (epoch, xid, gp): `gp` alone is taken before commit, so that a slow transaction would become
 * visible behind a reader that has gone past. Transaction ids below the snapshot's xmin can no longer gain events.
 * `epoch` counts the database clusters the log has lived in: a restore into a new cluster resets transaction ids.
 */
export const schemaSteps: readonly string[] = [
  `
  create table eventing.cluster (epoch integer not null, system_identifier bigint not null);

  create table eventing.streams (
    name text collate "C" primary key,
    revision bigint not null
  );

  create table eventing.events (
    epoch integer not null,
    xid xid8 not null default pg_current_xact_id(),
    gp bigint generated always as identity,
    stream text collate "C" not null,
    revision bigint not null,
    id uuid not null,
    type text collate "C" not null,
    data text not null,
    metadata text not null,
    constraint events_in_order primary key (epoch, xid, gp),
    constraint events_of_stream unique (stream, revision),
    constraint events_by_id unique (id)
  );
  comment on table eventing.events is 'Append only. data and metadata are RFC 8785 JSON, byte for byte what was hashed.';

  create function eventing.refuse_change() returns trigger language plpgsql as $$
  begin
    raise exception 'events are append-only: a correction is a new event' using errcode = 'insufficient_privilege';
  end $$;
  create trigger append_only before update or delete or truncate on eventing.events
    for each statement execute function eventing.refuse_change();

  -- One round trip: claim the revisions, then insert. p_expected: -1 no stream, -2 any. No row: it was not there.
  create function eventing.append(
    p_epoch integer, p_stream text, p_expected bigint, p_ids uuid[], p_types text[], p_data text[], p_metadata text[]
  ) returns table (revision bigint, xid text, gp text) language plpgsql as $$
  declare
    n integer := cardinality(p_ids);
    base bigint;
  begin
    if p_expected = -1 then
      insert into eventing.streams as s (name, revision) values (p_stream, n - 1)
        on conflict do nothing returning -1 into base;
    elsif p_expected = -2 then
      insert into eventing.streams as s (name, revision) values (p_stream, n - 1)
        on conflict (name) do update set revision = s.revision + n returning s.revision - n into base;
    else
      update eventing.streams s set revision = s.revision + n
        where s.name = p_stream and s.revision = p_expected returning p_expected into base;
    end if;
    if base is null then return; end if;
    return query
      with stored as (
        insert into eventing.events as e (epoch, stream, revision, id, type, data, metadata)
        select p_epoch, p_stream, base + u.ord, u.id, u.type, u.data, u.metadata
          from unnest(p_ids, p_types, p_data, p_metadata) with ordinality as u(id, type, data, metadata, ord)
          order by u.ord
        returning e.gp
      )
      select base + n, pg_current_xact_id()::text, max(stored.gp)::text from stored;
  end $$;
  `,
];
