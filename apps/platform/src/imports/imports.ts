import { Inject, Injectable } from '@nestjs/common';
import type { Actor, Clock } from '#libs/eventing';
import { CLOCK, Gateway, ProblemException } from '#libs/eventing-nest';
import { LIMITS, readable } from '#libs/sheets';
import { Importables, type Importable } from './importable.js';
import { ImportRunner } from './import-runner.js';
import { ImportStore } from './import-store.js';
import type { ImportRecord, ImportRow, ImportState } from './imports.table.js';
import { recheck } from './mend-row.js';
import { takeIn, type Upload } from './take-in.js';

/** How long an upload waits for its check: most sheets are checked by then, and of the others it is asked again. */
const PATIENCE_MS = 10_000;

const RESTING: readonly ImportState[] = ['checked', 'sent', 'cancelled'];

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** What can be done with imports, and by whom. */
@Injectable()
export class Imports {
  /** Changes of one import after each other. */
  private readonly tails = new Map<string, Promise<unknown>>();

  constructor(
    private readonly store: ImportStore,
    private readonly importables: Importables,
    private readonly runner: ImportRunner,
    private readonly gateway: Gateway,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Takes a file in and has it checked. @throws SheetError, ProblemException */
  async upload(upload: Omit<Upload, 'createdAt'>): Promise<string> {
    const id = await takeIn(this.store, { ...upload, createdAt: this.clock().toISOString() });
    this.runner.poke();
    await this.runner.settled(id, PATIENCE_MS);
    return id;
  }

  /**
   * An import that the actor may see: its own, and to the province and an auditor every one. One that it may not see is as one
   * that is not there.
   *
   * @throws ProblemException
   */
  async seen(id: string, by: Actor): Promise<ImportRecord> {
    const record = UUID.test(id) ? await this.store.get(id) : undefined;
    const isSeen = by.role === 'province' || by.role === 'auditor' || (record && isOwn(record, by));
    if (record && record.state !== 'reading' && isSeen) return record;
    throw new ProblemException(404, 'import.unknown', `没有导入 ${id}`, `There is no import ${id}`);
  }

  /** Checks all rows anew that are open: what they rest on may have changed. @throws ProblemException */
  async check(id: string, by: Actor): Promise<void> {
    await this.enter(await this.own(id, by), 'checking', RESTING);
    await this.runner.settled(id, PATIENCE_MS);
  }

  /** Sends what is accepted; of one that is being sent already, the same answer. @throws ProblemException */
  async send(id: string, by: Actor): Promise<void> {
    const record = await this.own(id, by);
    if (record.state === 'sending') return this.runner.poke();
    const waiting = await this.store.rows(id, { states: ['waiting'], limit: 1 });
    if (record.state !== 'checking' && waiting.length > 0) throw notChecked();
    await this.enter(record, 'sending', RESTING);
  }

  /** Stops what is being checked or sent; what was recorded stays. @throws ProblemException */
  async cancel(id: string, by: Actor): Promise<void> {
    const { state } = await this.own(id, by);
    if (state === 'cancelled') return;
    if (!(await this.store.enter(id, 'cancelled', ['checking', 'sending', 'checked']))) throw isOver();
    await this.runner.letGo(id);
  }

  /**
   * Puts other cells into a row that has not been recorded, and checks it anew.
   *
   * @param cells by field or header; an empty one is blank
   * @throws ProblemException
   */
  mend(id: string, n: number, cells: Readonly<Record<string, string>>, by: Actor): Promise<ImportRow> {
    return this.inTurn(id, async () => {
      const { record, row } = await this.openRow(id, n, by);
      const importable = this.importableOf(record);
      const said = Object.entries(cells).map(([name, text]) => [keyOf(record, importable, name), text] as const);
      const merged = { ...row.cells, ...Object.fromEntries(said) };
      await this.store.mend(id, n, Object.fromEntries(Object.entries(merged).filter(([, text]) => text !== '')));
      await this.recheck(record, row);
      return (await this.store.row(id, n))!;
    });
  }

  /** Leaves a row out; mending it takes it in again. @throws ProblemException */
  skip(id: string, n: number, by: Actor): Promise<ImportRow> {
    return this.inTurn(id, async () => {
      const { record, row } = await this.openRow(id, n, by);
      await this.store.skip(id, n);
      await this.recheck(record, row);
      return (await this.store.row(id, n))!;
    });
  }

  /** Where too much hangs together with a row, all of the import is checked. */
  private async recheck(record: ImportRecord, before: ImportRow): Promise<void> {
    const isDone = await recheck(this.store, this.gateway, this.importableOf(record), record, before);
    if (!isDone) await this.enter(record, 'checking', RESTING);
  }

  private async openRow(id: string, n: number, by: Actor): Promise<{ record: ImportRecord; row: ImportRow }> {
    const record = await this.own(id, by);
    if (!RESTING.includes(record.state)) throw busy();
    const row = Number.isSafeInteger(n) && n > 0 && n < 2 ** 31 ? await this.store.row(id, n) : undefined;
    if (!row) throw new ProblemException(404, 'row.unknown', `此导入没有第 ${n} 行`, `This import has no row ${n}`);
    if (row.state === 'recorded') throw recorded(n);
    return { record, row };
  }

  /** Who only sees an import does nothing with it: it is sent with the authority of who uploaded it. */
  private async own(id: string, by: Actor): Promise<ImportRecord> {
    const record = await this.seen(id, by);
    if (isOwn(record, by)) return record;
    throw new ProblemException(
      403,
      'import.not-yours',
      `此导入由 ${record.actor.id} 上传，只能由其本人办理`,
      `This import was uploaded by ${record.actor.id}, who alone may go on with it`,
    );
  }

  private importableOf({ command, actor }: ImportRecord): Importable {
    return this.importables.of(command, actor);
  }

  private async enter({ id }: ImportRecord, state: ImportState, from: readonly ImportState[]): Promise<void> {
    if (!(await this.store.enter(id, state, from))) throw busy();
    this.runner.poke();
  }

  private async inTurn<T>(id: string, work: () => Promise<T>): Promise<T> {
    const turn = (this.tails.get(id) ?? Promise.resolve()).then(work);
    const tail = turn.catch(() => undefined);
    this.tails.set(id, tail);
    try {
      return await turn;
    } finally {
      if (this.tails.get(id) === tail) this.tails.delete(id);
    }
  }
}

/** The same person in the same office: whoever has changed it acts for others. */
export const isOwn = ({ actor }: Pick<ImportRecord, 'actor'>, by: Actor): boolean =>
  actor.id === by.id && actor.role === by.role && actor.region === by.region;

/** What the cells of a name are kept under: a column's key or header, or a field that the sheet has no column of. */
function keyOf({ columns }: ImportRecord, { headers }: Importable, name: string): string {
  const column = columns.find(({ key, header }) => key === name || header === name);
  const key = column?.key ?? headers.columnOf(name)?.field;
  if (key !== undefined) return key;
  if (/^\(\d{1,3}\)$/.test(name)) return name;
  const [zh, en] = ['没有这一列', 'there is no such column'];
  throw new ProblemException(422, 'request.invalid', `${name}：${zh}`, `${name}: ${en}`, [
    { field: `cells.${name}`, code: 'unknown', zh, en },
  ]);
}

/** The cells that a body says, as those of a file are. @throws ProblemException */
export function cellsOf(body: unknown): Record<string, string> {
  const cells = (body as { cells?: unknown } | null | undefined)?.cells;
  const isObject = typeof cells === 'object' && cells !== null && !Array.isArray(cells);
  const entries = isObject ? Object.entries(cells as Record<string, unknown>) : [];
  const isText = (value: unknown) =>
    value === null || (typeof value === 'string' && value.length <= LIMITS.cellCharacters);
  if (!isObject || entries.length > LIMITS.columns || !entries.every(([, value]) => isText(value))) {
    const zh = `须为对象：列名与其文本，每个至多 ${LIMITS.cellCharacters} 个字符；空文本表示空白`;
    const en = `must be an object of columns and their texts, of up to ${LIMITS.cellCharacters} characters; an empty text is a blank`;
    throw new ProblemException(422, 'request.invalid', `cells ${zh}`, `cells ${en}`, [
      { field: 'cells', code: 'object', zh, en },
    ]);
  }
  return Object.fromEntries(entries.map(([name, value]) => [readable(name), readable((value as string | null) ?? '')]));
}

const busy = () =>
  new ProblemException(
    409,
    'import.busy',
    '正在检查或发送，请稍候，或先取消（cancel）',
    'It is being checked or sent: wait, or cancel it first',
  );

const notChecked = () =>
  new ProblemException(
    409,
    'import.not-checked',
    '还有未检查的行，请先检查（check）',
    'Some of its rows are not checked yet: check it first',
  );

const isOver = () =>
  new ProblemException(409, 'import.over', '已全部发送，没有可以取消的', 'It is all sent: there is nothing to cancel');

const recorded = (n: number) =>
  new ProblemException(
    409,
    'row.recorded',
    `第 ${n} 行已记录，不能再改；记错的请用相应的冲销命令`,
    `Row ${n} is recorded, and is not changed any more: what is wrong is reversed by its command`,
  );
