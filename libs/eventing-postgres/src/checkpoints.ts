import type { DataSource, EntityManager } from 'typeorm';
import { START, type Position, type RecordedEvent } from '#libs/eventing';
import type { Claim, Part } from './claim.js';
import { applyOthers, attempt, park, streamKey } from './parking.js';
import type { Build, Parked, Projected, Rebuild } from './projected.js';
import { together } from './together.js';

/** A build as it stands in the database, whichever process owns it. */
export interface BuildStatus {
  readonly projection: string;
  readonly build: Build;
  readonly version: number;
  readonly position: Position;
  /** The process that owns it, while its lease holds. */
  readonly owner: string | null;
  /** When it was begun. */
  readonly startedAt: Date;
  /** How it ended, or why it goes no further. */
  readonly outcome: object | null;
}

export interface ParkedKey {
  readonly projection: string;
  readonly build: Build;
  readonly key: string;
  /** How many events wait. */
  readonly events: number;
  /** The first of them. */
  readonly position: Position;
  readonly reason: string | null;
  readonly since: string;
}

const PARKED = `select name as projection, build, key, count(*) filter (where position <> '')::integer as events,
  min(position) as position, max(reason) as reason, min(parked_at) as since from projection_parked`;
const BY_KEY = 'group by name, build, key order by name, build, key';

/**
 * These do not stand where this process left them: another has taken them over, a commit stood whose answer was lost, or a
 * crash took one back. They must not be written any more before they are claimed anew.
 */
export class FencedError extends Error {
  constructor(readonly lost: readonly Claim[]) {
    super(`taken over, or written further: ${lost.map((c) => `${c.name} (${c.build})`).join(', ')}`);
    this.name = 'FencedError';
  }
}

/** After so many seconds without a sign of life a projection may be taken over. By the database's clock. */
export const LEASE_SECONDS = 3;

// A lease that ends later than one could have been given was given under a clock that has been set back since.
const LAPSED = `(lease_until is null or lease_until not between clock_timestamp() and clock_timestamp() + interval '${LEASE_SECONDS} s')`;
const RENEWED = `clock_timestamp() + interval '${LEASE_SECONDS} s'`;

/**
 * Who may write which build and how far it has come. Rows, checkpoint and parked events commit together, and only while
 * nobody else has claimed the build, so that each event has its effect exactly once.
 */
export class Checkpoints {
  constructor(
    private readonly database: DataSource,
    /** The name of this process among others. */
    readonly owner: string,
  ) {}

  /**
   * Makes the rows that claims are made on; a version above the live one gets a build beside it.
   *
   * @returns those that cannot go on, and why
   */
  async declare(all: readonly Projected[]): Promise<{ name: string; problem: string }[]> {
    const problems: { name: string; problem: string }[] = [];
    for (const { name, version, rebuild, create } of all) {
      await this.database.transaction(async (tx) => {
        const made = await tx.query<unknown[]>(
          `insert into projection_checkpoints (name, version, position, owner_epoch) values ($1, $2, '', 0)
            on conflict do nothing returning name`,
          [name, version],
        );
        if (made.length > 0) await create?.(tx);
        const [live] = await tx.query<{ version: number }[]>(
          `select version from projection_checkpoints where name = $1 and build = 'live' for update`,
          [name],
        );
        if (live!.version < version && rebuild) await this.begin(tx, name, version, rebuild);
        if (live!.version < version && !rebuild) {
          problems.push({ name, problem: `it stands at version ${live!.version} for ever and is never built anew` });
        }
      });
    }
    return problems;
  }

  /** Begins a build beside the live one, unless one of this version is under way already. */
  async rebuild({ name, version }: Projected, rebuild: Rebuild): Promise<boolean> {
    return this.database.transaction((tx) => this.begin(tx, name, version, rebuild));
  }

  /** Claims what this process can write and nobody holds. A next build of the same version goes with its live one. */
  async claim(all: readonly Projected[]): Promise<Claim[]> {
    return this.database.transaction(async (tx) => {
      const [rows] = await tx.query<[Omit<Claim, 'parked'>[], number]>(
        `with free as (
          select c.name, c.build from projection_checkpoints c join unnest($2::text[], $3::integer[]) as mine(name, version)
              on mine.name = c.name and mine.version = c.version
            where ${LAPSED} and (build = 'live' or outcome is null and not exists (
              select from projection_checkpoints live where live.name = c.name and live.build = 'live'
                and live.version = c.version and live.owner is distinct from $1))
            order by c.name, c.build for update of c skip locked
        )
        update projection_checkpoints c set owner = $1, lease_until = ${RENEWED}, owner_epoch = owner_epoch + 1
          from free where c.name = free.name and c.build = free.build
          returning c.name, c.build, c.version, c.owner_epoch::text as epoch, c.position`,
        [this.owner, all.map((p) => p.name), all.map((p) => p.version)],
      );
      if (rows.length === 0) return [];
      // What could not be applied before may be mended in this process; what was parked by hand waits for a hand.
      const parked = await tx.query<{ name: string; build: Build; key: string }[]>(
        `with held as (select name, build, key from projection_parked where position = ''),
          tried as (update projection_parked p set wanted = true where name = any($1) and not exists (
            select from held where held.name = p.name and held.build = p.build and held.key = p.key))
        select distinct name, build, key from projection_parked where name = any($1)`,
        [rows.map((r) => r.name)],
      );
      const of = (claim: Omit<Claim, 'parked'>) =>
        parked.filter((p) => p.name === claim.name && p.build === claim.build).map((p) => p.key);
      return rows.map((row) => ({ ...row, parked: new Set(of(row)) }));
    });
  }

  /**
   * Shows that this process works on these; a build whose batch is being committed right now shows it by that. One that
   * does not stand where this process left it lapses: a commit stood whose answer was lost, or a crash took one back.
   */
  async renew(claims: readonly Claim[]): Promise<void> {
    await this.database.query(
      `with mine as (
        select name, build from projection_checkpoints where owner = $1 and (name, build, owner_epoch, position) in
            (select * from unnest($2::text[], $3::text[], $4::bigint[], $5::text[]))
          order by name, build for update skip locked
      )
      update projection_checkpoints c set lease_until = ${RENEWED} from mine
        where c.name = mine.name and c.build = mine.build`,
      [this.owner, ...identifying(claims)],
    );
  }

  /** Others need not wait for the leases to lapse. */
  async release(): Promise<void> {
    await this.database.query(
      'update projection_checkpoints set owner = null, lease_until = null, owner_epoch = owner_epoch + 1 where owner = $1',
      [this.owner],
    );
  }

  /**
   * One batch of several projections in one transaction.
   *
   * @throws FencedError when any of them has been taken over; nothing of the batch is written then
   */
  async commit(parts: readonly Part[], position: Position): Promise<void> {
    await this.database.transaction(async (tx) => {
      await this.advance(tx, parts, position);
      await together(tx, parts, async (turns, { projected, work, waiting, claim }) => {
        if (work.length > 0) await projected.apply(turns, work, claim.build);
        await park(turns, claim, waiting);
      });
    });
    for (const { claim, waiting } of parts) {
      for (const { key, reason } of waiting) if (reason !== undefined) claim.parked.add(key);
      if (claim.position < position) claim.position = position;
    }
  }

  /**
   * The same for one projection, where an event of the batch cannot be applied: the keys at fault are parked, the others
   * are applied.
   *
   * @returns what is parked from here on, the first of each key with the reason
   * @throws what `poisons` does not take for the fault of an event
   */
  async commitOthers(part: Part, position: Position): Promise<Parked[]> {
    const { claim } = part;
    const waiting = await this.database.transaction(async (tx) => {
      await this.advance(tx, [part], position);
      const parked = await applyOthers(tx, part);
      await park(tx, claim, [...part.waiting, ...parked]);
      return parked;
    });
    for (const { key } of [...part.waiting, ...waiting]) claim.parked.add(key);
    if (claim.position < position) claim.position = position;
    return waiting;
  }

  /** The keys that are parked, and which of them somebody wants to try again. */
  async parkedKeys(claims: readonly Claim[]): Promise<{ claim: Claim; key: string; wanted: boolean }[]> {
    const rows = await this.database.query<{ name: string; build: Build; key: string; wanted: boolean }[]>(
      `select name, build, key, bool_or(wanted) as wanted from projection_parked where name = any($1) group by 1, 2, 3`,
      [claims.map((c) => c.name)],
    );
    return rows.flatMap(({ name, build, key, wanted }) => {
      const claim = claims.find((c) => c.name === name && c.build === build);
      return claim ? [{ claim, key, wanted }] : [];
    });
  }

  /**
   * Applies a parked key's events in their order, and lets it go on with the others. As many as can be applied are; the
   * rest stays parked.
   *
   * @returns the reason why it stays parked
   */
  async resume(
    claim: Claim,
    projected: Projected,
    key: string,
    read: (stream: string, revision: number) => Promise<RecordedEvent>,
  ): Promise<string | undefined> {
    const here = [claim.name, claim.build, key];
    const failure = await this.database.transaction(async (tx) => {
      await this.advance(tx, [{ claim, projected, work: [], waiting: [] }], claim.position);
      const parked = await tx.query<{ position: Position; stream: string; revision: string }[]>(
        `select position, stream, revision from projection_parked where name = $1 and build = $2 and key = $3 order by position`,
        here,
      );
      for (const { position, stream, revision } of parked) {
        const event = position === START ? undefined : await read(stream, Number(revision));
        const reason = await attempt(tx, async () => {
          if (!event) return;
          // A stream is parked while its event does not say what it touches; some of that may be parked for itself.
          const touched = key === streamKey(event) ? projected.keys(event) : [key];
          const work = touched.map((k) => ({ key: k, event }));
          await projected.apply(
            tx,
            work.filter((w) => w.key === key || !claim.parked.has(w.key)),
            claim.build,
          );
          await park(
            tx,
            claim,
            work.filter((w) => w.key !== key && claim.parked.has(w.key)),
          );
        });
        if (reason !== undefined) {
          await tx.query(
            `update projection_parked set wanted = false, reason = case when position = $4 then $5 else reason end
              where name = $1 and build = $2 and key = $3`,
            [...here, position, reason],
          );
          return reason;
        }
        await tx.query('delete from projection_parked where name = $1 and build = $2 and key = $3 and position = $4', [
          ...here,
          position,
        ]);
      }
      return undefined;
    });
    if (failure === undefined) claim.parked.delete(key);
    return failure;
  }

  /** Makes what a next build that has caught up still lacks. */
  async complete({ rebuild }: Projected): Promise<void> {
    await this.database.transaction(async (tx) => rebuild?.complete?.(tx));
  }

  /** Both builds as of one moment: versions, digests, and where they stand then. */
  async compare(
    name: string,
    digest: (tx: EntityManager, build: Build) => Promise<string>,
  ): Promise<Record<Build, { version: number; position: Position; digest: string }>> {
    return this.database.transaction('REPEATABLE READ', async (tx) => {
      const of = async (build: Build) => {
        const [row] = await tx.query<{ version: number; position: Position }[]>(
          'select version, position from projection_checkpoints where name = $1 and build = $2',
          [name, build],
        );
        return { ...row!, digest: await digest(tx, build) };
      };
      return { live: await of('live'), next: await of('next') };
    });
  }

  /**
   * Puts the next build in the place of the live one, in one transaction: a reader sees the one or the other. Whoever
   * still wrote the old one is fenced.
   *
   * @returns false when the live build is ahead, or readers hold it for too long: try again
   */
  async replace(claim: Claim, rebuild: Rebuild, outcome: object): Promise<boolean> {
    return this.database.transaction(async (tx) => {
      await tx.query(`set local lock_timeout to '1s'`);
      const [live, next] = await tx.query<{ position: Position; owner_epoch: string }[]>(
        'select position, owner_epoch from projection_checkpoints where name = $1 order by build for update',
        [claim.name],
      );
      if (!next || next.owner_epoch !== claim.epoch) throw new FencedError([claim]);
      if (next.position < live!.position) return false;
      await rebuild.replace(tx);
      await tx.query(`delete from projection_checkpoints where name = $1 and build = 'live'`, [claim.name]);
      await tx.query(`delete from projection_parked where name = $1 and build = 'live'`, [claim.name]);
      await tx.query(`update projection_parked set build = 'live' where name = $1`, [claim.name]);
      await tx.query(
        `update projection_checkpoints set build = 'live', owner = null, lease_until = null, outcome = $2,
          owner_epoch = greatest($3, owner_epoch) + 1 where name = $1`,
        [claim.name, JSON.stringify(outcome), live!.owner_epoch],
      );
      return true;
    });
  }

  /** What has been begun to take a live build's place and shall not. */
  async discard(name: string, rebuild: Rebuild): Promise<void> {
    await this.database.transaction(async (tx) => {
      await tx.query(`delete from projection_checkpoints where name = $1 and build = 'next'`, [name]);
      await tx.query(`delete from projection_parked where name = $1 and build = 'next'`, [name]);
      await rebuild.discard(tx);
    });
  }

  /** The next build of an unchanged version came out differently: it is kept to be looked at, and goes no further. */
  async halt(claim: Claim, outcome: object): Promise<void> {
    await this.database.query(
      `update projection_checkpoints set outcome = $3, owner = null, lease_until = null where name = $1 and build = $2`,
      [claim.name, claim.build, JSON.stringify(outcome)],
    );
  }

  /** Where the slowest of the projections stands, and what is parked of them. */
  async reached(names: readonly string[]): Promise<{ position: Position; parked: ParkedKey[] }> {
    const [row] = await this.database.query<{ position: Position | null; parked: ParkedKey[] | null }[]>(
      `select (select min(position) from projection_checkpoints where build = 'live' and name = any($1)) as position,
        (select json_agg(k) from (${PARKED} where build = 'live' and name = any($1) ${BY_KEY} limit 20) k) as parked`,
      [names],
    );
    return { position: row!.position ?? START, parked: row!.parked ?? [] };
  }

  /** Every build there is, whichever process owns it. */
  builds(): Promise<BuildStatus[]> {
    return this.database.query<BuildStatus[]>(
      `select name as projection, build, version, position, case when not ${LAPSED} then owner end as owner,
          started_at as "startedAt", outcome from projection_checkpoints order by name, build`,
    );
  }

  /** Every key that waits for a mend. */
  parked(): Promise<ParkedKey[]> {
    return this.database.query<ParkedKey[]>(`${PARKED} ${BY_KEY} limit 1000`);
  }

  /** Holds a key back by hand: what comes for it waits from now on. */
  async hold(name: string, key: string): Promise<void> {
    await this.database.query(
      `insert into projection_parked (name, build, key, position, stream, revision, reason)
        values ($1, 'live', $2, '', '', -1, '人工暂停 (held by hand)') on conflict do nothing`,
      [name, key],
    );
  }

  /** Asks whoever owns the projection to try a parked key again; all of its keys when none is named. */
  async requestResume(name: string, key: string | undefined): Promise<number> {
    const [, asked] = await this.database.query<[unknown, number]>(
      `update projection_parked set wanted = true where name = $1 and ($2::text is null or key = $2)`,
      [name, key ?? null],
    );
    return asked;
  }

  private async begin(tx: EntityManager, name: string, version: number, { prepare }: Rebuild): Promise<boolean> {
    const begun = await tx.query<unknown[]>(
      `insert into projection_checkpoints as c (name, build, version, position, owner_epoch) values ($1, 'next', $2, '', 0)
        on conflict (name, build) do update set version = excluded.version, position = '', owner_epoch = c.owner_epoch + 1,
          owner = null, lease_until = null, started_at = now(), outcome = null
          where c.version < excluded.version or c.outcome is not null
        returning name`,
      [name, version],
    );
    if (begun.length === 0) return false;
    await tx.query(`delete from projection_parked where name = $1 and build = 'next'`, [name]);
    await prepare(tx);
    return true;
  }

  /**
   * Locks the checkpoints, always in the same order, before any row is read: two owners cannot fold on the same rows. The
   * commit does not wait for the disk: rows and checkpoint are lost together or not at all, and the same events make them
   * again.
   */
  private async advance(tx: EntityManager, parts: readonly Part[], position: Position): Promise<void> {
    const claims = parts.map((p) => p.claim);
    const [moved] = await tx.query<[{ name: string; build: Build }[], number]>(
      `with mine as (
        select c.name, c.build from projection_checkpoints c
          join unnest($1::text[], $2::text[], $3::bigint[], $4::text[]) as m(name, build, epoch, position)
            on c.name = m.name and c.build = m.build and c.owner_epoch = m.epoch and c.position = m.position
          order by c.name, c.build for update of c
      )
      update projection_checkpoints c set position = greatest(c.position, $5), lease_until = ${RENEWED} from mine
        where c.name = mine.name and c.build = mine.build
          returning c.name, c.build, set_config('synchronous_commit', 'off', true)`,
      [...identifying(claims), position],
    );
    const lost = claims.filter((c) => !moved.some((m) => m.name === c.name && m.build === c.build));
    if (lost.length > 0) throw new FencedError(lost);
  }
}

/** The columns of what a claim says of its row: whose it is, and where this process left it. */
const identifying = (claims: readonly Claim[]) => [
  claims.map((c) => c.name),
  claims.map((c) => c.build),
  claims.map((c) => c.epoch),
  claims.map((c) => c.position),
];
