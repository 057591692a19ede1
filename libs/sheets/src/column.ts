/** Something said in both languages. */
export type Said = readonly [zh: string, en: string];

/**
 * How the cells of a column become a value: `fen` an amount, `area` square metres, `number` with a point, `whole` without one,
 * `choice` one of a closed list, `list` several texts.
 */
export type ColumnKind = 'text' | 'day' | 'fen' | 'area' | 'number' | 'whole' | 'flag' | 'choice' | 'list';

/** A field of a command, as a column of a sheet. */
export interface Column {
  /** The field; of one inside another both names with a dot between. */
  readonly field: string;
  /** What it is called, Chinese and English; of one inside another the outer name too. */
  readonly zh: string;
  readonly en: string;
  readonly within?: Said;
  readonly kind: ColumnKind;
  readonly isRequired: boolean;
  /** What one may say in it, of the field's own type. */
  readonly example?: string | number | boolean | readonly string[];
  /** What one of a closed list may be, each with what it is called. */
  readonly choices?: ReadonlyMap<string, Said | undefined>;
  /** The form that the field gives its texts. */
  readonly mended?: (text: string) => string;
}

/** What stands before the first mark of a label: its name without unit and remarks. */
const bare = (label: string) => label.split(/[，,：:]/)[0]!.trim();

/** What a column is called without what belongs to its unit: `面积，平方米` is 面积, `Amount in fen` is Amount. */
export const nameOf = ({ zh, en, kind }: Pick<Column, 'zh' | 'en' | 'kind'>): Said => [
  bare(zh),
  isMeasured(kind) ? bare(en).replace(/ in \w+( \w+)?$/, '') : bare(en),
];

export const isMeasured = (kind: ColumnKind): boolean => kind === 'fen' || kind === 'area' || kind === 'number';
