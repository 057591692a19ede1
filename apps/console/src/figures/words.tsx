import { useQuery } from '@tanstack/react-query';
import { useCallback } from 'react';
import { useCatalogue, type Dimension, type Figure, type Measure, type Rate } from '../api/catalogue';
import { get } from '../api/http';
import { VIEW } from '../api/session';
import { digitsOf, grouped, unitsOf } from '../kit/exact';
import { useLanguage } from '../kit/language';
import { useRegionName, type Page, type Row } from '../kit/names';
import { exactMoney, money, number, percent } from '../kit/numbers';
import type { Exact } from '../kit/exact';
import { isMoney, termOf, valueOf, type Told } from './figure';

/** Of a list with more, the others are shown by their keys. */
const NAMED_THINGS = VIEW === 'city' ? 500 : 1000;

/** The names of the things of a list, by the last field of their key. */
export function useThingNames(list: string | undefined): ReadonlyMap<string, string> | undefined {
  const key = useCatalogue()
    .lists.find(({ name }) => name === list)
    ?.key.at(-1);
  const { data } = useQuery({
    queryKey: ['names', list],
    queryFn: async ({ signal }) => {
      const { items } = await get<Page>(`/api/v1/${list}`, { limit: NAMED_THINGS }, signal);
      return new Map(items.map((row: Row) => [String(row[key!]), String(row.name ?? row[key!])]));
    },
    enabled: key !== undefined && list !== 'regions',
    staleTime: 60_000,
  });
  return data;
}

/** How the values of a figure's dimensions are said. */
export function useDimensionText(figure: Figure): (name: string, value: string) => string {
  const { say, tell } = useLanguage();
  const region = useRegionName();
  const list = Object.values(figure.dimensions).find((one) => !one.region && one.list !== undefined)?.list;
  const things = useThingNames(list);
  return useCallback(
    (name, value) => {
      if (value === '') return say('（不在其内）', '(none of these)');
      const dimension: Dimension | undefined = figure.dimensions[name];
      if (dimension?.region) return region(value);
      if (dimension?.values?.[value]) return tell(dimension.values[value]);
      return (dimension?.list && things?.get(value)) || value;
    },
    [figure, region, things, say, tell],
  );
}

/** 2023年, 2023年第3季度, 2023年7月: a part of a period, as answers name it. */
export function usePartText(): (part: string) => string {
  const { language } = useLanguage();
  return useCallback(
    (part) => {
      if (language === 'en') return part.replace('Q', ' Q');
      const [year, rest] = part.includes('Q') ? part.split('Q') : part.split('-');
      if (rest === undefined) return `${year}年`;
      return part.includes('Q') ? `${year}年${rest}季` : `${year}年${Number(rest)}月`;
    },
    [language],
  );
}

/** A measure's name with its unit; money says its own beside each number, unless all are in one unit. */
export function useMeasureText(): (measure: Measure, unit?: string) => string {
  const { tell, say } = useLanguage();
  return (measure, unit = isMoney(measure) ? '' : tell(measure.unit)) =>
    unit === '' ? tell(measure) : say(`${tell(measure)}（${unit}）`, `${tell(measure)} (${unit})`);
}

/** A number as it is said, and to the last digit. */
export function useNumberText(): (
  measure: Measure,
  value: Exact,
) => { readonly short: string; readonly exact: string } {
  const { language, tell } = useLanguage();
  return useCallback(
    (measure, value) => {
      const digits = digitsOf(unitsOf(value, measure.decimals), measure.decimals);
      return isMoney(measure)
        ? { short: money(value, language), exact: exactMoney(digits) }
        : { short: number(value, language), exact: `${grouped(digits)} ${tell(measure.unit)}` };
    },
    [language, tell],
  );
}

/** A share with what it is the share of. */
export function RateValue({
  figure,
  rate,
  name,
  row,
}: {
  readonly figure: Figure;
  readonly rate: Rate;
  readonly name: string;
  readonly row: Told;
}) {
  const share = row[name];
  const terms = useRateTerms(figure, rate);
  if (share === null || share === undefined) return <span className="nothing">—</span>;
  return <span title={terms(row)}>{percent(Number(share))}</span>;
}

/** Numerator and denominator of a share, with their numbers. */
export function useRateTerms(figure: Figure, rate: Rate): (row: Told) => string {
  const { say, tell, language } = useLanguage();
  const each = rate.each === undefined ? undefined : figure.dimensions[rate.each];
  return (row) => {
    if (each) return say(`各${tell(each)}之比的算术平均`, `mean of the ratios of each: ${tell(each)}`);
    return rate.of
      .map((name) => {
        const level = figure.measures[name]?.kind === 'level';
        const told = tell(figure.measures[name]!);
        const value = number(valueOf(row, termOf(figure, name)), language);
        return `${told}${level ? say(' × 天', ' × days') : ''} ${value}`;
      })
      .join(' ÷ ');
  };
}
