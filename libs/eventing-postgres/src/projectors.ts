import { setTimeout as delay } from 'node:timers/promises';
import type { Batch, EventStore, Position, RecordedEvent } from '#libs/eventing';
import { FencedError, type Checkpoints } from './checkpoints.js';
import type { Claim, Part } from './claim.js';
import { poisons, streamKey, unreachable } from './parking.js';
import type { Build, Projected, Work } from './projected.js';

export interface ProjectorsOptions {
  readonly store: EventStore;
  readonly checkpoints: Checkpoints;
  readonly projections: readonly Projected[];
  readonly log: (line: string) => void;
  /** Waits; ends early when the signal says so. */
  readonly pause?: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

/** A projection as this process sees it. */
export interface ProjectorStatus {
  readonly name: string;
  readonly version: number;
  readonly position: Position;
  /** This process owns it, and it has seen all there is. */
  readonly live: boolean;
  /** Another process owns it. */
  readonly standby: boolean;
  /** Keys that wait for a mend. */
  readonly parked: number;
  /** The last failure, while it lasts. */
  readonly error?: string;
}

interface Member {
  readonly claim: Claim;
  readonly projected: Projected;
  error?: string;
  /** It has all that a build makes once it has caught up. */
  complete?: boolean;
  /** Its build is being put in its place. */
  finishing?: boolean;
}

/** Events that one transaction takes at most: large enough to fold, small enough for a reader not to wait for. */
const BATCH = 5_000;
/** How often claims, leases and requests are looked after; well within a lease. */
const ROUND_MS = 750;

const nap = (milliseconds: number, signal: AbortSignal) =>
  delay(milliseconds, undefined, { signal }).catch(() => undefined);

/**
 * Keeps the projections of this process up to date. Those that stand at the same place share one read of the log and one
 * transaction; one that is behind, is built anew or cannot go on reads for itself and joins the others when it is there.
 */
export class Projectors {
  private readonly stopping = new AbortController();
  private readonly followers = new Set<Follower>();
  private readonly problems = new Map<string, string>();
  private readonly types: string[] | undefined;
  private keeping: Promise<void> | undefined;

  constructor(private readonly options: ProjectorsOptions) {
    const all = options.projections.map((p) => p.types);
    // All read the same types, so that they can join each other.
    this.types = all.includes(undefined) ? undefined : [...new Set(all.flatMap((types) => types!))];
  }

  get status(): ProjectorStatus[] {
    return this.options.projections.map(({ name, version }) => {
      const follower = [...this.followers].find((f) => f.members.has(id(name, 'live')));
      const member = follower?.members.get(id(name, 'live'));
      const error = member?.error ?? this.problems.get(name);
      return {
        name,
        version,
        position: member?.claim.position ?? '',
        live: follower !== undefined && follower.live && error === undefined,
        standby: member === undefined && error === undefined,
        parked: member?.claim.parked.size ?? 0,
        error,
      };
    });
  }

  start(): void {
    this.keeping ??= this.keep();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.keeping;
    await Promise.all([...this.followers].map((f) => f.ended));
    // A database that is gone cannot be told; the leases lapse by themselves.
    await this.options.checkpoints.release().catch(() => undefined);
  }

  private async keep(): Promise<void> {
    const { signal } = this.stopping;
    const { checkpoints, projections, log, pause = nap } = this.options;
    for (let declared = false; !signal.aborted; await pause(ROUND_MS, signal)) {
      try {
        if (!declared)
          for (const { name, problem } of await checkpoints.declare(projections)) this.problem(name, problem);
        declared = true;
        // One that was left is not among them: its lease lapses, and whoever claims it learns where it stands.
        await checkpoints.renew([...this.followers].flatMap((f) => [...f.members.values()].map((m) => m.claim)));
        await this.claim();
        await this.unpark();
        for (const follower of this.followers) for (const member of follower.nextBuilds()) void this.finish(member);
      } catch (error) {
        if (!signal.aborted) log(`投影维护将重试 (looking after projections is tried again): ${text(error)}`);
      }
    }
  }

  private problem(name: string, problem: string): void {
    this.problems.set(name, problem);
    this.options.log(`projection ${name}: ${problem}`);
  }

  private async claim(): Promise<void> {
    const { projections, checkpoints } = this.options;
    const claims = await checkpoints.claim(projections);
    // What was claimed anew had lapsed here, or was never held: its old place is void.
    for (const claim of claims) this.forget(claim.name, claim.build);
    const members = claims.map((claim) => ({ claim, projected: projections.find((p) => p.name === claim.name)! }));
    for (const position of new Set(claims.map((c) => c.position))) {
      this.follow(members.filter((m) => m.claim.position === position));
    }
  }

  private forget(name: string, build: Build): void {
    for (const follower of this.followers) follower.members.delete(id(name, build));
  }

  private follow(members: readonly Member[], failures = 0): void {
    const follower = new Follower(members, this.options, this.types, this.stopping.signal, {
      join: (from) => this.join(from),
      split: (member, failed) => this.follow([member], failed ? failures + 1 : 0),
      lost: ({ name, build }) =>
        this.options.log(`projection ${name} (${build}): another process has it, or a commit of this one is in doubt`),
    });
    this.followers.add(follower);
    follower.ended = follower.run(failures).finally(() => this.followers.delete(follower));
  }

  /** Lets a follower that has seen all there is go on with one that was there before it. */
  private join(from: Follower): void {
    for (const other of this.followers) {
      if (other === from) return;
      if (!other.live || from.position < other.position) continue;
      for (const [key, member] of from.members) other.members.set(key, member);
      from.members.clear();
      return;
    }
  }

  private async unpark(): Promise<void> {
    const { store, checkpoints, log } = this.options;
    const read = async (stream: string, revision: number) => {
      const [event] = await store.readStream(stream, { from: revision, limit: 1 });
      if (!event) throw new Error(`the event store has no revision ${revision} of ${stream}`);
      return event;
    };
    for (const follower of this.followers) {
      const members = [...follower.members.values()];
      for (const { claim, key, wanted } of await checkpoints.parkedKeys(members.map((m) => m.claim))) {
        claim.parked.add(key);
        if (!wanted) continue;
        const { projected } = members.find((m) => m.claim === claim)!;
        await follower.alone(async () => {
          // One that has joined others meanwhile is found with them the next time.
          if (follower.members.get(id(claim.name, claim.build))?.claim !== claim) return;
          const reason = await checkpoints.resume(claim, projected, key, read).catch((error: unknown) => {
            // Whether it has resumed is not known: what is parked is learnt when it is claimed anew.
            this.forget(claim.name, claim.build);
            throw error;
          });
          log(`projection ${claim.name}: ${key} ${reason === undefined ? 'resumes' : `stays parked: ${reason}`}`);
        });
      }
    }
  }

  /** Puts a next build that has caught up in its place; one of an unchanged version only when it came out the same. */
  private async finish(member: Member): Promise<void> {
    const { claim, projected } = member;
    const { checkpoints, log } = this.options;
    const rebuild = projected.rebuild;
    if (member.finishing || !rebuild) return;
    member.finishing = true;
    try {
      const { live, next } = await checkpoints.compare(claim.name, rebuild.digest);
      const outcome = { from: live.version, to: claim.version, was: live.digest, is: next.digest, at: next.position };
      if (live.version === claim.version) {
        // They are compared at the same place: both move with the same transactions once they read together.
        if (live.position !== next.position) return;
        if (live.digest !== next.digest) {
          await checkpoints.halt(claim, { ...outcome, differs: true });
          this.forget(claim.name, 'next');
          log(
            `projection ${claim.name}: built anew it differs (${next.digest}, not ${live.digest}); it is not put in place`,
          );
          return;
        }
      }
      if (!(await checkpoints.replace(claim, rebuild, outcome))) return;
      this.forget(claim.name, 'next');
      this.forget(claim.name, 'live');
      log(`projection ${claim.name}: version ${claim.version} is in its place, digest ${next.digest}`);
      await this.claim();
    } catch (error) {
      log(`projection ${claim.name}: putting the new build in its place is tried again: ${text(error)}`);
    } finally {
      member.finishing = false;
    }
  }
}

interface Supervisor {
  /** It has seen all there is, and may go on with another. */
  join(from: Follower): void;
  /** The member reads for itself from now on. */
  split(member: Member, failed: boolean): void;
  lost(claim: Claim): void;
}

/** Projections that share one read of the log. */
class Follower {
  readonly members: Map<string, Member>;
  /** Where it has read to; a member may be ahead, when it has joined, but not behind. */
  position: Position;
  live = false;
  ended: Promise<void> = Promise.resolve();
  private turn: Promise<unknown> = Promise.resolve();

  constructor(
    members: readonly Member[],
    private readonly options: ProjectorsOptions,
    private readonly types: string[] | undefined,
    private readonly signal: AbortSignal,
    private readonly supervisor: Supervisor,
  ) {
    this.members = new Map(members.map((m) => [id(m.claim.name, m.claim.build), m]));
    this.position = members[0]!.claim.position;
  }

  nextBuilds(): Member[] {
    return this.live ? [...this.members.values()].filter((m) => m.claim.build === 'next' && m.complete) : [];
  }

  /** Nothing else touches the members meanwhile. */
  alone<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.turn.then(work);
    this.turn = mine.catch(() => undefined);
    return mine;
  }

  async run(failures: number): Promise<void> {
    const { store, log, pause = nap } = this.options;
    const onDrop = (error: unknown) => log(`投影读取中断，自动续读 (reading resumes after): ${text(error)}`);
    while (!this.signal.aborted && this.members.size > 0) {
      if (failures > 0) await pause(Math.min(100 * 2 ** failures, 10_000), this.signal);
      const leaving = new AbortController();
      const signal = AbortSignal.any([this.signal, leaving.signal]);
      try {
        const batches = store.subscribe({ after: this.position, types: this.types, limit: BATCH, signal, onDrop });
        for await (const batch of batches) {
          await this.alone(() => this.take(batch));
          failures = 0;
          // Not while a key of its own resumes: the others would not know of it.
          if (batch.live) await this.alone(() => this.caughtUp());
          if (this.members.size === 0) break;
        }
      } catch (error) {
        this.live = false;
        failures++;
        for (const member of this.members.values()) this.fail(member, error);
      } finally {
        leaving.abort();
      }
    }
  }

  /** Next builds are completed while they still read for themselves: nobody else waits for it. */
  private async caughtUp(): Promise<void> {
    for (const member of this.members.values()) {
      if (member.claim.build !== 'next' || member.complete) continue;
      await this.options.checkpoints.complete(member.projected);
      member.complete = true;
    }
    this.supervisor.join(this);
  }

  private fail(member: Member, error: unknown): void {
    const reason = text(error);
    if (member.error !== reason && !this.signal.aborted) this.options.log(`projection ${member.claim.name}: ${reason}`);
    member.error = reason;
  }

  private async take(batch: Batch): Promise<void> {
    // A member that joined while the last batch was being committed may stand before this one.
    for (const [key, member] of this.members) {
      if (member.claim.position >= this.position) continue;
      this.members.delete(key);
      this.supervisor.split(member, false);
    }
    let parts = [...this.members.values()].map((member) => partOf(member, batch, this.position));
    while (parts.length > 0) {
      try {
        await this.options.checkpoints.commit(parts, batch.position);
        for (const { member } of parts) member.error = undefined;
        break;
      } catch (error) {
        if (error instanceof FencedError) {
          parts = parts.filter((part) => !this.leave(part, error));
        } else if (parts.length === 1 && !poisons(error)) {
          throw error;
        } else {
          if (unreachable(error)) throw error;
          for (const part of parts) await this.takeAlone(part, batch.position);
          break;
        }
      }
    }
    this.position = batch.position;
    this.live = batch.live;
  }

  private leave({ claim }: MemberPart, { lost }: FencedError): boolean {
    if (!lost.includes(claim)) return false;
    const key = id(claim.name, claim.build);
    if (this.members.get(key)?.claim === claim) this.members.delete(key);
    this.supervisor.lost(claim);
    return true;
  }

  /** One of several is at fault: the others go on, its keys at fault are parked, and what is no event's fault reads alone. */
  private async takeAlone(part: MemberPart, position: Position): Promise<void> {
    const { checkpoints, log } = this.options;
    const { member, claim } = part;
    try {
      const parked = await checkpoints.commitOthers(part, position);
      member.error = undefined;
      for (const { key, reason } of parked) {
        if (reason !== undefined) log(`projection ${claim.name}: ${key} is parked: ${reason}`);
      }
    } catch (error) {
      if (error instanceof FencedError) {
        this.leave(part, error);
      } else if (unreachable(error) || this.members.size === 1) {
        throw error;
      } else {
        this.fail(member, error);
        this.members.delete(id(claim.name, claim.build));
        this.supervisor.split(member, true);
      }
    }
  }
}

const id = (name: string, build: Build) => `${name} ${build}`;
const text = (error: unknown) => (error instanceof Error ? error.message : String(error));

interface MemberPart extends Part {
  readonly member: Member;
}

/** What a batch that begins after `from` means for one projection. */
function partOf(member: Member, { events }: Batch, from: Position): MemberPart {
  const { claim, projected } = member;
  const types = projected.types && new Set(projected.types);
  const ahead = claim.position > from;
  const work: Work[] = [];
  const waiting: (Work & { reason?: string })[] = [];
  const parked = new Set(claim.parked);
  for (const event of events) {
    if (types && !types.has(event.type)) continue;
    if (ahead && event.position <= claim.position) continue;
    if (parked.size > 0 && parked.has(streamKey(event))) {
      waiting.push({ key: streamKey(event), event });
      continue;
    }
    const keys = keysOf(projected, event);
    if (typeof keys === 'string') {
      parked.add(streamKey(event));
      waiting.push({ key: streamKey(event), event, reason: keys });
      continue;
    }
    for (const key of keys) (parked.size > 0 && parked.has(key) ? waiting : work).push({ key, event });
  }
  return { member, claim, projected, work, waiting };
}

/** The keys, or the reason why the event does not say. */
function keysOf(projected: Projected, event: RecordedEvent): readonly string[] | string {
  try {
    return projected.keys(event);
  } catch (error) {
    return text(error);
  }
}
