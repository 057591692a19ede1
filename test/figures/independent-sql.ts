/**
 * The figures straight from the stored events, by ways of their own: capacity day by day instead of by overlaps,
 * the matrix by what no reversal names. Nothing here knows a projection. $1 from, $2 to, $3 the last position that is known.
 */

const events = (...types: string[]) =>
  `(select data::jsonb as d, revision, stream, substr(metadata::jsonb->>'occurredAt', 1, 10) as happened from eventing.events where type in ('${types.join("', '")}')
    and lpad(to_hex(epoch), 4, '0') || '-' || lpad(to_hex(xid::text::bigint), 16, '0') || '-' || lpad(to_hex(gp), 16, '0') <= $3)`;

/** carrier, areaAllocatedDays, areaAvailableDays, desksAllocatedDays, desksAvailableDays. */
export const capacityDays = `
  with unit as materialized (
    select a.d->>'carrier' as carrier, a.d as d,
      (select min(w.d->>'until') from ${events('space.withdrawn.v1')} w
        where w.stream = a.stream and w.d->>'unit' = a.d->>'unit'
          and w.revision = (select max(revision) from ${events('space.withdrawn.v1')} x
            where x.stream = a.stream and x.d->>'unit' = a.d->>'unit')) as until
      from ${events('space.added.v1')} a
  ), let as materialized (
    select a.d->>'carrier' as carrier, a.d as d,
      coalesce((select r.d->>'until' from ${events('space.released.v1')} r
        where r.stream = a.stream and r.d->>'allocation' = a.d->>'allocation' order by r.revision desc limit 1),
        a.d->>'until') as until
      from ${events('space.allocated.v1')} a
  ), days as materialized (
    select to_char(day, 'YYYY-MM-DD') as day from generate_series($1::date, $2::date - 1, interval '1 day') as day
  )
  select carrier, sum(la) as "areaAllocatedDays", sum(ua) as "areaAvailableDays", sum(ld) as "desksAllocatedDays",
    sum(ud) as "desksAvailableDays"
  from (
    select carrier, 0 as la, (d->>'areaSquareMetres')::numeric as ua, 0 as ld, (d->>'desks')::int as ud
      from unit join days on day >= d->>'from' and (until is null or day < until)
    union all
    select carrier, (d->>'areaSquareMetres')::numeric, 0, (d->>'desks')::int, 0
      from let join days on day >= d->>'from' and (until is null or day < until)
  ) each_day group by carrier order by carrier collate "C"`;

/** output, absorbing, type, period (month), count, amount, revenue. */
export const flows = `
  select d->>'output' as output, d->>'absorbing' as absorbing, d->>'type' as type,
    substr(d->>'recognisedOn', 1, 7) as period, count(*) as count,
    sum((d->>'amountFen')::numeric) as amount, sum((d->>'technicalRevenueFen')::numeric) as revenue
  from ${events('contract.recognised.v1')} r
  where d->>'recognisedOn' >= $1 and d->>'recognisedOn' < $2 and not exists (
    select 1 from ${events('contract.reversed.v1')} x
      where x.stream = r.stream and x.d->>'registration' = r.d->>'registration' and x.revision > r.revision)
  group by 1, 2, 3, 4 order by 1, 2, 3, 4`;

const uses = `
  select u.d->>'instrument' as instrument, u.d->>'owner' as owner, u.d->>'using' as "using",
    (u.d->>'hours')::numeric as hours, u.d->>'sharing' = 'external' as external
  from ${events('use.recorded.v2')} u
  where u.d->>'usedOn' >= $1 and u.d->>'usedOn' < $2 and (u.d->>'instrument', u.d->>'use') not in (
    select d->>'instrument', d->>'use' from ${events('use.reversed.v1')} x)`;

/** owner, using, uses, hours. */
export const sharingCells = `
  select owner, "using", count(*) as uses, sum(hours) as hours from (${uses}) u group by 1, 2 order by 1, 2`;

/** owner ('' for the province), ratioOfMeans, meanOfRatios. */
export const sharingRates = `
  with per as (
    select owner, instrument, sum(hours) as all_hours, sum(case when external then hours else 0 end) as external_hours
      from (${uses}) u group by 1, 2
  ), weighted as (select owner, all_hours, external_hours from per union all select '', all_hours, external_hours from per)
  select owner, sum(external_hours) / sum(all_hours) as "ratioOfMeans", avg(external_hours / all_hours) as "meanOfRatios"
    from weighted group by 1 order by 1`;

/** How many days of the period lie in what is there from a day until another, which may be null. */
const daysOf = (from: string, until: string) =>
  `greatest(0, least(coalesce(${until}, $2), $2)::date - greatest(${from}, $1)::date)`;
/** What no later event of these types takes back: of the stream, and of the thing within it that has these fields. */
const standing = (of: string, of_: string, reversals: string[], ...fields: string[]) =>
  `not exists (select 1 from ${events(...reversals)} ${of_} where ${of_}.stream = ${of}.stream and ${of_}.revision > ${of}.revision
    ${fields.map((field) => `and ${of_}.d->>'${field}' = ${of}.d->>'${field}'`).join(' ')})`;

/** kind, home, host, carrierDays, squareMetreDays. */
export const carrierDays = `
  with closing as (
    select stream, d->>'closesOn' as until from ${events('carrier.winding-up.v1')} n
      where ${standing('n', 'x', ['carrier.notice-revoked.v1', 'carrier.notice-reversed.v1'])}
  ), carrier as (
    select o.d->>'kind' as kind, o.d->>'home' as home, o.d->>'host' as host, ${daysOf('o.happened', 'c.until')} as days, 0 as area
      from ${events('carrier.opened.v1', 'carrier.registered.v1')} o left join closing c using (stream)
  ), unit as (
    select a.d->>'kind', a.d->>'home', a.d->>'host', 0,
      (a.d->>'areaSquareMetres')::numeric * ${daysOf("a.d->>'from'", "w.d->>'until'")}
      from ${events('space.added.v1')} a left join lateral (
        select d from ${events('space.withdrawn.v1', 'space.withdrawal-reversed.v1')} w
          where w.stream = a.stream and w.d->>'unit' = a.d->>'unit' order by revision desc limit 1
      ) w on true
  )
  select kind, home, host, sum(days) as "carrierDays", sum(area) as "squareMetreDays"
    from (select * from carrier union all select * from unit) there group by 1, 2, 3`;

/** owner, instrumentDays, fenDays. */
export const instrumentDays = `
  select n.d->>'owner' as owner, sum((n.d->>'units')::int * days) as "instrumentDays",
    sum((n.d->>'originalValueFen')::numeric * days) as "fenDays"
  from (
    select n.d, ${daysOf("n.d->>'since'", "to_char(w.happened::date + 1, 'YYYY-MM-DD')")} as days
      from ${events('instrument.networked.v2')} n left join lateral (
        select happened from ${events('instrument.withdrawn.v1')} w
          where w.stream = n.stream and w.revision > n.revision
            and ${standing('w', 'x', ['instrument.withdrawal-reversed.v1'])}
      ) w on true
      where ${standing('n', 'y', ['instrument.reversed.v1'])}
  ) n group by 1`;

/** carrier, home, host, admitted, graduated, left, firmDays. */
export const firmDays = `
  with stay as (
    select a.d->>'carrier' as carrier, a.d->>'home' as home, a.d->>'host' as host, s.d->>'from' as first, e.d->>'leftOn' as until,
      e.d->>'outcome' as outcome
      from ${events('incubatee.settled.v2')} s
      join ${events('incubatee.admitted.v2')} a on a.stream = s.stream and a.d->>'spell' = s.d->>'spell'
      left join lateral (
        select d from ${events('incubatee.exited.v1')} e
          where e.stream = s.stream and e.d->>'spell' = s.d->>'spell'
            and ${standing('e', 'x', ['incubatee.exit-reversed.v1'], 'spell')}
      ) e on true
      where ${standing('s', 'y', ['incubatee.admission-reversed.v1'], 'spell')}
  )
  select carrier, home, host, count(*) filter (where first >= $1 and first < $2) as admitted,
    count(*) filter (where until >= $1 and until < $2 and outcome = 'graduated') as graduated,
    count(*) filter (where until >= $1 and until < $2) as "left", sum(${daysOf('first', 'until')}) as "firmDays"
    from stay group by 1, 2, 3`;
