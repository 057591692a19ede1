import type { Column, Said } from './column.js';
import { dayOf } from './days.js';
import { decimalOf, integerOf, textOf, unscientific } from './numbers.js';
import { DEFAULT_UNIT, unitOf } from './units.js';

/** A fault of a cell that the field cannot tell, since it sees the value only. */
export interface CellFault {
  readonly code: string;
  readonly zh: string;
  readonly en: string;
}

export interface Read {
  /** What the field is asked about: of a cell that cannot be read its text, which the field refuses in its own words. */
  readonly value: unknown;
  readonly fault?: CellFault;
}

/**
 * The value of a cell that is not blank.
 *
 * @param unit of an amount or an area: what its numbers are in
 */
export function valueOf(column: Column, text: string, unit?: string): Read {
  switch (column.kind) {
    case 'day':
      return { value: dayOf(text) ?? text };
    case 'fen':
      return amountOf(text, unit ?? DEFAULT_UNIT);
    case 'area':
    case 'number':
    case 'whole':
      return numberOf(column, text, unit);
    case 'flag':
      return { value: flagOf(text) };
    case 'choice':
      return { value: choiceOf(column, text) };
    case 'list':
      return {
        value: text
          .split(/[\s、，,;；/]+/)
          .filter((one) => one !== '')
          .map((one) => mended(column, one)),
      };
    case 'text':
      return textValue(column, text);
  }
}

const fault = (code: string, [zh, en]: Said, value: unknown): Read => ({ value, fault: { code, zh, en } });

const mended = ({ mended: mend }: Column, text: string) => mend?.(text) ?? text;

/** A text that Excel took for a number has lost its digits, unless it shows all of them. */
function textValue(column: Column, text: string): Read {
  const digits = unscientific(text);
  if (digits === null) {
    const said: Said = [
      `“${text}”是 Excel 的科学计数，后面的数字已经丢失；请把此列设为文本格式，重新填写完整的号码`,
      `"${text}" is in Excel's scientific form, its last digits are lost: format the column as text, and enter it anew`,
    ];
    return fault('cell.scientific', said, text);
  }
  return { value: mended(column, digits ?? text) };
}

const notANumber = (text: string): Said => [
  `“${text}”不是数；单位请写在表头，如（万元）`,
  `"${text}" is no number; the unit belongs into the header, as in （万元）`,
];

/** An amount in the unit of its column, exactly in 分. */
function amountOf(text: string, unit: string): Read {
  const decimal = decimalOf(text);
  const of = unitOf('fen', unit);
  if (of === undefined) return fault('cell.unit', [`不认识的单位“${unit}”`, `"${unit}" is no unit of amounts`], text);
  if (decimal === undefined || /[%％]/.test(text)) return fault('cell.number', notANumber(text), text);
  const fen = integerOf(decimal, of.tens);
  if (fen === undefined) {
    return fault(
      'cell.fraction',
      [`“${text}”${unit}不是整数分`, `"${text}" (${unit}) is not a whole number of fen`],
      text,
    );
  }
  return { value: Number(fen) };
}

function numberOf({ kind }: Column, text: string, unit: string | undefined): Read {
  const decimal = decimalOf(text);
  const of = unit === undefined ? { tens: 0 } : unitOf(kind, unit);
  if (of === undefined)
    return fault('cell.unit', [`不认识的单位“${unit}”`, `"${unit}" is no unit of this column`], text);
  if (decimal === undefined) return fault('cell.number', notANumber(text), text);
  return { value: Number(textOf({ ...decimal, scale: decimal.scale - of.tens })) };
}

const YES = ['true', 'yes', 'y', '是', '对', '1', '√', '✓', '✔'];
const NO = ['false', 'no', 'n', '否', '不是', '0', '×', '✗'];

function flagOf(text: string): unknown {
  const said = text.normalize('NFKC').toLowerCase();
  return YES.includes(said) ? true : NO.includes(said) ? false : text;
}

/**
 * One of a list by itself or by what it is called, without case, blanks and full-width forms; else the only one whose name
 * is in the text, as 开发 is in 技术开发合同.
 */
function choiceOf({ choices = new Map() }: Column, text: string): unknown {
  const plain = (said: string) => said.normalize('NFKC').toLowerCase().replaceAll(/\s/g, '');
  const said = plain(text);
  const named = [...choices].map(([value, called]) => [value, [value, ...(called ?? [])].map(plain)] as const);
  const same = named.find(([, names]) => names.includes(said));
  if (same) return same[0];
  const inside = named.filter(([, names]) => names.some((name) => said.includes(name)));
  return inside.length === 1 ? inside[0]![0] : text;
}
