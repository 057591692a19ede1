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
  `
  -- One event, the common case: no arrays to take apart.
  create function eventing.append_one(
    p_epoch integer, p_stream text, p_expected bigint, p_id uuid, p_type text, p_data text, p_metadata text,
    out revision bigint, out xid text, out gp text
  ) language plpgsql as $$
  begin
    if p_expected = -1 then
      insert into eventing.streams as s (name, revision) values (p_stream, 0) on conflict do nothing returning 0 into revision;
    elsif p_expected = -2 then
      insert into eventing.streams as s (name, revision) values (p_stream, 0)
        on conflict (name) do update set revision = s.revision + 1 returning s.revision into revision;
    else
      update eventing.streams s set revision = s.revision + 1
        where s.name = p_stream and s.revision = p_expected returning s.revision into revision;
    end if;
    if revision is null then return; end if;
    insert into eventing.events as e (epoch, stream, revision, id, type, data, metadata)
      values (p_epoch, p_stream, revision, p_id, p_type, p_data, p_metadata) returning e.xid::text, e.gp::text into xid, gp;
  end $$;

  -- Many requests in one transaction, each to a stream of its own; p_of says which request an event belongs to. A request
  -- that is not among the answers was not where it expected to be, and has left nothing.
  create function eventing.append_many(
    p_epoch integer, p_streams text[], p_expected bigint[], p_counts integer[],
    p_of integer[], p_ids uuid[], p_types text[], p_data text[], p_metadata text[]
  ) returns table (request integer, revision bigint, xid text, gp text) language sql as $$
    with asked as materialized (
      select a.name, a.expected, a.n, a.ord::integer as request
        from unnest(p_streams, p_expected, p_counts) with ordinality as a(name, expected, n, ord)
    ), opened as (
      insert into eventing.streams as s (name, revision)
        select a.name, a.n - 1 from asked a where a.expected < 0 order by a.request
        on conflict (name) do update set revision = s.revision + excluded.revision + 1
          where (select a.expected from asked a where a.name = excluded.name) = -2
        returning s.name, s.revision
    ), moved as (
      update eventing.streams s set revision = s.revision + a.n from asked a
        where a.expected >= 0 and s.name = a.name and s.revision = a.expected
        returning s.name, s.revision
    ), won as (
      select a.request, a.name, s.revision, s.revision - a.n as base
        from asked a join (select * from opened union all select * from moved) s on s.name = a.name
    ), stored as (
      insert into eventing.events as e (epoch, stream, revision, id, type, data, metadata)
        select p_epoch, w.name, w.base + row_number() over (partition by u.request order by u.ord), u.id, u.type, u.data, u.metadata
          from unnest(p_of, p_ids, p_types, p_data, p_metadata) with ordinality as u(request, id, type, data, metadata, ord)
          join won w on w.request = u.request
          order by u.ord
        returning e.stream, e.revision, e.gp
    )
    select w.request, w.revision, pg_current_xact_id()::text, s.gp::text
      from won w join stored s on s.stream = w.name and s.revision = w.revision
  $$;
  `,
];
