import { readModelStatements } from './read-model-statements.js';
import type { Row, Transaction } from './server.js';
import { changed, failure, keyOf, quoted, records, rowKey, type Run, type Statement } from './statement.js';

interface Checkpoint {
  readonly name: string;
  readonly build: string;
  readonly version: number;
  readonly position: string;
  readonly owner_epoch: number;
  readonly owner: string | null;
  readonly lease_until: number | null;
}

interface Parked {
  readonly name: string;
  readonly build: string;
  readonly key: string;
  readonly position: string;
  readonly stream: string;
  readonly revision: number;
  readonly reason: string | null;
  readonly wanted: boolean;
}

const CHECKPOINTS = 'projection_checkpoints';
const PARKED = 'projection_parked';

const all = <T>(t: Transaction, table: string) => t.rows(table) as unknown as T[];
const write = (t: Transaction, table: string, key: string, row: object) => t.put(table, key, row as Row);
const checkpoints = (t: Transaction) =>
  all<Checkpoint>(t, CHECKPOINTS).sort((a, b) => (a.name + a.build < b.name + b.build ? -1 : 1));
const move = (t: Transaction, c: Checkpoint, change: Partial<Checkpoint>) =>
  write(t, CHECKPOINTS, keyOf(c.name, c.build), { ...c, ...change });
const parked = (t: Transaction) => all<Parked>(t, PARKED);
const parkedKey = (p: Parked) => keyOf(p.name, p.build, p.key, p.position);
const lease = (sql: string) => Number(/interval '(\d+) s'/.exec(sql)![1]) * 1_000;

/**
 * What the product's statements do, each known by its beginning. Where a clause keeps a promise that a fault could break
 * (a fence, a lock), it is done because the statement says so, and not done when the statement does not.
 */
const statements: readonly Statement[] = [
  ['begin', 'begin', () => []],
  ['savepoint ', 'savepoint', (t) => void (t.savepoint = new Map(t.writes))],
  ['release savepoint ', 'release savepoint', () => []],
  ['rollback to savepoint ', 'rollback to savepoint', (t) => void (t.writes = new Map(t.savepoint))],
  ['commit', 'commit', (t) => t.server.end(t, true)],
  ['rollback', 'rollback', (t) => t.server.end(t, false)],

  [
    'insert into projection_checkpoints (name, version, position, owner_epoch)',
    'declare',
    (t, [name, version]) => {
      const key = keyOf(name, 'live');
      const row = { name, build: 'live', version, position: '', owner_epoch: 0, owner: null, lease_until: null };
      t.lock(CHECKPOINTS, key);
      if (!t.get(CHECKPOINTS, key)) t.put(CHECKPOINTS, key, row);
      return [];
    },
  ],
  [
    'select version from projection_checkpoints',
    'version',
    (t, [name]) => {
      t.lock(CHECKPOINTS, keyOf(name, 'live'));
      return checkpoints(t).filter((c) => c.name === name && c.build === 'live');
    },
  ],
  [
    'with free as ( select c.name, c.build from projection_checkpoints c join unnest',
    'claim',
    (t, parameters, sql) => {
      const [owner, names] = parameters as [string, string[]];
      const now = t.server.clockMs;
      const lapsed = ({ lease_until: until }: Checkpoint) => until === null || until < now || until > now + lease(sql);
      const free = checkpoints(t).filter(
        (c) => names.includes(c.name) && lapsed(c) && t.locked(CHECKPOINTS, keyOf(c.name, c.build)),
      );
      for (const c of free) {
        if (c.owner !== null && c.owner !== owner) t.server.scheduler.fire('leases that lapsed and were taken over');
        move(t, c, { owner, lease_until: now + lease(sql), owner_epoch: c.owner_epoch + 1 });
      }
      return changed(free.map((c) => ({ ...c, epoch: String(c.owner_epoch + 1) })));
    },
  ],
  [
    'with held as (select name, build, key from projection_parked',
    'try parked',
    (t, parameters) => {
      const [names] = parameters as [string[]];
      const of = parked(t).filter((p) => names.includes(p.name));
      for (const p of of) write(t, PARKED, parkedKey(p), { ...p, wanted: true });
      return of;
    },
  ],
  [
    'with mine as ( select name, build from projection_checkpoints where owner = $1',
    'renew',
    (t, parameters, sql) => {
      const [owner, names, builds, epochs, stood] = parameters as [string, string[], string[], string[], string[]];
      const named = sql.includes('(name, build, owner_epoch, position) in (select * from unnest(');
      const held = (c: Checkpoint) =>
        !named ||
        names.some(
          (name, i) =>
            name === c.name && builds[i] === c.build && epochs[i] === String(c.owner_epoch) && stood[i] === c.position,
        );
      const mine = checkpoints(t).filter(
        (c) => c.owner === owner && held(c) && t.locked(CHECKPOINTS, keyOf(c.name, c.build)),
      );
      for (const c of mine) move(t, c, { lease_until: t.server.clockMs + lease(sql) });
      return changed(mine);
    },
  ],
  [
    'update projection_checkpoints set owner = null, lease_until = null, owner_epoch = owner_epoch + 1 where owner = $1',
    'release',
    (t, [owner]) => {
      const mine = checkpoints(t).filter((c) => c.owner === owner);
      for (const c of mine) move(t, c, { owner: null, lease_until: null, owner_epoch: c.owner_epoch + 1 });
      return changed(mine);
    },
  ],
  [
    'with mine as ( select c.name, c.build from projection_checkpoints c join unnest',
    'advance',
    (t, parameters, sql) => {
      const fenced = sql.includes('and c.owner_epoch = m.epoch');
      const placed = sql.includes('and c.position = m.position');
      const [names, builds, epochs, stood] = parameters as string[][];
      const position = parameters.at(-1) as string;
      const wanted = names!.map((name, i) => keyOf(name, builds![i])).sort();
      for (const key of wanted) t.lock(CHECKPOINTS, key);
      const mine = checkpoints(t).filter((c) => {
        const i = names!.findIndex((name, n) => name === c.name && builds![n] === c.build);
        return i >= 0 && (!fenced || String(c.owner_epoch) === epochs![i]) && (!placed || c.position === stood![i]);
      });
      for (const c of mine) {
        const to = sql.includes('greatest(c.position') && c.position > position ? c.position : position;
        move(t, c, { position: to, lease_until: t.server.clockMs + lease(sql) });
      }
      if (mine.length > 0 && sql.includes(`set_config('synchronous_commit', 'off', true)`)) t.synchronous = false;
      return changed(mine.map(({ name, build }) => ({ name, build })));
    },
  ],

  [
    'insert into projection_parked (name, build, key, position, stream, revision, reason) select',
    'park',
    (t, parameters) => {
      const [name, build, ...columns] = parameters as [
        string,
        string,
        string[],
        string[],
        string[],
        number[],
        string[],
      ];
      for (const [i, key] of columns[0].entries()) {
        const [, position, stream, revision, reason] = columns.map((column) => column[i]);
        const at = keyOf(name, build, key, position);
        t.lock(PARKED, at);
        if (t.get(PARKED, at)) continue;
        t.put(PARKED, at, { name, build, key, position, stream, revision, reason, wanted: false });
        t.server.scheduler.fire('events parked');
      }
      return [];
    },
  ],
  [
    'select name, build, key, bool_or(wanted) as wanted from projection_parked',
    'parked keys',
    (t, parameters) => {
      const [names] = parameters as [string[]];
      const keys = new Map<string, Parked>();
      for (const p of parked(t).filter((of) => names.includes(of.name))) {
        const key = keyOf(p.name, p.build, p.key);
        keys.set(key, { ...p, wanted: p.wanted || keys.get(key)?.wanted === true });
      }
      return [...keys.values()];
    },
  ],
  [
    'select position, stream, revision from projection_parked where',
    'parked events',
    (t, [name, build, key]) =>
      parked(t)
        .filter((p) => p.name === name && p.build === build && p.key === key)
        .sort((a, b) => (a.position < b.position ? -1 : 1)),
  ],
  [
    'update projection_parked set wanted = false',
    'stays parked',
    (t, parameters) => {
      const [name, build, key, position, reason] = parameters as string[];
      const of = parked(t).filter((p) => p.name === name && p.build === build && p.key === key);
      for (const p of of) {
        const why = p.position === position ? { reason } : {};
        write(t, PARKED, parkedKey(p), { ...p, wanted: false, ...why });
      }
      return changed([]);
    },
  ],
  [
    'delete from projection_parked where name = $1 and build = $2 and key = $3 and position = $4',
    'resume',
    (t, parameters) => {
      t.put(PARKED, keyOf(...parameters), undefined);
      t.server.scheduler.fire('parked events that resumed');
      return changed([]);
    },
  ],

  ...readModelStatements,

  // The engine of row projections.
  [
    'select to_jsonb(t) as row from "',
    'load',
    (t, parameters, sql) => {
      const [, table, key] = /from "(\w+)" t where \(([^)]+)\) in/.exec(sql)!;
      return records(parameters[0])
        .map((of) => t.get(table!, rowKey(of, quoted(key!))))
        .filter((row) => row !== undefined)
        .map((row) => ({ row }));
    },
  ],
  [
    'insert into "',
    'upsert',
    (t, parameters, sql) => {
      const [, table] = /^insert into "(\w+)"/.exec(sql)!;
      const [, key] = /on conflict \(([^)]+)\) do update/.exec(sql)!;
      for (const row of records(parameters[0])) t.put(table!, rowKey(row, quoted(key!)), row);
      return [];
    },
  ],
  [
    'delete from "',
    'delete',
    (t, parameters, sql) => {
      const [, table, key] = /^delete from "(\w+)" where \(([^)]+)\) in/.exec(sql)!;
      for (const of of records(parameters[0])) t.put(table!, rowKey(of, quoted(key!)), undefined);
      return changed([]);
    },
  ],

  [
    'select subject, data, told from feed_things where subject = any($1)',
    'feed things',
    (t, parameters) => (parameters as [string[]])[0].flatMap((subject) => t.get('feed_things', subject) ?? []),
  ],
  [
    'with recursive up as ( select subject, data, told from feed_things',
    'what regions lie in',
    (t, parameters) => {
      const [subjects, prefix] = parameters as [string[], string];
      const found = new Map<string, Row>();
      const wanted = [...subjects];
      for (const subject of wanted) {
        const thing = t.get('feed_things', subject);
        if (!thing || found.has(subject)) continue;
        found.set(subject, thing);
        const { parent, administeredBy, into } = thing['data'] as Readonly<Record<string, string>>;
        wanted.push(...[parent, administeredBy, into].flat().map((region) => `${prefix}${region}`));
      }
      return [...found.values()];
    },
  ],
  [
    'select feed, sequence, digest from feed_heads where feed = any($1) order by feed for update',
    'feed heads',
    (t, parameters) => {
      const feeds = (parameters as [string[]])[0].toSorted();
      for (const feed of feeds) if (t.get('feed_heads', feed)) t.lock('feed_heads', feed);
      return feeds.flatMap((feed) => t.get('feed_heads', feed) ?? []);
    },
  ],
  [
    'update feeds f set latest = false',
    'replace records',
    (t, [replaced]) => {
      for (const { feed, replaces } of records(replaced)) {
        const there = t.get('feeds', keyOf(feed, replaces));
        if (there) t.put('feeds', keyOf(feed, replaces), { ...there, latest: false });
      }
      return changed([]);
    },
  ],
  [
    'insert into feeds (feed, sequence, subject, latest, record) select',
    'number records',
    (t, [numbered]) => {
      for (const row of records(numbered)) {
        const key = keyOf(row['feed'], row['sequence']);
        t.lock('feeds', key);
        if (t.get('feeds', key)) throw failure('23505', 'duplicate key value violates unique constraint');
        t.put('feeds', key, row);
      }
      return [];
    },
  ],
  [
    'insert into feed_heads select * from jsonb_populate_recordset(null::feed_heads, $1) on conflict (feed) do update',
    'write feed heads',
    (t, [heads]) => {
      for (const row of records(heads)) t.put('feed_heads', row['feed'] as string, row);
      return [];
    },
  ],
  [
    'insert into feed_things select * from jsonb_populate_recordset(null::feed_things, $1) on conflict (subject) do update',
    'write feed things',
    (t, [things]) => {
      for (const row of records(things)) t.put('feed_things', row['subject'] as string, row);
      return [];
    },
  ],
  [
    'with behind as ( select h.feed, coalesce(r.relayed, 0) as relayed from feed_heads h',
    'what to relay',
    (t) =>
      t.rows('feed_heads').flatMap(({ feed, sequence }) => {
        const relayed = Number(t.get('feed_relay', feed as string)?.['relayed'] ?? 0);
        const behind = Array.from({ length: Number(sequence) - relayed }, (_, i) => keyOf(feed, relayed + 1 + i));
        return behind.flatMap((key) => t.get('feeds', key) ?? []);
      }),
  ],
  [
    'insert into feed_relay select * from unnest($1::text[], $2::bigint[]) on conflict (feed) do update set relayed = greatest(',
    'relayed',
    (t, parameters) => {
      const [feeds, reached] = parameters as [string[], number[]];
      for (const [i, feed] of feeds.entries()) {
        t.lock('feed_relay', feed);
        const before = Number(t.get('feed_relay', feed)?.['relayed'] ?? 0);
        t.put('feed_relay', feed, { feed, relayed: Math.max(before, reached[i]!) });
      }
      return [];
    },
  ],

  [
    'select pg_try_advisory_lock(',
    'advisory lock',
    (t, [name], sql) => {
      const lock = /hashtext\('([^']+)'\)/.exec(sql)?.[1] ?? (name as string);
      const holder = t.server.advisory.get(lock) ?? t.session;
      t.server.advisory.set(lock, holder);
      return [{ mine: holder === t.session }];
    },
  ],
  [
    'select pg_advisory_unlock(hashtext($1))',
    'advisory unlock',
    (t, [name]) => {
      if (t.server.advisory.get(name as string) === t.session) t.server.advisory.delete(name as string);
      return [];
    },
  ],
  [
    'select pg_advisory_unlock_all()',
    'advisory unlock',
    (t) => {
      for (const [lock, holder] of t.server.advisory) if (holder === t.session) t.server.advisory.delete(lock);
      return [];
    },
  ],
  [
    `select * from processes where (pending <> '[]'::jsonb or due <= $1)`,
    'due processes',
    (t, parameters) => {
      const [now, pausing, limit] = parameters as [string, string[], number];
      return all<{ process: string; key: string; pending: object[]; due: string | null; position: string }>(
        t,
        'processes',
      )
        .filter((p) => p.pending.length > 0 || (p.due !== null && p.due <= now))
        .filter((p) => !pausing.includes(`process-${p.process}-${p.key}`))
        .sort((a, b) => (a.position < b.position ? -1 : 1))
        .slice(0, limit);
    },
  ],

  // The city's own; its tables are always of this release.
  [
    'select sequence, digest from feeds, city where feed = $1 and shape = $2 for update of feeds',
    'cursor',
    (t, [feed]) => {
      t.lock('feeds', feed as string);
      return [t.get('feeds', feed as string)];
    },
  ],
  [
    'update feeds set sequence = $2, digest = $3',
    'move cursor',
    (t, [feed, sequence, digest]) => {
      t.put('feeds', feed as string, { feed, sequence: String(sequence), digest });
      return [];
    },
  ],
  [
    'delete from skipped where feed = $1',
    'nothing put aside',
    (t, [feed]) => {
      for (const [key, row] of t.entries('skipped')) if (row['feed'] === feed) t.put('skipped', key, undefined);
      return [];
    },
  ],
  [
    'insert into skipped select * from unnest(',
    'put aside',
    (t, parameters) => {
      const [feeds, sequences, types, reasons] = parameters as [string[], number[], string[], string[]];
      for (const [i, feed] of feeds.entries()) {
        const skipped = { feed, sequence: sequences[i], type: types[i], reason: reasons[i] };
        t.put('skipped', keyOf(feed, sequences[i]), skipped);
      }
      return [];
    },
  ],
];

const known = new Map<string, { text: string; name: string; run: Run }>();

/** @throws Error for a statement that nobody has told the simulation of */
export function perform(sql: string): { readonly text: string; readonly name: string; readonly run: Run } {
  const before = known.get(sql);
  if (before) return before;
  const text = sql.replace(/\s+/g, ' ').trim();
  const [, name, run] = statements.find(([begins]) => text.startsWith(begins)) ?? [];
  if (!name || !run) throw new Error(`the simulated database does not know this statement, teach it: ${text}`);
  const found = { text, name, run };
  known.set(sql, found);
  return found;
}
