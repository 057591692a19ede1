import { v5 as uuidV5 } from 'uuid';
import { canonicalJson, type Actor, type CommandContext } from '#libs/eventing';
import {
  Submit,
  type FieldProblem,
  type Gateway,
  type Problem,
  type Rehearsal,
  type Rehearsed,
} from '#libs/eventing-nest';
import { isWeighed, weighed } from '#libs/sheets';
import { Breath } from './breath.js';
import type { Importable } from './importable.js';
import type { ImportRecord, ImportRow, Outcome, RowWarning } from './imports.table.js';
import { fieldsOfCells, type Fields } from './row-fields.js';

/** The namespace of command ids that are made from the content of rows. */
const ROWS = '5d1f0a44-3c0e-4c7b-8f53-0b8f5a1f2c61';

/**
 * The id of the command that a row says: who sends what. The same row is the same command in whichever sheet it stands and however
 * often it is sent, so that it is carried out once.
 */
export const commandIdOf = ({ id }: Actor, { path }: Pick<Importable, 'path'>, fields: Fields): string =>
  uuidV5(`${id}\n${path}\n${canonicalJson(fields)}`, ROWS);

/** What a row sends. Its events carry the import as their correlation, so that the log tells all that came of it. */
export const submitOf = (
  importable: Importable,
  { id, actor }: ImportRecord,
  commandId: string,
  fields: Fields,
): Submit => new Submit(importable.category, importable.command, fields, sentBy(actor, commandId, id));

const sentBy = (by: Actor, commandId: string, correlationId: string): CommandContext => ({
  by,
  commandId,
  correlationId,
});

/** Rows that are tried at once: what they rest on is looked at in one journey. In between others have their turn. */
const AT_ONCE = 25;

type Row = Pick<ImportRow, 'n' | 'cells'>;

/** What is known of a row before it is tried. */
type Read = Omit<Outcome, 'state' | 'faults'> & Pick<ImportRow, 'faults'>;

/** Checks rows one after the other, each as if those before it had been sent. */
export class RowCheck {
  private readonly rehearsal: Rehearsal;
  /** Where each command stands first. */
  private readonly first = new Map<string, number>();
  private readonly example: string;
  private readonly breath = new Breath();

  constructor(
    private readonly gateway: Gateway,
    private readonly importable: Importable,
    private readonly record: ImportRecord,
  ) {
    this.rehearsal = gateway.rehearsal();
    this.example = canonicalJson(importable.example);
  }

  async check(rows: readonly Row[]): Promise<Outcome[]> {
    const outcomes: Outcome[] = [];
    for (let at = 0; at < rows.length; at += AT_ONCE) {
      outcomes.push(...(await this.some(rows.slice(at, at + AT_ONCE))));
      await this.breath.taken();
    }
    return outcomes;
  }

  private async some(rows: readonly Row[]): Promise<Outcome[]> {
    const outcomes: Outcome[] = [];
    const tried: Read[] = [];
    for (const row of rows) {
      const read = this.read(row);
      const settled = await this.settled(read);
      if (settled) outcomes.push(settled);
      else tried.push(read);
    }
    const submits = tried.map(({ commandId, fields }) => this.submit(commandId!, fields));
    const rehearsed = await this.rehearsal(submits);
    return [...outcomes, ...tried.map((read, i) => this.outcomeOf(read, rehearsed[i]!))];
  }

  private read({ n, cells }: Row): Read {
    const { importable, record } = this;
    const { fields, faults } = fieldsOfCells(importable.columns, record.columns, cells);
    const commandId = commandIdOf(record.actor, importable, fields);
    return { n, fields, faults, commandId, warnings: this.weigh(fields), streams: [], receipt: null, refusal: null };
  }

  /** Of a row that is not to be tried. */
  private async settled(read: Read): Promise<Outcome | undefined> {
    const { n, fields, faults, commandId } = read;
    if (canonicalJson(fields) === this.example) return { ...read, state: 'skipped', faults: [], warnings: [EXAMPLE] };
    if (faults.length > 0) {
      const others = await this.gateway.faultsOf(this.submit(commandId!, fields));
      return { ...read, state: 'faulty', faults: [...faults, ...others.filter(isNotOf(faults))] };
    }
    const before = this.first.get(commandId!);
    if (before !== undefined) return { ...read, state: 'duplicate', warnings: [duplicateOf(before)] };
    this.first.set(commandId!, n);
    return undefined;
  }

  private outcomeOf(read: Read, { streams, receipt, refusal }: Rehearsed): Outcome {
    if (refusal) return { ...read, state: 'faulty', streams, faults: faultsOf(refusal) };
    return receipt?.repeated
      ? { ...read, state: 'repeated', streams, receipt }
      : { ...read, state: 'accepted', streams };
  }

  private submit(commandId: string, fields: Fields): Submit {
    return submitOf(this.importable, this.record, commandId, fields);
  }

  private weigh(fields: Fields): RowWarning[] {
    const { medians } = this.record;
    return this.importable.columns
      .filter(isWeighed)
      .flatMap((column) => weighed(column, fields[column.field], medians[column.field]));
  }
}

/** What the cell itself says goes before what its field says of the same. */
const isNotOf = (faults: readonly FieldProblem[]) => {
  const fields = new Set(faults.map(({ field }) => field));
  return ({ field }: FieldProblem) => !fields.has(field);
};

/** The faults of a refusal, field by field; one of no field stands by itself. */
export const faultsOf = ({ code, detail, detailEn, errors = [] }: Problem): readonly FieldProblem[] =>
  errors.length > 0 ? errors : [{ field: '', code, zh: detail, en: detailEn }];

const EXAMPLE: RowWarning = {
  field: '',
  code: 'row.example',
  zh: '这是模板中的示例行，不导入',
  en: 'This is the example of the template: it is left out',
};

const duplicateOf = (n: number): RowWarning => ({
  field: '',
  code: 'row.duplicate',
  zh: `与第 ${n} 行内容完全相同，只办一次`,
  en: `It says the same as row ${n}, which is carried out once`,
});
