import type { Figure } from '#libs/messages';
import type { FigureRow } from './figure-question.js';

/** What cells are told apart by: what is wanted, and what that has one value of, so that it is known whose it is. */
export const toldApart = ({ dimensions }: Figure, wanted: readonly string[]): string[] =>
  Object.keys(dimensions).filter((name) => wanted.some((w) => w === name || dimensions[w]?.of?.includes(name)));

/** A row as it is told in JSON. */
export const toldRow = (figure: Figure, row: FigureRow) => ({
  ...row.cell,
  ...(row.period === undefined ? {} : { period: row.period }),
  ...toldNumbers(figure, row),
  ...row.rates,
});

/** Flows as their sum; levels as the value on the day asked for, and Σ value × days under `<measure>Days`. */
export function toldNumbers(
  { measures }: Figure,
  { values, days }: Pick<FigureRow, 'values' | 'days'>,
): Record<string, number | string> {
  return Object.fromEntries(
    Object.entries(measures).flatMap(([name, { decimals }]) => [
      [name, exact(values[name]!, decimals)],
      ...(days[name] === undefined ? [] : [[`${name}Days`, exact(days[name], decimals)]]),
    ]),
  );
}

/** A number that JSON carries exactly, or its digits as text where it could not. */
function exact(units: bigint, decimals: number): number | string {
  if (BigInt.asIntN(53, units) === units) return Number(units) / 10 ** decimals;
  const digits = units.toString();
  return decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}
