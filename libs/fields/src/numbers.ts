import { field, unless, type Options } from './field.js';

/**
 * The largest amount, 900 亿元 in 分, and the largest area, a square kilometre. A million of either, an area also times the
 * days of 150 years, add up to less than 2^63: no sum that a figure keeps can overflow.
 */
export const LARGEST_FEN = 9_000_000_000_000;
export const LARGEST_SQUARE_METRES = 1_000_000;

const isWhole = (value: unknown, minimum: number, maximum: number): value is number =>
  Number.isSafeInteger(value) && (value as number) >= minimum && (value as number) <= maximum;

/** Money in 分 (fen): an integer, never a float. */
export const Fen = (options: Options) =>
  field(
    {
      name: 'fen',
      problem: unless(
        (value) => isWhole(value, 0, LARGEST_FEN),
        [
          `须为非负整数，单位为分，至多 ${LARGEST_FEN}（900 亿元）`,
          `must be a non-negative integer, in fen, at most ${LARGEST_FEN} (90 billion yuan)`,
        ],
      ),
      schema: { type: 'integer', minimum: 0, maximum: LARGEST_FEN },
    },
    { unit: '分', ...options },
  );

/** A whole number within bounds. */
export const Whole = (minimum: number, maximum: number, options: Options) =>
  field(
    {
      name: 'integer',
      problem: unless(
        (value) => isWhole(value, minimum, maximum),
        [`须为 ${minimum}—${maximum} 的整数`, `must be an integer from ${minimum} to ${maximum}`],
      ),
      schema: { type: 'integer', minimum, maximum },
    },
    options,
  );

/** A quantity with at most two decimals: square metres, hours. */
export const Quantity = (minimum: number, maximum: number, options: Options) =>
  field(
    {
      name: 'quantity',
      problem: unless(
        (value) =>
          typeof value === 'number' && value >= minimum && value <= maximum && Math.round(value * 100) / 100 === value,
        [
          `须为 ${minimum}—${maximum} 的数，至多两位小数`,
          `must be a number from ${minimum} to ${maximum} with at most two decimals`,
        ],
      ),
      schema: { type: Number, minimum, maximum, multipleOf: 0.01 },
    },
    options,
  );

/** Square metres, at most two decimals. */
export const SquareMetres = (options: Options) => Quantity(0, LARGEST_SQUARE_METRES, { unit: '平方米', ...options });
