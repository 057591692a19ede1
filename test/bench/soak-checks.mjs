// What the soak holds against the platform when it is over: the clients' ledger, and the figures by SQL that knows no projection.
import { createReadStream, readFileSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { isDeepStrictEqual } from 'node:util';
import swc from '@swc/core';
import { from } from 'pg-copy-streams';
import { EMPTY_FEED, figures, nextDigest, regionFeed } from '../../dist/libs/messages/src/index.js';
import { differences } from '../../dist/libs/read-models/src/index.js';
import { ask, progress, rebuildAll } from './endurance.mjs';

const INDEPENDENT_SQL = new URL('../figures/independent-sql.ts', import.meta.url);
const PERIOD = ['2023-01-01', '2024-01-01'];
/** Capacity is recomputed day by day, so for a month only. */
const MONTH = ['2023-06-01', '2023-07-01'];
/** After every position. */
const EVER = '~';

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
    select: `select feed as one from feeds f join feed_heads h using (feed) group by feed, h.sequence
      having min(f.sequence) <> 1 or max(f.sequence) <> count(*) or h.sequence <> count(*) or count(distinct record->>'id') <> count(*)`,
  },
  {
    what: 'a thing of a feed whose last record is not marked as the last, or another is',
    select: `select subject as one from feeds group by feed, subject having max(sequence) filter (where latest) is distinct from max(sequence)
      or count(*) filter (where latest) <> 1`,
  },
  {
    what: 'an event that a region was not told of, though it is told of others of its type',
    select: `with told as materialized (
          select split_part(record->>'id', '.', 1)::uuid as id, feed from feeds),
        due as materialized (select s.id, s.type, 'region.' || r as feed from soak.stored s, jsonb_array_elements_text(s.regions) r)
      select id as one from due where type in (select type from due join told using (id, feed))
        and not exists (select from told where told.id = due.id and told.feed = due.feed)`,
  },
  { what: 'a parked key', select: 'select key as one from projection_parked' },
  {
    what: 'an admission that no process has ended',
    select: `select uscc as one from list_incubatees where _current and status = 'admitted'`,
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
  progress('checking: the sums of the figures …');
  findings.push({ what: 'a sum that is not the sum of its lines', ...(await summed(sql)) });
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
    const { body } = await ask(`${platform.url}/api/v1/feeds/${regionFeed(region)}?after=${sequence}&limit=1000`, city);
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

/** What the figures keep beside their journals, compared with these. */
async function summed(sql) {
  const query = async (text, parameters) => (await sql.query(text, parameters)).rows;
  const found = [];
  for (const figure of figures) found.push(...(await differences({ query }, figure, 5)));
  return { found: found.length, examples: found.map((one) => JSON.stringify(one)) };
}

/** The three figures as the platform answers, against the SQL that test/figures has them recomputed by. */
async function recomputed(bench, platform, sql) {
  const { code } = await swc.transform(readFileSync(INDEPENDENT_SQL, 'utf8'), {
    jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
  });
  const independent = await import(`data:text/javascript,${encodeURIComponent(code)}`);
  const auditor = await bench.bearer('auditor');
  const figure = async (name, [from, to], by, more = '') => {
    const question = `${platform.url}/api/v1/figures/${name}?from=${from}&to=${to}&by=${by}&limit=10000${more}`;
    const { body } = await ask(question, auditor);
    if (body.next !== null) throw new Error(`${name} has more cells than a page`);
    return body;
  };
  const rows = async (text, period) => (await sql.query(text, [...period, EVER])).rows.map(Object.values);
  const picked = (cells, ...names) => cells.map((cell) => names.map((name) => cell[name]));

  const flows = await figure('flows', PERIOD, 'output,absorbing,type', '&per=month');
  const sharing = await figure('sharing', PERIOD, 'owner,using');
  const owners = await figure('sharing', PERIOD, 'owner');
  const capacity = await figure('capacity', MONTH, 'carrier');
  const money = ['count', 'amountFen', 'technicalRevenueFen'];
  const days = ['letSquareMetresDays', 'lettableSquareMetresDays', 'desksLetDays', 'desksDays'];
  const inUse = capacity.cells.filter((cell) => days.some((name) => cell[name] > 0));
  const compared = {
    flows: [
      picked(flows.cells, 'output', 'absorbing', 'type', 'period', ...money),
      await rows(independent.flows, PERIOD),
    ],
    sharing: [
      picked(sharing.cells, 'owner', 'using', 'uses', 'effectiveHours'),
      await rows(independent.sharingCells, PERIOD),
    ],
    rates: [
      picked([{ ...owners.total, owner: '' }, ...owners.cells], 'owner', 'ratioOfMeans', 'meanOfRatios'),
      await rows(independent.sharingRates, PERIOD),
    ],
    capacity: [picked(inUse, 'carrier', ...days), await rows(independent.capacityDays, MONTH)],
  };
  const found = Object.entries(compared).flatMap(([name, [told, own]]) => {
    const [a, b] = [told, own].map((list) => list.map(numbers).sort());
    if (own.length > 0 && isDeepStrictEqual(a, b)) return [];
    const i = a.findIndex((row, n) => row !== b[n]);
    return [`${name}: ${a.length} and ${b.length} rows; ${a[i]}, not ${b[i]}`];
  });
  return { found: found.length, examples: found };
}

/** A row as text, with its numbers to twelve digits. */
const numbers = (row) =>
  JSON.stringify(row.map((value) => (Number.isNaN(Number(value)) ? value : Number(Number(value).toPrecision(12)))));
