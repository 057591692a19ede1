import { setTimeout as delay } from 'node:timers/promises';
import {
  Inject,
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { DataSource } from 'typeorm';
import type { Clock, Receipt } from '#libs/eventing';
import { CLOCK, Gateway, type Submit } from '#libs/eventing-nest';
import { CONFIG, type PlatformConfig } from '../config.js';
import { checkImport, type Work } from './import-check.js';
import { sendImport } from './import-send.js';
import { ImportStore } from './import-store.js';
import { Importables } from './importable.js';
import type { ImportState } from './imports.table.js';

/** Imports that one process works on at a time, so that a small one does not wait for a large one. */
const AT_ONCE = 3;
/** How often it is looked for what another process has left unfinished. */
const LOOK_MS = 2_000;
const LONGEST_PAUSE_MS = 30_000;
/** How long a stop waits for the rows under way; what has no receipt yet is sent again. */
const STOP_MS = 5_000;
/** How long a file may be read, before it counts as given up. */
const ABANDONED_MS = 3_600_000;

/**
 * Checks and sends imports in the background. What is to be done stands in the table: after a restart, or where another process
 * has ended, it goes on. One process at a time works on an import, by an advisory lock; were it two, a row would still be carried
 * out once.
 */
@Injectable()
export class ImportRunner implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger('imports');
  private readonly stopping = new AbortController();
  private readonly working = new Map<string, Promise<void>>();
  private readonly pausing = new Map<string, { readonly failures: number; readonly untilMs: number }>();
  private wake: () => void = () => undefined;
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly database: DataSource,
    private readonly store: ImportStore,
    private readonly importables: Importables,
    private readonly gateway: Gateway,
    private readonly bus: CommandBus,
    @Inject(CONFIG) private readonly config: PlatformConfig,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    if (this.config.ROLES.includes('api')) this.running = this.run();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    this.wake();
    const all = Promise.all([this.running, ...this.working.values()]);
    await Promise.race([all, delay(STOP_MS, undefined, { ref: false })]);
  }

  /** Somebody has left work in the table. */
  poke(): void {
    this.wake();
  }

  /** Resolves when this process does not work on the import any more, and at the latest after so many milliseconds. */
  async settled(id: string, patienceMs: number): Promise<void> {
    const end = performance.now() + patienceMs;
    while (performance.now() < end) {
      const record = await this.store.get(id);
      if (!record || (record.state !== 'checking' && record.state !== 'sending') || record.trouble !== null) return;
      await Promise.race([
        this.working.get(id) ?? delay(20),
        delay(end - performance.now(), undefined, { ref: false }),
      ]);
    }
  }

  /** Resolves when this process has put the import down that was cancelled: what is begun next finds nobody at it. */
  async letGo(id: string): Promise<void> {
    await Promise.race([this.working.get(id), delay(STOP_MS, undefined, { ref: false })]);
  }

  private async run(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      const woken = new Promise<void>((resolve) => (this.wake = resolve));
      await this.look().catch((error: unknown) => this.log.warn(`imports wait: ${String(error)}`));
      const timer = setTimeout(this.wake, LOOK_MS);
      await woken;
      clearTimeout(timer);
    }
  }

  private async look(): Promise<void> {
    const before = new Date(this.clock().getTime() - ABANDONED_MS).toISOString();
    for (const id of await this.store.abandoned(before)) await this.store.drop(id);
    for (const id of await this.store.unfinished()) {
      if (this.working.size >= AT_ONCE || this.stopping.signal.aborted) return;
      const pauses = (this.pausing.get(id)?.untilMs ?? 0) > performance.now();
      if (!pauses && !this.working.has(id)) this.begin(id);
    }
  }

  private begin(id: string): void {
    const work = this.attempt(id).finally(() => {
      this.working.delete(id);
      this.wake();
    });
    this.working.set(id, work);
  }

  /** What goes wrong with one import keeps no other waiting. */
  private async attempt(id: string): Promise<void> {
    try {
      await this.locked(id, () => this.goOn(id));
      this.pausing.delete(id);
    } catch (error) {
      const failures = (this.pausing.get(id)?.failures ?? 0) + 1;
      this.pausing.set(id, { failures, untilMs: performance.now() + Math.min(100 * 2 ** failures, LONGEST_PAUSE_MS) });
      const message = error instanceof Error ? error.message : String(error);
      this.log.warn(`导入 ${id} 暂停，将自动重试 (an import pauses and will be tried again): ${message}`);
      await this.store.troubled(id, message).catch(() => undefined);
    }
  }

  /** The lock lives as long as the session, and no transaction is open meanwhile. */
  private async locked(id: string, work: () => Promise<void>): Promise<void> {
    const session = this.database.createQueryRunner();
    const key = `liandong.import:${id}`;
    try {
      const [row] = (await session.query('select pg_try_advisory_lock(hashtext($1)) as mine', [key])) as [
        { mine: boolean },
      ];
      if (!row.mine) return;
      await work().finally(() =>
        session.query('select pg_advisory_unlock(hashtext($1))', [key]).catch(() => undefined),
      );
    } finally {
      await session.release();
    }
  }

  private async goOn(id: string): Promise<void> {
    const record = await this.store.get(id);
    if (record?.state !== 'checking' && record?.state !== 'sending') return;
    const importable = this.importables.known(record.command);
    if (!importable) throw new Error(`this release has no command ${record.command}`);
    const { store, gateway } = this;
    const { state } = record;
    const goesOn = async () => !this.stopping.signal.aborted && (await store.get(id))?.state === state;
    const work: Work = { store, gateway, importable, record, goesOn };
    const isDone =
      state === 'checking'
        ? await checkImport(work)
        : await sendImport(work, (submit) => this.bus.execute<Submit, Receipt>(submit));
    const end: ImportState = state === 'checking' ? 'checked' : 'sent';
    if (isDone) await store.enter(id, end, [state]);
  }
}
