/**
 * Decimal numbers as people and Excel write them, without ever going through a float: `1,234.50`, `1 234`, `￥1234.5`, `12%`,
 * `1.2E+3`. `scale` is how many digits stand behind the point.
 */
export interface Decimal {
  readonly digits: bigint;
  readonly scale: number;
}

const PLAIN = /^[+-]?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d*)?(?:e[+-]?\d{1,2})?$|^[+-]?\.\d+$/i;
/** Digits of a number that anybody writes; more would only cost time. */
const LONGEST = 60;

/** Undefined where the text is no number. Full-width digits are the ones that they look like. */
export function decimalOf(text: string): Decimal | undefined {
  const plain = text
    .normalize('NFKC')
    .replaceAll(/(?<=\d)[\s'](?=\d{3}(?!\d))/g, ',')
    .replaceAll(/[\s¥￥$]|元$/g, '');
  const isPercent = plain.endsWith('%');
  const number = isPercent ? plain.slice(0, -1) : plain;
  if (number.length > LONGEST || !PLAIN.test(number)) return undefined;
  const [mantissa = '', exponent = '0'] = number.replaceAll(',', '').toLowerCase().split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  const digits = BigInt(`${whole.replace(/^[+-]/, '') || '0'}${fraction}`);
  const scale = fraction.length - Number(exponent) + (isPercent ? 2 : 0);
  return { digits: whole.startsWith('-') ? -digits : digits, scale };
}

/** So many tens of it, as an integer; undefined where something is left behind the point. */
export function integerOf({ digits, scale }: Decimal, tens = 0): bigint | undefined {
  const missing = tens - scale;
  if (missing >= 0) return digits * 10n ** BigInt(missing);
  const divisor = 10n ** BigInt(-missing);
  return digits % divisor === 0n ? digits / divisor : undefined;
}

/** The decimal as text, exactly. */
export function textOf({ digits, scale }: Decimal): string {
  if (scale <= 0) return String(digits * 10n ** BigInt(-scale));
  const sign = digits < 0n ? '-' : '';
  const text = String(digits < 0n ? -digits : digits).padStart(scale + 1, '0');
  const [whole, fraction] = [text.slice(0, -scale), text.slice(-scale).replace(/0+$/, '')];
  return `${sign}${whole}${fraction ? `.${fraction}` : ''}`;
}

/**
 * A number that a workbook stores, as people see it: Excel computes with 15 digits and writes the float behind them
 * (`1234.5600000000001`). What has more digits than that keeps the form that Excel shows, since it has lost the others.
 */
export function shownNumber(stored: string): string {
  const number = Number(stored);
  if (stored.trim() === '' || !Number.isFinite(number)) return stored;
  if (Math.abs(number) >= 1e15) return number.toExponential().replace('e', 'E').toUpperCase();
  const decimal = decimalOf(number.toPrecision(15));
  return decimal === undefined ? stored : textOf(decimal);
}

/** How Excel shows a long number: one digit before the point and a power of ten. */
const SCIENTIFIC = /^([1-9])(?:\.(\d+))?E\+(\d{1,3})$/i;

/**
 * A code that Excel took for a number: as its digits, where each of them is still there, and null where they are gone.
 * Undefined for everything else.
 */
export function unscientific(text: string): string | null | undefined {
  const [, first, rest = '', power] = SCIENTIFIC.exec(text.normalize('NFKC')) ?? [];
  if (first === undefined) return undefined;
  return rest.length === Number(power) ? first + rest : null;
}
