import { LAST_DAY } from '#libs/messages';
import { LARGEST_FEN, LARGEST_SQUARE_METRES } from './numbers.js';

/** What PostgreSQL's bigint holds. */
const BIGINT = 2n ** 63n - 1n;
const MILLION = 1_000_000n;

it('a million of the largest amounts add up in a bigint', () => {
  expect(MILLION * BigInt(LARGEST_FEN)).toBeLessThanOrEqual(BIGINT);
});

it('a million of the largest areas, in hundredths and times the number of the last day, add up in a bigint', () => {
  const days = BigInt((Date.parse(LAST_DAY) - Date.parse('2000-01-01')) / 86_400_000);
  expect(MILLION * BigInt(LARGEST_SQUARE_METRES) * 100n * days).toBeLessThanOrEqual(BIGINT);
});
