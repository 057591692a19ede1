import { digitsOf, grouped, type Exact } from './exact';
import type { Language } from './language';

const GROUPED = {
  zh: new Intl.NumberFormat('zh-CN', { maximumFractionDigits: 2 }),
  en: new Intl.NumberFormat('en-GB', { maximumFractionDigits: 2 }),
};

/** 1,234,567.8, of a sum of any size. */
export function number(value: Exact, language: Language): string {
  return typeof value === 'string' && /^-?\d+$/.test(value)
    ? GROUPED[language].format(BigInt(value))
    : GROUPED[language].format(Number(value));
}

const scaled = (fen: number, by: number) =>
  (fen / by).toLocaleString('zh-CN', { minimumFractionDigits: 2, maximumFractionDigits: 2 });

/** An amount as it is said: 元, 万元 from ten thousand, 亿元 from a hundred million. The exact one is {@link exactMoney}. */
export function money(value: Exact, language: Language): string {
  const fen = Number(value);
  if (Math.abs(fen) >= 1e10) return language === 'zh' ? `${scaled(fen, 1e10)} 亿元` : `¥${scaled(fen, 1e8)}m`;
  if (Math.abs(fen) >= 1e6) return language === 'zh' ? `${scaled(fen, 1e6)} 万元` : `¥${scaled(fen, 1e5)}k`;
  return language === 'zh' ? `${scaled(fen, 100)} 元` : `¥${scaled(fen, 100)}`;
}

/** To the 分, without a float. */
export const exactMoney = (fen: Exact): string => `${grouped(digitsOf(BigInt(fen), 2))} 元`;

export const percent = (share: number): string =>
  `${(share * 100).toLocaleString('zh-CN', { minimumFractionDigits: 1, maximumFractionDigits: 1 })}%`;

const MOMENT = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai', dateStyle: 'short', timeStyle: 'medium' });

/** An instant by the clock of China, whatever the machine's is. */
export const moment = (instant: string | Date): string => MOMENT.format(new Date(instant));

/** The day that it is in China. */
export const today = (): string => MOMENT.format(new Date()).slice(0, 10);

/** Days since 1970: dates are counted and put on axes, without a clock. */
export const dayNumber = (day: string): number => Date.parse(`${day}T00:00:00Z`) / 86_400_000;
export const dayOf = (number: number): string => new Date(Math.round(number) * 86_400_000).toISOString().slice(0, 10);
export const dayAfter = (day: string, days = 1): string => dayOf(dayNumber(day) + days);
