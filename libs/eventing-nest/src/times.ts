import Type, { type Static, type TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { PeriodError, periodOf, type AskedPeriod, type Period } from '#libs/messages';
import { CursorError, type Times } from '#libs/read-models';
import type { Parameters } from './parameters.js';
import { ProblemException } from './problem.js';
import type { Reads } from './reads.js';

/** Both times of a question, as they are asked for. */
export interface AskedTimes {
  readonly asOf?: string;
  readonly asAt?: string;
}

const MOMENT = '\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(?:\\.\\d+)?(?:Z|[+-]\\d\\d:\\d\\d)';

/** The parameters of everything that answers at both times. */
export const times: Parameters = {
  asOf: Type.String({
    format: 'date',
    title: '截至此日为真的事实；缺省为全部',
    description: 'Facts that were true by that day',
    examples: ['2023-12-31'],
  }),
  asAt: Type.String({
    pattern: `^(?:${MOMENT}|[0-9a-f-]{1,80})$`,
    title: '截至此刻（时刻，或事件库中的位置）已记录的事实；缺省为现在',
    description: 'Facts that were recorded by that instant, or by that position',
    examples: ['2024-01-31T00:00:00+08:00'],
  }),
};

export const isMoment = (asAt: string): boolean => new RegExp(`^${MOMENT}$`).test(asAt);

/** The times with a moment as the position that it stands for. */
export async function timesOf({ asOf, asAt }: AskedTimes, reads: Reads): Promise<Times> {
  return asAt === undefined ? { asOf } : { asOf, asAt: (await reads.known(asAt)).position };
}

/** A parameter that is at fault. */
export const invalid = (field: string, zh: string, en: string, code = 'question') =>
  new ProblemException(422, 'request.invalid', zh, en, [{ field, code, zh, en }]);

/** The period of a question. */
export function periodAsked({ period, from, to }: AskedPeriod): Period {
  try {
    return periodOf({ period, from, to });
  } catch (error) {
    if (error instanceof PeriodError) throw invalid(error.field, error.zh, error.en, error.code);
    throw error;
  }
}

/** A place in the order of an answer, as the next page is asked for with it. */
export const cursor = (place: object) => Buffer.from(JSON.stringify(place)).toString('base64url');

/** A text of a place; PostgreSQL knows no NUL. */
export const inPlace = Type.String({ pattern: '^[^\\u0000]*$' });

/** The place that a page is asked from, of the form that this question gives. */
export function cursorOf<Form extends TSchema>(after: string | undefined, form: Form): Static<Form> | undefined {
  if (after === undefined) return undefined;
  try {
    const place: unknown = JSON.parse(Buffer.from(after, 'base64url').toString('utf8'));
    if (Value.Check(form, place)) return place;
  } catch {
    // Told below, as what is no place at all.
  }
  throw invalid('after', 'after 不是此问题给出的 next', 'after is no next of this question');
}

/** Tells whoever asks from a place that no page of this list has given; any other error goes on. */
export function noPlace(error: unknown): never {
  if (!(error instanceof CursorError)) throw error;
  const [zh, en] = ['不是此列表按此顺序给出的 next', 'is no next of this list in this order'];
  throw new ProblemException(422, 'request.invalid', `after ${zh}`, `after ${en}`, [
    { field: 'after', code: 'cursor', zh, en },
  ]);
}
