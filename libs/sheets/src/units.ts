import type { ColumnKind } from './column.js';

/** A unit that a header may give, and how many tens of the field's own unit it is. */
interface Unit {
  readonly tens: number;
}

const MONEY: Readonly<Record<string, Unit>> = {
  分: { tens: 0 },
  fen: { tens: 0 },
  元: { tens: 2 },
  人民币元: { tens: 2 },
  yuan: { tens: 2 },
  千元: { tens: 5 },
  万元: { tens: 6 },
  万: { tens: 6 },
  百万元: { tens: 8 },
  千万元: { tens: 9 },
  亿元: { tens: 10 },
  亿: { tens: 10 },
};
const AREA: Readonly<Record<string, Unit>> = Object.fromEntries([
  ...['平方米', '平米', '平', 'm2', 'm²', 'sqm', 'squaremetres'].map((name) => [name, { tens: 0 }]),
  ...['万平方米', '万平米', '万m2'].map((name) => [name, { tens: 4 }]),
]);
const NUMBER: Readonly<Record<string, Unit>> = Object.fromEntries(
  ['小时', '机时', '时', 'h', 'hours', 'hour'].map((name) => [name, { tens: 0 }]),
);

const UNITS: Partial<Record<ColumnKind, Readonly<Record<string, Unit>>>> = { fen: MONEY, area: AREA, number: NUMBER };

/** What an amount is in where its header does not say: what people write, not what the platform stores. */
export const DEFAULT_UNIT = '元';

/** The unit of a kind of column by its name; undefined where it has no such unit. */
export const unitOf = (kind: ColumnKind, name: string): Unit | undefined => {
  const units = UNITS[kind] ?? {};
  return Object.hasOwn(units, name) ? units[name] : undefined;
};

/** Whether a word is the unit of anything: a header that gives one where none belongs is told so. */
export const isUnit = (name: string): boolean => Object.values(UNITS).some((units) => Object.hasOwn(units, name));

export const unitsOf = (kind: ColumnKind): readonly string[] => Object.keys(UNITS[kind] ?? {});
