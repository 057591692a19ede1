// What the soak holds against the platform when it is over: the clients' ledger, and the figures by SQL that knows no projection.
import { createReadStream, readFileSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { isDeepStrictEqual } from 'node:util';
import swc from '@swc/core';
import { from } from 'pg-copy-streams';
import { EMPTY_FEED, nextDigest } from '../../dist/libs/contracts/src/index.js';
import { ask, progress, rebuildAll } from './endurance.mjs';

const INDEPENDENT_SQL = new URL('../figures/independent-sql.ts', import.meta.url);
const PERIOD = ['2023-01-01', '2024-01-01'];
/** Capacity is recomputed day by day, so for a month only. */
const MONTH = ['2023-06-01', '2023-07-01'];

/** What each check of the store and the feeds selects is wrong; `one` names it. `soak.ledger` is what the clients know. */
const CHECKS = [
  {
    what: 'acknowledged, but an event of it is not in the store',
    select: `select key as one from soak.ledger, unnest(ids) as u(id) where not exists (select from soak.stored s where s.id = u.id)`,
  },
  {
    what: 'acknowledged at another revision or stream than it is stored at',
    select: `select key as one from soak.ledger l join soak.stored s on s.id = l.ids[cardinality(l.ids)]
      where (s.stream, s.revision) is distinct from (l.stream, l.revision)`,
  },
  {
    what: 'stored more or less often than acknowledged, by its command id',
    select: `select key as one from soak.ledger l join soak.stored s on s.id = l.ids[1]
      join (select command, count(*) as n from soak.stored group by command) c using (command) where c.n <> cardinality(l.ids)`,
  },
  {
    what: 'stored, but sent by nobody',
    select: `select s.id as one from soak.stored s where actor not like 'process:%' and stream <> 'province-topology'
      and not exists (select from soak.ids i where i.id = s.id)`,
  },
  {
    what: 'recorded by a process for a command that nobody sent',
    select: `select s.id as one from soak.stored s where actor like 'process:%' and not exists (
      select from soak.stored c join soak.ids i on i.id = c.id where c.command = s.correlation)`,
  },
  {
    what: 'a stream with a hole',
    select: `select coalesce(s.stream, t.name) as one from
      (select stream, min(revision) as first, max(revision) as last, count(*) as n from soak.stored group by stream) s
      full join eventing.streams t on t.name = s.stream
      where s.first is distinct from 0 or s.last <> s.n - 1 or t.revision is distinct from s.last`,
  },
  {
    what: 'a feed with a hole, a double, or a head that is not its last record',
    select: `select region as one from region_feed f join region_feed_heads h using (region) group by region, h.sequence
      having min(f.sequence) <> 1 or max(f.sequence) <> count(*) or h.sequence <> count(*) or count(distinct record->>'id') <> count(*)`,
  },
  {
    what: 'an event that a region was not told of, though it is told of others of its type',
    select: `with told as materialized (select (record->>'id')::uuid as id, region from region_feed),
        due as materialized (select s.id, s.type, r as region from soak.stored s, jsonb_array_elements_text(s.regions) r)
      select id as one from due where type in (select type from due join told using (id, region))
        and not exists (select from told where told.id = due.id and told.region = due.region)`,
  },
  { what: 'a parked key', select: 'select key as one from projection_parked' },
  {
    what: 'an admission that no process has ended',
    select: `select uscc as one from incubatees where status = 'admitted'`,
  },
];

/** Compares what is there with the ledger, and the figures with their recomputation. */
export async function check({ bench, platform, sql, ledgerFile, load }) {
  await sql.query(`set work_mem to '256MB'`);
  await sql.query(`create schema soak`);
  await sql.query(
    `create unlogged table soak.ledger (key text, stream text, status integer, revision bigint, position text, ids uuid[])`,
  );
  await pipeline(createReadStream(ledgerFile), sql.query(from('copy soak.ledger from stdin')));
  progress('checking: reading the store …');
  await sql.query(`create unlogged table soak.ids as select unnest(ids) as id from soak.ledger`);
  await sql.query(`create unlogged table soak.stored as
    select id, stream, revision, type, m->>'commandId' as command, m->>'correlationId' as correlation, m->'actor'->>'id' as actor,
      m->'regions' as regions from (select *, metadata::jsonb as m from eventing.events offset 0) e`);
  await sql.query('analyze soak.ledger, soak.ids, soak.stored');
  const findings = [
    { what: 'an answer that was not expected', found: load.surprises.length, examples: load.surprises.slice(0, 5) },
    { what: 'a command without an entry in the ledger, or with two', ...(await entered(sql, load)) },
  ];
  for (const { what, select } of CHECKS) {
    progress(`checking: ${what} …`);
    const { rows } = await sql.query(`select one::text, count(*) over ()::integer as found from (${select}) w limit 5`);
    findings.push({ what, found: rows[0]?.found ?? 0, examples: rows.map((row) => row.one) });
  }
  progress('checking: the feed of xianyang, record by record …');
  findings.push({
    what: 'a feed whose digest a city does not come to',
    ...(await asTheCity(bench, platform, 'xianyang')),
  });
  progress('checking: the figures by independent SQL …');
  findings.push({
    what: 'a figure that is not its independent recomputation',
    ...(await recomputed(bench, platform, sql)),
  });
  progress('checking: all projections built anew …');
  const differing = await rebuildAll(platform, await bench.bearer('province')).then(
    () => [],
    (error) => [error.message],
  );
  findings.push({
    what: 'a projection that comes out differently when it is built anew',
    found: differing.length,
    examples: differing,
  });
  return findings;
}

async function entered(sql, { accepted, refused }) {
  const { rows } = await sql.query(
    'select count(*)::integer as n, count(distinct key)::integer as keys from soak.ledger',
  );
  const { n, keys } = rows[0];
  const found = Math.abs(accepted + refused - n) + (n - keys);
  return { found, examples: [`${accepted + refused} commands, ${n} entries, ${keys} keys`] };
}

/** Reads a region's feed over HTTP as its city does, and computes the digest for itself. */
async function asTheCity(bench, platform, region) {
  const city = await bench.bearer('sub-platform', region);
  let [sequence, digest] = [0, EMPTY_FEED];
  for (;;) {
    const { body } = await ask(`${platform.url}/api/v1/regions/${region}/feed?after=${sequence}&limit=1000`, city);
    for (const record of body.records) {
      if (record.feedsequence !== ++sequence)
        return { found: 1, examples: [`${region}: ${record.feedsequence} after ${sequence - 1}`] };
      digest = nextDigest(digest, record);
    }
    if (body.records.length > 0) continue;
    const same = digest === body.last.digest && sequence === body.last.sequence;
    return {
      found: same ? 0 : 1,
      examples: [`${region}: ${digest} at ${sequence}, not ${body.last.digest} at ${body.last.sequence}`],
    };
  }
}

/** The three figures as the platform answers, against the SQL that test/figures has them recomputed by. */
async function recomputed(bench, platform, sql) {
  const { code } = await swc.transform(readFileSync(INDEPENDENT_SQL, 'utf8'), {
    jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
  });
  const independent = await import(`data:text/javascript,${encodeURIComponent(code)}`);
  const auditor = await bench.bearer('auditor');
  const figure = async (name, [since, to], more = '') =>
    (await ask(`${platform.url}/api/v1/figures/${name}?from=${since}&to=${to}${more}`, auditor)).body;
  const rows = async (text, period) => (await sql.query(text, period)).rows;
  const numbers = (row) =>
    Object.values(row).map((value) => (Number.isNaN(Number(value)) ? value : Number(Number(value).toPrecision(12))));

  const flows = await figure('flows', PERIOD, '&period=month');
  const sharing = await figure('sharing', PERIOD);
  const capacity = await figure('capacity', MONTH);
  const days = ({ id, area, desks }) => [
    id,
    area.allocatedDays,
    area.availableDays,
    desks.allocatedDays,
    desks.availableDays,
  ];
  const compared = {
    flows: [
      flows.cells.map((c) => [c.output, c.absorbing, c.type, c.period, c.count, c.amountFen, c.technicalRevenueFen]),
      (await rows(independent.flows, PERIOD)).map(numbers),
    ],
    sharing: [
      sharing.cells.map((c) => [c.owner, c.using, c.uses, c.hours]),
      (await rows(independent.sharingCells, PERIOD)).map(numbers),
    ],
    rates: [
      [sharing.total, ...sharing.rates].map((r) => numbers([r.owner, r.ratioOfMeans, r.meanOfRatios])),
      (await rows(independent.sharingRates, PERIOD)).map(numbers),
    ],
    capacity: [
      capacity.rows
        .filter(
          (r) =>
            r.by === 'carrier' &&
            days(r)
              .slice(1)
              .some((n) => n > 0),
        )
        .map((r) => numbers(days(r))),
      (await rows(independent.capacityDays, MONTH)).map(numbers),
    ],
  };
  const different = Object.entries(compared).filter(
    ([, [told, own]]) => own.length === 0 || !isDeepStrictEqual(told, own),
  );
  const firstOf = ([told, own]) => {
    const i = told.findIndex((row, n) => !isDeepStrictEqual(row, own[n]));
    return `${told.length} and ${own.length} rows; ${JSON.stringify(told[i])}, not ${JSON.stringify(own[i])}`;
  };
  return { found: different.length, examples: different.map(([name, pair]) => `${name}: ${firstOf(pair)}`) };
}
