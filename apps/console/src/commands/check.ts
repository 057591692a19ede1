import type { Said } from '../api/catalogue';
import { today } from '../kit/numbers';
import { fenOf, type Field } from './form';

/** What is wrong with what was typed, by the rules of `/openapi.json`, before it is sent; the platform has the last word. */
export function faultOf({ schema, required, of, help }: Field, typed: string, siblings: boolean): Said | undefined {
  const text = typed.trim();
  const wanted = required && (of === undefined || of.required || siblings);
  if (text === '') return wanted ? { zh: '请填写', en: 'Fill this in' } : undefined;
  if (schema.type === 'array') return undefined;
  if (schema['x-money']) {
    return fenOf(text) === undefined
      ? { zh: '须为金额（元），至多两位小数', en: 'An amount in yuan, at most two decimals' }
      : undefined;
  }
  if (schema.type === 'integer' || schema.type === 'number') return numberFault(field(schema), text);
  if (schema.format === 'date') return dateFault(schema['x-earliest'], schema['x-latest'], text);
  const { length } = Array.from(text.normalize('NFC'));
  if (schema.maxLength !== undefined && length > schema.maxLength) {
    return {
      zh: `至多 ${schema.maxLength} 个字符，现有 ${length} 个`,
      en: `At most ${schema.maxLength} characters; there are ${length}`,
    };
  }
  if (schema.pattern !== undefined && !new RegExp(schema.pattern, 'u').test(text)) {
    return help ?? { zh: '格式不符', en: 'Not of the form that is asked for' };
  }
  return undefined;
}

const field = ({ type, minimum, maximum, multipleOf }: Field['schema']) => ({ type, minimum, maximum, multipleOf });

function numberFault({ type, minimum, maximum, multipleOf }: ReturnType<typeof field>, text: string): Said | undefined {
  const value = Number(text.normalize('NFKC').replaceAll(/[,，\s]/g, ''));
  if (Number.isNaN(value)) return { zh: '须为数字', en: 'A number' };
  if (type === 'integer' && !Number.isInteger(value)) return { zh: '须为整数', en: 'A whole number' };
  if (minimum !== undefined && value < minimum) return { zh: `不小于 ${minimum}`, en: `At least ${minimum}` };
  if (maximum !== undefined && value > maximum) return { zh: `不大于 ${maximum}`, en: `At most ${maximum}` };
  const units = multipleOf === undefined ? 1 : value / multipleOf;
  if (Math.abs(units - Math.round(units)) > 1e-6) return { zh: '至多两位小数', en: 'At most two decimals' };
  return undefined;
}

/** `today`, a day, or a period from today (P50Y). */
export function latestOf(latest: string | undefined): string | undefined {
  if (latest === undefined || /^\d/.test(latest)) return latest;
  if (latest === 'today') return today();
  const years = Number(/^P(\d+)Y$/.exec(latest)?.[1]);
  return Number.isNaN(years) ? undefined : `${Number(today().slice(0, 4)) + years}${today().slice(4)}`;
}

function dateFault(earliest: string | undefined, latest: string | undefined, text: string): Said | undefined {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return { zh: '须为日期，如 2023-02-09', en: 'A date, such as 2023-02-09' };
  const last = latestOf(latest);
  if (earliest !== undefined && text < earliest) return { zh: `不早于 ${earliest}`, en: `Not before ${earliest}` };
  if (last !== undefined && text > last) return { zh: `不晚于 ${last}`, en: `Not after ${last}` };
  return undefined;
}
