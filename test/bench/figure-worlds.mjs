// Figures of any size, loaded set-based, and the questions that are asked of them: for P14, P15 and `figures.mjs`.
import { capacity, flows, sharing } from '../../dist/libs/messages/src/index.js';
import { buildSums, rollFigure } from '../../dist/libs/read-models/src/figure-sums.js';
import { figureTables } from '../../dist/libs/read-models/src/figure-tables.js';

/** Ten years of facts, 130 regions in 15 cities; the first regions have the most, as provincial capitals do. */
const FIRST = Date.UTC(2016, 0, 1);
export const DAYS = 3653;
const REGIONS = Array.from({ length: 130 }, (_, i) => `region-${String(i).padStart(3, '0')}`);
const CITIES = new Map(REGIONS.map((region, i) => [region, `region-${String(i % 15).padStart(3, '0')}`]));
const TYPES = ['development', 'transfer', 'licence', 'consulting', 'service'];
const REGION = `'region-' || lpad(floor(130 * power(random(), 1.5))::integer::text, 3, '0')`;
/** Most facts are told within weeks, some months late. */
const LATE = `(-ln(1 - random()) * case when random() < 0.05 then 120 else 12 end)::integer`;
const DAY = `date '2016-01-01' + floor(random() * ${DAYS})::integer`;
const EVENT = `'contract-' || i as key, gen_random_uuid()::text as event, 'contract-' || i as stream, 3::bigint as revision`;

/** For each figure what its lines are, as `d`, `recorded` day, cell and values, from generate_series `i`. */
export const worlds = {
  flows: {
    figure: flows,
    lines: (entries) => `with facts as materialized (
        select i, ${DAY} as d, ${LATE} as late, ${REGION} as c_output, ${REGION} as c_absorbing,
          (array['${TYPES.join("','")}'])[1 + floor(5 * random())] as c_type, (random() * 1e9)::bigint as fen, random() as fate
        from generate_series(1, ${entries}) i)
      select d, d + late as recorded, 'contracts' as list, ${EVENT}, 'contract.recognised.v1' as cause,
        c_output, c_absorbing, c_type, 1 as v_count, fen as "v_amountFen", fen / 2 as "v_technicalRevenueFen" from facts
      union all
      select d, d + late + 30, 'contracts', ${EVENT}, 'contract.reversed.v1',
        c_output, c_absorbing, c_type, -1, -fen, -fen / 2 from facts where fate < 0.03`,
    cell: (random) => ({ output: region(random), absorbing: region(random), type: TYPES[Math.floor(random() * 5)] }),
    values: (random) => ({ count: 1, amountFen: Math.floor(random() * 1e9), technicalRevenueFen: 5 }),
    questions: {
      'by output': { by: ['output'] },
      'by output, cities': { by: ['output'], rollUp: CITIES },
      'by absorbing, cities': { by: ['absorbing'], rollUp: CITIES },
      'by type': { by: ['type'] },
      'cities × cities': { by: ['output', 'absorbing'], rollUp: CITIES },
      'cities × cities × type': { by: ['output', 'absorbing', 'type'], rollUp: CITIES },
      'seen by a city': { by: ['output', 'absorbing'], rollUp: CITIES, scope: new Set(['region-003']) },
      'all pairs × type, a page': { by: ['output', 'absorbing', 'type'], limit: 100 },
    },
  },
  capacity: {
    figure: capacity,
    lines: (entries) => `with facts as materialized (
        select i, ${DAY} as d, ${LATE} as late, floor(2000 * power(random(), 1.5))::integer as c, (random() * 1e5)::bigint as area,
          30 + floor(random() * 1500)::integer as stay, random() as fate
        from generate_series(1, ${entries} / 2) i), cells as materialized (
        select c, 'carrier-' || c as c_carrier, case when c % 3 = 0 then '飞地孵化器' else '孵化器' end as c_kind,
          ${REGION} as c_home, 'region-001' as c_host from generate_series(0, 1999) c)
      select d, d + late as recorded, 'allocations' as list, ${EVENT}, 'space.allocated.v1' as cause,
        c_carrier, c_kind, c_home, c_host, case when i % 20 = 0 then area * 20 else 0 end as "v_lettableSquareMetres",
        case when i % 20 > 0 then area else 0 end as "v_letSquareMetres",
        case when i % 20 = 0 then 100 else 0 end as v_desks, case when i % 20 > 0 then 4 else 0 end as "v_desksLet"
        from facts join cells using (c)
      union all
      select d + stay, d + late, 'allocations', ${EVENT}, 'space.allocated.v1', c_carrier, c_kind, c_home, c_host,
        case when i % 20 = 0 then -area * 20 else 0 end, case when i % 20 > 0 then -area else 0 end,
        case when i % 20 = 0 then -100 else 0 end, case when i % 20 > 0 then -4 else 0 end
        from facts join cells using (c)`,
    cell: (random) => {
      const n = Math.floor(random() * 2000);
      return { carrier: `carrier-${n}`, kind: '孵化器', home: REGIONS[n % 130], host: 'region-001' };
    },
    values: (random) => ({ letSquareMetres: Math.floor(random() * 1e5) / 100, desksLet: 4 }),
    questions: {
      'by carrier': { by: ['carrier'] },
      'by home': { by: ['home'] },
      'by home, cities': { by: ['home'], rollUp: CITIES },
      'by kind': { by: ['kind'] },
      'home × kind, cities': { by: ['home', 'kind'], rollUp: CITIES },
      'seen by a city': { by: ['home'], rollUp: CITIES, scope: new Set(['region-003']) },
      'by home, cities, per month': { by: ['home'], rollUp: CITIES, per: 'month' },
    },
  },
  sharing: {
    figure: sharing,
    lines: (entries) => `with facts as materialized (
        select i, ${DAY} as d, ${LATE} as late, floor(10000 * power(random(), 1.5))::integer as c, ${REGION} as other,
          (random() * 5000)::bigint as hours, random() as fate
        from generate_series(1, ${entries}) i), cells as materialized (
        select c, 'instrument-' || c as c_instrument, ${REGION} as c_owner from generate_series(0, 9999) c)
      select d, d + late as recorded, 'uses' as list, ${EVENT}, 'use.recorded.v1' as cause,
        c_owner, case when fate < 0.5 then c_owner else other end as c_using, c_instrument, 1 as v_uses,
        case when fate < 0.5 then 0 else hours end as "v_externalHours", hours as "v_effectiveHours" from facts join cells using (c)`,
    cell: (random) => {
      const n = Math.floor(random() * 10000);
      return { owner: REGIONS[n % 130], using: region(random), instrument: `instrument-${n}` };
    },
    values: (random) => ({ uses: 1, externalHours: 5, effectiveHours: Math.floor(random() * 5000) / 100 }),
    questions: {
      'by owner': { by: ['owner'] },
      'by owner, cities': { by: ['owner'], rollUp: CITIES },
      'by using, cities': { by: ['using'], rollUp: CITIES },
      'owner × using, cities': { by: ['owner', 'using'], rollUp: CITIES },
      'seen by a city': { by: ['owner', 'using'], rollUp: CITIES, scope: new Set(['region-003']) },
      'by instrument, a page': { by: ['instrument'], limit: 100 },
    },
  },
};

function region(random) {
  return REGIONS[Math.floor(130 * random() ** 1.5)];
}

export const dayOf = (n) => new Date(FIRST + n * 86_400_000).toISOString().slice(0, 10);
/** Positions are in the order of days of recording. */
export const positionOf = (recordedDay, n = 0) =>
  `0001-${recordedDay.toString(16).padStart(16, '0')}-${n.toString(16).padStart(16, '0')}`;

/** Any period of days: now, as at any moment, and as of a day within it as known at that moment. */
export function questionOf(random, question) {
  const from = Math.floor(random() * (DAYS - 1));
  const length = random() < 0.3 ? random() * 60 : random() * (DAYS - from);
  const to = Math.min(DAYS, from + 1 + Math.floor(length));
  const recorded = Math.floor(random() * DAYS);
  const now = { ...question, from: dayOf(from), to: dayOf(to) };
  const asAt = { position: positionOf(recorded + 1), day: dayOf(recorded) };
  const asOf = dayOf(Math.floor((from + to) / 2));
  return { now, 'as at': { ...now, asAt }, 'as of': { ...now, asOf, asAt } };
}

/**
 * Loads the journal of a figure of so many entries, and has its sums built, as a rebuild does. What is there already stays.
 *
 * @param timed carries out a part of it and tells how long it took
 */
export async function load(sql, name, entries, timed) {
  const { figure, lines } = worlds[name];
  const journal = `"figure_${name}_journal"`;
  const [{ there }] = await sql.query(`select to_regclass($1) is not null as there`, [journal]);
  if (there) return;
  await sql.query(`set work_mem = '512MB'; set maintenance_work_mem = '512MB'; set synchronous_commit = off`);
  await sql.query(figureTables(figure, 'live'));
  await sql.query('begin');
  await timed('lines', async () => {
    // The index is made afterwards, as a load of this size would anyway.
    const [{ index, definition }] = await sql.query(
      'select indexname as index, indexdef as definition from pg_indexes where tablename = $1',
      [journal.replaceAll('"', '')],
    );
    await sql.query(`drop index "${index}"`);
    const cell = Object.keys(figure.dimensions).map((name) => `"c_${name}"`);
    const values = Object.keys(figure.measures).map((name) => `"v_${name}"`);
    const columns = ['d', 'list', 'key', 'event', 'stream', 'revision', 'cause', ...cell, ...values].join(', ');
    await sql.query(
      `insert into ${journal} (r, n, ${columns})
        select '0001-' || lpad(to_hex(recorded - date '2016-01-01'), 16, '0') || '-'
          || lpad(to_hex(row_number() over (order by recorded)), 16, '0'), 0, ${columns}
        from (${lines(entries)}) lines order by recorded`,
    );
    await sql.query(definition);
  });
  await rollFigure(sql, figure, 'live', CITIES);
  await timed('sums', () => buildSums(sql, figure, 'live'));
  await sql.query('commit');
  await timed('vacuum', () => sql.query('vacuum analyze'));
}
