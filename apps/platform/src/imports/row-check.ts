import { v5 as uuidV5 } from 'uuid';
import { canonicalJson, type Actor, type CommandContext } from '#libs/eventing';
import { Submit, type FieldProblem, type Gateway, type Problem, type Rehearsal } from '#libs/eventing-nest';
import { isWeighed, weighed } from '#libs/sheets';
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

/** Checks rows one after the other, each as if those before it had been sent. */
export class RowCheck {
  private readonly rehearsal: Rehearsal;
  /** Where each command stands first. */
  private readonly first = new Map<string, number>();
  private readonly example: string;

  constructor(
    private readonly gateway: Gateway,
    private readonly importable: Importable,
    private readonly record: ImportRecord,
  ) {
    this.rehearsal = gateway.rehearsal();
    this.example = canonicalJson(importable.example);
  }

  async check({ n, cells }: Pick<ImportRow, 'n' | 'cells'>): Promise<Outcome> {
    const { importable, record } = this;
    const { fields, faults } = fieldsOfCells(importable.columns, record.columns, cells);
    const commandId = commandIdOf(record.actor, importable, fields);
    const outcome = { n, fields, commandId, warnings: this.weigh(fields), streams: [], receipt: null, refusal: null };
    if (canonicalJson(fields) === this.example)
      return { ...outcome, state: 'skipped', faults: [], warnings: [EXAMPLE] };
    const submit = submitOf(importable, record, commandId, fields);
    if (faults.length > 0) {
      const others = await this.gateway.faultsOf(submit);
      return { ...outcome, state: 'faulty', faults: [...faults, ...others.filter(isNotOf(faults))] };
    }
    const before = this.first.get(commandId);
    if (before !== undefined) {
      return { ...outcome, state: 'duplicate', faults: [], warnings: [duplicateOf(before)] };
    }
    const { streams, receipt = null, refusal } = await this.rehearsal(submit);
    if (refusal) return { ...outcome, state: 'faulty', streams, faults: faultsOf(refusal) };
    this.first.set(commandId, n);
    const repeated = receipt?.repeated === true;
    return {
      ...outcome,
      state: repeated ? 'repeated' : 'accepted',
      streams,
      faults: [],
      receipt: repeated ? receipt : null,
    };
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
