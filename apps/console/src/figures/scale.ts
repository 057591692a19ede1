import type { Measure } from '../api/catalogue';
import { digitsOf, unitsOf } from '../kit/exact';
import { useLanguage } from '../kit/language';
import { number } from '../kit/numbers';
import type { Exact } from '../kit/exact';
import { isMoney } from './figure';

/** Units of money by how much they have of 分: numbers under one another are said in the same. */
const MONEY = {
  zh: [
    { from: 1e13, by: 1e10, unit: '亿元' },
    { from: 1e8, by: 1e6, unit: '万元' },
    { from: 0, by: 100, unit: '元' },
  ],
  en: [
    { from: 1e13, by: 1e8, unit: 'CNY m' },
    { from: 1e8, by: 1e5, unit: 'CNY k' },
    { from: 0, by: 100, unit: 'CNY' },
  ],
} as const;

export interface Scale {
  readonly unit: string;
  readonly text: (value: Exact) => string;
}

/** One unit for all numbers of a measure, by the largest of them. */
export function useScale(places = 2): (measure: Measure, largest: number) => Scale {
  const { language, tell } = useLanguage();
  return (measure, largest) => {
    if (!isMoney(measure)) {
      const digits = (value: Exact) => digitsOf(unitsOf(value, measure.decimals), measure.decimals);
      return { unit: tell(measure.unit), text: (value) => number(digits(value), language) };
    }
    const { by, unit } = MONEY[language].find(({ from }) => largest >= from)!;
    const format = { minimumFractionDigits: places, maximumFractionDigits: places };
    return { unit, text: (value) => (Number(value) / by).toLocaleString('zh-CN', format) };
  };
}
