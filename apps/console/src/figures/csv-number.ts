import type { Measure, Said } from '../api/catalogue';
import { digitsOf, unitsOf } from '../kit/exact';
import type { Say } from '../kit/language';
import type { Exact } from '../kit/exact';
import type { CsvCell } from '../kit/save';
import { isMoney } from './figure';

/** Numbers as a spreadsheet takes them: money in 元; one that it would round as the text of its digits. */
export function csvNumber(say: Say) {
  return {
    title: (measure: Measure, tell: (said: Said) => string) =>
      `${tell(measure)} (${isMoney(measure) ? say('元', 'CNY') : tell(measure.unit)})`,
    value(measure: Measure, value: Exact): CsvCell {
      const decimals = isMoney(measure) ? 2 : measure.decimals;
      const digits = digitsOf(unitsOf(value, measure.decimals), decimals);
      // Excel keeps fifteen digits.
      return digits.replace(/\D/g, '').length > 15 ? digits : Number(digits);
    },
  };
}
