/** Sums beyond 2^53 come as text; they are exact, and stay so. */
export type Exact = number | string;

/** A number in units of 10^-decimals, so that sums of it stay exact. */
export function unitsOf(value: Exact, decimals: number): bigint {
  const text = typeof value === 'number' ? value.toFixed(decimals) : value;
  const [whole = '0', part = ''] = text.split('.');
  return BigInt(whole + part.padEnd(decimals, '0'));
}

/** The digits of a number of such units. */
export function digitsOf(units: bigint, decimals: number): string {
  if (decimals === 0) return String(units);
  const [sign, digits] = units < 0n ? ['-', String(-units)] : ['', String(units)];
  const padded = digits.padStart(decimals + 1, '0');
  return `${sign}${padded.slice(0, -decimals)}.${padded.slice(-decimals)}`;
}

/** 1,234,567.80: every digit of it. */
export const grouped = (digits: string): string => digits.replace(/\B(?<!\.\d*)(?=(?:\d{3})+(?!\d))/g, ',');

export const sumOf = (values: readonly Exact[], decimals: number): bigint =>
  values.reduce((sum, value) => sum + unitsOf(value, decimals), 0n);
