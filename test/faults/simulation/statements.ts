import { QueryFailedError } from 'typeorm';
import type { Row, Transaction } from './server.js';

type Run = (t: Transaction, parameters: unknown[], sql: string) => unknown;

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

const { parse, stringify } = JSON;
const keyOf = (...parts: unknown[]) => stringify(parts);
const all = <T>(t: Transaction, table: string) => t.rows(table) as unknown as T[];
const write = (t: Transaction, table: string, key: string, row: object) => t.put(table, key, row as Row);
const checkpoints = (t: Transaction) =>
  all<Checkpoint>(t, CHECKPOINTS).sort((a, b) => (a.name + a.build < b.name + b.build ? -1 : 1));
const move = (t: Transaction, c: Checkpoint, change: Partial<Checkpoint>) =>
  write(t, CHECKPOINTS, keyOf(c.name, c.build), { ...c, ...change });
const parked = (t: Transaction) => all<Parked>(t, PARKED);
const parkedKey = (p: Parked) => keyOf(p.name, p.build, p.key, p.position);
/** What TypeORM makes of an UPDATE's answer. */
const changed = (rows: readonly object[]) => [rows, rows.length];
const quoted = (list: string) => [...list.matchAll(/"([^"]+)"/g)].map(([, name]) => name!);
const lease = (sql: string) => Number(/interval '(\d+) s'/.exec(sql)![1]) * 1_000;

/**
 * What the product's statements do, each known by its beginning. Where a clause keeps a promise that a fault could break
 * (a fence, a lock), it is done because the statement says so, and not done when the statement does not.
 */
const statements: readonly (readonly [begins: string, name: string, run: Run])[] = [
  ['savepoint attempt', 'savepoint', (t) => void (t.savepoint = new Map(t.writes))],
  ['release savepoint attempt', 'release savepoint', () => []],
  ['rollback to savepoint attempt', 'rollback to savepoint', (t) => void (t.writes = new Map(t.savepoint))],

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

  // The engine of row projections, and the tables of a city.
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
    'select region, sequence, digest from region_feed_heads where region = any($1) order by region for update',
    'feed heads',
    (t, parameters) => {
      const regions = (parameters as [string[]])[0].toSorted();
      for (const region of regions) if (t.get('region_feed_heads', region)) t.lock('region_feed_heads', region);
      return regions.map((region) => t.get('region_feed_heads', region)).filter((row) => row !== undefined);
    },
  ],
  [
    'insert into region_feed select * from jsonb_populate_recordset',
    'number records',
    (t, parameters) => {
      for (const row of records(parameters[0])) {
        const key = keyOf(row['region'], row['sequence']);
        t.lock('region_feed', key);
        if (t.get('region_feed', key)) throw failure('23505', 'duplicate key value violates unique constraint');
        t.put('region_feed', key, row);
      }
      return [];
    },
  ],
  [
    'insert into region_feed_heads (region, sequence, digest) select',
    'write feed heads',
    (t, parameters) => {
      for (const row of records(parameters[0])) t.put('region_feed_heads', row['region'] as string, row);
      return [];
    },
  ],
  [
    'with behind as ( select h.region, coalesce(r.relayed, 0) as relayed from region_feed_heads h',
    'what to relay',
    (t) =>
      t.rows('region_feed_heads').flatMap(({ region, sequence }) => {
        const relayed = Number(t.get('region_feed_relay', region as string)?.['relayed'] ?? 0);
        const behind = Array.from({ length: Number(sequence) - relayed }, (_, i) => keyOf(region, relayed + 1 + i));
        return behind.map((key) => t.get('region_feed', key)).filter((row) => row !== undefined);
      }),
  ],
  [
    'insert into region_feed_relay select * from unnest($1::text[], $2::integer[]) on conflict (region) do update set relayed = greatest(',
    'relayed',
    (t, parameters) => {
      const [regions, reached] = parameters as [string[], number[]];
      for (const [i, region] of regions.entries()) {
        t.lock('region_feed_relay', region);
        const before = Number(t.get('region_feed_relay', region)?.['relayed'] ?? 0);
        t.put('region_feed_relay', region, { region, relayed: Math.max(before, reached[i]!) });
      }
      return [];
    },
  ],

  [
    'select pg_try_advisory_lock(',
    'advisory lock',
    (t, _, sql) => {
      const [, lock] = /hashtext\('([^']+)'\)/.exec(sql)!;
      const holder = t.server.advisory.get(lock!) ?? t.session;
      t.server.advisory.set(lock!, holder);
      return [{ mine: holder === t.session }];
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

  [
    'select region from feed_cursor where region <> $1',
    'other cities',
    (t, [region]) => t.rows('feed_cursor').filter((row) => row['region'] !== region),
  ],
  [
    'insert into feed_cursor values ($1, 0, $2, now()) on conflict do nothing',
    'new cursor',
    (t, [region, digest]) => {
      t.lock('feed_cursor', region as string);
      if (!t.get('feed_cursor', region as string)) {
        t.put('feed_cursor', region as string, { region, sequence: '0', digest });
      }
      return [];
    },
  ],
  [
    'select sequence, digest from feed_cursor where region = $1',
    'cursor',
    (t, [region], sql) => {
      if (sql.endsWith('for update')) t.lock('feed_cursor', region as string);
      return [t.get('feed_cursor', region as string)];
    },
  ],
  [
    'update feed_cursor set sequence = $2, digest = $3',
    'move cursor',
    (t, [region, sequence, digest]) => {
      t.put('feed_cursor', region as string, { region, sequence: String(sequence), digest });
      return changed([]);
    },
  ],
];

const records = (json: unknown) => parse(json as string) as Row[];
const rowKey = (row: Row, key: readonly string[]) => stringify(key.map((column) => row[column]));

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

/** What TypeORM throws; without a state, the connection is gone. */
export function failure(code: string, message: string): QueryFailedError {
  return new QueryFailedError('', [], Object.assign(new Error(message), code === '' ? {} : { code }));
}
