import leven from 'leven';
import { isMeasured, nameOf, type Column } from './column.js';
import { DEFAULT_UNIT, isUnit, unitOf, unitsOf } from './units.js';

/** A column of a sheet, as its header tells. */
export interface Recognised {
  readonly header: string;
  /** Undefined where the command has no such field. */
  readonly field?: string;
  /** What its numbers are in: that of its header, or of an amount the default. */
  readonly unit?: string;
}

/** What is to be told of a header. */
export interface Notice {
  readonly code: 'column.unknown' | 'column.twice' | 'column.unit' | 'column.unit-assumed' | 'column.missing';
  /** The header, or of one that is missing the field. */
  readonly column: string;
  readonly zh: string;
  readonly en: string;
}

/** How two names of a column are compared: without case, blanks, full-width forms and the marks of what must be filled in. */
export const normalised = (header: string): string =>
  header
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[\s\u200b\ufeff*_:]/g, '')
    .replaceAll(/[([【](必填|选填|required|optional)[)\]】]/g, '')
    .replaceAll('，', ',');

/** The name of a header and what stands in brackets at its end. */
function parted(header: string): { whole: string; name: string; remark: string | undefined } {
  const whole = normalised(header);
  const [, name, remark] = /^(.+?)[([【]([^()[\]【】]+)[)\]】]$/.exec(whole) ?? [];
  if (name !== undefined) return { whole, name, remark };
  // `合同成交额，分`, as the API's page calls it.
  const [, before, after] = /^(.+),([^,]+)$/.exec(whole) ?? [];
  return before !== undefined && isUnit(after!)
    ? { whole, name: before, remark: after }
    : { whole, name: whole, remark: undefined };
}

/** What recognises the headers of one command's sheet. */
export class Headers {
  /** Names that mean one column, the full ones before the short ones. */
  private readonly names = new Map<string, Column>();

  constructor(readonly columns: readonly Column[]) {
    for (const namesOf of [fullNames, shortNames]) {
      const given = new Map<string, Set<Column>>();
      for (const column of columns)
        for (const name of namesOf(column).map(normalised)) given.set(name, (given.get(name) ?? new Set()).add(column));
      for (const [name, of] of given) if (of.size === 1 && !this.names.has(name)) this.names.set(name, [...of][0]!);
    }
  }

  /** The column that a header or a field's name means. */
  columnOf(header: string): Column | undefined {
    const { whole, name, remark } = parted(header);
    const known = this.names.get(whole) ?? (remark === undefined ? undefined : this.names.get(name));
    return known ?? this.measureOf(name) ?? this.partOf(name);
  }

  /** The unit of a column: what its header says, else what its field's name says, else of an amount the default. */
  unitOf(header: string, column: Column): string | undefined {
    const { whole, remark } = parted(header);
    if (remark !== undefined && isUnit(remark)) return remark;
    if (column.kind !== 'fen') return undefined;
    return whole.endsWith('fen') ? '分' : DEFAULT_UNIT;
  }

  /** How many of the headers of a row it knows: the row that has most of them is the header. */
  countOf(cells: readonly string[]): number {
    return new Set(cells.map((cell) => (cell === '' ? undefined : this.columnOf(cell))).filter(Boolean)).size;
  }

  /** What each column of a sheet is, and what is to be told of it. */
  recognise(headers: readonly string[]): { columns: Recognised[]; notices: Notice[] } {
    const notices: Notice[] = [];
    const taken = new Set<string>();
    const columns = headers.map((header): Recognised => {
      if (header === '') return { header };
      const column = this.columnOf(header);
      if (!column) {
        notices.push(this.unknown(header));
        return { header };
      }
      if (taken.has(column.field)) {
        notices.push(twice(header, column));
        return { header };
      }
      taken.add(column.field);
      const unit = this.unitOf(header, column);
      const told = unit === undefined ? undefined : unitNotice(header, column, unit);
      if (told) notices.push(told);
      return { header, field: column.field, ...(unit === undefined ? {} : { unit }) };
    });
    const missing = this.columns.filter(({ field, isRequired }) => isRequired && !taken.has(field));
    return { columns, notices: [...notices, ...missing.map(missingNotice)] };
  }

  /** `金额`, `合同金额`, `面积`: the end of the name of what is measured, where one that is required is called like it. */
  private measureOf(name: string): Column | undefined {
    const called = name.replace(/金额$/, '成交额');
    if (called.length < 2) return undefined;
    const measures = this.columns.filter(
      (column) => isMeasured(column.kind) && column.isRequired && normalised(nameOf(column)[0]).endsWith(called),
    );
    return measures.length === 1 ? measures[0] : undefined;
  }

  /** `依据文件`: the name of what it is in, and the beginning of its own. */
  private partOf(name: string): Column | undefined {
    const parts = this.columns.filter(({ within, ...of }) => {
      const outer = within && normalised(within[0]);
      const rest = outer && name.startsWith(outer) ? name.slice(outer.length) : '';
      return rest !== '' && normalised(nameOf(of)[0]).startsWith(rest);
    });
    return parts.length === 1 ? parts[0] : undefined;
  }

  private unknown(header: string): Notice {
    const wanted = normalised(header);
    const near = [...this.names]
      .map(([name, column]) => ({ column, distance: leven(name, wanted) }))
      .filter(({ distance }) => distance <= Math.max(1, Math.floor(wanted.length / 3)))
      .sort((a, b) => a.distance - b.distance)[0]?.column;
    return {
      code: 'column.unknown',
      column: header,
      zh: `没有“${header}”这一列，其内容不导入${near ? `；最接近的是“${titleOf(near)}”` : ''}`,
      en: `There is no column "${header}": what it says is left out${near ? `; the nearest is "${nameOf(near)[1]}"` : ''}`,
    };
  }
}

/** The header of a column, in Chinese; with what it is in. */
export function titleOf(column: Column): string {
  const [name] = nameOf(column);
  return column.within ? `${column.within[0]}${name}` : name;
}

const fullNames = ({ field, zh, en, within }: Column): string[] => [
  field,
  ...(within ? [`${within[0]}${zh}`, `${within[1]} ${en}`] : [zh, en]),
];

function shortNames(column: Column): string[] {
  const { zh, en, within } = column;
  const [shortZh, shortEn] = nameOf(column);
  const withoutRemark = shortZh.replace(/（[^（）]*）$/, '');
  const own = [zh, en, shortZh, shortEn, withoutRemark];
  return within ? [...own, `${within[0]}${shortZh}`, `${within[1]} ${shortEn}`] : own;
}

const twice = (header: string, column: Column): Notice => ({
  code: 'column.twice',
  column: header,
  zh: `“${header}”与前面一列同为“${titleOf(column)}”，只导入前面一列`,
  en: `"${header}" and a column before it are both "${nameOf(column)[1]}": the first is taken`,
});

function unitNotice(header: string, column: Column, unit: string): Notice | undefined {
  if (unitOf(column.kind, unit) === undefined) {
    const units = unitsOf(column.kind);
    return {
      code: 'column.unit',
      column: header,
      zh: `“${titleOf(column)}”不以“${unit}”为单位${units.length > 0 ? `；可用：${units.join('、')}` : ''}`,
      en: `"${nameOf(column)[1]}" is not in "${unit}"${units.length > 0 ? `; it may be in: ${units.join(', ')}` : ''}`,
    };
  }
  if (column.kind !== 'fen' || parted(header).remark !== undefined || normalised(header).endsWith('fen'))
    return undefined;
  return {
    code: 'column.unit-assumed',
    column: header,
    zh: `“${header}”未注明单位，按${unit}计；如为万元，请写“${header}（万元）”`,
    en: `"${header}" gives no unit: it is read in ${unit} (yuan); write "${header}（万元）" for ten thousands`,
  };
}

const missingNotice = (column: Column): Notice => ({
  code: 'column.missing',
  column: column.field,
  zh: `缺少必填的列“${titleOf(column)}”`,
  en: `The column "${nameOf(column)[1]}" is required and not there`,
});

/** The header that a template has: the name with its unit, after a star where it must be filled in. */
export function templateHeader(column: Column): string {
  const unit = column.kind === 'fen' ? DEFAULT_UNIT : isMeasured(column.kind) ? column.zh.split('，')[1] : undefined;
  return `${column.isRequired ? '*' : ''}${titleOf(column)}${unit === undefined ? '' : `（${unit}）`}`;
}
