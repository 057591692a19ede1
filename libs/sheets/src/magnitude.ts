import type { Column } from './column.js';

/** Something that may be meant, and is more often a mistake: told, not refused. */
export interface Warning {
  readonly field: string;
  readonly code: 'value.unlikely' | 'value.far-from-others';
  readonly zh: string;
  readonly en: string;
}

/** Amounts from 100 yuan to a billion, areas from 2 m² to 100 000: what lies outside is mostly in another unit than its header. */
const LIKELY: Partial<Record<Column['kind'], readonly [from: number, to: number]>> = {
  fen: [1e4, 1e11],
  area: [2, 1e5],
};
/** How many times more, or less, than the middle one of the others: yuan for ten thousands of yuan is 10 000 times. */
const FAR = 1_000;
/** Of fewer rows nothing can be said. */
const FEWEST = 5;

export const isWeighed = ({ kind }: Column): boolean => LIKELY[kind] !== undefined;

/** The middle one of the values of a column that say something. */
export function medianOf(values: readonly number[]): number | undefined {
  const sorted = values.filter((value) => value > 0).sort((a, b) => a - b);
  return sorted.length < FEWEST ? undefined : sorted[Math.floor(sorted.length / 2)];
}

/** What is odd about the size of a value; nothing where it is zero, or no number. */
export function weighed(column: Column, value: unknown, median?: number): Warning[] {
  const likely = LIKELY[column.kind];
  if (!likely || typeof value !== 'number' || value <= 0) return [];
  const shown = [inWords(column, value), inWordsEn(column, value)] as const;
  const [field, [from, to]] = [column.field, likely];
  const warnings: Warning[] = [];
  if (value < from || value > to) {
    warnings.push({
      field,
      code: 'value.unlikely',
      zh: `${shown[0]}过${value < from ? '小' : '大'}，请核对表头的单位`,
      en: `${shown[1]} is unusually ${value < from ? 'small' : 'large'}: check the unit of the header`,
    });
  }
  if (median !== undefined && (value >= median * FAR || value * FAR <= median)) {
    warnings.push({
      field,
      code: 'value.far-from-others',
      zh: `${shown[0]}与其余各行（中位数 ${inWords(column, median)}）相差千倍以上，请核对单位`,
      en: `${shown[1]} is a thousand times off the other rows (median ${inWordsEn(column, median)}): check the unit`,
    });
  }
  return warnings;
}

const inWords = ({ kind }: Column, value: number): string => {
  if (kind === 'area') return `${value} 平方米`;
  const yuan = value / 100;
  if (yuan >= 1e8) return `${yuan / 1e8} 亿元`;
  return yuan >= 1e4 ? `${yuan / 1e4} 万元` : `${yuan} 元`;
};

const inWordsEn = ({ kind }: Column, value: number): string =>
  kind === 'area' ? `${value} m²` : `${value / 100} yuan`;
